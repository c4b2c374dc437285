"""What the kernel's slot numbers say, alone and beside other witnesses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from hwdb.analysis.answer import answer_machine
from hwdb.analysis.slotmap import Claim, slot_map
from hwdb.report import Chassis, Function, Report, Slot, System
from hwdb.topology import normalise
from tests.analysis.boards import card, machine, port
from tests.dumps import corpus_text, read_lspci, read_slot_numbers, read_slot_table

if TYPE_CHECKING:
    from hwdb.topology import Machine

PORTS = (
    port("0000:40:03.1", 1, 0x43),
    card("0000:43:00.0", 2, "0200"),
    port("0000:60:03.1", 3, 0x63),
    port("0000:80:01.1", 4, 0x83),
)


def number(name: str, address: str) -> Slot:
    return Slot(name, "pci_slots", "pcie", address=address)


def named(shown: Machine) -> dict[str | None, str | None]:
    """Return what each statement is counted for, by what the kernel calls it."""
    return {w.slot.designation: w.designation for w in shown.slots}


def test_a_number_seconds_the_name_another_witness_gives_its_port() -> None:
    said = (Slot("PCI-E Slot 3", "smbios", "pcie", address="0000:43:00.0"), number("3", "0000:43:00.0"))
    (slot,) = answer_machine(machine(*PORTS, slots=said))
    assert (slot.designation, slot.ports) == ("PCI-E Slot 3", ("0000:40:03.1",))
    assert slot.witnesses == ("smbios", "pci_slots")
    assert slot.conflicts == ()


def test_a_number_seconds_a_persons_word_as_well() -> None:
    said = (number("7", "0000:43:00.0"), Slot("PCIE1", "submitter", occupant="0000:43:00.0"))
    (slot,) = answer_machine(machine(*PORTS, slots=said))
    assert (slot.designation, slot.witnesses) == ("PCIE1", ("submitter", "pci_slots"))


def test_numbers_that_others_leave_over_name_nothing() -> None:
    said = (Slot("PCIEX16_1", "smbios", "pcie", address="0000:43:00.0"), number("11", "0000:63:00.0"))
    shown = machine(*PORTS, slots=said)
    assert named(shown) == {"PCIEX16_1": "PCIEX16_1", "11": None}
    assert "need not be printed" in (shown.slots[1].void or "")
    assert [slot.designation for slot in answer_machine(shown)] == ["PCIEX16_1"]


def test_unique_numbers_name_slots_where_nobody_else_does() -> None:
    # Without root there is no slot table. The port of slot 2 is empty, so 63:00.0 is not there.
    shown = machine(*PORTS, slots=(number("3", "0000:43:00.0"), number("2", "0000:63:00.0")))
    slots = {slot.designation: (slot.ports, slot.occupied) for slot in answer_machine(shown)}
    assert slots == {"Slot 2": (("0000:60:03.1",), False), "Slot 3": (("0000:40:03.1",), True)}


@pytest.mark.parametrize("names", [("1", "1-1"), ("0", "4"), ("5-1", "4")])
def test_numbers_that_are_not_unique_and_zero_are_no_identity(names: tuple[str, str]) -> None:
    shown = machine(*PORTS, slots=(number(names[0], "0000:43:00.0"), number(names[1], "0000:63:00.0")))
    assert shown.slots[0].void is not None
    assert shown.slots[0].port is None
    assert [s.designation for s in answer_machine(shown)] == (["Slot 4"] if names[1] == "4" else [])


def test_a_number_that_is_no_identity_seconds_nobody() -> None:
    said = (Slot("SLOT1", "smbios", "pcie", address="0000:43:00.0"), number("0", "0000:43:00.0"))
    (slot,) = answer_machine(machine(*PORTS, slots=said))
    assert slot.witnesses == ("smbios",)


def test_a_number_of_a_switch_that_may_be_a_cards_names_no_slot_of_the_board() -> None:
    plx = (
        port("0000:00:01.1", 1, 1, subordinate_bus=3),
        port("0000:01:00.0", 2, 2, subordinate_bus=3, port_type="upstream_port", vendor="10b5"),
        port("0000:02:01.0", 3, 3, port_type="downstream_port", vendor="10b5"),
    )
    shown = machine(*plx, slots=(number("24", "0000:03:00.0"),))
    assert named(shown) == {"24": None}
    said = (Slot("BAY1", "smbios", "u2", address="0000:02:01.0"), number("24", "0000:03:00.0"))
    assert named(machine(*plx, slots=said)) == {"BAY1": "BAY1", "24": "BAY1"}


@pytest.mark.parametrize(
    "laptop",
    [
        {"chassis": Chassis(type=10)},
        {"chassis": Chassis(type=31)},
        {"system": System(name="Example x360 Convertible 15")},
        {"system": System(family="ThinkPad T14")},
    ],
)
def test_a_laptops_numbers_are_of_soldered_things(laptop: dict[str, Any]) -> None:
    numbers = (number("5", "0000:43:00.0"), number("20", "0000:63:00.0"))
    assert [s for s in answer_machine(machine(*PORTS, slots=numbers, **laptop)) if s.designation] == []
    # They second a name all the same.
    said = (*numbers, Slot("M2_1", "smbios", "m2", address="0000:43:00.0"))
    (slot,) = answer_machine(machine(*PORTS, slots=said, **laptop))
    assert (slot.designation, slot.witnesses) == ("M2_1", ("smbios", "pci_slots"))


@pytest.mark.parametrize("chassis", [3, 17, 23, 35])
def test_a_chassis_that_stands_has_slots_with_numbers(chassis: int) -> None:
    shown = machine(*PORTS, slots=(number("3", "0000:43:00.0"),), chassis=Chassis(type=chassis))
    assert [s.designation for s in answer_machine(shown)] == ["Slot 3"]


def test_thunderbolt_ports_take_plugs_and_no_cards() -> None:
    root = port("0000:00:07.0", 1, 2, name="Alder Lake-P Thunderbolt 4 PCI Express Root Port #0")
    beside = port("0000:00:1b.0", 2, 3, subordinate_bus=4)
    switch = port("0000:03:00.0", 3, 4, port_type="upstream_port", name="JHL7540 Thunderbolt 3 Bridge")
    shown = machine(root, beside, switch, slots=(number("5", "0000:02:00.0"), number("20", "0000:03:00.0")))
    assert named(shown) == {"5": None, "20": None}


def test_a_device_of_the_processor_is_in_no_slot() -> None:
    dummy = Function("0000:00:01.0", 1, "0600")
    shown = machine(dummy, port("0000:00:01.1", 2, 1), slots=(number("1", "0000:00:01.0"), number("9", "0000:00:07.0")))
    assert [slot.designation for slot in answer_machine(shown)] == []


def test_conventional_slots_are_told_apart_by_the_device_a_number_names() -> None:
    bus = port("0000:00:1e.0", 1, 5, vendor="8086", device="244e", port_type=None)
    shown = machine(
        bus, card("0000:05:01.0", 1, "0401"), slots=(number("21", "0000:05:01.0"), number("22", "0000:05:02.0"))
    )
    assert [w.path for w in shown.slots] == ["0000:00:1e.0/01", "0000:00:1e.0/02"]


SMBIOS = Claim("SLOT3", "smbios", "pcie", platform="a", path="0000:40:03.1")


def test_over_machines_a_number_seconds_the_name_of_its_port() -> None:
    # Another machine of the board was read without root.
    (slot,) = slot_map([SMBIOS, Claim("Slot 9", "pci_slots", "pcie", platform="a", path="0000:40:03.1")])
    assert (slot.designation, slot.witnesses, slot.conflicts) == ("SLOT3", ("smbios", "pci_slots"), ())


def test_over_machines_numbers_left_over_are_dropped_as_well() -> None:
    assert len(slot_map([SMBIOS, Claim("Slot 9", "pci_slots", platform="a", path="0000:00:1c.0")])) == 1


def test_a_number_gives_a_port_to_the_slot_of_its_name_that_has_none() -> None:
    hidden = Claim("SLOT4", "smbios", "pcie", platform="a", void="The firmware gives no address.")
    seen = Claim("Slot 4", "pci_slots", "pcie", platform="a", path="0000:60:03.1")
    slots = {slot.designation: slot.ports for slot in slot_map([SMBIOS, hidden, seen])}
    assert slots == {"SLOT3": (("a", "0000:40:03.1"),), "SLOT4": (("a", "0000:60:03.1"),)}
    # Where the firmware already says which port is SLOT3, a number 3 elsewhere is another count.
    rival = Claim("Slot 3", "pci_slots", "pcie", platform="a", path="0000:60:03.1")
    assert [slot.ports for slot in slot_map([SMBIOS, rival])] == [(("a", "0000:40:03.1"),)]


def recorded(name: str, *, table: bool = True) -> Machine:
    listing = corpus_text(name, "lspci")
    slots = read_slot_table(corpus_text(name, "dmidecode")) if table else ()
    return normalise(Report(functions=tuple(read_lspci(listing).values()), slots=slots + read_slot_numbers(listing)))


@pytest.mark.corpus
def test_a_recorded_servers_numbers_second_its_slot_table() -> None:
    slots = {slot.designation: slot.witnesses for slot in answer_machine(recorded("RT-B94692FB"))}
    assert slots["PCI-E Slot 2"] == slots["PCI-E Slot 3"] == ("smbios", "pci_slots")
    assert len(slots) == 3


@pytest.mark.corpus
def test_a_recorded_servers_twelve_numbers_beside_a_table_that_names_others() -> None:
    # 0, 0-1, 0-2, 1, 1-1, 1-2, 1-3 are no identity; 2, 3, 9, 10, 11 are bays that the table does not name.
    numbers = [w for w in recorded("GH-9CA2A7FD").slots if w.slot.witness == "pci_slots"]
    assert len(numbers) == 12
    assert all(w.void is not None and w.designation is None for w in numbers)


@pytest.mark.corpus
@pytest.mark.parametrize(
    ("name", "slots"),
    [
        pytest.param("ML-05B7647F", 11, id="a bay for each number"),
        pytest.param("ML-BF14C67D", 0, id="ports of a switch"),
        pytest.param("ML-109CC12E", 1, id="a laptop's Thunderbolt controller"),
    ],
)
def test_recorded_numbers_alone(name: str, slots: int) -> None:
    assert len([s for s in answer_machine(recorded(name, table=False)) if s.designation]) == slots
