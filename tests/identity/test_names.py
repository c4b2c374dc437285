"""Spellings of names, as firmware and people write them."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hwdb.identity import bios_order, cpu_name, is_placeholder, searchable, slugify, vendor_name
from hwdb.identity.names import key_of, vendor_key

SPELLINGS = {
    "ASUS": [
        "ASUSTeK COMPUTER INC.",
        "ASUSTeK Computer INC.",
        "ASUSTek Computer INC.",
        "ASUSTeK Computer Inc.",
        "Asus",
    ],
    "ASRock": ["ASRock", "ASROCK", "ASRock Inc.", " ASRock "],
    "ASRock Rack": ["ASRockRack", "ASRock Rack", "ASRock Rack Inc."],
    "Gigabyte": [
        "Gigabyte Technology Co., Ltd.",
        "GIGABYTE",
        "Gigabyte Tecohnology Co., Ltd.",
        "GIGA-BYTE TECHNOLOGY CO., LTD",
    ],
    "MSI": [
        "Micro-Star International Co., Ltd.",
        "Micro-Star International Co., Ltd",
        "MICRO-STAR INTERNATIONAL CO.,LTD",
        "MICRO-STAR INTERNATIONAL CO., LTD",
        "MICRO-STAR INTERANTIONAL CO.,LTD",
        "MICRO-STAR INTERANTONAL CO.,LTD",
        "MSI",
    ],
    "HP": ["Hewlett-Packard", "HP", "HP Inc."],
    "HPE": ["HPE", "Hewlett Packard Enterprise"],
    "Intel": ["Intel Corporation", "Intel Corp.", "INTEL", "Intel(R) Client Systems"],
    "Dell": ["Dell Inc.          ", "Dell Computer Corporation", "DELL"],
    "ECS": ["ECS" + " " * 57, "Elitegroup Computer Systems"],
    "Foxconn": ["Foxconn", "FOXCONN"],
    "Supermicro": ["Supermicro", "Super Micro Computer, Inc."],
    "Fujitsu": ["FUJITSU", "FUJITSU // Phoenix Technologies Ltd."],
    "Lenovo": ["LENOVO", "Lenovo"],
    "Biostar": ["BIOSTAR Group", "BIOSTAR"],
    "Apple": ["Apple Inc."],
}


@pytest.mark.parametrize(("spelling", "name"), [(s, name) for name, spellings in SPELLINGS.items() for s in spellings])
def test_the_spellings_of_a_vendor_are_one_name(spelling: str, name: str) -> None:
    assert vendor_name(spelling) == name
    assert vendor_key(spelling) == vendor_key(name)


def test_vendors_are_told_apart() -> None:
    assert len({vendor_key(name) for name in SPELLINGS}) == len(SPELLINGS)


def test_an_unknown_vendor_keeps_its_spelling() -> None:
    assert vendor_name("  Shenzhen  Meigao Electronic ") == "Shenzhen Meigao Electronic"
    assert vendor_key("PEGATRON CORPORATION") == vendor_key("Pegatron") == "pegatron"


def test_a_vendor_of_trade_words_only_is_still_somebody() -> None:
    assert vendor_key("Computer Technology Co., Ltd.") not in {"", vendor_key("International Inc.")}


@pytest.mark.parametrize(
    "text",
    [
        "",
        " " * 40,
        "Default string",
        "To be filled by O.E.M.",
        "To Be Filled By O.E.M.",
        "Not Specified",
        "INVALID",
        "Type2 - Board Product Name1",
        "XXXXXX",
        "OEM_MB",
        "Unknow",
        "Unknown",
        "--",
        "..........",
        "N/A",
        "0",
        "None",
        "System Product Name",
        "System manufacturer",
        "All Series",
        "<BAD INDEX>",
        "<OUT OF SPEC>",
        "O.E.M.",
        None,
    ],
)
def test_a_placeholder_says_nothing(text: str | None) -> None:
    assert is_placeholder(text)


@pytest.mark.parametrize("text", ["X399 Taichi", "0KWVT8", "3397", "OEM Board 5", "System X", "NA320S", "华南金牌 X99"])
def test_a_name_is_no_placeholder(text: str) -> None:
    assert not is_placeholder(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("X399 Taichi", "X399  taichi"),
        ("X399 Taichi", " X399-TAICHI "),
        ("760GM-P23(FX) (MS-7641)    ", "760GM-P23(FX) (MS-7641)"),
        ("B350 PC MATE(MS-7A34)", "B350 PC MATE (MS-7A34)"),
        ("GF615M-P33  (MS-7597)", "GF615M-P33 (MS-7597)"),
        ("G31M-S.  ", "G31M-S"),
        ("\uff38399 Taichi", "X399 Taichi"),
    ],
)
def test_spellings_of_one_board_have_one_key(one: str, other: str) -> None:
    assert key_of(one) == key_of(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("X399 Taichi", "X399 Phantom Gaming 6"),
        ("X9DRi-LN4+", "X9DRi-LN4"),
        ("B450 TOMAHAWK (MS-7C02)", "B450 TOMAHAWK MAX (MS-7C02)"),
        ("B450 TOMAHAWK MAX (MS-7C02)", "B450 TOMAHAWK MAX II (MS-7C02)"),
    ],
)
def test_different_boards_have_different_keys(one: str, other: str) -> None:
    assert key_of(one) != key_of(other)


def test_a_key_never_grows_longer_than_a_name() -> None:
    # One Arabic ligature folds to eighteen letters.
    long, longer = "\ufdfa" * 200, "\ufdfa" * 199 + "x"
    assert len(key_of(long)) <= 200
    assert key_of(long) != key_of(longer)


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("X399 Taichi", "x399-taichi"),
        ("X9DRi-LN4+", "x9dri-ln4"),
        ("ROG STRIX B550-F GAMING (WI-FI)", "rog-strix-b550-f-gaming-wi-fi"),
        ("Größe", "groe"),
        ("Café Board", "cafe-board"),
        ("华南金牌", "board"),
        ("--", "board"),
        ("../../etc/passwd", "etc-passwd"),
    ],
)
def test_a_slug_is_an_address(name: str, slug: str) -> None:
    assert slugify(name) == slug


@given(st.text(max_size=300))
def test_every_name_has_a_slug_a_key_and_words(name: str) -> None:
    assert re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", slugify(name))
    assert len(slugify(name)) <= 80
    assert len(key_of(name)) <= 200
    assert searchable(searchable(name)) == searchable(name)
    assert isinstance(is_placeholder(name), bool)
    assert bios_order(name) <= bios_order(name)
    assert cpu_name(name) == " ".join(cpu_name(name).split())


@pytest.mark.parametrize(
    ("name", "words"),
    [("X399-Taichi", "x399 taichi"), ("  ASRock_X399 ", "asrock x399"), ("Café+", "cafe"), ("!!", "")],
)
def test_a_search_compares_words(name: str, words: str) -> None:
    assert searchable(name) == words


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("AMD Ryzen Threadripper 1900X 8-Core Processor", "AMD Ryzen Threadripper 1900X"),
        ("AMD Ryzen Threadripper 1900X 8-Core Processor            ", "AMD Ryzen Threadripper 1900X"),
        ("Intel(R) Core(TM) i7-8700K CPU @ 3.70GHz", "Intel Core i7-8700K"),
        ("12th Gen Intel(R) Core(TM) i7-12700K", "12th Gen Intel Core i7-12700K"),
        ("Intel(R) Xeon(R) CPU E5-2670 0 @ 2.60GHz", "Intel Xeon E5-2670 0"),
        ("AMD FX(tm)-8350 Eight-Core Processor", "AMD FX-8350"),
        ("AMD Phenom(tm) II X4 965 Processor", "AMD Phenom II X4 965"),
        ("AMD Ryzen 5 3400G with Radeon Vega Graphics", "AMD Ryzen 5 3400G with Radeon Vega Graphics"),
        ("AMD EPYC 7282 16-Core Processor", "AMD EPYC 7282"),
        ("Intel® Core™ i5", "Intel Core i5"),
        ("Processor", "Processor"),
    ],
)
def test_a_processor_is_called_what_people_call_it(text: str, name: str) -> None:
    assert cpu_name(text) == name


@pytest.mark.parametrize(
    "versions",
    [
        ["P1.30", "P2.00", "P3.30", "P3.90", "P3.90A", "P10.01"],
        ["F1", "F2", "F9", "F12", "F12a", "F20"],
        ["0404", "0505", "3402"],
        ["1.0", "1.2.0.7", "1.10"],
        ["A.9", "A.10", "B.1"],
    ],
)
def test_bios_versions_are_in_order(versions: list[str]) -> None:
    assert sorted(versions, key=bios_order) == versions


@given(st.lists(st.text(max_size=20)))
def test_any_bios_versions_can_be_ordered(versions: list[str]) -> None:
    assert sorted(versions, key=bios_order) == sorted(versions, key=bios_order)
