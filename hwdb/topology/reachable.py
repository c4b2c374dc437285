"""Groups as a pending change would form them: by buses that keep apart, not by ways up. No I/O.

After "Fix incorrect iommu_groups with PCIe ACS" (J. Gunthorpe, linux-pci, version 3 of 2025-09-05; not in Linux 6.18):
``pci_bus_isolated``, ``pci_reachable_set`` and the new ``pci_device_group``. A bus that does not keep apart puts
everything below it into one group. A root port or function without the capability cannot loop back, so it does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hwdb.topology.grouping import Groups, Join, in_order
from hwdb.topology.ports import PORTS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from hwdb.topology.grouping import Reading


class ReachableGroups(Groups):
    """The partition of the pending change; ``shared`` are groups that everything below them joins."""

    def __init__(self, reading: Reading) -> None:
        super().__init__(reading)
        self._reading = reading
        self._machine = reading.machine
        self._shared: set[str] = set()
        self._buses: dict[str | None, list[str]] = {}
        for address, parent in self._machine.parents.items():
            self._buses.setdefault(parent, []).append(address)

    def _join(self, address: str) -> Join | None:
        vmd = self._reading.vmd(address)
        if vmd is not None and vmd in self.leaders:
            return Join(address, vmd, "vmd")
        above = self._machine.parents.get(address)
        if above is not None and above in self.leaders:
            if self.leaders[above] in self._shared:
                return Join(address, above, "port")
            how = self._how_shared(above)
            if how == "bridge":
                self._shared.add(self.leaders[above])
                return Join(address, above, "bridge")
            if how is not None:
                return self._with(address, self._buses[above], how)
        return self._with(address, self._reachable(address), "sibling")

    def _with(self, address: str, others: list[str], how: str) -> Join | None:
        """Join the first of these that has a group; whoever is behind any of them will join as well."""
        found = next((other for other in others if other in self.leaders), None)
        if len(others) > 1:
            self._shared.add(address if found is None else self.leaders[found])
        elif how != "sibling":
            self._shared.add(address)
        return None if found is None else Join(address, found, how)

    def _how_shared(self, above: str) -> str | None:
        """Return what a bus does not keep apart (``pci_bus_isolated``), None when it does.

        That a bridge from PCIe to PCI has memory of its own, and so belongs to its bus, is in no report; the bridges
        of boards and cards have none.
        """
        reading = self._reading
        kind = reading.isolation.kind(above)
        if kind == "upstream_port":
            ports = self._buses[above]
            if any(
                reading.isolation.kind(port) not in {"downstream_port", None} or reading.aliases(port) for port in ports
            ):
                return "bridge"
            return None if all(reading.acs(port) for port in ports) else "switch"
        if kind in PORTS:
            return None
        if not reading.speaks_for_its_bus(above):
            return None
        upper = self._machine.parents.get(above)
        on_pcie = upper is not None and not reading.speaks_for_its_bus(upper)
        return "bus" if kind == "pcie_to_pci_bridge" or (kind == "conventional" and on_pcie) else "bridge"

    def _reachable(self, address: str) -> list[str]:
        """Return the function and all on its bus that it reaches (``pci_reachable_set``)."""
        reached, todo = {address}, [address]
        while todo:
            for other in self._next_to(todo.pop()):
                if other not in reached:
                    reached.add(other)
                    todo.append(other)
        return sorted(reached)

    def _next_to(self, address: str) -> Iterator[str]:
        """Yield aliases, and functions of one device when one of the two has ACS and it is not enabled."""
        yield from self._reading.aliases(address)
        if not self._reading.isolation.is_one_of_several(address):
            return
        for other in self._machine.siblings(address):
            if not self._reading.isolation.is_virtual(other) and (self._loops(address) or self._loops(other)):
                yield other

    def _loops(self, address: str) -> bool:
        function = self._machine.functions[address]
        present = None if function.acs is None else function.acs.present
        return present is True and self._reading.isolation.acs(address) is False


def form_groups(reading: Reading, wanted: Collection[str]) -> Mapping[str, Join | None]:
    """Return each function with how it joined a group, by the rules of the reading; None for the first of a group."""
    groups = ReachableGroups(reading) if reading.isolation.rules.reachable_sets else Groups(reading)
    ordered = in_order(reading, wanted)
    for address in ordered:
        groups.add(address)
    return {address: groups.joins.get(address) for address in ordered}
