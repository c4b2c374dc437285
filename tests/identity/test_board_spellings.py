"""What firmware says -> which board it is: facts of real machines (linuxhw/DMI, CC BY 4.0)."""

from __future__ import annotations

from itertools import combinations

import pytest

from hwdb.identity import BoardIdentity, board_revision, identify
from hwdb.report import Board, Report, System


def of(
    board: tuple[str | None, str | None], system: tuple[str | None, ...] = (), revision: str | None = None
) -> BoardIdentity:
    return identify(Report(board=Board(*board, revision), system=System(*system)))


# Board vendor and name, system vendor, name and version -> vendor and name as people know them.
SHOWN = [
    (("Dell Inc.          ", "0KWVT8"), ("Dell Inc.", "XPS 8700"), "Dell", "XPS 8700 (0KWVT8)"),
    (("Dell Inc.", "0P611C"), ("Dell Inc.", "Dell XPS720"), "Dell", "XPS720 (0P611C)"),
    (("Dell Inc.", "0KWVT8"), ("Dell Inc.", "<BAD INDEX>"), "Dell", "0KWVT8"),
    (("Dell Inc.", ""), ("Dell Inc.", "OptiPlex 980"), "Dell", "OptiPlex 980"),
    (("Alienware", "07W25T"), ("Alienware", "Alienware Aurora R12"), "Alienware", "Aurora R12 (07W25T)"),
    (("HP", "ProLiant DL360 Gen9"), ("HP", "ProLiant DL360 Gen9"), "HP", "ProLiant DL360 Gen9"),
    (("HPE", "ProLiant DL360 Gen10"), ("HPE", "ProLiant DL360 Gen10"), "HPE", "ProLiant DL360 Gen10"),
    ((None, None), ("HP", "ProLiant MicroServer"), "HP", "ProLiant MicroServer"),
    (
        ("Hewlett-Packard", "3397"),
        ("Hewlett-Packard", "HP Compaq Elite 8300 SFF"),
        "HP",
        "Compaq Elite 8300 SFF (3397)",
    ),
    (("Hewlett-Packard", "0B4Ch"), ("Hewlett-Packard", "HP Z400 Workstation"), "HP", "Z400 Workstation (0B4C)"),
    # Who built the board does not sell it.
    (
        ("PEGATRON CORPORATION", "2AD5"),
        ("Hewlett-Packard", "HP Elite 7500 Series MT"),
        "HP",
        "Elite 7500 Series MT (2AD5)",
    ),
    (("MSI", "2A9C"), ("Hewlett-Packard", "PPPPP-CCC#MMMMMMMM"), "HP", "2A9C"),
    (("ASUSTek Computer INC.", "Benicia"), ("HP-Pavilion", "FL213AA-ACB a6561.ru"), "HP", "a6561.ru (Benicia)"),
    (("Wistron Corporation", "ProLiant ML110 G6"), ("HP", "ProLiant ML110 G6"), "HP", "ProLiant ML110 G6"),
    (("LENOVO", "SHARKBAY"), ("LENOVO", "10AXS11800", "ThinkCentre M73"), "Lenovo", "ThinkCentre M73 (10AX)"),
    (("LENOVO", "LENOVO"), ("LENOVO", "8808D8U", "ThinkCentre M55p"), "Lenovo", "ThinkCentre M55p (8808)"),
    (("LENOVO", "3132"), ("LENOVO", "10SKS0C100", "ThinkCentre M920s"), "Lenovo", "ThinkCentre M920s (3132)"),
    (("LENOVO", "0x36A017AA"), ("LENOVO", "90E9S0AB00", "ideacentre 300S"), "Lenovo", "ideacentre 300S (36A0)"),
    (("LENOVO", "429136G"), ("LENOVO", "429136G", "ThinkPad X220"), "Lenovo", "ThinkPad X220 (4291)"),
    (("LENOVO", "LNVNB161216"), ("LENOVO", "82YA", "Legion Slim 5 16IRH8"), "Lenovo", "Legion Slim 5 16IRH8 (82YA)"),
    (("LENOVO", ""), ("LENOVO", "10181", "Lenovo K450e"), "Lenovo", "K450e (10181)"),
    (("LENOVO", "To be filled by O.E.M."), ("LENOVO", "Lenovo H330", "Lenovo"), "Lenovo", "H330"),
    (("LENOVO", "MAHOBAY"), ("LENOVO", "90B6001AUS", "To be filled by O.E.M."), "Lenovo", "90B6"),
    (
        ("LENOVO", "ThinkServer TS140"),
        ("LENOVO", "ThinkServer TS140", "70A4000HUX"),
        "Lenovo",
        "ThinkServer TS140",
    ),
    (
        ("Lenovo", "-[7X99CTO1WW]-"),
        ("Lenovo", "ThinkSystem SR590 -[7X99CTO1WW]-", "04"),
        "Lenovo",
        "ThinkSystem SR590 (7X99)",
    ),
    (("IBM", "00MV214"), ("IBM", "IBM System x3650 M4: -[2145DH8]-", "0C"), "IBM", "System x3650 M4 (00MV214)"),
    (("IBM CORPORATION", "M97IP"), ("IBM CORPORATION", "IBM CORPORATION"), "IBM", "M97IP"),
    (("Apple Inc.", "Mac-F221BEC8"), ("Apple Inc.", "MacPro5,1", "0.0"), "Apple", "MacPro5,1 (Mac-F221BEC8)"),
    (
        ("Framework", "FRANMDCP07"),
        ("Framework", "Laptop 13 (AMD Ryzen 7040Series)", "A7"),
        "Framework",
        "Laptop 13 (AMD Ryzen 7040Series) (FRANMDCP07)",
    ),
    (("Acer", "RS880M05"), ("Acer", "Veriton M430"), "Acer", "Veriton M430 (RS880M05)"),
    (("Acer", "Aspire TC-780(KBL)"), ("Acer", "Aspire TC-780"), "Acer", "Aspire TC-780(KBL)"),
    (
        ("Shenzhen Meigao Electronic Equipment Co.,Ltd", "F7BFC"),
        ("Micro Computer (HK) Tech Limited", "UM690"),
        "Minisforum",
        "UM690 (F7BFC)",
    ),
    # Who put a retail board into a case did not make it.
    (("ASUSTeK COMPUTER INC.", "PRIME H310M-R R2.0"), ("Aquarius", "S20 K29"), "ASUS", "PRIME H310M-R R2.0"),
    (("ASUSTeK COMPUTER INC.", "B85M-G"), ("ASUS", "All Series"), "ASUS", "B85M-G"),
    (("FUJITSU", "D3162-A1"), ("FUJITSU", "ESPRIMO P910"), "Fujitsu", "D3162-A1"),
    (("ASRock", "G31M-S.  "), ("To Be Filled By O.E.M.", "To Be Filled By O.E.M."), "ASRock", "G31M-S"),
    (("Gigabyte Technology Co., Ltd.", "B450M DS3H-CF"), ("Gigabyte", "B450M DS3H"), "Gigabyte", "B450M DS3H"),
    (("MSI", "GF615M-P33  (MS-7597)"), ("MSI", "MS-7597"), "MSI", "GF615M-P33 (MS-7597)"),
    (("MSI", "MS-7369"), ("MSI", "MS-7369"), "MSI", "MS-7369"),
    (("MEDIONPC", "MS-7728"), ("MEDIONPC", "MS-7728"), "Medion", "MS-7728"),
    (("Intel Corporation", "W2600CR"), ("Intel", "W2600CR .........."), "Intel", "W2600CR"),
    ((None, "ASRock X399 Taichi"), (), "ASRock", "X399 Taichi"),
    (("BESSTAR TECH LIMITED", "HM90"), ("BESSTAR TECH LIMITED", "HM90"), "BESSTAR", "HM90"),
]


