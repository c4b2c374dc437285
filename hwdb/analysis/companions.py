"""Who else is in a slot's groups. No I/O."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hwdb.analysis.shapes import Companion
from hwdb.topology.ports import is_bridge, is_host_bridge

if TYPE_CHECKING:
    from collections.abc import Collection

    from hwdb.topology import Machine


class Companions:
    """The functions of one machine as companions, each worked out once.

    Args:
        machine: Its slot statements tell which functions sit in slots.
    """

    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self._known: dict[str, Companion] = {}
        self._slots: dict[str, str | None] = {}
        for witness in machine.slots:
            if witness.designation is None:
                continue
            if witness.port is not None:
                held = machine.below(witness.port, witness.device)
            else:
                held = card_of(machine, witness.occupant) if witness.occupant is not None else ()
            for address in held:
                self._slots.setdefault(address, witness.designation)

    def among(self, groups: Collection[int], card: Collection[str]) -> tuple[Companion, ...]:
        """Return who shares these groups with a card: all members but the card, PCI bridges and host bridges.

        They are in the order of their places, since the order of their addresses changes with what is plugged in.
        """
        own, paths = set(card), self._machine.paths
        others = (a for a in self._machine.members(groups) if a not in own and stands_in_the_way(self._machine, a))
        return tuple(self._companion(address) for address in sorted(others, key=lambda a: (paths.get(a, a), a)))

    def _companion(self, address: str) -> Companion:
        known = self._known.get(address)
        if known is not None:
            return known
        machine = self._machine
        function = machine.functions[address]
        self._known[address] = Companion(
            address=address,
            class_=function.class_,
            vendor=function.vendor,
            device=function.device,
            name=function.name,
            slot=self._slots.get(address),
            behind=tuple(machine.paths[a] for a in machine.ancestors(address) if a in machine.paths),
        )
        return self._known[address]


def stands_in_the_way(machine: Machine, address: str) -> bool:
    """Whether a group member hinders assignment: VFIO lets bridges and host bridges be."""
    function = machine.functions[address]
    return not is_bridge(function) and not is_host_bridge(function)


def card_of(machine: Machine, occupant: str) -> tuple[str, ...]:
    """Return the functions of a card by one of them: all of its device, in a listing that shows no tree."""
    return (occupant, *machine.siblings(occupant))
