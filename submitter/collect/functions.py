"""PCI functions from ``/sys/bus/pci/devices``: one folder each, with config space as far as it may be read."""

from __future__ import annotations

import re

from hwdb.config_space import HEADER, decode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from submitter.collect.tree import Tree

DEVICES = "sys/bus/pci/devices"
ADDRESS = re.compile(r"[0-9a-f]{4,8}:[0-9a-f]{2}:[01][0-9a-f]\.[0-7]\Z")
_ROOT_BUS = re.compile(r"pci([0-9a-f]{4,8}:[0-9a-f]{2})\Z")
_HEX = re.compile(r"0x([0-9a-f]{1,6})\Z")
_WHOLE = 4096
# File -> key, for files with two or four hex digits after 0x.
_IDS = {
    "vendor": "vendor",
    "device": "device",
    "subsystem_vendor": "subsystem_vendor",
    "subsystem_device": "subsystem_device",
}
# File -> key, lowest and highest value that the report format takes.
_NUMBERS = {
    "numa_node": ("numa_node", -1, 2**31 - 1),
    "max_link_width": ("link_width_max", 0, 0xFF),
    "current_link_width": ("link_width", 0, 0xFF),
    "sriov_totalvfs": ("sriov_total_vfs", 0, 0xFFFF),
    "sriov_numvfs": ("sriov_num_vfs", 0, 0xFFFF),
}
_SPEEDS = {"max_link_speed": ("link_speed_max", 0, 1_000_000), "current_link_speed": ("link_speed", 0, 1_000_000)}
_BUSES = {
    "secondary_bus_number": ("secondary_bus", 0, 0xFF),
    "subordinate_bus_number": ("subordinate_bus", 0, 0xFF),
}
_HIGHEST_GROUP = 2**31 - 1


def read_functions(tree: Tree) -> list[dict[str, Any]]:
    """Return every PCI function in order of its address, domains kept.

    A key is left out when the machine does not tell; ``driver`` and ``reset_methods`` are known to be empty only where
    other functions of the same tree have some.
    """
    names = tree.names(DEVICES)
    if names is None:
        tree.problems.append("There is no /sys/bus/pci: this machine has no PCI bus, or a container hides it.")
        return []
    addresses = sorted(filter(ADDRESS.match, names), key=lambda address: (len(address), address))
    groups = read_members(tree)
    functions = [_read(tree, address, groups) for address in addresses]
    for key, nothing in (("driver", ""), ("reset_methods", [])):
        if any(key in function for function in functions):
            for function in functions:
                function.setdefault(key, nothing)
    return functions


def read_members(tree: Tree) -> dict[str, int]:
    """Return the group of every function by its address, as ``/sys/kernel/iommu_groups`` lists members."""
    base = "sys/kernel/iommu_groups"
    numbers = [name for name in tree.names(base) or () if is_group(name)]
    return {address: int(name) for name in numbers for address in tree.names(f"{base}/{name}/devices") or ()}


def root_buses_of(functions: list[dict[str, Any]], tree: Tree) -> list[dict[str, Any]]:
    """Return the root buses that functions hang from, with the ACPI node the firmware names each by."""
    found: dict[str, str] = {}
    for function in functions:
        path = tree.real(f"{DEVICES}/{function['address']}").split("/")
        for depth, part in enumerate(path, start=1):
            match = _ROOT_BUS.match(part)
            if match:
                found.setdefault(match[1], "/".join(path[:depth]))
    return [_root_bus(tree, bus, folder) for bus, folder in found.items()]


def _root_bus(tree: Tree, bus: str, folder: str) -> dict[str, Any]:
    said = {
        "acpi_path": tree.text(f"{folder}/firmware_node/path"),
        "acpi_uid": tree.text(f"{folder}/firmware_node/uid"),
    }
    return {"bus": bus, **{key: text for key, text in said.items() if text is not None}}


