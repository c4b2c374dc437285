"""What the firmware and the kernel say of slots, as they say it; which port each means is for ``hwdb.topology``.

SMBIOS types 9 (system slots) and 41 (onboard devices) by DMTF DSP0134 3.7, sections 7.10 and 7.42, and
``/sys/bus/pci/slots``.
"""

from __future__ import annotations

from submitter.collect.functions import ADDRESS
from submitter.collect.smbios import ONBOARD_DEVICE, SLOT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from submitter.collect.smbios import Structure
    from submitter.collect.tree import Tree

_PCI_SLOTS = "sys/bus/pci/slots"
_M2, _U2, _MINI, _PCI = range(0x14, 0x18), (0x1F, 0x20, 0x24, 0x25), range(0x21, 0x24), (0x06, 0x0E, 0x12)
# First code of each generation: the code itself says no width, the five after it x1, x2, x4, x8, x16.
_PCIE = (0xA5, 0xAB, 0xB1, 0xB8, 0xBE)
_PCIE_6 = 0xC4
_LANES = (None, 1, 2, 4, 8, 16)
_WIDTHS = {0x08: 1, 0x09: 2, 0x0A: 4, 0x0B: 8, 0x0C: 12, 0x0D: 16, 0x0E: 32}
_USAGES = {0x01: "other", 0x03: "available", 0x04: "in_use", 0x05: "unavailable"}
# The formatted area of a slot without peers, as of SMBIOS 3.5. A longer one than that and its peers is damaged.
_LONGEST, _PEER = 0x18, 5


def read_smbios_slots(structures: Iterable[Structure]) -> list[dict[str, Any]]:
    """Return one statement for each type 9 structure, addresses as the table says them, placeholders included."""
    return [_slot(one) for one in structures if one.type == SLOT and len(one) >= 0x0C]


def _slot(one: Structure) -> dict[str, Any]:
    kind, peers = one.byte(0x05), _peers(one)
    # Width, pitch and height of SMBIOS 3.4 and 3.5 stand behind the peers.
    after = 0x13 + _PEER * len(peers)
    whole = len(one) <= _LONGEST + _PEER * (one.byte(0x12) or 0)
    physical = one.byte(after + 1)
    said = {
        "witness": "smbios",
        "designation": one.string(0x04) if whole else None,
        "kind": _kind(kind),
        "smbios_type": kind,
        "connector_lanes": _WIDTHS.get(physical or 0) or _connector_lanes(kind),
        "electrical_lanes": _WIDTHS.get(one.byte(0x06) or 0),
        "usage": _USAGES.get(one.byte(0x07) or 0),
        "id": one.word(0x09),
        "address": _address(one.word(0x0D), one.byte(0x0F), one.byte(0x10)),
        "slot_width": physical or None,
        "slot_pitch": one.word(after + 2) or None,
        "peers": peers if one.byte(0x12) is not None else None,
    }
    return {key: fact for key, fact in said.items() if fact is not None}


def _peers(one: Structure) -> list[dict[str, Any]]:
    """Return the peer groups that are really there, whatever the structure counts."""
    count = min(one.byte(0x12) or 0, max(0, len(one) - 0x13) // _PEER)
    found = []
    for at in range(0x13, 0x13 + _PEER * count, _PEER):
        address = _address(one.word(at), one.byte(at + 2), one.byte(at + 3))
        if address is not None:
            found.append({"address": address, "lanes": one.byte(at + 4)})
    return found[:32]


def _kind(code: int | None) -> str | None:
    if code is None:
        return None
    kinds = ((_M2, "m2"), (_U2, "u2"), (_MINI, "mini"), (_PCI, "pci"))
    named = next((kind for codes, kind in kinds if code in codes), None)
    return named or ("pcie" if any(first <= code <= first + 5 for first in _PCIE) or code == _PCIE_6 else None)


def _connector_lanes(code: int | None) -> int | None:
    return next((_LANES[code - first] for first in _PCIE if code is not None and first <= code <= first + 5), None)


def _address(segment: int | None, bus: int | None, function: int | None) -> str | None:
    """Return an address, None where the table ends before it or is filled with ones."""
    if segment is None or bus is None or function is None or (segment, bus, function) == (0xFFFF, 0xFF, 0xFF):
        return None
    return f"{segment:04x}:{bus:02x}:{function >> 3:02x}.{function & 7}"


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
            names[_address(one.word(0x07), one.byte(0x09), one.byte(0x0A))] = name
    for function in functions:
        if "label" not in function and function["address"] in names:
            function["label"] = names[function["address"]]
