"""Which board a report is about."""

from __future__ import annotations

import pytest

from hwdb.identity import identify
from hwdb.report import Board, Function, Report, System
from tests.machines import seed

SOLDERED = (
    Function("0000:00:14.0", 1, vendor="1022", device="790b", subsystem_vendor="1849", subsystem_device="ffff"),
    Function("0000:00:14.3", 1, vendor="1022", device="790e", subsystem_vendor="15d9", subsystem_device="0888"),
)
CARD = Function("0000:01:00.0", 2, vendor="10de", device="1b80", subsystem_vendor="1458", subsystem_device="3702")


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
        ((None, "X99-TF"), ("Default string", "Default string"), "Unknown vendor", "X99-TF"),
        (("To be filled by O.E.M.", "X99-TF"), ("HUANANZHI", "To be filled by O.E.M."), "HUANANZHI", "X99-TF"),
        (("AMI Corporation", "Cherry Trail CR"), ("AZW", "Z83-V"), "Beelink", "Z83-V (Cherry Trail CR)"),
        ((None, None), ("MSI", "MS-7817"), "MSI", "MS-7817"),
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
