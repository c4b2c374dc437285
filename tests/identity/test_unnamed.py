"""Boards that nobody named: alike where their soldered hardware says so, and never by silence."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hwdb.identity import BoardIdentity, identify
from hwdb.report import Bios, Board, Function, Report, System


def soldered(address: str, device: str, class_: str | None = None) -> Function:
    return Function(
        f"0000:{address}", class_=class_, vendor="8086", device=device, subsystem_vendor="15d9", subsystem_device="0888"
    )


HOST = soldered("00:00.0", "191f")
GRAPHICS = soldered("00:02.0", "1912")
USB, LPC, AUDIO = soldered("00:14.0", "a12f"), soldered("00:1f.0", "a149", class_="0601"), soldered("00:1f.3", "a170")
PORT = soldered("00:1c.0", "a110", class_="0604")
CARD = Function("0000:01:00.0", vendor="10de", device="1b80", subsystem_vendor="1458", subsystem_device="3702")
BOARD = (HOST, USB, LPC, AUDIO)


def known_as(*functions: Function, bios: str | None = None, vendor: str | None = None) -> BoardIdentity:
    return identify(Report(functions=functions, bios=Bios(version=bios), board=Board(vendor, "Default string")))


def test_an_unnamed_board_says_that_it_is_not_identified() -> None:
    found = known_as(*BOARD)
    assert (found.known, found.named_by, found.vendor) == (False, "hardware", "Unknown vendor")
    assert found.name.startswith("Unidentified board ")


@pytest.mark.parametrize(
    "functions",
    [
        tuple(reversed(BOARD)),
        (*BOARD, CARD),
        # Firmware hides ports with nothing behind them.
        (*BOARD, PORT),
        # Another processor: its host bridge is another, and it has graphics.
        (soldered("00:00.0", "590f"), *BOARD[1:]),
        (*BOARD, GRAPHICS),
    ],
)
def test_what_is_changed_on_a_board_does_not_change_the_board(functions: tuple[Function, ...]) -> None:
    assert known_as(*functions, bios="2") == known_as(*BOARD)


@pytest.mark.parametrize(
    "functions",
    [
        (HOST, USB, LPC),
        (HOST, replace(USB, subsystem_device="0889"), LPC, AUDIO),
        (HOST, replace(USB, device="a2af"), LPC, AUDIO),
    ],
)
def test_other_soldered_hardware_is_another_board(functions: tuple[Function, ...]) -> None:
    assert known_as(*functions).key != known_as(*BOARD).key


def test_boards_of_two_vendors_are_two() -> None:
    one, other = known_as(*BOARD, vendor="ECS"), known_as(*BOARD, vendor="Pegatron")
    assert one.key == other.key
    assert one.vendor_key != other.vendor_key


@pytest.mark.parametrize(
    "functions",
    [
        (),
        (CARD,),
        (Function("0000:00:1f.0"),),
        # A plain listing has no subsystem ids.
        tuple(replace(f, subsystem_vendor=None, subsystem_device=None) for f in BOARD),
        # The chipset maker's, on every board; zeros and ones; the function's own device id; the processor's functions.
        tuple(replace(f, subsystem_vendor="8086", subsystem_device="7270") for f in BOARD),
        tuple(replace(f, subsystem_vendor="0000", subsystem_device="0000") for f in BOARD),
        tuple(replace(f, subsystem_vendor="1849", subsystem_device=f.device) for f in BOARD),
        (HOST, GRAPHICS),
        (PORT,),
    ],
)
def test_reports_that_show_nothing_of_the_board_are_not_alike(functions: tuple[Function, ...]) -> None:
    first, second = known_as(*functions, bios="1"), known_as(*functions, bios="2")
    assert first.key != second.key
    assert first == known_as(*functions, bios="1")


@pytest.mark.parametrize(
    ("vendor", "name"),
    [
        ("INTEL Corporation", "H61"),
        ("INTEL", "INTEL H55"),
        (None, "X79"),
        ("HUANANZHI", "X79 INTEL (INTEL Xeon E5/Corei7 DMI2 - C600/C200 Cipset"),
        ("HUANANZHI", "HUANANZHI X99"),
        ("INTEL Corporation", "SKYBAY"),
        ("Intel Corporation", "JSL MRD"),
        ("AMI Corporation", "Aptio CRB"),
        ("DALCO AG Switzerland", "+41 44 908 38 38"),
        ("Acidanthera", "Mac-27AD2F918AE68F61"),
        ("Pegatron", "Pegatron"),
    ],
)
def test_chipsets_reference_designs_and_vendors_are_no_boards(vendor: str | None, name: str) -> None:
    # Two machines whose firmware says no more are not known to have one board.
    first, second = (identify(Report(board=Board(vendor, name), bios=Bios(version=v))) for v in ("4.6.5", "5.11"))
    assert (first.known, second.known) == (False, False)
    assert first.key != second.key


@pytest.mark.parametrize("vendor", ["INTEL Corporation", "AMD Corporation", "AMI Corporation", "O.E.M"])
def test_who_made_the_chipset_or_the_firmware_made_no_unnamed_board(vendor: str) -> None:
    assert identify(Report(board=Board(vendor, "X99"))).vendor == "Unknown vendor"


def test_a_system_built_on_several_boards_is_several() -> None:
    made = [
        Report(board=Board("Intel", board), system=System("KRAFTWAY", "GEG")) for board in ("Eaglelake", "SHARKBAY")
    ]
    assert len({identify(report).key for report in made}) == 2
