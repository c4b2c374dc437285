"""From the function that a statement names to the port of the connector. No I/O.

Firmware and kernel name a port, the card behind it, a function of the card's own switch, or a function that does not
exist: the bus behind an empty port, or a mixture of that bus with the port's own device and function.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from hwdb.topology.address import parse_address
from hwdb.topology.machine import DEEPEST
from hwdb.topology.ports import CONVENTIONAL, PORTS, is_bridge, is_chipset_switch, port_kind

if TYPE_CHECKING:
    from hwdb.topology.address import Address
    from hwdb.topology.machine import Machine

# What a bridge without a known type is, by the bridge above it: PCIe knows no other order (PCIe 6.0, section 1.3).
_BELOW = {
    "root_port": "upstream_port",
    "downstream_port": "upstream_port",
    "upstream_port": "downstream_port",
    **dict.fromkeys(CONVENTIONAL, "conventional"),
}

# Switches that are a part of another chip: of AMD's graphics and accelerators (13 of 13 recorded Radeon cards since
# the RX 6000, Instinct), of Intel's Arc cards and Thunderbolt controllers. ASMedia, Broadcom and Microchip sell theirs
# to makers of boards and of cards alike.
_BUILT_IN = ("1002", "8086")


class Place(NamedTuple):
    """Where a connector is.

    Attributes:
        port: Address of the port it hangs from.
        device: Device number behind a conventional bridge, None for PCIe.
        mixed: Whether the named address was a mixture of two.
    """

    port: str
    device: int | None = None
    mixed: bool = False


class Connectors:
    """The connectors of one machine."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self._kinds: dict[str, str | None] = {}
        self._leading_to: dict[tuple[int, int], list[str]] = {}
        for function in machine.functions.values():
            if is_bridge(function) and function.secondary_bus:
                domain = parse_address(function.address).domain
                self._leading_to.setdefault((domain, function.secondary_bus), []).append(function.address)

    def find(self, address: Address, *, conventional: bool = False) -> Place | None:
        """Return the connector that an address stands for, past the switch of a card; None when it stands for none.

        Args:
            address: What the statement gives.
            conventional: Whether it speaks of a conventional PCI slot, where any device number may be empty.
        """
        place = self.nearest(address, conventional=conventional)
        named = str(address)
        port_named = named not in self._machine.functions or (place is not None and place.port == named)
        for _ in range(DEEPEST):
            above = None if place is None else self._above_the_card(place, port_named=port_named)
            if above is None:
                break
            place = above
        return place

    def nearest(self, address: Address, *, conventional: bool = False) -> Place | None:
        """Return the first port at or above an address, which may be inside a card."""
        named = str(address)
        return self._above(named) if named in self._machine.functions else self._absent(address, conventional)

    def switch_above(self, port: str) -> str | None:
        """Return the upstream port above a downstream port, unless the switch is the chipset's."""
        machine = self._machine
        upstream = machine.parents.get(port)
        if upstream is None or (self._kind(upstream), self._kind(port)) != ("upstream_port", "downstream_port"):
            return None
        chipset = any(is_chipset_switch(machine.functions[a]) for a in (upstream, port))
        return None if chipset else upstream

    def is_a_cards(self, port: str) -> bool:
        """Whether a port is of a switch that is a part of the card or chip behind another port."""
        return self._above_the_card(Place(port), port_named=True) is not None

    def _above_the_card(self, place: Place, *, port_named: bool) -> Place | None:
        """Return the port that a card hangs from whose own switch has this port; None when it is no card's.

        A discrete switch may as well be soldered. It is taken for the board's, because firmware gives the bus right
        behind a slot's port, and because calling soldered devices a part of the card would make it isolate.
        """
        switch = None if place.device is not None else self.switch_above(place.port)
        above = None if switch is None else self._machine.parents.get(switch)
        vendor = self._machine.functions[place.port].vendor
        if above is None or not (vendor in _BUILT_IN or (vendor is None and not port_named)):
            return None
        found = self._above(above)
        return None if found is None else found._replace(mixed=place.mixed)

    def _above(self, address: str) -> Place | None:
        machine = self._machine
        for step in (address, *machine.ancestors(address)):
            if is_bridge(machine.functions[step]) and self._kind(step) in {None, *PORTS}:
                return Place(step)
            above = machine.parents.get(step)
            if above is not None and self._kind(above) in CONVENTIONAL:
                return Place(above, parse_address(step).device)
        return None

    def _absent(self, address: Address, conventional: bool) -> Place | None:
        """Return the port whose secondary bus an address without a function names.

        ``bb:00.0`` is what an empty port would have behind it (servers, and the kernel's pciehp), ``bb:00.f`` carries
        the port's own function (ASRock's X99 boards), ``bb:dd.f`` its device and function (ASUS and Foxconn).
        """
        leading = self._leading_to.get((address.domain, address.bus), [])
        if len(leading) != 1:
            return None
        bridge, own = leading[0], parse_address(leading[0])
        if conventional and self._kind(bridge) in CONVENTIONAL and address.device != own.device:
            return Place(bridge, address.device)
        if self._kind(bridge) not in PORTS:
            return None
        mixed = address.device != 0
        agrees = address.hop == own.hop if mixed else address.function in {0, own.function}
        return Place(bridge, mixed=mixed) if agrees else None

    def _kind(self, address: str) -> str | None:
        """Return the type of a port as ``port_kind`` knows it, else as its place among bridges leaves no choice.

        Without root nobody reads port types. A bridge with devices right behind it is no part of a switch.
        """
        kind = None
        for step in (*reversed(self._machine.ancestors(address)), address):
            if step not in self._kinds:
                self._kinds[step] = port_kind(self._machine, step) or self._kind_below(kind, step)
            kind = self._kinds[step]
        return kind

    def _kind_below(self, above: str | None, bridge: str) -> str | None:
        machine = self._machine
        kind = _BELOW.get(above or "")
        if kind == "upstream_port" and any(
            machine.parents[a] == bridge and not is_bridge(machine.functions[a]) for a in machine.below(bridge)
        ):
            return "pcie_to_pci_bridge"
        return kind
