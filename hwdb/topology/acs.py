"""Whether a port keeps what is below it apart: Access Control Services as the kernel requires it. No I/O."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hwdb.topology.ports import ids_of, port_table

if TYPE_CHECKING:
    from hwdb.topology.machine import Machine

# Source Validation, Request Redirect, Completion Redirect, Upstream Forwarding (PCIe 6.0, section 7.7.11.2): the bits
# the kernel asks for (REQ_ACS_FLAGS in drivers/iommu/iommu.c). A bit the capability lacks counts as hard-wired on.
REQUIRED = 0x01 | 0x04 | 0x08 | 0x10


def acs_enabled(machine: Machine, address: str) -> bool | None:
    """Return whether ACS, or a quirk that stands for it, isolates this port; None when the report cannot tell.

    Follows ``pci_acs_enabled`` for root and downstream ports: the presence of the capability decides, the control
    register only where it can be trusted (Intel's 100 and 200 series lay it out differently, so that it reads 0).
    """
    function = machine.functions[address]
    ids = ids_of(function)
    if ids in port_table()["acs_quirk"]:
        return True
    if function.acs is None or function.acs.present is None:
        return None
    if not function.acs.present:
        return False
    if function.acs.capability is None or function.acs.control is None or ids in port_table()["acs_dword_layout"]:
        return True
    required = REQUIRED & function.acs.capability
    return function.acs.control & required == required


def acs_all_the_way(machine: Machine, address: str) -> bool:
    """Return whether this port and every bridge above it up to the root bus is known to isolate."""
    if machine.parents.get(address, "") == "":
        return False
    return all(acs_enabled(machine, step) is True for step in (address, *machine.ancestors(address)))
