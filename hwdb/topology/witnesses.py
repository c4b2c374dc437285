"""Which port each slot statement of a report means on that machine. No I/O.

Firmware names a port, the card behind it, or nothing real at all; people name the card. All of them are lifted to the
port above the connector. Statements that cannot be right are void, with the reason: a void statement names no port.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hwdb.topology.ports import CONVENTIONAL, is_bridge, is_chipset_switch, port_kind

if TYPE_CHECKING:
    from hwdb.report import Slot
    from hwdb.topology.machine import Machine

# Addresses firmware writes for "nothing": the AMD and Intel reference codes' dummies and unfilled fields.
_PLACEHOLDERS = ("0000:00:00.0", "0000:00:1f.7")


@dataclass(frozen=True)
class SlotWitness:
    """One statement on one slot, resolved.

    Attributes:
        slot: The statement.
        port: Address of the port on this machine; None when it is hidden or not known.
        path: Path of the port, from the tree or from the statement; None when neither knows it.
        device: Device number behind a conventional bridge, whose slots share one bus; None for PCIe.
        occupant: Address of a function of the card in it; None when empty or not known.
        void: Why the statement names no port, None when it does or makes no claim about one.
    """

    slot: Slot
    port: str | None = None
    path: str | None = None
    device: int | None = None
    occupant: str | None = None
    void: str | None = None


def witnesses_of(machine: Machine) -> tuple[SlotWitness, ...]:
    """Resolve every slot statement of the machine's report."""
    resolved = tuple(_void_uplinks(machine, _resolve(machine, slot)) for slot in machine.report.slots or ())
    return _void_doubles(resolved)


def _resolve(machine: Machine, slot: Slot) -> SlotWitness:
    """Find the port: by its path, by the address the witness gives, by the card in it."""
    occupant = slot.occupant if slot.occupant in machine.functions else None
    if slot.port is not None:
        by_path = {path: address for address, path in machine.paths.items()}
        named = by_path.get(slot.port)
        stated = machine.functions.get(slot.address or "")
        if named is None and stated is not None and is_bridge(stated):
            named = stated.address
        return SlotWitness(slot, named, slot.port, None, occupant)
    # A derived tree is good enough to find a port that was named, not to name one by the card below it.
    named_by = (slot.address, slot.occupant) if machine.tree != "derived" else (slot.address,)
    for address in named_by:
        if address is None or address in _PLACEHOLDERS or address not in machine.functions:
            continue
        port, device = _lift(machine, address)
        path = machine.paths.get(port) if port is not None else None
        if path is not None and device is not None:
            path = f"{path}/{device:02x}"
        card = occupant or (address if port != address else None)
        return SlotWitness(slot, port, path, device, card)
    return SlotWitness(slot, occupant=occupant)


def _lift(machine: Machine, address: str) -> tuple[str | None, int | None]:
    """Return the port a named function stands for, and its device number behind a conventional bridge."""
    function = machine.functions[address]
    if is_bridge(function) and port_kind(machine, address) not in {"upstream_port", *CONVENTIONAL}:
        return address, None
    above = machine.parents.get(address)
    if above is None:
        return None, None
    if port_kind(machine, above) in CONVENTIONAL:
        return above, int(address.rsplit(":", 1)[1].split(".", maxsplit=1)[0], 16)
    return above, None


def _void_uplinks(machine: Machine, witness: SlotWitness) -> SlotWitness:
    """Void a statement that names the way to the chipset (MSI's B650 boards call it PCIE4)."""
    if witness.port is None:
        return witness
    for address in machine.below(witness.port):
        if is_chipset_switch(machine.functions[address]):
            reason = f"{witness.port} leads to the chipset ({address}), so it is no slot of its own."
            return SlotWitness(witness.slot, void=reason)
    return witness


def _void_doubles(witnesses: tuple[SlotWitness, ...]) -> tuple[SlotWitness, ...]:
    """Void firmware statements that give one port to several slots: none of them can be believed."""
    names: dict[tuple[str, int | None], set[str | None]] = {}
    for witness in witnesses:
        if witness.slot.witness == "smbios" and witness.path is not None:
            names.setdefault((witness.path, witness.device), set()).add(witness.slot.designation)
    checked = []
    for witness in witnesses:
        others = names.get((witness.path or "", witness.device), set()) - {witness.slot.designation}
        if witness.slot.witness == "smbios" and others:
            reason = f"The firmware gives {witness.path} to {', '.join(sorted(str(o) for o in others))} as well."
            checked.append(replace(witness, port=None, path=None, device=None, void=reason))
        else:
            checked.append(witness)
    return tuple(checked)
