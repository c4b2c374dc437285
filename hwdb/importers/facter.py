"""A report of nixos-facter (``facter.json``), in all its dialects. No I/O.

What stands where, as found in real reports: a PCI function is in exactly one of the lists of ``hardware``; its place
in the tree is ``sysfs_id``; numbers are dependable, names are not. Older releases write one object where newer ones
write a list, leave out ``hex``, and call their version 2. Disks, network addresses and other lists are never read.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from hwdb.errors import ParseError
from hwdb.importers import facter_smbios as smbios
from hwdb.importers.json_text import decode_begun, place_of
from hwdb.importers.lspci_line import full_address
from hwdb.importers.untyped import WORD, hex_of, table_of, tables_of, text_of, whole_of
from hwdb.report import Function, Iommu, Memory, Provenance, Report, RootBus, Virtualization

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from hwdb.report import Slot

_START = re.compile(r'\{\s*+"(?:hardware|smbios|swap|system|uefi|version|virtualisation)"')
_ENTRY_DEPTH = 3
_MARKS = ('"hardware"', '"sysfs_bus_id"')
_ROOT_BUS = re.compile(r"pci([0-9a-f]{4,8}:[0-9a-f]{2})")
_ALIAS = re.compile(
    r"pci:v0000(?P<vendor>[0-9A-F]{4})d0000(?P<device>[0-9A-F]{4})sv0000(?P<sub_vendor>[0-9A-F]{4})"
    r"sd0000(?P<sub_device>[0-9A-F]{4})bc(?P<base>[0-9A-F]{2})sc(?P<sub>[0-9A-F]{2})i(?P<interface>[0-9A-F]{2})"
)
# What systemd-detect-virt calls containers, in facter's spelling; every other word but "none" is a hypervisor.
_CONTAINERS = frozenset(
    {
        *("systemd_nspawn", "lxc_libvirt", "lxc", "openvz", "docker", "podman", "rkt", "wsl", "proot", "pouch"),
        "container_other",
    }
)
# The version of reports in August and September 2024, the first of which knew no groups.
_FIRST_VERSION = 2

_NO_KERNEL = (
    "A facter report tells neither the kernel's version nor its parameters: an ACS override would not show in it."
)
_NO_GROUPS = "No function has a group; facter's first version wrote none, so the IOMMU may be on all the same."
_NO_SMBIOS = "There are no SMBIOS facts: board, firmware and slots are not known."


def sniff(text: str) -> bool:
    """Whether a JSON document of facter's form begins here, behind prose at most."""
    return place_of(text, _START, _MARKS) is not None


def parse(text: str) -> Report:
    """Return what a facter report says of its machine.

    Raises:
        ParseError: It is malformed JSON, or no report of facter.
    """
    place = place_of(text, _START, _MARKS[:1])
    document, cut = decode_begun(*place, _ENTRY_DEPTH) if place else (None, None)
    lists = table_of(table_of(document).get("hardware"))
    if not lists:
        raise ParseError('this is no report of nixos-facter: it is one JSON object with "hardware" in it')
    problems: list[str] = [cut] if cut else []
    functions = _functions(lists, problems)
    said = table_of(table_of(document).get("smbios"))
    slots = _slots(said, functions, problems)
    problems.append(_NO_KERNEL)
    if not said:
        problems.append(_NO_SMBIOS)
    state = _state(functions, table_of(document).get("version"))
    if cut:
        # What is not there may have followed.
        slots, state = slots or None, None if state == "off" else state
    if state is None and functions:
        problems.append(_NO_GROUPS)
    return Report(
        functions=functions,
        board=smbios.board_of(said),
        system=smbios.system_of(said),
        chassis=smbios.chassis_of(said),
        bios=smbios.bios_of(said),
        cpus=smbios.cpus_of(said, tables_of(lists.get("cpu"))),
        memory=Memory() if cut else smbios.memory_of(said, tables_of(lists.get("memory"))),
        iommu=Iommu(state=state),
        virtualization=_virtualization(table_of(document).get("virtualisation")),
        root_buses=_root_buses(lists) or None,
        slots=slots,
        provenance=Provenance(source="facter", problems=tuple(problems)),
    )


