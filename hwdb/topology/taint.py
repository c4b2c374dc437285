"""What makes a report's groups prove nothing about its board: kept, shown, never counted. No I/O."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hwdb.report import Report


@dataclass(frozen=True)
class Taint:
    """One reason to hold a report out of the counts.

    Attributes:
        code: ``acs_override``, ``pci_parameters``, ``virtual_machine``, ``container`` or ``noiommu``.
        reason: A sentence for its owner.
    """

    code: str
    reason: str


def taints_of(report: Report) -> tuple[Taint, ...]:
    """Return every reason why this report's groups are not the board's own."""
    return tuple(taint for check in (_override, _pci_parameters, _hypervisor, _noiommu) for taint in check(report))


def _override(report: Report) -> list[Taint]:
    words = report.kernel.parameters or ()
    if report.kernel.acs_override or any(word.startswith("pcie_acs_override") for word in words):
        return [Taint("acs_override", "ACS override is in effect: the groups are not the board's own.")]
    return []


def _pci_parameters(report: Report) -> list[Taint]:
    # Both make the kernel set ACS bits otherwise than it would by itself (Documentation/admin-guide, "pci=").
    words = [word for word in report.kernel.parameters or () if word.startswith("pci=")]
    found = [name for name in ("config_acs", "disable_acs_redir") if any(name in word for word in words)]
    return [
        Taint("pci_parameters", f"pci={name} changes ACS by hand: the groups are not the board's own.")
        for name in found
    ]


def _hypervisor(report: Report) -> list[Taint]:
    seen = report.virtualization
    taints = []
    if seen.hypervisor not in {None, "none"}:
        reason = f"The report was made inside a virtual machine ({seen.hypervisor}): its groups are the hypervisor's."
        taints.append(Taint("virtual_machine", reason))
    if seen.container not in {None, "none"}:
        reason = f"The report was made inside a container ({seen.container}), which may hide bridges and groups."
        taints.append(Taint("container", reason))
    return taints


def _noiommu(report: Report) -> list[Taint]:
    if any(group.name == "vfio-noiommu" for group in report.iommu.groups or ()):
        return [Taint("noiommu", "VFIO runs without an IOMMU: the groups protect nothing.")]
    return []
