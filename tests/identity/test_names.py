"""Spellings of names, as firmware and people write them."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hwdb.identity import is_placeholder, key_of, searchable, slugify, vendor_key, vendor_name

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
        "MICRO-STAR INTL, CO.,LTD.",
        "MICRO-STAR INT'L",
        "Micro-Star",
        "MSI",
    ],
    "HP": ["Hewlett-Packard", "HP", "HP Inc.", "HP-Pavilion", "HP Pavilion 061", "Hewleet-Packard"],
    "HPE": ["HPE", "Hewlett Packard Enterprise"],
    "Intel": ["Intel Corporation", "Intel Corp.", "INTEL", "Intel(R) Client Systems"],
    "Dell": ["Dell Inc.          ", "Dell Computer Corporation", "DELL", "D.ll Inc.", "Dell EMC"],
    "ECS": ["ECS" + " " * 57, "Elitegroup Computer Systems", "ELITEGROUP COMPUTER SYSTEM CO.,LTD.", "ECS Corp."],
    "Foxconn": ["Foxconn", "FOXCONN", "HON HAI PRECISION IND.CO.,LTD"],
    "Supermicro": ["Supermicro", "Super Micro Computer, Inc."],
    "Fujitsu": ["FUJITSU", "FUJITSU // Phoenix Technologies Ltd."],
    "Lenovo": ["LENOVO", "Lenovo"],
    "Biostar": ["BIOSTAR Group", "BIOSTAR"],
    "Apple": ["Apple Inc.", "Apple Computer, Inc."],
    "Acer": ["Acer", "ACER", "acer,Inc."],
    "Pegatron": ["PEGATRON CORPORATION", "PEGATRON CORPORATION.", "Pegatron Computer INC.", "Pegatron corproration"],
    "Positivo": ["Positivo Informatica SA", "Positivo Informatica S/A", "Desenvolvido para positivo Infomatica"],
    "Positivo BGH": ["POSITIVO BGH"],
    "iRU": ["IRU (Ltd Delovoy Office)", "Delovoy office LTD(iRU)", "LTD Delovoy Office", "iRU"],
    "Tyan": ["TYAN", "TYAN Computer Corporation", "Tyan Computer Corp."],
    "ABIT": ["http://www.abit.com.tw/", "www.abit.com.tw", "ABIT"],
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


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("SECO S.p.A.", "Seco"),
        ("Kraftway Corporation PLC.", "KRAFTWAY"),
        ("Datto Inc.", " Datto,  Inc"),
        ("SeeedStudio", "Seeed Studio"),
        ("AWOW Techonology Co., Ltd.", "AWOW Technology co., ltd."),
        ("CASPER BILGISAYAR SISTEMLERI A.S", "CASPER BILGISAYAR SISTEMLERI"),
    ],
)
def test_legal_forms_and_punctuation_make_no_other_vendor(one: str, other: str) -> None:
    assert vendor_key(one) == vendor_key(other)


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
        "$(DEFAULT_STRING)",
        "SYSTEM_PRODUCT_NAME",
        "To Be Filled By O.E.M. by More String",
        "Type2 - Board Vendor Name1",
        "Base Board Product Name",
        "Reserved for System Vendor",
        "System Manufacter",
        "System Planar Card",
        "PPPPP-CCC#MMMMMMMM",
        "x.x",
        "XXXX",
        "0000",
        "00000000000000000000000",
        "0123456789",
        "' '",
        "SKU",
        None,
    ],
)
def test_a_placeholder_says_nothing(text: str | None) -> None:
    assert is_placeholder(text)


@pytest.mark.parametrize(
    "text", ["X399 Taichi", "0KWVT8", "3397", "OEM Board 5", "System X", "NA320S", "X9", "华南金牌 X99"]
)
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


@pytest.mark.parametrize(
    ("name", "words"),
    [("X399-Taichi", "x399 taichi"), ("  ASRock_X399 ", "asrock x399"), ("Café+", "cafe"), ("!!", "")],
)
def test_a_search_compares_words(name: str, words: str) -> None:
    assert searchable(name) == words
