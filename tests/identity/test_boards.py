"""Which board a report is about."""

from __future__ import annotations

import pytest

from hwdb.identity import identify
from hwdb.report import Bios, Board, Function, Report, System
from tests.machines import seed

SOLDERED = (
    Function("0000:00:00.0", 0, vendor="1022", device="1480"),
    Function("0000:00:14.0", 1, vendor="1022", device="790b", subsystem_vendor="1849", subsystem_device="ffff"),
)
CARD = Function("0000:01:00.0", 2, vendor="10de", device="1b80")


def of(vendor: str | None = None, name: str | None = None, **parts: System) -> Report:
    return Report(functions=SOLDERED, board=Board(vendor, name), **parts)  # type: ignore[arg-type]  # only systems


def test_a_board_goes_by_its_own_name() -> None:
    found = identify(seed())
    assert (found.vendor, found.name, found.known) == ("ASRock", "X399 Taichi", True)


def test_spellings_of_one_board_are_one_board() -> None:
    one = identify(of("ASRock", "X399 Taichi"))
    other = identify(of("ASROCK Inc. ", "X399  taichi"))
    assert (one.vendor_key, one.key) == (other.vendor_key, other.key)
    assert other.name == "X399 taichi"


def test_boards_of_two_vendors_are_two() -> None:
    assert identify(of("MSI", "X99A")).vendor_key != identify(of("Gigabyte", "X99A")).vendor_key


@pytest.mark.parametrize(
    ("board", "system", "vendor", "name"),
    [
        (("ASUSTeK COMPUTER INC.", "B350-PLUS"), ("System manufacturer", "System Product Name"), "ASUS", "B350-PLUS"),
        (("Intel Corporation", "Default string"), ("Protectli", "FW6"), "Protectli", "FW6"),
        (("Dell Inc.", None), (None, "PowerEdge R720"), "Dell", "PowerEdge R720"),
        ((None, None), ("LENOVO", "20SXCTO1WW"), "Lenovo", "20SXCTO1WW"),
        ((None, "X99"), ("Default string", "Default string"), "Unknown vendor", "X99"),
        (("To be filled by O.E.M.", "X99"), ("HUANANZHI", "To be filled by O.E.M."), "HUANANZHI", "X99"),
    ],
)
def test_the_system_says_what_the_board_does_not(
    board: tuple[str | None, str | None], system: tuple[str | None, str | None], vendor: str, name: str
) -> None:
    found = identify(of(*board, system=System(*system)))
    assert (found.vendor, found.name, found.known) == (vendor, name, True)


def test_placeholders_are_no_board() -> None:
    found = identify(of("Default string", "Default string", system=System("Default string", "Default string")))
    assert not found.known
    assert found.vendor == "Unknown vendor"
    assert found.name.startswith("Unidentified board ")


def test_unidentified_boards_are_one_where_the_soldered_hardware_is_equal() -> None:
    one = identify(Report(functions=(*SOLDERED, CARD)))
    reordered = identify(Report(functions=tuple(reversed(SOLDERED)), bios=Bios(version="2")))
    assert one == reordered


@pytest.mark.parametrize(
    "other",
    [
        SOLDERED[:1],
        (SOLDERED[0], Function("0000:00:14.0", 1, vendor="1022", device="790b", subsystem_vendor="1458")),
        (SOLDERED[0], Function("0000:00:15.0", 1, vendor="1022", device="790b", subsystem_vendor="1849")),
    ],
)
def test_unidentified_boards_differ_with_their_hardware(other: tuple[Function, ...]) -> None:
    assert identify(Report(functions=SOLDERED)).key != identify(Report(functions=other)).key


def test_unidentified_boards_of_two_vendors_are_two() -> None:
    one, other = identify(of("MSI", "Default string")), identify(of("ECS", "Default string"))
    assert (one.vendor_key, one.key) != (other.vendor_key, other.key)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ((), ()),
        ((CARD,), (CARD,)),
        ((Function("0000:00:00.0", 0),), (Function("0000:00:00.0", 0),)),
    ],
)
def test_reports_that_show_no_soldered_hardware_are_not_alike(
    one: tuple[Function, ...], other: tuple[Function, ...]
) -> None:
    first, second = (Report(functions=f, bios=Bios(version=v)) for f, v in ((one, "1"), (other, "2")))
    assert identify(first).key != identify(second).key
    assert identify(first) == identify(first)
