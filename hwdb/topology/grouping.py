"""Groups as ``pci_device_group`` forms them (drivers/iommu/iommu.c, Linux 3.17 and later). No I/O.

A ``Reading`` decides what a report leaves open, so that the rules themselves know only yes and no.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Optional

from hwdb.topology.address import parse_address
from hwdb.topology.aliases import VMD_DOMAINS, hidden_aliases, same_bus_aliases, vmd_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from hwdb.topology.isolation import Isolation


class Join(NamedTuple):
    """Why a function is in the group of another.

    Attributes:
        function: The function that joined.
        to: The function whose group it joined.
        how: ``vmd``, ``bridge`` (it speaks for its bus), ``port`` (no ACS on the way up), ``sibling`` (one device
            without ACS), ``alias`` (one requester id), ``switch`` or ``bus`` (with the reachable-set rules).
        through: The function of which that is true, when it is not the function itself.
    """

    function: str
    to: str
    how: str
    through: Optional[str] = None


class Reading:
    """One way to read a report: what it leaves open is taken for kept apart, or for shared.

    Attributes:
        isolation: What the report tells.
        apart: How to take what it does not.
        likely: Whether ids may speak first.
    """

    def __init__(self, isolation: Isolation, *, apart: bool, likely: bool) -> None:
        self.isolation = isolation
        self.machine = isolation.machine
        self.apart = apart
        self.likely = likely
        self._clear: dict[str, bool] = {}
        self._siblings: dict[str, tuple[str, ...]] = {}
        # Aliases that nobody sees are taken for all of the bus, where what is open is taken for shared.
        self._aliases = same_bus_aliases(self.machine, everyone=() if apart else hidden_aliases(self.machine))
        self._vmd = vmd_of(self.machine)

    def acs(self, address: str) -> bool:
        """Whether the function counts as having ACS."""
        known = self.isolation.acs(address)
        if known is None and self.likely:
            known = self.isolation.likely_acs(address)
        return self.apart if known is None else known

    def speaks_for_its_bus(self, address: str) -> bool:
        """Whether the IOMMU sees the bridge instead of what is behind it."""
        known = self.isolation.speaks_for_its_bus(address)
        if known is None and self.likely:
            known = self.isolation.likely_speaks(address)
        return not self.apart if known is None else known

    def is_clear(self, port: str) -> bool:
        """Whether this port and every bridge above it has ACS (``pci_acs_path_enabled``)."""
        if port not in self._clear:
            self._clear[port] = all(self.acs(step) for step in (port, *self.machine.ancestors(port)))
        return self._clear[port]

    def aliases(self, address: str) -> Collection[str]:
        """Return the functions on its bus that share its requester id."""
        return self._aliases.get(address, ())

    def vmd(self, address: str) -> str | None:
        """Return the VMD that speaks for a function."""
        return self._vmd.get(address)

    def siblings_without_acs(self, address: str) -> tuple[str, ...]:
        """Return the functions of its device it cannot be kept apart from; none when it has ACS or is alone."""
        if address not in self._siblings:
            shares = self.isolation.is_one_of_several(address) and not self.acs(address)
            others = self.machine.siblings(address) if shares else ()
            self._siblings[address] = tuple(other for other in others if not self.acs(other))
        return self._siblings[address]


class Groups:
    """A partition in the making: every function leads to the first one of its group."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self.leaders: dict[str, str] = {}
        self.joins: dict[str, Join] = {}

    def add(self, address: str) -> None:
        """Put a function into the group of one that has a group already, else into a new one."""
        join = self._join(address)
        if join is None:
            self.leaders[address] = address
        else:
            self.joins[address] = join
            self.leaders[address] = self.leaders[join.to]

    def _join(self, address: str) -> Join | None:
        """Find the group by who speaks for the function, by the way up, then beside the last one without ACS."""
        vmd = self._reading.vmd(address)
        if vmd is not None and vmd in self.leaders:
            return Join(address, vmd, "vmd")
        current = address if vmd is None else vmd
        way = self._reading.machine.ancestors
        for bridge in filter(self._reading.speaks_for_its_bus, way(current)):
            if bridge in self.leaders:
                return Join(address, bridge, "bridge")
            current = bridge
        for port in way(current):
            if self._reading.is_clear(port):
                break
            if port in self.leaders:
                return Join(address, port, "port")
            current = port
        return self._neighbour(address, current)

    def _neighbour(self, address: str, current: str) -> Join | None:
        """Find a group by aliases, then by functions of the same device; the functions seen stay seen."""
        seen: set[str] = set()
        through = None if current == address else current
        found = self._by_alias(current, seen)
        if found is not None:
            return Join(address, found, "alias", through)
        found = self._by_sibling(current, seen)
        return None if found is None else Join(address, found, "sibling", through)

    def _by_alias(self, address: str, seen: set[str]) -> str | None:
        """Follow ``get_pci_alias_group``."""
        if address in seen:
            return None
        seen.add(address)
        if address in self.leaders:
            return address
        for other in self._reading.aliases(address):
            if other in seen:
                continue
            found = self._by_alias(other, seen) or self._by_sibling(other, seen)
            if found is not None:
                return found
        return None

    def _by_sibling(self, address: str, seen: set[str]) -> str | None:
        """Follow ``get_pci_function_alias_group``."""
        for other in self._reading.siblings_without_acs(address):
            found = self._by_alias(other, seen)
            if found is not None:
                return found
        return None


def in_order(reading: Reading, wanted: Collection[str]) -> list[str]:
    """Return functions as they are enumerated: bridges before what is behind them, a bus in order of its numbers.

    Between buses the order makes no difference, because a function joins only what is above it or on its bus. What is
    behind a VMD appears when its driver loads, after everything else.
    """
    way = reading.machine.ancestors
    return sorted(wanted, key=lambda a: (parse_address(a).domain >= VMD_DOMAINS, len(way(a)), parse_address(a)))


def partition_of(joins: Mapping[str, Join | None]) -> tuple[tuple[str, ...], ...]:
    """Return the groups, each in order of its addresses."""
    leaders: dict[str, str] = {}
    for address, join in joins.items():
        leaders[address] = address if join is None else leaders[join.to]
    groups: dict[str, list[str]] = {}
    for address in sorted(leaders, key=parse_address):
        groups.setdefault(leaders[address], []).append(address)
    return tuple(tuple(members) for members in groups.values())