def _entries(lists: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the PCI functions of all lists, each with its address."""
    for entries in lists.values():
        for entry in tables_of(entries):
            said = text_of(entry.get("sysfs_bus_id"), WORD)
            # An address without a domain is a USB interface's, like "3-1.2:1.0", or none at all.
            address = full_address(said) if said is not None and said.count(":") == 2 else None
            if address is not None:
                yield address, entry


def _functions(lists: dict[str, Any], problems: list[str]) -> tuple[Function, ...]:
    found: dict[str, Function] = {}
    again = 0
    for address, entry in _entries(lists):
        if address in found:
            again += 1
        else:
            found[address] = _function(address, entry)
    if again:
        problems.append(f"{again} functions stand there more than once; the first entry of each counts.")
    if not found:
        problems.append("No PCI function stands in it.")
    bound = any(function.driver for function in found.values())
    ordered = sorted(found.values(), key=lambda function: (len(function.address), function.address))
    # A driver is left out when none is bound, and also where sysfs was hidden: then none is known at all.
    return tuple(ordered if bound else (_without_driver(function) for function in ordered))


def _without_driver(function: Function) -> Function:
    return Function(**{**vars(function), "driver": None})


def _function(address: str, entry: dict[str, Any]) -> Function:
    # The kernel's own words for ids and class: hwinfo changes the subclass of wireless adapters.
    alias = _ALIAS.fullmatch(text_of(entry.get("module_alias")) or "")
    kernel = {} if alias is None else {key: digits.lower() for key, digits in alias.groupdict().items()}
    detail = table_of(entry.get("detail"))
    header_type = whole_of(detail.get("header_type"), high=0x7F)
    subsystem = {key: kernel.get(key) or _id(entry, key) for key in ("sub_vendor", "sub_device")}
    # Functions without a subsystem say zero.
    known = any(digits not in {None, "0000"} for digits in subsystem.values())
    base, sub = kernel.get("base") or _byte(entry, "base_class"), kernel.get("sub") or _byte(entry, "sub_class") or "00"
    return Function(
        address=address,
        iommu_group=whole_of(entry.get("sysfs_iommu_group_id")),
        class_=None if base is None else base + sub,
        prog_if=kernel.get("interface") or hex_of(detail.get("prog_if"), 2) or _byte(entry, "pci_interface"),
        vendor=kernel.get("vendor") or _id(entry, "vendor"),
        device=kernel.get("device") or _id(entry, "device"),
        subsystem_vendor=subsystem["sub_vendor"] if known else None,
        subsystem_device=subsystem["sub_device"] if known else None,
        # Facter leaves zeros out.
        revision=_byte(entry, "revision") if "revision" in entry else "00",
        header_type=header_type,
        parent=_parent(address, entry),
        secondary_bus=(whole_of(detail.get("secondary_bus"), 1, 0xFF) if header_type == 1 else None),
        driver=text_of(entry.get("driver"), WORD) or "",
        label=text_of(entry.get("label")),
    )


def _id(entry: dict[str, Any], key: str) -> str | None:
    return hex_of(table_of(entry.get(key)).get("value"), 4)


def _byte(entry: dict[str, Any], key: str) -> str | None:
    return hex_of(table_of(entry.get(key)).get("value"), 2)


def _path(entry: dict[str, Any]) -> list[str]:
    return (text_of(entry.get("sysfs_id"), 1000) or "").split("/")


def _parent(address: str, entry: dict[str, Any]) -> str | None:
    """Return the bridge above, None on a root bus: its folder lies in the root bus's (``.../pci10000:e0/...``)."""
    path = _path(entry)
    if len(path) < 2 or full_address(path[-1]) != address:
        return None
    return full_address(path[-2]) if path[-2].count(":") == 2 else None


def _root_buses(lists: dict[str, Any]) -> tuple[RootBus, ...]:
    named = (_ROOT_BUS.fullmatch(part) for _, entry in _entries(lists) for part in _path(entry))
    buses = sorted({match[1] for match in named if match is not None}, key=lambda bus: (len(bus), bus))
    return tuple(RootBus(bus) for bus in buses[:256])


def _slots(said: dict[str, Any], functions: Iterable[Function], problems: list[str]) -> tuple[Slot, ...] | None:
    if not said:
        return None
    slots = smbios.slots_of(said)
    labelled = smbios.labelled_slots(smbios.board_of(said).vendor, functions, slots)
    if len(slots) + len(labelled) > smbios.MOST_SLOTS:
        problems.append(f"There are more than {smbios.MOST_SLOTS} slot statements; the first ones count.")
    return (*slots, *labelled)[: smbios.MOST_SLOTS]


def _state(functions: Iterable[Function], version: Any) -> str | None:
    """Return ``on`` when there are groups, ``off`` when facter looked for them and there are none."""
    listed = tuple(functions)
    if any(function.iommu_group is not None for function in listed):
        return "on"
    return "off" if listed and version != _FIRST_VERSION else None


def _virtualization(said: Any) -> Virtualization:
    word = text_of(said, WORD)
    if word is None:
        return Virtualization()
    word = word.lower()
    if word == "none":
        return Virtualization(hypervisor="none", container="none")
    return Virtualization(container=word) if word in _CONTAINERS else Virtualization(hypervisor=word)
