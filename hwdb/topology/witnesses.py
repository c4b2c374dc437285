"""Which port each slot statement of a report means on that machine. No I/O.

Firmware names a port, the card behind it, or nothing real at all; people name the card. All of them are lifted to the
port above the connector. Statements that cannot be right are void, with the reason: a void statement names no port.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hwdb.topology.address import address_of
from hwdb.topology.connectors import Connectors
from hwdb.topology.ports import is_bridge, is_host_bridge, is_internal, root_of
from hwdb.topology.slot_numbers import resolve_number, settle_numbers
from hwdb.topology.slot_tables import distrust, table_doubts
from hwdb.topology.slot_witness import SlotWitness

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hwdb.report import Slot
    from hwdb.topology.machine import Machine

__all__ = ["SlotWitness", "witnesses_of"]

_PEOPLE = ("submitter", "curated")
"""Witnesses who look at the board; they are not checked by each other's words."""


def witnesses_of(machine: Machine) -> tuple[SlotWitness, ...]:
    """Resolve every slot statement of the machine's report, in its order."""
    slots = machine.report.slots or ()
    doubts = table_doubts(machine, slots)
    connectors = Connectors(machine)
    resolved = []
    for i, slot in enumerate(slots):
        doubt = doubts.get(i)
        if doubt is None:
            resolved.append(_check(machine, _resolve(machine, connectors, slot)))
        else:
            live = replace(slot, address=doubt.live, occupant=None) if doubt.live is not None else None
            hint = None if live is None else _check(machine, _resolve(machine, connectors, live)).path
            name = None if doubt.phantom else slot.designation
            resolved.append(SlotWitness(slot, name, void=doubt.reason, hint=hint))
    return settle_numbers(machine, connectors, _void_rivals(machine, resolved))


def _resolve(machine: Machine, connectors: Connectors, slot: Slot) -> SlotWitness:
    """Find the port: by its path, by the address the witness gives, by the card in it."""
    # What a number of the kernel speaks for is settled last.
    name = None if slot.witness == "pci_slots" else slot.designation
    bare = SlotWitness(slot, name, occupant=slot.occupant if slot.occupant in machine.functions else None)
    if slot.port is not None:
        return replace(bare, port=_by_path(machine, slot), path=_as_known_here(machine, slot.port))
    if slot.witness == "pci_slots":
        return resolve_number(machine, connectors, slot)
    # A derived tree is good enough to find a port that was named, not to name one by the card below it.
    for text in (slot.address, slot.occupant if machine.tree != "derived" else None):
        address = address_of(text)
        if address is None or (text not in machine.functions and slot.witness != "smbios"):
            continue
        place = connectors.find(address, conventional=slot.kind == "pci")
        if place is not None:
            return bare.placed(machine, place)
        card = machine.functions.get(text or "")
        if card is not None and card.address not in machine.parents and not is_host_bridge(card):
            # The listing shows the card and not what is above it.
            return replace(bare, occupant=bare.occupant or text)
    return bare


def _by_path(machine: Machine, slot: Slot) -> str | None:
    """Return the port of a stated path, found by the path or by the address stated with it."""
    stated_path = _as_known_here(machine, slot.port or "")
    named = next((address for address, path in machine.paths.items() if path == stated_path), None)
    stated = machine.functions.get(slot.address or "")
    return stated.address if named is None and stated is not None and is_bridge(stated) else named


def _as_known_here(machine: Machine, path: str) -> str:
    """Return a stated path, which begins with an address, with the first step as this machine's paths have it."""
    first, *hops = path.split("/")
    root = machine.functions.get(first)
    return path if root is None else "/".join([root_of(root), *hops])


def _check(machine: Machine, witness: SlotWitness) -> SlotWitness:
    """Void a statement that names the way to the chipset (MSI's B650 boards: PCIE4), or a port unlike its slot.

    Firmware that gives the bus behind an empty port may mean a bus that is another port's on this machine: Supermicro's
    H12DSG gives 81:00.0, which is behind one of the processor's internal ports where its slot 3 is empty.
    """
    port = witness.port
    if port is None:
        return witness
    if is_internal(machine.functions[port]):
        return witness.voided(f"{port} is a port inside the processor, from which no slot hangs.")
    if port in machine.chipset_uplinks:
        leads_to = machine.chipset_uplinks[port]
        return witness.voided(f"{port} leads to the chipset ({leads_to}), so it is no slot of its own.")
    reason = distrust(machine, witness)
    return witness if reason is None else witness.voided(reason)


def _void_rivals(machine: Machine, witnesses: Sequence[SlotWitness]) -> tuple[SlotWitness, ...]:
    """Void firmware statements that give one port to several slots, or one with another slot's port below it."""
    named = [w for w in witnesses if w.path is not None and w.slot.witness != "pci_slots"]
    checked = []
    for witness in witnesses:
        reason = None
        if witness.slot.witness == "smbios" and witness.path is not None:
            reason = _shared(witness, named)
        if reason is None and witness.slot.witness not in {*_PEOPLE, None, "pci_slots"} and witness.port is not None:
            reason = _leads_further(machine, witness, named)
        checked.append(witness if reason is None else witness.voided(reason))
    return tuple(checked)


def _shared(witness: SlotWitness, named: Iterable[SlotWitness]) -> str | None:
    """Return who else in the firmware's table has this port: none of them can be believed."""
    here = (witness.path, witness.device, "smbios")
    others = {w.designation for w in named if (w.path, w.device, w.slot.witness) == here} - {witness.designation}
    if not others:
        return None
    return f"The firmware gives {witness.path} to {', '.join(sorted(map(str, others)))} as well."


def _leads_further(machine: Machine, witness: SlotWitness, named: Iterable[SlotWitness]) -> str | None:
    """Return which other slot hangs below this port, so that it is only the way there."""
    below = set(machine.below(witness.port or "", witness.device))
    inner = sorted({str(w.designation) for w in named if w.port in below and w.designation != witness.designation})
    return f"{witness.path} leads to another slot, {inner[0]}, so it is no slot of its own." if inner else None
