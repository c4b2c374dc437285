"""Which words of a kernel command line a report may hold; the rest of it is private.

This module imports nothing: the client reads it at every start. What it allows is listed in docs/report-format.md.
"""

from __future__ import annotations

PARAMETERS = frozenset(
    {
        "amd_iommu",
        "amd_iommu_dump",
        "amd_iommu_intr",
        "intel_iommu",
        "intremap",
        "iommu",
        "iommu.forcedac",
        "iommu.passthrough",
        "iommu.strict",
        "kvm.ignore_msrs",
        "pci",
        "pcie_acs_override",
        "pcie_ports",
        "vfio-pci.ids",
        "vfio.enable_unsafe_noiommu_mode",
        "vfio_iommu_type1.allow_unsafe_interrupts",
        "vfio_pci.ids",
        "vfio_virqfd",
    }
)
"""Names of the allowed parameters, as the kernel spells them."""


def spelled(word: str) -> str | None:
    """Return a parameter, its name spelled as in ``PARAMETERS``; None when it is not one or holds a blank."""
    name, sign, value = word.partition("=")
    # The kernel reads dashes in names as underscores.
    known = next((one for one in (name, name.replace("-", "_")) if one in PARAMETERS), None)
    return None if known is None or len(word.split()) != 1 else known + sign + value
