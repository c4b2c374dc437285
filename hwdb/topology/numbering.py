"""Bus numbers of bridges that a listing does not state, derived where the numbering leaves no choice. No I/O.

Firmware and kernel number buses depth first: each bridge, in order of device and function, gets the next number, and
everything behind it is numbered before its next sibling (``pci_scan_bridge_extend``). A complete listing therefore
tells its own tree, unless a hot-plug bridge reserved numbers or the firmware counts downwards (an EPYC board does).
The derivation is accepted only when it accounts for every bus that holds a function, when host bridges stand on root
buses and nowhere else, and when AMD's internal ports lead to nothing but AMD's own functions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hwdb.topology.address import Address, parse_address
from hwdb.topology.ports import ids_of, is_bridge, is_host_bridge, port_table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hwdb.report import Function

# Deeper trees than this are not built; the limit keeps hostile input from recursing.
_DEEPEST = 32

# AMD's graphics, those inside its processors as well, bear the vendor id of ATI.
_ATI = "1002"


def derive_secondary_buses(functions: Sequence[Function]) -> Mapping[str, int] | None:
    """Return the secondary bus of every bridge, by address, or None when the numbering does not fit.

    Args:
        functions: All listed functions of one machine.
    """
    by_domain: dict[int, dict[int, list[tuple[Address, Function]]]] = {}
    for function in functions:
        address = parse_address(function.address)
        by_domain.setdefault(address.domain, {}).setdefault(address.bus, []).append((address, function))
    derived: dict[str, int] = {}
    for buses in by_domain.values():
        numbered = _number_domain({bus: sorted(members) for bus, members in buses.items()})
        if numbered is None:
            return None
        derived.update(numbered)
    return derived


def _number_domain(buses: Mapping[int, Sequence[tuple[Address, Function]]]) -> dict[str, int] | None:
    derived: dict[str, int] = {}
    last = -1
    for bus in sorted(buses):
        if bus <= last:
            continue
        # A bus above all numbers given so far must be a root bus of its own, and show it by a host bridge.
        if bus != 0 and not _has_host_bridge(buses[bus]):
            return None
        numbered = _number_below(buses, bus, derived, depth=0)
        if numbered is None:
            return None
        last = numbered
    return derived


def _number_below(
    buses: Mapping[int, Sequence[tuple[Address, Function]]], bus: int, derived: dict[str, int], depth: int
) -> int | None:
    """Number what is behind the bridges of ``bus``; return the last number used, None when it does not fit."""
    if depth > _DEEPEST or (depth > 0 and _has_host_bridge(buses.get(bus, ()))):
        return None
    last = bus
    for address, function in buses.get(bus, ()):
        if is_bridge(function):
            if not _plausible(function, buses.get(last + 1, ())):
                return None
            derived[str(address)] = last + 1
            below = _number_below(buses, last + 1, derived, depth + 1)
            if below is None:
                return None
            last = below
    return last


def _has_host_bridge(members: Sequence[tuple[Address, Function]]) -> bool:
    return any(is_host_bridge(function) for _, function in members)


def _plausible(bridge: Function, members: Sequence[tuple[Address, Function]]) -> bool:
    """Whether these functions can be behind that bridge: an internal port has no connector."""
    if ids_of(bridge) not in port_table()["internal_root_port"]:
        return True
    return all(function.vendor in {None, bridge.vendor, _ATI} for _, function in members)
