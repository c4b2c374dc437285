"""The IOMMU as the kernel uses it: units, groups, interrupt remapping, on or off."""

from __future__ import annotations

from submitter.collect.functions import is_group

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from submitter.collect.tree import Tree

_GROUPS = "sys/kernel/iommu_groups"
# Names the kernel gives units (amd_iommu_init_pci, alloc_iommu, arm_smmu_device_probe) -> kind.
_UNITS = (("ivhd", "AMD-Vi"), ("dmar", "VT-d"), ("smmu", "SMMU"), ("arm-smmu", "SMMU"))
# Tables by which the firmware announces an IOMMU, whether or not the kernel uses it.
_TABLES = (("IVRS", "AMD-Vi"), ("DMAR", "VT-d"))
_TURNS_OFF = ("amd_iommu=off", "intel_iommu=off", "iommu=off")
_INTERRUPTS = 1 << 20


def read_iommu(tree: Tree) -> dict[str, Any]:
    """Return what the report says of the IOMMU; a key is left out when the machine does not tell."""
    units = tree.names("sys/class/iommu")
    groups = _groups(tree)
    found: dict[str, Any] = {}
    if units is not None:
        found["units"] = [unit[:64] for unit in units[:256]]
    kind = _kind(tree, units or [])
    if kind is not None:
        found["kind"] = kind
    if groups is not None:
        found["groups"] = groups
    state = _state(groups)
    if state is not None:
        found["state"] = state
    remapping = _interrupt_remapping(tree)
    if remapping is not None:
        found["interrupt_remapping"] = remapping
    return found


def _groups(tree: Tree) -> list[dict[str, Any]] | None:
    names = tree.names(_GROUPS)
    if names is None:
        return None
    return [_group(tree, number) for number in sorted(int(name) for name in names if is_group(name))]


def _group(tree: Tree, number: int) -> dict[str, Any]:
    folder = f"{_GROUPS}/{number}"
    regions = (tree.read(f"{folder}/reserved_regions") or b"").decode("ascii", "replace").splitlines()
    # "0x... 0x... type"; only the types are kept.
    types = [words[2] for words in map(str.split, regions) if len(words) == 3]
    said = {"type": tree.text(f"{folder}/type", 64), "name": tree.text(f"{folder}/name", 64)}
    known = {key: text for key, text in said.items() if text is not None}
    return {"number": number, **known, "reserved_region_types": list(dict.fromkeys(types))[:16]}


def _state(groups: list[dict[str, Any]] | None) -> str | None:
    """``on`` when there are groups that VFIO did not make up for itself (noiommu), ``off`` when there are none."""
    if groups is None:
        return None
    return "on" if any(group.get("name") != "vfio-noiommu" for group in groups) else "off"


def _kind(tree: Tree, units: list[str]) -> str | None:
    for start, kind in _UNITS:
        if any(unit.startswith(start) for unit in units):
            return kind
    tables = set(tree.names("sys/firmware/acpi/tables") or ())
    return next((kind for table, kind in _TABLES if table in tables), None)


def _interrupt_remapping(tree: Tree) -> bool | None:
    """Return whether interrupts are remapped: their controllers are called ``IR-...`` then.

    Only these names are looked for. They are x86's: elsewhere (GIC, ITS), and without any message-signalled interrupt,
    the file does not tell.
    """
    whole = tree.read("proc/interrupts", _INTERRUPTS)
    if whole is None:
        return None
    if b" IR-" in whole:
        return True
    return False if b"PCI-MSI" in whole and b"IO-APIC" in whole else None


def advice(iommu: dict[str, Any], parameters: list[str]) -> str | None:
    """Return how to make the kernel show groups, None when it does.

    Args:
        iommu: What ``read_iommu`` found.
        parameters: The allowed words of the kernel's command line.
    """
    state, kind = iommu.get("state"), iommu.get("kind")
    if state == "on":
        return None
    if state is None:
        return "The kernel shows no /sys/kernel/iommu_groups, so it cannot be told what shares a group."
    off = next((word for word in parameters if word in _TURNS_OFF), None)
    if off is not None:
        return f"The IOMMU is off, because the kernel was started with {off}: remove that and collect again."
    if kind == "VT-d":
        return "The IOMMU (VT-d) is there and off: add intel_iommu=on to the kernel's parameters and collect again."
    return "The IOMMU is off: turn on VT-d, or AMD-Vi (IOMMU), in the firmware and collect again."
