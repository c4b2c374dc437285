"""Small machines, built function by function, for the rules that a real machine at hand does not show."""

from __future__ import annotations

from typing import Any

from hwdb.report import Acs, Function, Report, Slot
from hwdb.topology import Machine, normalise

ACS = Acs(present=True, capability=0x1D, control=0x1D)
NO_ACS = Acs(present=False)


def port(address: str, group: int | None, secondary: int, **facts: Any) -> Function:
    """Return a root port; ``port_type`` and the rest can be overridden."""
    defaults: dict[str, Any] = {"class_": "0604", "port_type": "root_port", "multifunction": False}
    return Function(
        address,
        iommu_group=group,
        secondary_bus=secondary,
        subordinate_bus=facts.pop("subordinate_bus", secondary),
        **{**defaults, **facts},
    )


def card(address: str, group: int | None, class_: str = "0300", **facts: Any) -> Function:
    """Return an endpoint."""
    return Function(address, iommu_group=group, class_=class_, vendor="10de", device="1b80", **facts)


def machine(*functions: Function, slots: tuple[Slot, ...] = (), **parts: Any) -> Machine:
    """Return the machine these functions make."""
    return normalise(Report(functions=functions, slots=slots, **parts))
