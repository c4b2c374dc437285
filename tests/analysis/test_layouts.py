"""Curated layouts: what ships is sound, a broken file is told in a sentence, and the slot map believes them."""

from __future__ import annotations

import json
import tomllib
from typing import TYPE_CHECKING, Any

import pytest

from hwdb.analysis.layouts import layout_claims, layout_for, parse_layout, slot_of
from hwdb.analysis.slotmap import Claim, slot_map
from hwdb.errors import CuratedError
from hwdb.identity import identify
from hwdb.intake.curated import curated_layouts, read_layouts
from hwdb.report import Board, Report
from hwdb.schema import load
from hwdb.topology import normalise
from tests.conftest import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from hwdb.analysis.layouts import Layout

LAYOUT = """
[board]
vendor = "ASRock"
names = ["X399 Taichi"]

[[sources]]
key = "manual"
title = "Manual"
who = "ASRock"
says = "All of it."

[[slots]]
designation = "PCIE1"
kind = "pcie"
connector_lanes = 16
electrical_lanes = 16
sharing = [{ with = ["PCIE2"], lanes = 8, sentence = "PCIE1 has 8 lanes when PCIE2 is filled." }]
ports = [{ platform = "1022:1450", path = "0000:00:03.1", source = "manual" }]
sources = ["manual"]

[[slots]]
designation = "PCIE2"
kind = "pcie"
sources = ["manual"]
"""


def parsed(text: str) -> Layout:
    return parse_layout("board.toml", tomllib.loads(text))


def x399() -> Layout:
    identity = identify(Report(board=Board(vendor="ASRock", name="X399 Taichi")))
    found = layout_for(curated_layouts(), identity.vendor_key, identity.key)
    assert found is not None
    return found


def test_a_board_is_found_as_its_firmware_spells_it() -> None:
    for vendor, name in (("Micro-Star International Co., Ltd.", "MEG X570 UNIFY (MS-7C35)"), ("MSI", "MEG X570 UNIFY")):
        identity = identify(Report(board=Board(vendor=vendor, name=name)))
        found = layout_for(curated_layouts(), identity.vendor_key, identity.key)
        assert found is not None
        assert found.file == "msi-meg-x570-unify.toml"
    assert layout_for(curated_layouts(), "msi", "x399taichi") is None


def test_the_x399_taichi_is_laid_out_from_the_processor_down() -> None:
    slots = [(s.designation, s.connector_lanes, s.electrical_lanes, s.location, s.generation) for s in x399().slots]
    assert slots == [
        ("PCIE1", 16, 16, "cpu", 3),
        ("PCIE2", 16, 8, "cpu", 3),
        ("PCIE3", 1, 1, "chipset", 2),
        ("PCIE4", 16, 16, "cpu", 3),
        ("PCIE5", 16, 8, "cpu", 3),
        ("M2_1", 4, 4, "cpu", 3),
        ("M2_2", 4, 4, "cpu", 3),
        ("M2_3", 4, 4, "cpu", 3),
        ("U.2", None, None, None, None),
    ]
    assert [(s.others, s.lanes) for slot in x399().slots for s in slot.sharing] == [(("M2_1",), 0)]


def test_the_x399_taichi_gives_the_ports_of_its_platform_their_names() -> None:
    named = {slot.designation: slot.ports for slot in slot_map(layout_claims(x399()))}
    assert {name: [path for platform, path in ports if platform == "1022:1450"] for name, ports in named.items()} == {
        "PCIE1": ["0000:40:03.1"],
        "PCIE2": ["0000:40:01.3"],
        "PCIE3": ["0000:00:01.1/00.2/07.0"],
        "PCIE4": ["0000:00:03.1"],
        "PCIE5": ["0000:00:01.3"],
        "M2_1": ["0000:40:01.1"],
        "M2_2": ["0000:40:01.2"],
        "M2_3": ["0000:00:01.2"],
        "U.2": [],
    }


def test_the_example_of_the_document_is_a_layout() -> None:
    page = (ROOT / "docs" / "curated.md").read_text(encoding="utf-8")
    example = page.split("```toml\n")[1].split("```")[0]
    assert [slot.designation for slot in parsed(example).slots] == ["PCIE1"]


