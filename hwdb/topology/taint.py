"""What makes a report's groups prove nothing about its board: kept, shown, never counted. No I/O."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hwdb.topology.integrity import compare

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hwdb.report import Function, Report
    from hwdb.topology.integrity import Comparison
    from hwdb.topology.machine import Machine

_NVIDIA, _GRAPHICS, _PARTS = "10de", ("0300", "0302"), ("0403", "0c03", "0c80")
# What distributions name kernels that carry the override patch: it does nothing without its parameter.
_FLAVOURS = ("zen", "lqx", "liquorix", "pve", "cachyos", "xanmod", "tkg", "acso", "truenas", "unraid")


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


def checked(machine: Machine) -> Machine:
    """Return a machine whose groups were held against the kernel's rules: with the taints and doubts they show."""
    if machine.taints or not machine.grouped:
        return machine
    shown = compare(machine)
    return replace(machine, taints=observed_taints(machine, shown), doubts=shown.mismatches)


def observed_taints(machine: Machine, shown: Comparison | None = None) -> tuple[Taint, ...]:
    """Return the reasons that the groups themselves show, for a machine with no other reason.

    Only where the tree, the capabilities and the groups are all there, or a card is known to have no ACS.

    Args:
        machine: The machine.
        shown: What ``compare`` says of it, when that is known.
    """
    if machine.taints or not machine.grouped:
        return ()
    shown = shown or compare(machine)
    if shown.override is not None:
        return (Taint("acs_override", f"Only an ACS override explains the groups. {shown.override}"),)
    if shown.switched is not None:
        return (Taint("pci_parameters", f"ACS was switched off by hand or by the firmware. {shown.switched}"),)
    return tuple(_split_cards(machine))[:1]


def may_carry_override(report: Report) -> str | None:
    """Return a sentence when the kernel is of a kind that has the override patch; that it is used does not follow."""
    release = (report.kernel.release or "").lower()
    flavour = next((name for name in _FLAVOURS if name in re.split(r"[^a-z]+", release)), None)
    if flavour is None:
        return None
    return f"Kernels of this kind ({flavour}) could override ACS, if their parameters ask for it."


def _split_cards(machine: Machine) -> Iterator[Taint]:
    """Yield the NVIDIA cards whose functions are in several groups: without an override no recorded one was.

    Not where a function is seen to have ACS, and not where a quirk could be meant.
    """
    for address, function in machine.functions.items():
        if function.vendor != _NVIDIA or function.class_ not in _GRAPHICS or _has_acs(function):
            continue
        for other in machine.siblings(address):
            part = machine.functions[other]
            groups = {machine.group_of(address), machine.group_of(other)}
            if part.vendor == _NVIDIA and part.class_ in _PARTS and not _has_acs(part) and len(groups - {None}) > 1:
                reason = (
                    f"{address} and {other} are functions of one NVIDIA card, which have no ACS, and in two groups: "
                    "only an ACS override explains that."
                )
                yield Taint("acs_override", reason)


def _has_acs(function: Function) -> bool:
    return function.acs is not None and function.acs.present is True


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
