"""The Machine: one report understood, as values with the questions the verdicts ask of them. No I/O."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from hwdb.topology.ports import is_chipset_switch

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from hwdb.report import Function, Report
    from hwdb.topology.slot_witness import SlotWitness
    from hwdb.topology.taint import Taint

DEEPEST = 32
"""Bridges above one function at most: real trees have a handful, and a made-up one shall cost no more."""


@dataclass(frozen=True)
class Machine:
    """One machine, as its report shows it.

    Attributes:
        report: What was said.
        functions: Every function by address, in enumeration order.
        parents: Address -> bridge above, None on a root bus; functions whose place is not known are absent.
        paths: Address -> port path (a function on a root bus as ``root_of`` has it, then device.function hops), for
            functions in ``parents``.
        tree: ``stated`` by the report, ``derived`` from depth-first bus numbering, or None.
        groups: Group number -> its members, in enumeration order.
        platform: ``vvvv:dddd`` of host bridge 00:00.0, which tells processors of one socket apart; None if unseen.
        slots: What each witness says of each slot, resolved to this machine's ports where it can be.
        taints: Why its groups prove nothing about the board, empty when they do.
        doubts: What of its groups no rule explains, in sentences; empty also when they were not checked.
    """

    report: Report
    functions: Mapping[str, Function]
    parents: Mapping[str, str | None]
    paths: Mapping[str, str]
    tree: str | None
    groups: Mapping[int, tuple[str, ...]]
    platform: str | None
    slots: tuple[SlotWitness, ...]
    taints: tuple[Taint, ...]
    doubts: tuple[str, ...] = ()

    def ancestors(self, address: str) -> tuple[str, ...]:
        """Return the bridges above a function, nearest first, as far as they are known."""
        return self._above.get(address, ())

    def below(self, port: str, device: int | None = None) -> tuple[str, ...]:
        """Return every function below a port; with ``device`` only what hangs from that device number.

        The device number tells the slots of one conventional PCI bus apart.
        """
        members = self._below.get(port, ())
        if device is None:
            return members
        here = f":{device:02x}."
        roots = {a for a in members if self.parents[a] == port and here in a}
        return tuple(a for a in members if a in roots or roots.intersection(self.ancestors(a)))

    def siblings(self, address: str) -> tuple[str, ...]:
        """Return the other functions of the same device."""
        return tuple(other for other in self._devices[_device_of(address)] if other != address)

    def group_of(self, address: str) -> int | None:
        """Return a function's group number on this machine."""
        return self.functions[address].iommu_group

    def members(self, groups: Collection[int]) -> tuple[str, ...]:
        """Return the members of several groups, group by group in enumeration order."""
        return tuple(address for number in sorted(groups) for address in self.groups[number])

    @property
    def grouped(self) -> bool:
        """Whether the kernel's groups were seen at all."""
        return bool(self.groups)

    @cached_property
    def chipset_uplinks(self) -> Mapping[str, str]:
        """Return the ports that lead to a chipset's switch and so to no slot, each with the first function of it."""
        uplinks: dict[str, str] = {}
        for address, function in self.functions.items():
            if is_chipset_switch(function):
                for port in self.ancestors(address):
                    uplinks.setdefault(port, address)
        return uplinks

    # A report may list thousands of functions, so what every port asks for is worked out once.

    @cached_property
    def _above(self) -> dict[str, tuple[str, ...]]:
        return {address: _way_up(address, self.parents) for address in self.parents}

    @cached_property
    def _below(self) -> dict[str, tuple[str, ...]]:
        below: dict[str, list[str]] = {}
        for address in self.functions:
            for bridge in self.ancestors(address):
                below.setdefault(bridge, []).append(address)
        return {bridge: tuple(members) for bridge, members in below.items()}

    @cached_property
    def _devices(self) -> dict[str, list[str]]:
        devices: dict[str, list[str]] = {}
        for address in self.functions:
            devices.setdefault(_device_of(address), []).append(address)
        return devices


def _device_of(address: str) -> str:
    return address.rsplit(".", 1)[0]


def _way_up(address: str, parents: Mapping[str, str | None]) -> tuple[str, ...]:
    way: list[str] = []
    above = parents.get(address)
    while above is not None and above not in way and len(way) < DEEPEST:
        way.append(above)
        above = parents.get(above)
    return tuple(way)
