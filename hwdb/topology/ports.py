"""What a bridge is: a port of the processor, of the chipset, of a card's switch. No I/O beyond the id table.

``ports.json`` holds ids only where they say what config space would say better: port types and places are taken from
the PCIe capability and the tree first.
"""

from __future__ import annotations

import json
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

from hwdb.topology.address import parse_address

if TYPE_CHECKING:
    from hwdb.report import Function
    from hwdb.topology.machine import Machine

PORTS = ("root_port", "downstream_port")
"""Port types a slot can hang from."""

CONVENTIONAL = ("conventional", "pcie_to_pci_bridge", "pci_to_pcie_bridge")
"""Bridges whose secondary bus is shared by every device on it."""


@lru_cache(maxsize=1)
def port_table() -> dict[str, frozenset[str]]:
    """Return the id table: kind of port -> ``vvvv:dddd`` ids."""
    table = json.loads((files("hwdb.topology") / "ports.json").read_text(encoding="utf-8"))
    return {kind: frozenset(row["ids"]) for kind, row in table.items()}


def ids_of(function: Function) -> str | None:
    """Return ``vvvv:dddd``, or None when the listing does not give both."""
    if function.vendor is None or function.device is None:
        return None
    return f"{function.vendor}:{function.device}"


def is_bridge(function: Function) -> bool:
    """Whether it leads to a bus of its own (class 0604 or 0609, or a header of layout 1 or 2)."""
    return function.class_ in {"0604", "0607", "0609"} or function.header_type in {1, 2}


def is_host_bridge(function: Function) -> bool:
    """Whether it is a host bridge (class 0600)."""
    return function.class_ == "0600"


def port_kind(machine: Machine, address: str) -> str | None:
    """Return the PCIe port type of a bridge, from config space, its place or its id; None when nothing tells.

    A bridge on a root bus is a root port unless its id is one of the bridges known to have no PCIe capability, or
    several devices stand right behind it: a link has one, number 0.
    """
    function = machine.functions[address]
    if function.port_type is not None:
        return function.port_type
    ids, table = ids_of(function), port_table()
    if ids in table["conventional"]:
        return "conventional"
    if machine.parents.get(address, "") is None:
        return "conventional" if _has_several_devices(machine, address) else "root_port"
    for kind in ("upstream_port", "downstream_port"):
        if ids in table["chipset_" + kind]:
            return kind
    return None


def _has_several_devices(machine: Machine, bridge: str) -> bool:
    # Virtual functions take further device numbers without being devices.
    behind = (a for a in machine.below(bridge) if machine.parents[a] == bridge)
    return any(parse_address(a).device and machine.functions[a].physical_function is None for a in behind)


def root_of(function: Function) -> str:
    """Return the first step of a path that begins at a function on a root bus.

    It is the function's address, but for the root ports of an Intel chipset: firmware renumbers their functions when
    function 0 is unused, while the device id stays with the port. So 00:1c.4 with the id 8086:a114 is
    ``0000:00:1c[a114]``, whichever function it is on another machine.
    """
    if ids_of(function) not in port_table()["chipset_root_port"]:
        return function.address
    return f"{function.address.rpartition('.')[0]}[{function.device}]"


def is_chipset_switch(function: Function) -> bool:
    """Whether its id is an upstream or downstream port inside a chipset."""
    ids, table = ids_of(function), port_table()
    return ids in table["chipset_upstream_port"] or ids in table["chipset_downstream_port"]


def is_internal(function: Function) -> bool:
    """Whether its id is a port inside the processor, without a connector."""
    return ids_of(function) in port_table()["internal_root_port"]


def location_of(machine: Machine, address: str) -> str | None:
    """Return ``cpu`` or ``chipset``, the side a port is wired to, or None when no id on its way tells.

    A port below a chipset's switch is the chipset's; below any other switch the root port decides.
    """
    way = [address, *machine.ancestors(address)]
    if any(is_chipset_switch(machine.functions[step]) for step in way):
        return "chipset"
    root = ids_of(machine.functions[way[-1]])
    if root in port_table()["chipset_root_port"]:
        return "chipset"
    return "cpu" if root in port_table()["cpu_root_port"] else None
