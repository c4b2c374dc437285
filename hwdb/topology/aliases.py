"""Whose requester id the IOMMU sees: functions that speak with another's, and bridges that speak for all. No I/O.

After ``pci_for_each_dma_alias`` and ``pci_devs_are_dma_aliases`` (drivers/pci/search.c, pci.c). Aliases that AMD's
firmware tables (IVRS) declare are in no report; they concern conventional bridges, whose bus shares a group anyway.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hwdb.topology.address import parse_address
from hwdb.topology.quirks import quirks_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from hwdb.topology.address import Address
    from hwdb.topology.machine import Machine

_EVERYONE = "any.any"
VMD_DOMAINS = 0x10000
"""Domains from here on are made by the kernel for what is behind an Intel Volume Management Device."""


def same_bus_aliases(machine: Machine, everyone: Collection[str] = ()) -> Mapping[str, tuple[str, ...]]:
    """Return for each function those that use its requester id, or whose requester id it uses, both ways.

    Args:
        machine: The machine.
        everyone: Functions to take for aliases of all on their bus.
    """
    found: dict[str, set[str]] = {}
    hubs: dict[tuple[object, ...], list[str]] = {}
    for address, function in machine.functions.items():
        wanted = [to for quirk in quirks_of("aliases", function) for to in quirk.to]
        wanted += [_EVERYONE] if address in everyone else []
        if not wanted:
            continue
        # Of functions with the same aliases all over a bus, one that is joined to all of them joins the others as well.
        own = parse_address(address)
        hub = (own[:2], *wanted) if any(to.startswith("any") for to in wanted) else None
        others = hubs[hub][:2] if hub in hubs else _named(machine, own, wanted)
        if hub is not None:
            hubs.setdefault(hub, others)
        others = [name for name in others if name != address]
        for other in others:
            found.setdefault(address, set()).add(other)
            found.setdefault(other, set()).add(address)
    return {address: tuple(sorted(others)) for address, others in found.items()}


def _named(machine: Machine, own: Address, aliases: Iterable[str]) -> list[str]:
    """Return the functions on the bus that ``device.function`` patterns name."""
    found = []
    for alias in aliases:
        device, _, function = alias.partition(".")
        devices = range(32) if device == "any" else (own.device if device == "own" else int(device, 16),)
        numbers = range(8) if function == "any" else (int(function),)
        found += [str(own._replace(device=d, function=f)) for d in devices for f in numbers]
    return [name for name in found if name in machine.functions]


def hidden_aliases(machine: Machine) -> frozenset[str]:
    """Return functions whose aliases are written in the device only, where no report shows them."""
    return frozenset(
        address
        for address, function in machine.functions.items()
        if any(quirk.table is not None for quirk in quirks_of("aliases", function))
    )


def vmd_of(machine: Machine) -> Mapping[str, str | None]:
    """Return for each function of a VMD's domain the VMD that speaks for it, None when the report does not tell which.

    Only a tree from sysfs states it. Otherwise domains are numbered in the order in which the devices are found.
    """
    inside = [a for a in machine.functions if parse_address(a).domain >= VMD_DOMAINS]
    if not inside:
        return {}
    devices = [a for a, f in machine.functions.items() if a not in inside and quirks_of("vmd", f)]
    # A device without its driver makes no domain.
    driven = [a for a in devices if machine.functions[a].driver == "vmd"] or devices
    domains = sorted({parse_address(a).domain for a in inside})
    by_order = dict(enumerate(driven)) if len(domains) == len(driven) else {}
    numbers = {domain: by_order.get(i) for i, domain in enumerate(domains)}
    return {a: _first(machine.ancestors(a), devices) or numbers[parse_address(a).domain] for a in inside}


def _first(way: Iterable[str], wanted: Sequence[str]) -> str | None:
    return next((step for step in way if step in wanted), None)