def test_the_ports_are_those_of_a_real_machine() -> None:
    """The starter's X399 Taichi has three empty sockets, whose ports the firmware hides; its listing lacks 00:00.0."""
    text = (ROOT / "hwdb" / "starter" / "asrock-x399-taichi-1900x.json").read_text(encoding="utf-8")
    machine = normalise(load(json.loads(text)).report)
    named = {port: slot.designation for slot in slot_map(layout_claims(x399())) for port in slot.ports}
    seen = {
        named[place]: address for address, path in machine.paths.items() if (place := (machine.platform, path)) in named
    }
    assert seen == {
        "PCIE1": "0000:40:03.1",
        "PCIE2": "0000:40:01.3",
        "PCIE3": "0000:02:07.0",
        "PCIE4": "0000:00:03.1",
        "M2_1": "0000:40:01.1",
    }


def test_a_layout_is_believed_before_firmware() -> None:
    wrong = Claim("PCIE2", "smbios", electrical_lanes=16, platform="1022:1450", path="0000:00:03.1")
    one, two = slot_map((wrong, *layout_claims(parsed(LAYOUT))))
    assert one.ports == (("1022:1450", "0000:00:03.1"),)
    assert one.witnesses == ("curated",)
    assert two.ports == ()
    assert two.conflicts


def test_a_slot_is_found_in_any_spelling() -> None:
    slot = slot_of(x399(), "PCIe 4")
    assert slot is not None
    assert slot.designation == "PCIE4"
    assert slot_of(x399(), "PCIE9") is None


@pytest.mark.parametrize(
    ("was", "becomes", "told"),
    [
        ("[board]", "[bord]", "board.toml: board: is missing; it is a table, [board]."),
        ('names = ["X399 Taichi"]', "", "board.names: is missing"),
        ('"X399 Taichi"', '"Default string"', "board.names: 'Default string' names no board"),
        ('who = "ASRock"', "", "sources[1].who: is missing; it is a text."),
        ('title = "Manual"', 'title = "Manual"\nurl = "ftp://x/y"', "sources[1].url: must look like https://"),
        ('title = "Manual"', 'title = "Manual"\ndate = "2018-13"', "sources[1].date: is no date of the calendar"),
        ('kind = "pcie"', 'kind = "agp"', "slots[1].kind: must be one of pcie, m2, u2, pci, mini; it is 'agp'."),
        ("connector_lanes = 16", "connector_lanes = 12", "slots[1].connector_lanes: must be a whole number of 1, 2"),
        ("connector_lanes = 16", "connector_lanes = 8", "slots[1].electrical_lanes: more lanes are wired"),
        ("connector_lanes = 16", "lanes = 16", "slots[1].lanes: is no key of this table; it knows connector_lanes"),
        ('"PCIE2"\nkind', '"PCIe 1"\nkind', "slots[2].designation: 'PCIe 1' names a second slot."),
        ('with = ["PCIE2"]', 'with = ["PCIE9"]', "slots[1].sharing: 'PCIE9' is no slot of this board."),
        ('with = ["PCIE2"], ', "", "slots[1].sharing[1].with: is missing"),
        ('"0000:00:03.1"', '"00:03.1"', "slots[1].ports[1].path: must look like 0000:00:01.1/00.2/07.0"),
        ('source = "manual"', 'source = "forum"', "slots[1].ports[1].source: must be one of manual; it is 'forum'."),
        ('sources = ["manual"]', "", "slots[1].sources: must list keys of [[sources]], which are manual."),
    ],
)
def test_a_broken_file_is_told_in_a_sentence(was: str, becomes: str, told: str) -> None:
    assert was in LAYOUT
    with pytest.raises(CuratedError) as raised:
        parsed(LAYOUT.replace(was, becomes, 1))
    assert str(raised.value).startswith("board.toml: ")
    assert told in str(raised.value)


def test_two_slots_may_not_hang_from_one_port() -> None:
    again = 'ports = [{ platform = "1022:1450", path = "0000:00:03.1", source = "manual" }]\n'
    with pytest.raises(CuratedError, match="is the port of PCIE1 already"):
        parsed(LAYOUT + again)


def test_a_layout_needs_sources_and_slots() -> None:
    data: dict[str, Any] = tomllib.loads(LAYOUT)
    for key in ("sources", "slots"):
        with pytest.raises(CuratedError, match=f"{key}: is missing"):
            parse_layout("board.toml", {**data, key: []})


def test_one_board_has_one_layout(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(LAYOUT, encoding="utf-8")
    (tmp_path / "b.toml").write_text(LAYOUT, encoding="utf-8")
    with pytest.raises(CuratedError, match=r"b\.toml: board\.names: a\.toml describes the same board"):
        read_layouts(tmp_path)


def test_what_is_no_toml_is_told_with_its_file(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text("[board\n", encoding="utf-8")
    with pytest.raises(CuratedError, match=r"a\.toml: is no TOML"):
        read_layouts(tmp_path)
