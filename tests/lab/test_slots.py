"""Slots by the firmware's tables and by the kernel's hotplug drivers, empty ones included."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.lab.topologies import TOPOLOGIES

if TYPE_CHECKING:
    from tests.lab.visit import Visit

pytestmark = pytest.mark.lab


def said(visit: Visit, who: str, witness: str) -> list[dict[str, Any]]:
    return [slot for slot in visit.document(who)["slots"] or () if slot["witness"] == witness]


@pytest.mark.parametrize("guest", ["empty-slots"], indirect=True)
def test_root_reads_the_slots_of_the_firmware_as_they_were_written(guest: Visit) -> None:
    read = {
        slot["designation"]: (
            slot["kind"],
            slot.get("connector_lanes"),
            slot["electrical_lanes"],
            slot["usage"],
            slot["address"],
        )
        for slot in said(guest, "root", "smbios")
    }
    assert read == {
        "PCIEX16": ("pcie", 16, 16, "in_use", "0000:00:10.0"),
        "PCIEX1_1": ("pcie", 1, 1, "available", "0000:00:11.0"),
        "PCIEX4": ("pcie", 4, 4, "available", "0000:00:12.0"),
        "M2A": ("m2", None, 4, "available", "0000:00:13.0"),
        "PCIEX1_2": ("pcie", None, 1, "available", "0000:ff:1f.7"),
    }
    lan = guest.functions("root")["0000:00:1e.0"]
    assert lan["label"] == "Onboard LAN"


@pytest.mark.parametrize("guest", ["empty-slots"], indirect=True)
def test_an_empty_slot_is_answered_by_its_port(guest: Visit) -> None:
    slots = {slot["designation"]: slot for slot in guest.reports["root"]["slots"]}
    answers = {name: (slots[name]["isolates"], slots[name]["occupied"]) for name in ("PCIEX16", "PCIEX1_1", "M2A")}
    assert answers == {"PCIEX16": (True, True), "PCIEX1_1": (True, False), "M2A": (True, False)}
    assert slots["PCIEX1_2"]["grade"] == "unknown"


@pytest.mark.parametrize("guest", ["empty-slots"], indirect=True)
def test_slots_of_pciehp_are_reported_by_anyone(guest: Visit) -> None:
    for who in guest.topology.senders:
        assert sorted(slot["id"] for slot in said(guest, who, "pci_slots")) == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("guest", ["acpi-slots"], indirect=True)
def test_slots_that_all_have_the_same_number_name_nothing(guest: Visit) -> None:
    # ACPI numbers all of QEMU's slots 0, and the kernel tells them apart as 0, 0-1, 0-2 and so on.
    assert len(said(guest, "root", "pci_slots")) > 1
    assert {slot["designation"] for slot in guest.reports["root"]["slots"]} == {None}


@pytest.mark.parametrize("guest", sorted(set(TOPOLOGIES) - {"x399-taichi"}), indirect=True)
def test_no_two_slots_have_one_name(guest: Visit) -> None:
    for report in guest.reports.values():
        names = [slot["designation"] for slot in report["slots"] if slot["designation"] is not None]
        assert len(names) == len(set(names))
