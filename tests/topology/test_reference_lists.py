"""Rows of AMD's reference boards and buses inside the processor, which are no slots until somebody seconds them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hwdb import importers
from hwdb.analysis.answer import answer_machine
from hwdb.report import Function, Slot
from hwdb.topology import normalise
from tests.analysis.boards import card, machine, port
from tests.conftest import CORPUS
from tests.topology.test_slot_tables import AMD, answered, row


@pytest.mark.parametrize("address", ["0000:81:00.0", "0000:81:00.2", "0000:80:07.1"])
def test_no_slot_hangs_from_a_port_inside_the_processor(address: str) -> None:
    # H12DSG: the buses of its empty slots are those of the processor's own functions on this machine.
    board = (
        AMD,
        port("0000:80:07.1", 1, 0x81, vendor="1022", device="1484", slot_implemented=True),
        Function("0000:81:00.0", 1, "1300", vendor="1022", device="148a"),
    )
    shown = machine(*board, slots=(row("SLOT3 PCI-E 4.0 X16", address),))
    (slot,) = answer_machine(shown)
    assert (slot.designation, slot.ports, slot.grade) == ("SLOT3 PCI-E 4.0 X16", (), "unknown")
    if address != "0000:81:00.2":
        assert "inside the processor" in slot.reason


@pytest.mark.corpus
@pytest.mark.parametrize("address", ["0000:81:00.0", "0000:01:00.0", "0000:a1:00.0"])
def test_recorded_buses_of_the_processor_are_no_slots(address: str) -> None:
    text = (CORPUS / "facter" / "Supermicro__H12DSG-O-CPU__bc5460d2.json").read_text(encoding="utf-8")
    shown = normalise(replace(importers.parse(text), slots=(row("SLOT", address),)))
    assert [(w.port, "inside the processor" in (w.void or "")) for w in shown.slots] == [(None, True)]


# AM5: a graphics card, an M.2, the way to the chipset and a LAN chip, as on boards of Gigabyte and MSI.
AM5_HOST = replace(AMD, device="14d8")
AM5 = (
    AM5_HOST,
    port("0000:00:01.1", 1, 1),
    card("0000:01:00.0", 2),
    port("0000:00:01.2", 3, 2),
    card("0000:02:00.0", 4, "0108"),
    port("0000:00:02.1", 5, 3, subordinate_bus=4),
    port("0000:03:00.0", 6, 4, port_type="upstream_port", vendor="1022", device="43f4"),
    port("0000:00:02.2", 7, 5),
    card("0000:05:00.0", 8, "0200"),
)
AM5_ROWS = (
    row("PCIE1", "0000:00:01.1", connector_lanes=8),
    row("J3502", "0000:00:01.2"),
    row("PCIE3", "0000:00:02.2"),
    row("PCIE4", "0000:00:02.1"),
)


def test_of_amds_reference_list_only_the_row_that_another_witness_seconds_is_a_slot() -> None:
    (slot,) = answer_machine(machine(*AM5, slots=AM5_ROWS))
    assert (slot.designation, slot.ports, slot.witnesses) == ("PCIE1", ("0000:00:01.1",), ("smbios", "topology"))
    # The lanes are the reference board's, and so may the name be.
    assert slot.connector_lanes is None
    assert any("reference board" in conflict for conflict in slot.conflicts)


def test_the_way_to_the_chipset_is_no_slot_even_when_somebody_seconds_it() -> None:
    said = (*AM5_ROWS, Slot("4", "pci_slots", address="0000:03:00.0"))
    assert answered(machine(*AM5, slots=said)) == ["PCIE1"]


@pytest.mark.parametrize("name", ["PCIE3", "PCIEX4"])
def test_a_person_who_names_a_port_of_the_list_is_believed(name: str) -> None:
    shown = machine(*AM5, slots=(*AM5_ROWS, Slot(name, "submitter", occupant="0000:05:00.0")))
    slots = {slot.designation: (slot.ports, slot.witnesses) for slot in answer_machine(shown)}
    assert slots[name] == (("0000:00:02.2",), ("submitter", "smbios") if name == "PCIE3" else ("submitter",))
    assert set(slots) == {"PCIE1", name}


def test_the_list_is_known_by_its_names_where_addresses_are_left_out() -> None:
    bare = tuple(replace(one, address=None) for one in AM5_ROWS)
    assert answered(machine(*AM5, slots=bare)) == ["PCIE1"]
    assert answered(machine(AM5_HOST, slots=bare)) == []
    # An empty slot of the list has no port to be seconded.
    empty = (replace(AM5_ROWS[0], address="0000:00:1f.7", usage="available"), *AM5_ROWS[1:])
    assert answered(machine(*AM5, slots=empty)) == []


def test_names_and_ports_of_another_board_are_no_copy_of_the_list() -> None:
    said = (row("PCIE1", "0000:00:01.1"), row("PCIE2", "0000:00:02.2"), row("M2_1", "0000:00:01.2"))
    assert answered(machine(*AM5, slots=said)) == ["M2_1", "PCIE1", "PCIE2"]


@pytest.mark.parametrize("name", ["TR4", "sTRX4"])
def test_threadripper_boards_have_reference_lists_too(name: str) -> None:
    lists = {
        "TR4": {"U1": "00:01.2", "PCIE1": "00:01.3", "PCIE3": "00:03.1", "J47": "01:00.2", "U3600": "40:01.1"},
        "sTRX4": {"PCIE1": "40:01.3", "PCIE3": "40:03.1", "PCIE4": "42:05.0"},
    }
    ports = (port("0000:00:03.1", 1, 9), port("0000:40:03.1", 2, 0x43))
    said = tuple(row(name, f"0000:{hop}") for name, hop in lists[name].items())
    assert answered(machine(AMD, *ports, slots=said)) == []
    filled = (*ports, card("0000:09:00.0", 3), card("0000:43:00.0", 4))
    assert answered(machine(AMD, *filled, slots=said)) == ["PCIE3"]
