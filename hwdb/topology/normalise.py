"""``normalise``: Report -> Machine. No I/O."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hwdb.topology.address import parse_address
from hwdb.topology.machine import DEEPEST, Machine
from hwdb.topology.numbering import derive_secondary_buses
from hwdb.topology.ports import ids_of, is_bridge, root_of
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
    paths = {address: path for address in functions if (path := _path(address, parents, functions)) is not None}
    groups: dict[int, list[str]] = {}
    for function in ordered:
        if function.iommu_group is not None:
            groups.setdefault(function.iommu_group, []).append(function.address)
    bare = Machine(
        report=report,
        functions=functions,
        parents=parents,
        paths=paths,
        tree=tree,
        groups={number: tuple(members) for number, members in groups.items()},
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
        return "stated", _parents(ordered, stated)
    derived = derive_secondary_buses(ordered)
    if derived is not None:
        return "derived", _parents(ordered, derived)
    # Bus 0 of a domain is a root bus on every machine; nothing is known of the others.
    return None, {f.address: None for f in ordered if parse_address(f.address).bus == 0}


def _parents(ordered: Sequence[Function], first_buses: Mapping[str, int]) -> dict[str, str | None]:
    """Return each function's parent: the one it states, else the innermost bridge whose bus range holds it.

    The range, not only its first bus: virtual functions may lie on buses above the secondary one (SR-IOV, section 2.1).
    A stated parent that is not listed leaves the function's place unknown.
    """
    by_address = {function.address: function for function in ordered}
    leads_to: dict[tuple[int, int], str] = {}
    # Inner bridges have higher numbers than those around them, so they come later and overwrite.
    for bridge, first in sorted(first_buses.items(), key=lambda item: (item[1], item[0])):
        last = max(first, by_address[bridge].subordinate_bus or first)
        for bus in range(max(first, 1), last + 1):
            leads_to[parse_address(bridge).domain, bus] = bridge
    parents: dict[str, str | None] = {}
    for function in ordered:
        own = parse_address(function.address)
        above = function.parent or leads_to.get((own.domain, own.bus))
        if above is None or (above in by_address and above != function.address):
            parents[function.address] = above
    return parents


def _path(address: str, parents: Mapping[str, str | None], functions: Mapping[str, Function]) -> str | None:
    """Return the port path, None when the way up is not known, runs in a circle or is deeper than any real one."""
    hops: list[str] = []
    seen: set[str] = set()
    step = address
    while step in parents and step not in seen and len(seen) <= DEEPEST:
        seen.add(step)
        above = parents[step]
        if above is None:
            return "/".join([root_of(functions[step]), *reversed(hops)])
        hops.append(parse_address(step).hop)
        step = above
    return None
