"""``normalise``: Report -> Machine. No I/O."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hwdb.topology.address import Address, parse_address
from hwdb.topology.machine import Machine
from hwdb.topology.numbering import derive_secondary_buses
from hwdb.topology.ports import ids_of, is_bridge
from hwdb.topology.taint import taints_of
from hwdb.topology.witnesses import witnesses_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hwdb.report import Function, Report


def normalise(report: Report) -> Machine:
    """Return the machine a report describes.

    Raises:
        ValueError: An address is malformed or listed twice; a decoded or parsed report has neither.
    """
    ordered = sorted(report.functions, key=lambda function: parse_address(function.address))
    functions = {function.address: function for function in ordered}
    if len(functions) != len(ordered):
        raise ValueError("a function is listed twice")
    tree, parents = _tree(ordered)
    paths = {address: path for address in functions if (path := _path(address, parents)) is not None}
    groups: dict[int, tuple[str, ...]] = {}
    for function in ordered:
        if function.iommu_group is not None:
            groups[function.iommu_group] = (*groups.get(function.iommu_group, ()), function.address)
    bare = Machine(
        report=report,
        functions=functions,
        parents=parents,
        paths=paths,
        tree=tree,
        groups=groups,
        platform=_platform(functions),
        slots=(),
        taints=taints_of(report),
    )
    return Machine(**{**vars(bare), "slots": witnesses_of(bare)})


def _platform(functions: Mapping[str, Function]) -> str | None:
    root = functions.get("0000:00:00.0")
    return None if root is None else ids_of(root)


def _tree(ordered: Sequence[Function]) -> tuple[str | None, dict[str, str | None]]:
    """Return where the tree comes from, and the parents that are known."""
    bridges = [function for function in ordered if is_bridge(function)]
    stated = {b.address: b.secondary_bus for b in bridges if b.secondary_bus is not None}
    if stated or any(function.parent is not None for function in ordered):
        last = {b.address: b.subordinate_bus or b.secondary_bus or 0 for b in bridges}
        return "stated", {f.address: f.parent or _bridge_above(f.address, stated, last) for f in ordered}
    derived = derive_secondary_buses(ordered)
    if derived is not None:
        return "derived", {f.address: _bridge_above(f.address, derived, derived) for f in ordered}
    # Bus 0 of a domain is a root bus on every machine; nothing is known of the others.
    return None, {f.address: None for f in ordered if parse_address(f.address).bus == 0}


def _bridge_above(address: str, first: Mapping[str, int], last: Mapping[str, int]) -> str | None:
    """Return the innermost bridge whose bus range holds the function, None on a root bus.

    The range, not only its first bus: virtual functions may lie on buses above the secondary one (SR-IOV, section 2.1).
    """
    own = parse_address(address)
    around = [
        (bus, bridge)
        for bridge, bus in first.items()
        if bus <= own.bus <= last[bridge] and bridge != address and _same_domain(own, bridge) and bus > 0
    ]
    return max(around)[1] if around else None


def _same_domain(own: Address, bridge: str) -> bool:
    return parse_address(bridge).domain == own.domain


def _path(address: str, parents: Mapping[str, str | None]) -> str | None:
    """Return the port path, None when the way up to a root bus is not known or runs in a circle."""
    hops: list[str] = []
    seen: set[str] = set()
    step = address
    while step in parents and step not in seen:
        seen.add(step)
        above = parents[step]
        if above is None:
            return "/".join([step, *reversed(hops)])
        hops.append(parse_address(step).hop)
        step = above
    return None
