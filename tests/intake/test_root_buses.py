r"""One port under two bus numbers: root buses are one where ACPI names them alike (``\_SB_.PCI1``), else kept apart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hwdb import intake, schema
from hwdb.report import Board, Function, Report, RootBus, Slot, to_document
from tests.analysis.boards import ACS, port
from tests.store import board_of, report_of, submit

if TYPE_CHECKING:
    from hwdb.models.engine import Database
    from hwdb.queries import BoardView

FIRST, SECOND = r"\_SB_.PCI1", r"\_SB_.PCI2"


def machine(bus: int, acpi_paths: dict[int, str], *, device: str, named: bool = False) -> dict[str, Any]:
    """Return a machine whose one slot hangs from this root bus; another machine holds another device there."""
    hosts = [Function(f"0000:{one:02x}:00.0", one, "0600", vendor="1022", device="1480") for one in (0, bus)]
    slot_port = port(f"0000:{bus:02x}:03.1", 90, bus + 1, acs=ACS, slot_implemented=True)
    graphics = Function(f"0000:{bus + 1:02x}:00.0", 91, "0300", vendor="10de", device=device)
    slot = Slot("SLOT2", "submitter", "pcie", 16, address=slot_port.address)
    return to_document(
        Report(
            functions=(*hosts, slot_port, graphics),
            slots=(slot,) if named else (),
            board=Board("Example Inc.", "Board One"),
            root_buses=tuple(RootBus(f"0000:{one:02x}", acpi_path=path) for one, path in acpi_paths.items()),
        )
    )


def board_with(database: Database, *documents: dict[str, Any]) -> BoardView:
    accepted = [submit(database, one, key=f"key-of-machine-{n:04}-xxxxx") for n, one in enumerate(documents)]
    return board_of(database, accepted[0])


def test_a_root_bus_is_the_same_under_another_number(database: Database) -> None:
    view = board_with(
        database,
        machine(0x40, {0x40: FIRST}, device="1b80", named=True),
        machine(0x60, {0x60: FIRST}, device="2204"),
    )
    (slot,) = view.slots
    assert (slot.designation, slot.grade, slot.machines) == ("SLOT2", "isolated", 2)
    assert slot.ports == ("0000:40:03.1",)


def test_the_report_under_the_other_number_has_its_card_in_the_named_slot(database: Database) -> None:
    submit(database, machine(0x40, {0x40: FIRST}, device="1b80", named=True))
    other = machine(0x60, {0x60: FIRST}, device="2204")
    with database.reading() as session:
        rehearsed = intake.rehearse(session, schema.load(other).report)
    shown = report_of(database, submit(database, other))
    for slots in (rehearsed.slots, shown.slots):
        assert [(slot.designation, slot.grade, slot.occupied) for slot in slots] == [("SLOT2", "isolated", True)]
    assert [(card.slot, card.functions) for card in shown.cards] == [("SLOT2", ("0000:61:00.0",))]
    assert [place.slot for place in rehearsed.places if place.functions] == ["SLOT2"]


def test_numbers_that_differ_are_two_ports_where_acpi_does_not_say(database: Database) -> None:
    stated: list[dict[int, str]] = [{}, {0x60: SECOND}]
    for paths in stated:
        view = board_with(
            database,
            machine(0x40, {0x40: FIRST}, device="1b80", named=True),
            machine(0x60, paths, device="2204"),
        )
        grades = {slot.designation: (slot.grade, slot.machines) for slot in view.slots}
        assert grades["SLOT2"] == ("isolated", 1)


def test_equal_numbers_are_two_ports_where_acpi_names_them_differently(database: Database) -> None:
    view = board_with(
        database,
        machine(0x40, {0x40: FIRST}, device="1b80", named=True),
        machine(0x40, {0x40: SECOND}, device="2204"),
    )
    assert [(slot.designation, slot.machines) for slot in view.slots] == [("SLOT2", 1), (None, 1)]
    assert view.slots[1].ports == (rf"0000:{SECOND}:03.1",)


def test_equal_numbers_are_one_port_where_one_machine_does_not_say(database: Database) -> None:
    view = board_with(
        database,
        machine(0x40, {0x40: FIRST}, device="1b80", named=True),
        machine(0x40, {}, device="2204"),
    )
    assert [(slot.designation, slot.machines) for slot in view.slots] == [("SLOT2", 2)]


def test_two_buses_of_one_machine_are_never_one(database: Database) -> None:
    first = machine(0x40, {0x40: FIRST}, device="1b80", named=True)
    other = machine(0x60, {0x60: FIRST}, device="2204")
    # The second machine has a bus 0x40 as well, of which it does not say what it is.
    other["functions"].append({"address": "0000:40:00.0", "iommu_group": 70, "class": "0600", "vendor": "1022"})
    other["functions"].append({"address": "0000:40:03.1", "iommu_group": 71, "class": "0c03", "vendor": "1022"})
    view = board_with(database, first, other)
    assert {slot.designation: slot.machines for slot in view.slots}["SLOT2"] == 1
    shown = report_of(database, submit(database, other, key="key-of-machine-0001-xxxxx"))
    assert [card.functions for card in shown.cards if card.slot == "SLOT2"] == []


def test_two_buses_of_one_name_are_no_bus_of_that_name(database: Database) -> None:
    view = board_with(
        database,
        machine(0x40, {0x40: FIRST, 0x00: FIRST}, device="1b80", named=True),
        machine(0x60, {0x60: FIRST}, device="2204"),
    )
    assert {slot.designation: slot.machines for slot in view.slots}["SLOT2"] == 1
