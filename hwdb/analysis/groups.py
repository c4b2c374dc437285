"""The groups and cards of one machine, as the public shapes show them. No I/O."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hwdb.analysis.shapes import Companion
from hwdb.analysis.verdicts import judge
from hwdb.analysis.words import word_for
from hwdb.topology import is_bridge, is_host_bridge

if TYPE_CHECKING:
    from hwdb.analysis.shapes import SlotAnswer
    from hwdb.topology import Machine


@dataclass(frozen=True)
class Member:
    """A function in a group: address, class code and the buyer's word for it, ids, name, whether it only bridges."""

    address: str
    class_: str | None
    kind: str
    vendor: str | None
    device: str | None
    name: str | None
    bridge: bool


@dataclass(frozen=True)
class Group:
    """One IOMMU group of one machine.

    Attributes:
        group: Its number, which means nothing on another machine.
        functions: Addresses of its members.
        evidence: ``observed``.
        slots: Designations of the slots whose verdict it decided.
        members: The members in detail, in the order of ``functions``.
    """

    group: int
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
    """Return the groups of a machine by number, each with the slots it speaks of."""
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


def _member(machine: Machine, address: str) -> Member:
    function = machine.functions[address]
    bridge = is_bridge(function) or is_host_bridge(function)
    kind = "host bridge" if is_host_bridge(function) else "bridge" if bridge else word_for(function.class_)
    return Member(address, function.class_, kind, function.vendor, function.device, function.name, bridge)


def cards_of(machine: Machine, slots: tuple[SlotAnswer, ...]) -> tuple[Card, ...]:
    """Return what sits in the slots of a machine."""
    names = {port: slot.designation for slot in slots for port in slot.ports}
    return tuple(
        Card(v.designation or names.get(v.path or ""), v.card, v.iommu_groups, v.companions)
        for v in judge(machine)
        if v.card and (v.designation is not None or v.path in names)
    )
