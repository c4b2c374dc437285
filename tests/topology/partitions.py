"""Groups as sets to compare, and small trees to form them from."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from hwdb.report import Acs, Function, Report
from hwdb.topology import normalise

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from hwdb.topology import Machine
    from hwdb.topology.predict import Prediction

ACS, NO_ACS = Acs(present=True, capability=0x1D, control=0), Acs(present=False)
# Without ids a function may be one that the kernel has a rule for.
IDS: dict[str, Any] = {"vendor": "1b36", "device": "000c"}

Partition = set[tuple[str, ...]]


def shape(*functions: Function, **parts: Any) -> Machine:
    """Return the machine these functions make."""
    return normalise(Report(functions=functions, **parts))


def port(address: str, secondary: int, acs: Acs | None, kind: str | None = "root_port", **facts: Any) -> Function:
    """Return a bridge of any kind."""
    defaults = {**IDS, "class_": "0604", "header_type": 1, "subordinate_bus": secondary}
    return Function(address, secondary_bus=secondary, port_type=kind, acs=acs, **{**defaults, **facts})


def device(address: str, kind: str | None = "endpoint", acs: Acs | None = NO_ACS, **facts: Any) -> Function:
    """Return a function that is no bridge."""
    return Function(address, port_type=kind, acs=acs, **{**IDS, "class_": "0300", "header_type": 0, **facts})


def groups(prediction: Prediction) -> Partition:
    """Return all groups, whatever they rest on."""
    return {group.functions for group in prediction.groups}


def shared(prediction: Prediction) -> Partition:
    """Return the groups of more than one function, with addresses as people write them."""
    return {
        tuple(address.removeprefix("0000:") for address in members)
        for members in groups(prediction)
        if len(members) > 1
    }


def observed(machine: Machine) -> Partition:
    """Return the kernel's groups."""
    return set(machine.groups.values())


def seen_part(machine: Machine, prediction: Prediction) -> Partition:
    """Return the predicted groups of functions whose group was seen."""
    kept = (
        tuple(address for address in members if machine.group_of(address) is not None) for members in groups(prediction)
    )
    return {members for members in kept if members}


def regrouped(report: Report, groups_by_number: Mapping[int, Iterable[str]]) -> Report:
    """Return the report with other observed groups."""
    numbers = {address: number for number, members in groups_by_number.items() for address in members}
    functions = tuple(replace(f, iommu_group=numbers.get(f.address)) for f in report.functions)
    return replace(report, functions=functions)
