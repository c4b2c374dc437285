"""Functions whose way to the root a listing does not show, so that nobody knows what they share. No I/O."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hwdb.topology.address import parse_address
from hwdb.topology.aliases import vmd_of
from hwdb.topology.isolation import may_be_bridge
from hwdb.topology.ports import is_host_bridge
from hwdb.topology.quirks import vendor_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from hwdb.report import Function
    from hwdb.topology.machine import Machine

_IBM = "1014"
_ROOT_KINDS = ("root_port", "rc_integrated_endpoint", "rc_event_collector")
# Uncore functions of server processors fill buses of their own, without a host bridge: system peripherals,
# performance counters, and what has no class of its own.
_UNCORE = ("08", "11")


def unplaced(machine: Machine) -> Mapping[str, str]:
    """Return the functions whose bridges are not known, each with the reason."""
    if any(vendor_of(function) == _IBM and may_be_bridge(function) for function in machine.functions.values()):
        return dict.fromkeys(machine.functions, "POWER firmware makes the groups, by rules of its own.")
    spoken_for = {address for address, vmd in vmd_of(machine).items() if vmd is not None}
    if machine.tree is None:
        why = "The listing shows no tree, so the bridges above {} are not known."
    else:
        why = "The bridge that leads to {} is not listed."
    roots = _root_buses(machine)
    found = {
        address: why.format(address)
        for address in machine.functions
        if address not in spoken_for and not _is_on_known_bus(machine, roots, address)
    }
    for address in machine.functions:
        if address in found or address in spoken_for:
            continue
        above = next((step for step in machine.ancestors(address) if step in found), None)
        if above is not None:
            found[address] = found[above]
        elif address not in machine.paths:
            found[address] = f"The way up from {address} leads in a circle, or deeper than any machine is built."
    return found


def _is_on_known_bus(machine: Machine, roots: Collection[tuple[int, ...]], address: str) -> bool:
    """Whether the bridge above is known, or the bus is a root bus and has none."""
    above = machine.parents.get(address, "")
    return above != "" and (above is not None or _is_on_root(roots, address))


def _is_on_root(roots: Collection[tuple[int, ...]], address: str) -> bool:
    own = parse_address(address)
    if own.bus == 0:
        return True
    return own[:2] in roots


def _root_buses(machine: Machine) -> Collection[tuple[int, ...]]:
    """Return the buses that are stated to be root buses, or show it by what stands on them."""
    buses: dict[tuple[int, ...], list[Function]] = {}
    for address, function in machine.functions.items():
        buses.setdefault(parse_address(address)[:2], []).append(function)
    stated = {root.bus for root in machine.report.root_buses or ()}
    return {bus for bus, members in buses.items() if f"{bus[0]:04x}:{bus[1]:02x}" in stated or _shows_a_root(members)}


def _shows_a_root(members: Collection[Function]) -> bool:
    if any(is_host_bridge(f) or f.class_ == "0806" or f.port_type in _ROOT_KINDS for f in members):
        return True
    return all((f.class_ or "")[:2] in _UNCORE for f in members)


def may_lead_there(machine: Machine, missing: Collection[str]) -> frozenset[str]:
    """Return the bridges that functions of unknown place may be behind: those whose buses are not stated."""
    domains = {parse_address(address).domain for address in missing}
    return frozenset(
        address
        for address, function in machine.functions.items()
        if may_be_bridge(function) and not function.secondary_bus and parse_address(address).domain in domains
    )
