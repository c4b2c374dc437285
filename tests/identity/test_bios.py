"""Which BIOS is newer."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hwdb.identity import bios_date, bios_is_newer, bios_order, bios_sorted, identify
from hwdb.report import Board, Report
from tests.conftest import CORPUS

TABLES = CORPUS / "dmi"


@pytest.mark.parametrize(
    ("vendor", "versions"),
    [
        ("ASRock", ["P1.30", "P2.00", "P3.30", "L3.32", "P3.90", "P3.90A", "P10.01"]),
        ("ASRock", ["1.18", "1.24", "2.02", "3.01"]),
        # Betas have a letter and come before what they are betas of.
        ("Gigabyte", ["F1", "F2", "F9a", "F9", "F12a", "F12d", "F12", "F20"]),
        ("Gigabyte", ["F15", "FAa", "FA", "FB"]),
        ("MSI", ["1.30", "1.53", "1.50", "1.90", "1.A0", "1.D0", "1.I0"]),
        ("MSI", ["V1.9", "V1.10", "V17.2"]),
        ("ASUS", ["0404", "0801", "3402"]),
        ("Dell", ["A09", "A19", "1.2.0", "2.2.0", "2.10.1"]),
        ("HP", ["K01 v02.90", "K01 v03.06", "K01 v03.08"]),
        ("Supermicro", ["2.1b      ", "3.0", "3.4", "3.4a"]),
        ("Fujitsu", ["V4.6.5.3 R1.2.0 for D3161-B1x", "V4.6.5.3 R1.19.0 for D3161-B1x"]),
        (None, ["1.0", "1.2.0.7", "1.10"]),
        (None, ["A.9", "A.10", "B.1"]),
    ],
)
def test_versions_are_in_order(vendor: str | None, versions: list[str]) -> None:
    assert sorted(versions, key=lambda version: bios_order(version, vendor)) == versions


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("03/24/2022", "2022-03-24"),
        ("2/2/2022", "2022-02-02"),
        ("01/27/11  ", "2011-01-27"),
        ("07/15/97", "1997-07-15"),
        ("03/13/23 09:32:09", "2023-03-13"),
        ("24/03/2022", "2022-03-24"),
        ("16.07.2019 17:03:34", "2019-07-16"),
        ("2020/11/20", "2020-11-20"),
        ("2021-11-25", "2021-11-25"),
        ("20180608", "2018-06-08"),
        ("Jan 20 2022", "2022-01-20"),
        ("Oct  9 2024", "2024-10-09"),
        ("14 March 2019", "2019-03-14"),
        ("Wed 04/08/2020  5:2", "2020-04-08"),
        ("004/21/2021", "2021-04-21"),
        ("08/09/2021 - AGESA ComboAM4v2 1.2.0.3 PatchC", "2021-08-09"),
        *((text, None) for text in ("", "   ", None, "<BAD INDEX>", "Unknown", "13/32/2022", "00/00/0000", "1.2.3")),
    ],
)
def test_a_release_date_is_read(text: str | None, date: str | None) -> None:
    assert bios_date(text) == date


def test_dates_decide_and_versions_where_there_are_none() -> None:
    # ASUS's 9xxx are test versions.
    dated: list[tuple[str, str | None]] = [("9202", "05/13/2014"), ("2603", "02/12/2015"), ("2604", "02/12/2015")]
    assert bios_sorted(reversed(dated)) == dated
    undated: list[tuple[str, str | None]] = [("2603", "02/12/2015"), ("2604", ""), ("9202", "05/13/2014")]
    assert bios_sorted(reversed(undated)) == undated
    # One version of white boards has many builds.
    builds: list[tuple[str, str | None]] = [("4.6.5", "12/25/2012"), ("4.6.5", "01/15/2021")]
    assert bios_sorted(reversed(builds)) == builds


def test_newer_means_something() -> None:
    assert bios_is_newer(("2603", "02/12/2015"), ("9202", "05/13/2014"))
    assert not bios_is_newer(("9202", "05/13/2014"), ("2603", "02/12/2015"))
    assert bios_is_newer(("P3.90", None), ("P2.00", "01/01/2018"))
    assert not bios_is_newer(("P3.90", None), ("P3.90", None))


@given(st.lists(st.tuples(st.text(max_size=20), st.one_of(st.none(), st.text(max_size=20))), unique=True))
def test_any_versions_can_be_ordered(versions: list[tuple[str, str | None]]) -> None:
    assert sorted(bios_sorted(versions), key=repr) == sorted(versions, key=repr)
    assert len(sorted(versions, key=lambda one: bios_order(one[0], "MSI"))) == len(versions)


@pytest.mark.corpus
@pytest.mark.skipif(not TABLES.is_dir(), reason="the tables of boards are not here")
def test_the_order_of_versions_agrees_with_their_dates() -> None:
    boards: dict[tuple[str, str], set[tuple[str, str]]] = defaultdict(set)
    for row in _table("BOARD-BIOS.tsv"):
        date, version = bios_date(row["bios_date"]), row["bios_version"].strip()
        assert date is not None
        if version:
            boards[row["vendor"], row["product"]].add((date, version))
    pairs: Counter[str] = Counter()
    right: Counter[str] = Counter()
    for (vendor, _), versions in boards.items():
        for (earlier, one), (later, other) in pairwise(sorted(versions)):
            if earlier != later and one != other:
                pairs[vendor] += 1
                right[vendor] += bios_order(one, vendor) < bios_order(other, vendor)
    shares = {vendor: right[vendor] / pairs[vendor] for vendor, _ in pairs.most_common(6)}
    wanted = {"ASUS": 0.99, "Gigabyte": 0.92, "MSI": 0.97, "ASRock": 0.98, "Dell": 0.99, "HP": 0.98}
    assert {vendor: share for vendor, share in shares.items() if share < wanted[vendor]} == {}


@pytest.mark.corpus
@pytest.mark.skipif(not TABLES.is_dir(), reason="the tables of boards are not here")
def test_the_commonest_boards_are_told_apart() -> None:
    found: Counter[tuple[str, str]] = Counter()
    for row in _table("TOP500-BOARDS.tsv"):
        identity = identify(Report(board=Board(row["vendor"], row["product"])))
        found[identity.vendor_key, identity.key] += identity.known
    # Lenovo's and Intel's chipset names, and chipsets, are no boards; of the rest no two are one.
    assert found.most_common(1)[0][1] == 1
    assert found.total() >= 485


def _table(name: str) -> list[dict[str, str]]:
    with (TABLES / name).open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened, delimiter="\t"))
