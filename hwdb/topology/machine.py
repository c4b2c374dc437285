"""The Machine: one report understood, as values with the questions the verdicts ask of them. No I/O."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hwdb.report import Function, Report
    from hwdb.topology.taint import Taint
    from hwdb.topology.witnesses import SlotWitness


@dataclass(frozen=True)
class Machine:
    """One machine, as its report shows it.

    Attributes:
        report: What was said.
        functions: Every function by address, in enumeration order.
        parents: Address -> bridge above, None on a root bus; functions whose place is not known are absent.
        paths: Address -> port path (root bus, then device.function hops), for functions in ``parents``.
        tree: ``stated`` by the report, ``derived`` from depth-first bus numbering, or None.
        groups: Group number -> its members, in enumeration order.
        platform: ``vvvv:dddd`` of host bridge 00:00.0, which tells processors of one socket apart; None if unseen.
        slots: What each witness says of each slot, resolved to this machine's ports where it can be.
        taints: Why its groups prove nothing about the board, empty when they do.
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

    def ancestors(self, address: str) -> tuple[str, ...]:
        """Return the bridges above a function, nearest first, as far as they are known."""
        way: list[str] = []
        above = self.parents.get(address)
        while above is not None and above not in way:
            way.append(above)
            above = self.parents.get(above)
        return tuple(way)

    def below(self, port: str, device: int | None = None) -> tuple[str, ...]:
        """Return every function below a port; with ``device`` only what hangs from that device number.

        The device number tells the slots of one conventional PCI bus apart.
        """
        members = tuple(address for address in self.functions if port in self.ancestors(address))
        if device is None:
            return members
        roots = {a for a in members if self.parents[a] == port and int(a.rsplit(":", 1)[1].split(".")[0], 16) == device}
        return tuple(a for a in members if a in roots or roots.intersection(self.ancestors(a)))

    def siblings(self, address: str) -> tuple[str, ...]:
        """Return the other functions of the same device."""
        device = address.rsplit(".", 1)[0] + "."
        return tuple(other for other in self.functions if other.startswith(device) and other != address)

    def group_of(self, address: str) -> int | None:
        """Return a function's group number on this machine."""
        return self.functions[address].iommu_group

    def members(self, groups: set[int]) -> tuple[str, ...]:
        """Return the members of several groups, in enumeration order."""
        return tuple(a for a, function in self.functions.items() if function.iommu_group in groups)

    @property
    def grouped(self) -> bool:
        """Whether the kernel's groups were seen at all."""
        return bool(self.groups)
