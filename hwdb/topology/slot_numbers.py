"""What the kernel's slot numbers (/sys/bus/pci/slots) are good for. No I/O.

They come from the slot capability of a port or from ACPI's _SUN. On servers they are the numbers printed on the board;
on consumer boards they are numbers of ports, many of them 0 or equal. The kernel makes equal ones unique by a suffix:
``1-2`` is another slot 1, not a part of it (``make_slot_name`` in drivers/pci/slot.c).
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from hwdb.topology.address import address_of
from hwdb.topology.portable import is_portable
from hwdb.topology.ports import PORTS, is_bridge, port_kind
from hwdb.topology.slot_witness import SlotWitness

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hwdb.report import Slot
    from hwdb.topology.connectors import Connectors
    from hwdb.topology.machine import Machine

_NUMBER = re.compile(r"(\d{1,9})(-\d+)?\Z", re.ASCII)


def resolve_number(machine: Machine, connectors: Connectors, slot: Slot) -> SlotWitness:
    """Find the port of a number: the one above the device it names, or whose secondary bus it names when empty."""
    bare = SlotWitness(slot)
    address = address_of(slot.address)
    if address is None or _is_no_card(machine, slot.address):
        return bare
    place = connectors.nearest(address, conventional=True)
    return bare if place is None or place.mixed else bare.placed(machine, place)


def _is_no_card(machine: Machine, address: str | None) -> bool:
    """Whether a device is on a root bus, a part of processor or chipset; a lone root port stands for its slot."""
    function = machine.functions.get(address or "")
    if function is None or machine.parents.get(function.address, "") is not None:
        return False
    lone = not machine.siblings(function.address)
    return not (lone and is_bridge(function) and port_kind(machine, function.address) in PORTS)


def settle_numbers(
    machine: Machine, connectors: Connectors, witnesses: Sequence[SlotWitness]
) -> tuple[SlotWitness, ...]:
    """Let the kernel's numbers second the names that others give, or name slots where nobody else does."""
    uses = Counter(_number(w.slot) for w in witnesses if w.slot.witness == "pci_slots")
    others = [w for w in witnesses if w.slot.witness != "pci_slots" and w.designation is not None]
    names = {w.place: w.designation for w in reversed(others) if w.port is not None}
    settled = []
    for witness in witnesses:
        if witness.slot.witness == "pci_slots" and witness.void is None:
            reason = _no_identity(witness.slot, uses)
            if reason is None and witness.port is not None and witness.place not in names:
                reason = _no_name(machine, connectors, witness, named=bool(others))
            name = None if witness.port is None else names.get(witness.place) or _own_name(witness.slot)
            settled.append(replace(witness, designation=name) if reason is None else witness.voided(reason))
        else:
            settled.append(witness)
    return tuple(settled)


def _no_name(machine: Machine, connectors: Connectors, witness: SlotWitness, *, named: bool) -> str | None:
    """Return why a number alone does not name this port, None when it does.

    A laptop's numbers are of soldered chips and of Thunderbolt controllers, whose ports take plugs and no cards.
    """
    number = f"Slot number {witness.slot.designation}"
    if named:
        return f"Others name this board's slots, and slot number {witness.slot.designation} need not be printed on it."
    if is_portable(machine.report):
        return f"{number} is of a laptop's port, and a laptop has no slots with numbers."
    if _is_thunderbolt(machine, witness.port or ""):
        return f"{number} is of a Thunderbolt port, which takes plugs and no cards."
    if connectors.switch_above(witness.port or "") is not None:
        return f"{number} is of a switch's port, and the switch may be a card's own."
    return None


def _is_thunderbolt(machine: Machine, port: str) -> bool:
    """Whether a port, or the switch right behind it, is called one of a Thunderbolt controller."""
    behind = (a for a in machine.below(port) if machine.parents[a] == port and is_bridge(machine.functions[a]))
    return any("thunderbolt" in (machine.functions[a].name or "").casefold() for a in (port, *behind))


def _number(slot: Slot) -> str | None:
    """Return the number as firmware gave it, without the kernel's suffix; None for a name that is no number."""
    text = str(slot.id) if slot.designation is None and slot.id is not None else slot.designation
    match = _NUMBER.match(text or "")
    return None if match is None else str(int(match[1]))


def _no_identity(slot: Slot, uses: Counter[str | None]) -> str | None:
    number = _number(slot)
    if number is None:
        return None
    if number == "0":
        return "Slot number 0 is what ports say that were given no number."
    if uses[number] > 1 or "-" in (slot.designation or ""):
        return f"Slot number {number} is given to several slots of this machine, so it tells none of them."
    return None


def _own_name(slot: Slot) -> str | None:
    number = _number(slot)
    return slot.designation if number is None else f"Slot {number}"
