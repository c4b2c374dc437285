"""Recorded machines of other people as text: ``lspci -vv`` and ``dmidecode``, read for what the tests ask of them."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from hwdb.report import Function, Slot
from tests.conftest import CORPUS

if TYPE_CHECKING:
    from pathlib import Path

_HEADER = re.compile(r"(?:([0-9a-f]{4,}):)?([0-9a-f]{2}:[0-9a-f]{2}\.[0-7]) ([^:\[]+?)(?: \[([0-9a-f]{4})\])?: (.*)")
_BUSES = re.compile(r"\s+Bus: primary=\w\w, secondary=(\w\w), subordinate=(\w\w)")
_TYPE = re.compile(
    r"\s+Capabilities: \[\w+\] Express \(v\d\) (Root Port|Upstream Port|Downstream Port|PCI-Express to PCI)"
)
_WIDTH = re.compile(r"\s+LnkCap:.* Width x(\d+)")
_PHYSICAL = re.compile(r"\s+Physical Slot: (\S+)")
_CLASSES = {"PCI bridge": "0604", "Host bridge": "0600"}
_TYPES = {"PCI-Express to PCI": "pcie_to_pci_bridge"}
_USAGES = {"In Use": "in_use", "Available": "available", "Unavailable": "unavailable"}


def lspci_dumps() -> list[Path]:
    """Return the recorded listings; without them the test that asks is skipped."""
    return _some([*CORPUS.glob("lspci/*.lspci.txt"), *CORPUS.glob("lab/*/lspci.txt")])


def corpus_text(name: str, kind: str) -> Path:
    """Return one recorded text, like ``RT-B94692FB`` and ``dmidecode``."""
    return _some(list(CORPUS.glob(f"lspci/{name}.{kind}.txt")))[0]


def _some(paths: list[Path]) -> list[Path]:
    if not paths:
        pytest.skip(f"no recorded machines at {CORPUS}; HWDB_CORPUS names their folder")
    return sorted(paths)


def read_lspci(path: Path) -> dict[str, Function]:
    """Return the functions of a listing, with buses, port types and link widths where it shows them."""
    functions: dict[str, Function] = {}
    address = ""
    for line in _lines(path):
        header = _HEADER.match(line)
        if header is not None:
            address = f"{header[1] or '0000'}:{header[2]}"
            functions[address] = _function(address, header[4] or _CLASSES.get(header[3], "ffff"), header[5])
        elif address:
            functions[address] = _with_line(functions[address], line)
    return functions


def _with_line(function: Function, line: str) -> Function:
    buses, kind, width = _BUSES.match(line), _TYPE.match(line), _WIDTH.match(line)
    if buses is not None and function.class_ == "0604":
        return replace(function, secondary_bus=int(buses[1], 16), subordinate_bus=int(buses[2], 16))
    if kind is not None:
        return replace(function, port_type=_TYPES.get(kind[1], kind[1].lower().replace(" ", "_")))
    return function if width is None else replace(function, link_width_max=int(width[1]))


def _function(address: str, class_: str, name: str) -> Function:
    ids = re.search(r"\[([0-9a-f]{4}):([0-9a-f]{4})\]", name)
    if ids is not None:
        return Function(address, class_=class_, vendor=ids[1], device=ids[2])
    # Without ids, the names still tell AMD's internal ports, which is what the derivation of bus numbers asks for.
    amd = "Advanced Micro Devices" in name
    return Function(
        address, class_=class_, vendor="1022" if amd else "ffff", device="1454" if "Internal" in name else "0"
    )


def read_slot_numbers(path: Path) -> tuple[Slot, ...]:
    """Return the kernel's slot numbers that a listing prints with the devices in the slots."""
    slots: dict[str, str] = {}
    address = ""
    for line in _lines(path):
        header, number = _HEADER.match(line), _PHYSICAL.match(line)
        if header is not None:
            address = f"{header[1] or '0000'}:{header[2]}"
        elif number is not None:
            slots[address.rsplit(".", 1)[0] + ".0"] = number[1]
    return tuple(Slot(number, "pci_slots", address=address) for address, number in slots.items())


def read_slot_table(path: Path) -> tuple[Slot, ...]:
    """Return the type 9 entries of a ``dmidecode`` output, in the table's order."""
    parts = "\n".join(_lines(path)).split("\nSystem Slot Information\n")[1:]
    return tuple(_slot(dict(re.findall(r"^\t([\w ]+): (.*)$", part.split("\n\n")[0], re.MULTILINE))) for part in parts)


def _slot(said: dict[str, str]) -> Slot:
    lanes = re.match(r"x(\d+) ", said.get("Type", ""))
    return Slot(
        said.get("Designation"),
        "smbios",
        "pci" if "-bit PCI" in said.get("Type", "") else "m2" if "M.2" in said.get("Type", "") else "pcie",
        electrical_lanes=None if lanes is None else int(lanes[1]),
        usage=_USAGES.get(said.get("Current Usage", ""), "other"),
        id=int(said["ID"]) if said.get("ID", "").isdecimal() else None,
        address=said.get("Bus Address"),
    )


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8", errors="replace").splitlines()