@pytest.mark.parametrize(("board", "system", "vendor", "name"), SHOWN)
def test_a_board_is_called_what_people_call_it(
    board: tuple[str, str], system: tuple[str, ...], vendor: str, name: str
) -> None:
    found = of(board, system)
    assert (found.vendor, found.name, found.known) == (vendor, name, True)


@pytest.mark.parametrize(("vendor", "name"), [(vendor, name) for *_, vendor, name in SHOWN])
def test_what_people_call_it_leads_back_to_the_board(vendor: str, name: str) -> None:
    assert {(found.vendor_key, found.key) for found in (of(s[0], s[1]) for s in SHOWN if s[2:] == (vendor, name))} == {
        (of((vendor, name)).vendor_key, of((vendor, name)).key)
    }


@pytest.mark.parametrize(
    "spellings",
    [
        [
            ("Micro-Star International Co., Ltd.", "B450 TOMAHAWK MAX (MS-7C02)"),
            ("MSI", "B450 TOMAHAWK MAX(MS-7C02)"),
            ("MICRO-STAR INTERANTIONAL CO.,LTD", "B450 TOMAHAWK MAX  (MS-7C02)   "),
            ("MSI", "MSI B450 Tomahawk Max"),
        ],
        [("Gigabyte Technology Co., Ltd.", "Z170-Gaming K3-CF"), ("GIGABYTE", "Z170-Gaming K3")],
        [("ASRock", "G41M-VS3."), ("ASROCK", "G41M-VS3")],
        [("ASUSTeK COMPUTER INC.", "P5K"), ("ASUSTek Computer INC", "P5K"), ("ASUS", "p5k")],
        [("MACHINIST", "X99-K9"), ("MACHINST", "X99-k9")],
        [("HUANAN", "X99-TF"), ("HUANANZHI", "HUANANZHI X99-TF")],
        [("Hon Hai Precision Ind. Co., Ltd.", "H61MX"), ("FOXCONN", "H61MX"), ("Foxconn   ", "H61MX ")],
    ],
)
def test_spellings_of_one_board_are_one(spellings: list[tuple[str, str]]) -> None:
    assert len({(found.vendor_key, found.key) for found in map(of, spellings)}) == 1


