"""The groups and cards of one machine, as the public shapes show them. No I/O."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hwdb.analysis.judging import judge
from hwdb.analysis.shapes import Companion
from hwdb.analysis.words import word_for
from hwdb.topology import is_bridge, is_host_bridge
from hwdb.topology.predict import predict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hwdb.analysis.shapes import SlotAnswer, Verdict
    from hwdb.topology import Machine
    from hwdb.topology.predict import Prediction


@dataclass(frozen=True)
class Member:
    """A function in a group.

    Attributes:
        address: On this machine.
        class_, kind: Class code, and the buyer's word for it.
        vendor, device, name: Its ids, and what it is called.
        bridge: Whether it only bridges.
        behind: Address of the bridge right above it; None on a root bus and where its place is not known.
    """

    address: str
    class_: str | None
    kind: str
    vendor: str | None
    device: str | None
    name: str | None
    bridge: bool
    behind: str | None = None


@dataclass(frozen=True)
class Group:
    """One IOMMU group of one machine.

    Attributes:
        group: Its number, which means nothing on another machine; None for a group that is predicted.
        functions: Addresses of its members.
        evidence: ``observed``, ``predicted`` or ``likely``.
        slots: Designations of the slots whose verdict it decided.
        members: The members in detail, in the order of ``functions``.
    """

    group: int | None
    functions: tuple[str, ...]
    evidence: str
    slots: tuple[str, ...]
    members: tuple[Member, ...]


@dataclass(frozen=True)
class Card:
    """A card: everything below its slot's port, even over several groups and devices."""

    slot: str | None
    functions: tuple[str, ...]
    iommu_groups: tuple[int, ...]
    companions: tuple[Companion, ...]


def groups_of(machine: Machine, slots: tuple[SlotAnswer, ...]) -> tuple[Group, ...]:
    """Return the groups of a machine, each with the slots it speaks of; where none were seen those predicted."""
    if machine.grouped or machine.taints:
        return tuple(
            Group(
                group=number,
                functions=addresses,
                evidence="observed",
                slots=tuple(s.designation for s in slots if s.designation is not None and number in s.iommu_groups),
                members=tuple(_member(machine, address) for address in addresses),
            )
            for number, addresses in sorted(machine.groups.items())
        )
    return predicted_groups_of(machine, predict(machine))


def predicted_groups_of(machine: Machine, prediction: Prediction) -> tuple[Group, ...]:
    """Return the groups of a prediction, in order of their first members."""
    return tuple(
        Group(None, group.functions, group.evidence, (), tuple(_member(machine, a) for a in group.functions))
        for group in prediction.groups
    )


def _member(machine: Machine, address: str) -> Member:
    function = machine.functions[address]
    bridge = is_bridge(function) or is_host_bridge(function)
    kind = "host bridge" if is_host_bridge(function) else "bridge" if bridge else word_for(function.class_)
    above = machine.parents.get(address)
    return Member(address, function.class_, kind, function.vendor, function.device, function.name, bridge, above)


def cards_of(machine: Machine, slots: tuple[SlotAnswer, ...]) -> tuple[Card, ...]:
    """Return what sits in the slots of a machine: one card a slot, over all ports that the slot is split into.

    Where ports without a name are behind each other, all of it is the card of the outer one.
    """
    held = {port: slot for slot in slots if slot.occupied for port in slot.ports}
    cards: dict[tuple[str | None, str | None], list[Verdict]] = {}
    for verdict in judge(machine):
        slot = held.get(verdict.path or "")
        if verdict.card and (verdict.designation is not None or slot is not None):
            name = verdict.designation or (slot.designation if slot is not None else None)
            # Several slots may have no name; each of them is one port.
            cards.setdefault((name, verdict.path if name is None else None), []).append(verdict)
    whole = [_card(name, parts) for (name, _), parts in cards.items()]
    outer = [set(card.functions) for card in whole]
    return tuple(c for c in whole if c.slot is not None or not any(set(c.functions) < other for other in outer))


def _card(slot: str | None, parts: Sequence[Verdict]) -> Card:
    functions = tuple(dict.fromkeys(address for part in parts for address in part.card))
    companions = {c.address: c for part in parts for c in part.companions if c.address not in functions}
    groups = {number for part in parts for number in part.iommu_groups}
    return Card(slot, functions, tuple(sorted(groups)), tuple(companions.values()))
