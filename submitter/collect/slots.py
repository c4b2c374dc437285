"""What the firmware and the kernel say of slots, as they say it; which port each means is for ``hwdb.topology``.

SMBIOS types 9 (system slots) and 41 (onboard devices) by DMTF DSP0134 3.7, sections 7.10 and 7.42, and
``/sys/bus/pci/slots``.
"""

from __future__ import annotations

from hwdb.smbios import address_at, slot_of
from submitter.collect.functions import ADDRESS
from submitter.collect.smbios import ONBOARD_DEVICE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from hwdb.smbios import Structure
    from submitter.collect.tree import Tree

_PCI_SLOTS = "sys/bus/pci/slots"


def read_smbios_slots(structures: Iterable[Structure]) -> list[dict[str, Any]]:
    """Return one statement for each type 9 structure, addresses as the table says them, placeholders included."""
    return [slot for slot in map(slot_of, structures) if slot is not None]


def read_pci_slots(tree: Tree) -> list[dict[str, Any]] | None:
    """Return the slots the kernel knows (pciehp, acpiphp, pci_slot), named as it names them; None when it cannot say.

    An address there is one of a device, ``dddd:bb:dd``, or of a bus, ``dddd:bb``, when the slot is a whole bus.
    """
    names = tree.names(_PCI_SLOTS)
    return None if names is None else [_pci_slot(tree, name) for name in names]


def _pci_slot(tree: Tree, name: str) -> dict[str, Any]:
    said: dict[str, Any] = {"witness": "pci_slots", "designation": name[:200]}
    place = tree.text(f"{_PCI_SLOTS}/{name}/address") or ""
    address = f"{place if place.count(':') == 2 else place + ':00'}.0"
    if ADDRESS.match(address):
        said["address"] = address
    if name.isascii() and name.isdigit() and len(name) < 10:
        said["id"] = int(name)
    return said


def label_onboard(functions: Iterable[dict[str, Any]], structures: Iterable[Structure]) -> None:
    """Add the firmware's names of onboard devices (type 41) to functions the kernel shows no label for."""
    names = {}
    for one in structures:
        name = one.string(0x04) if one.type == ONBOARD_DEVICE and len(one) == 0x0B else None
        if name is not None and (one.byte(0x05) or 0) & 0x80:
            names[address_at(one, 0x07)] = name
    for function in functions:
        if "label" not in function and function["address"] in names:
            function["label"] = names[function["address"]]
