"""What the report is made inside of: a virtual machine, a Xen dom0, a container; and what runs guests here."""

from __future__ import annotations

from submitter.collect.processors import flags

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from submitter.collect.tree import Tree

_DMI = "sys/class/dmi/id"
# How the names in a hypervisor's firmware begin, in the order looked for.
_MAKERS = (
    ("QEMU", "qemu"),
    ("KVM", "kvm"),
    ("Amazon EC2", "amazon"),
    ("Google Compute Engine", "google"),
    ("OpenStack", "openstack"),
    ("VMware", "vmware"),
    ("VMW", "vmware"),
    ("innotek GmbH", "virtualbox"),
    ("VirtualBox", "virtualbox"),
    ("Xen", "xen"),
    ("Bochs", "bochs"),
    ("Parallels", "parallels"),
    ("BHYVE", "bhyve"),
    ("Apple Virtualization", "apple"),
    ("Virtual Machine", "microsoft"),
)
# Files that container managers leave for programs to find -> the manager.
_CONTAINER_FILES = (
    ("run/.containerenv", "podman"),
    (".dockerenv", "docker"),
    ("dev/lxd", "lxc"),
    ("dev/.lxc", "lxc"),
    ("proc/vz", "openvz"),
)


def read_virtualization(tree: Tree) -> dict[str, Any]:
    """Return what the report says of virtualization, and add what a dom0 or a container hides to the problems."""
    said = {"hypervisor": _hypervisor(tree), "container": _container(tree)}
    if said["hypervisor"] not in {None, "none"}:
        if b"control_d" in (tree.read("proc/xen/capabilities") or b""):
            tree.problems.append(
                "This is a Xen dom0: Xen keeps the IOMMU to itself and shows no groups, although it may work. "
                "Start the machine without Xen once and collect again."
            )
        else:
            tree.problems.append(
                f"This is a virtual machine ({said['hypervisor']}): it shows the hypervisor's board and groups. "
                "Collect on the host."
            )
    if said["container"] not in {None, "none"}:
        tree.problems.append(
            f"This is a container ({said['container']}): firmware tables, config space and groups may be hidden. "
            "Collect on the host."
        )
    return {key: fact for key, fact in said.items() if fact is not None}


def _hypervisor(tree: Tree) -> str | None:
    """Return the hypervisor, ``none`` on a real machine, None when nothing tells.

    The processor's ``hypervisor`` flag (CPUID leaf 1, ECX bit 31) tells that there is one, the firmware which.
    """
    kind = tree.text("sys/hypervisor/type", 64)
    if kind is not None:
        return kind
    names = [
        tree.text(f"{_DMI}/{name}") or "" for name in ("sys_vendor", "product_name", "board_vendor", "bios_vendor")
    ]
    named = next((name for mark, name in _MAKERS if any(said.startswith(mark) for said in names)), None)
    if named is not None:
        return named
    known = flags(tree)
    if known is None:
        return None
    return "unknown" if "hypervisor" in known else "none"


def _container(tree: Tree) -> str | None:
    """Return the container's manager, ``none`` outside of any, None when nothing tells."""
    named = tree.text("run/systemd/container", 64) or tree.text("run/host/container-manager", 64)
    if named is not None:
        return named
    for path, manager in _CONTAINER_FILES:
        # OpenVZ shows /proc/vz on its host as well, and /proc/bc there only.
        if tree.exists(path) and not (manager == "openvz" and tree.exists("proc/bc")):
            return manager
    # lxcfs lays files of its own over some of /proc, so that they lie on another file system than the rest.
    places = tree.device_of("proc/cpuinfo"), tree.device_of("proc/version")
    if None in places:
        return None
    return "none" if places[0] == places[1] else "lxc"