def _read(tree: Tree, address: str, groups: dict[str, int]) -> dict[str, Any]:
    folder = tree.real(f"{DEVICES}/{address}")
    here = set(tree.names(folder) or ())
    function: dict[str, Any] = {"address": address, "iommu_group": _group(tree, folder, address, groups)}
    function.update(_facts(tree, folder, here, _BUSES, _number))
    config = tree.read(f"{folder}/config", _WHOLE) if "config" in here else None
    if config is not None:
        function.update(decode(config))
        if len(config) == HEADER:
            tree.denied.add(f"{folder}/config")
    # The kernel's own reading comes after the registers: it corrects what devices are known to get wrong.
    function.update(_ids(tree, folder, here))
    function.update(_facts(tree, folder, here, _NUMBERS, _number))
    function.update(_facts(tree, folder, here, _SPEEDS, _speed))
    function.update(_words(tree, folder, here))
    function.update(_links(tree, folder, here))
    parent = folder.split("/")[-2]
    if ADDRESS.match(parent):
        function["parent"] = parent
    return function


def _facts(
    tree: Tree,
    folder: str,
    here: set[str],
    keys: dict[str, tuple[str, int, int]],
    convert: Callable[[str | None], int | None],
) -> dict[str, int]:
    """Return what files of one kind say; one that says nothing, or what cannot be, leaves its fact out."""
    found = {}
    for name, (key, low, high) in keys.items():
        value = convert(tree.text(f"{folder}/{name}")) if name in here else None
        if value is not None and low <= value <= high:
            found[key] = value
    return found


def _group(tree: Tree, folder: str, address: str, groups: dict[str, int]) -> int | None:
    linked = tree.link(f"{folder}/iommu_group") or ""
    return int(linked) if is_group(linked) else groups.get(address)


def is_group(name: str) -> bool:
    """Whether a folder's name is the number of an IOMMU group."""
    return name.isascii() and name.isdigit() and int(name[:11]) <= _HIGHEST_GROUP


def _ids(tree: Tree, folder: str, here: set[str]) -> dict[str, str]:
    facts = {key: _hex(tree, folder, name, 4) for name, key in _IDS.items() if name in here}
    # Conventional functions without a subsystem say zero.
    if facts.get("subsystem_vendor") == "0000" and facts.get("subsystem_device") == "0000":
        del facts["subsystem_vendor"], facts["subsystem_device"]
    code = _hex(tree, folder, "class", 6) if "class" in here else None
    if code is not None:
        facts["class"], facts["prog_if"] = code[:4], code[4:]
    if "revision" in here:
        facts["revision"] = _hex(tree, folder, "revision", 2)
    return {key: digits for key, digits in facts.items() if digits is not None}


def _hex(tree: Tree, folder: str, name: str, digits: int) -> str | None:
    """Return the hex digits of a file like ``0x1022``, None when it holds something else."""
    match = _HEX.match(tree.text(f"{folder}/{name}") or "")
    return match[1].zfill(digits) if match and len(match[1]) <= digits else None


def _words(tree: Tree, folder: str, here: set[str]) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    if "reset_method" in here:
        facts["reset_methods"] = (tree.text(f"{folder}/reset_method") or "").split()[:16]
    if "boot_vga" in here:
        facts["boot_vga"] = tree.text(f"{folder}/boot_vga") == "1"
    label = tree.text(f"{folder}/label") if "label" in here else None
    return facts if label is None else {**facts, "label": label}


def _links(tree: Tree, folder: str, here: set[str]) -> dict[str, Any]:
    links = (("driver", "driver"), ("iommu", "iommu_unit"), ("physfn", "physical_function"))
    found = {key: tree.link(f"{folder}/{name}") for name, key in links if name in here}
    if not ADDRESS.match(found.get("physical_function") or ""):
        found.pop("physical_function", None)
    return {key: name[:64] for key, name in found.items() if name is not None}


def _number(text: str | None) -> int | None:
    try:
        return None if text is None else int(text)
    except ValueError:
        return None


def _speed(text: str | None) -> int | None:
    """Return MT/s of ``8.0 GT/s PCIe``, None for ``Unknown``."""
    try:
        return None if text is None else round(float(text.split()[0]) * 1000)
    except (ValueError, IndexError, OverflowError):
        return None