@pytest.mark.parametrize(
    "boards",
    [
        [("ASRock", "X399 Taichi"), ("ASRock", "X399 Phantom Gaming 6"), ("ASRock Rack", "X399 Taichi")],
        # A code is a family of boards, and none of them.
        [
            ("MSI", "MS-7C02"),
            ("MSI", "B450 TOMAHAWK (MS-7C02)"),
            ("MSI", "B450 TOMAHAWK MAX (MS-7C02)"),
            ("MSI", "B450 TOMAHAWK MAX II (MS-7C02)"),
        ],
        # The one retail name that stands for two boards.
        [("MSI", "G31M3(MS-7528)"), ("MSI", "G31M3 (MS-7529)"), ("MSI", "G31M3")],
        [("Supermicro", "X9DRi-LN4"), ("Supermicro", "X9DRi-LN4+"), ("Supermicro", "X9DRi-LN4F")],
        [("ASUS", "M5A97"), ("ASUS", "M5A97 R2.0"), ("ASUS", "M5A97 LE R2.0"), ("ASUS", "M5A99")],
        [("HP", "ProLiant DL360"), ("HPE", "ProLiant DL360")],
        [("MSI", "X99A"), ("Gigabyte", "X99A")],
        [("Gigabyte", "B450M DS3H-CF"), ("Gigabyte", "B450M DS3H V2-CF"), ("Gigabyte", "B450M S2H")],
    ],
)
def test_different_boards_never_merge(boards: list[tuple[str, str]]) -> None:
    found = [of(board) for board in boards]
    assert all((a.vendor_key, a.key) != (b.vendor_key, b.key) for a, b in combinations(found, 2))


@pytest.mark.parametrize(
    "machines",
    [
        # One machine on two boards, one board in two machines.
        [(("Dell Inc.", "0HY9JP"), ("Dell Inc.", "OptiPlex 9020")), (("Dell", "00V62H"), ("Dell", "OptiPlex 9020"))],
        [(("Dell Inc.", "0Y2MRG"), ("Dell Inc.", "XPS 8300")), (("Dell", "0Y2MRG"), ("Dell", "Vostro 460"))],
        # A tower and a tiny one.
        [
            (("LENOVO", "SHARKBAY"), ("LENOVO", "10A6A004MD", "ThinkCentre M93p")),
            (("LENOVO", "SHARKBAY"), ("LENOVO", "10AAS53200", "ThinkCentre M93p")),
        ],
    ],
)
def test_machines_on_different_boards_never_merge(machines: list[tuple[tuple[str, str], tuple[str, ...]]]) -> None:
    assert len({of(*machine).key for machine in machines}) == len(machines)


def test_a_code_stays_known_beside_the_name() -> None:
    assert of(("MSI", "B450 TOMAHAWK MAX(ms-7c02)")).code == "MS-7C02"
    assert of(("MSI", "B450 TOMAHAWK MAX")).code is None
    assert of(("Dell Inc.", "0KWVT8"), ("Dell Inc.", "XPS 8700")).code == "0KWVT8"


@pytest.mark.parametrize(
    ("version", "revision"),
    [
        ("1.0", "1.0"),
        ("2.0         ", "2.0"),
        ("A01", "A01"),
        ("X02", "X02"),
        ("V:1.1", "1.1"),
        ("REV:1.20A", "1.20A"),
        ("FAB:1.1", "1.1"),
        ("Fab D", "D"),
        ("V102A", "102A"),
        ("6.x", "6.x"),
        ("AAG23116-204", "AAG23116-204"),
        ("G92187-366", "G92187-366"),
        *((constant, None) for constant in ("x.x", "Rev X.0x", "Rev 1.xx", "1.XX", "X.0x", "0.00", "00", "SEx")),
        *(
            (other, None)
            for other in ("KBC Version 05.39", "SDK0E50510 WIN", "NO DPK", "SMVB", "Default string", "", None)
        ),
        *((number, None) for number in ("0123456789", "1234567890", "01000100", "S26361-D3221-A1", "MacPro6,1")),
    ],
)
def test_a_revision_is_what_looks_like_one(version: str | None, revision: str | None) -> None:
    assert board_revision(Report(board=Board("X", "Y", version))) == revision


def test_the_revision_is_no_part_of_the_identity() -> None:
    assert of(("MSI", "X99A"), (), "1.0") == of(("MSI", "X99A"), (), "2.0")
