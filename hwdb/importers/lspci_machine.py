"""lspci for programs: records of ``-vmm`` and lines of ``-mm``, with names, numbers or both. No I/O.

    Slot:   01:00.0
    Class:  VGA compatible controller [0300]
    Vendor: NVIDIA Corporation [10de]
    Device: GP104 [1b80]
    IOMMUGroup:     14

    01:00.0 "VGA compatible controller [0300]" "NVIDIA Corporation [10de]" "GP104 [1b80]" -ra1 "ASUSTeK ..." "..."

Only the records hold groups.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from hwdb.errors import ParseError
from hwdb.importers.class_names import class_named
from hwdb.importers.listing import MOST_PROBLEMS
from hwdb.importers.lspci_facts import nameless
from hwdb.importers.lspci_line import full_address
from hwdb.importers.lspci_records import shows_a_device
from hwdb.importers.lspci_verbose import (
    MOST_SLOTS,
    NO_IDS,
    NOT_GROUPED,
    lacks_ids,
    slot_of,
    with_drivers,
    with_multifunction,
)
from hwdb.importers.posted import lines
from hwdb.report import Function, Iommu, Provenance, Report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hwdb.report import Slot

_FIELD = re.compile(r"[\s>|]*+([A-Za-z]{2,12}):(?:\s++(.{0,500})|\s*+\Z)")
_FIELDS = frozenset(
    {
        *("Class", "Vendor", "Device", "SVendor", "SDevice", "Rev", "ProgIf", "Driver", "NUMANode", "IOMMUGroup"),
        *("PhySlot", "Label"),
    }
)
_QUOTED = re.compile(r'"([^"]{0,300})"')
_OPTION = re.compile(r"\s-([rp])([0-9a-f]{2})(?=\s|$)")
_LINE = re.compile(r'[\s>|]*+((?:[0-9A-Fa-f]{4,8}:)?[0-9A-Fa-f]{2}:[01][0-9A-Fa-f]\.[0-7])\s++(?=")')
_NUMBER = re.compile(r"(?:\A|\[)([0-9A-Fa-f]{4})\]?\Z")
_BRACKET = re.compile(r"\s*\[[0-9A-Fa-f]{4}\]\Z")
_WHOLE = re.compile(r"-?[0-9]{1,6}")
_LONGEST_NAME = 200
_FEWEST = 2


def sniff(text: str) -> bool:
    """Whether there are records with an address and a class, or lines of quoted columns."""
    # Most texts are told by a sign that is not in them.
    records = "Class:" in text and ("Slot:" in text or "Device:" in text)
    if not records and not (('"' in text or "&" in text) and shows_a_device(text)):
        return False
    seen = 0
    for _, fields in _records(text):
        seen += "Class" in fields
        if seen == _FEWEST:
            return True
    return False


def parse(text: str) -> Report:
    """Return the report of the machine a text shows.

    Raises:
        ParseError: There is no record of a device.
    """
    functions: dict[str, Function] = {}
    slots: dict[tuple[str, str], Slot] = {}
    problems: list[str] = []
    for number, fields in _records(text):
        function = _function(fields)
        if function is None:
            continue
        if function.address not in functions:
            functions[function.address] = function
            slot = slot_of(fields.get("PhySlot"), function.address)
            if slot is not None:
                slots[slot.designation or "", slot.address or ""] = slot
        elif functions[function.address] != function and len(problems) < MOST_PROBLEMS:
            problems.append(f"Line {number} lists {function.address} again; the first record counts.")
    if not functions:
        raise ParseError("no record of lspci -vmm stands here; one begins with a line like 'Slot:\t01:00.0'")
    return _report(list(functions.values()), list(slots.values()), problems)


def _report(functions: list[Function], slots: list[Slot], problems: list[str]) -> Report:
    grouped = any(function.iommu_group is not None for function in functions)
    said = [*([] if grouped else [NOT_GROUPED]), *([NO_IDS] if lacks_ids(functions) else []), *problems]
    return Report(
        functions=tuple(with_drivers(with_multifunction(functions))),
        iommu=Iommu(state="on" if grouped else None),
        slots=tuple(slots)[:MOST_SLOTS] or None,
        provenance=Provenance(source="lspci-vmm", problems=tuple(said[:MOST_PROBLEMS]) or None),
    )


def _records(text: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the line each record starts on, and its fields."""
    start, fields = 0, dict[str, str]()
    for number, line in lines(text):
        columns = _columns(line)
        known = _FIELD.match(line) if columns is None else None
        if columns is not None or (known is not None and _begins(known)):
            if fields:
                yield start, fields
            start, fields = number, columns or {"Slot": known[2].strip() if known else ""}
        elif known is not None and fields and known[1] in _FIELDS:
            fields.setdefault(known[1], (known[2] or "").strip())
    if fields:
        yield start, fields


def _begins(known: re.Match[str]) -> bool:
    # In the old form of -vm, the address is called a device too.
    return known[1] in {"Slot", "Device"} and full_address(known[2] or "") is not None


def _columns(line: str) -> dict[str, str] | None:
    """Return the fields of a line of ``-mm``."""
    place = _LINE.match(line)
    if place is None:
        return None
    names = ("Class", "Vendor", "Device", "SVendor", "SDevice")
    fields = dict(zip(names, _QUOTED.findall(line, place.end()), strict=False))
    options = {"r": "Rev", "p": "ProgIf"}
    fields.update((options[letter], digits) for letter, digits in _OPTION.findall(line, place.end()))
    return {"Slot": place[1], **fields}


def _function(fields: dict[str, str]) -> Function | None:
    address = full_address(fields["Slot"])
    if address is None or "Class" not in fields:
        return None
    said: dict[str, Any] = {
        "class_": _id(fields.get("Class")) or class_named(fields["Class"]),
        "vendor": _id(fields.get("Vendor")),
        "device": _id(fields.get("Device")) or nameless(fields.get("Device")),
        "subsystem_vendor": _id(fields.get("SVendor")),
        "subsystem_device": _id(fields.get("SDevice")) or nameless(fields.get("SDevice")),
        "revision": _hex2(fields.get("Rev")),
        "prog_if": _hex2(fields.get("ProgIf")),
        "driver": (fields.get("Driver") or "")[:64] or None,
        "numa_node": _whole(fields.get("NUMANode"), -1),
        "iommu_group": _whole(fields.get("IOMMUGroup"), 0),
        "label": (fields.get("Label") or "")[:_LONGEST_NAME].rstrip() or None,
        "name": _name(fields.get("Vendor"), fields.get("Device")),
    }
    return Function(address=address, **said)


def _id(text: str | None) -> str | None:
    found = _NUMBER.search(text or "")
    return found[1].lower() if found else None


def _hex2(text: str | None) -> str | None:
    return text.lower() if text and re.fullmatch(r"[0-9A-Fa-f]{2}", text) else None


def _whole(text: str | None, low: int) -> int | None:
    return max(low, int(text)) if text and _WHOLE.fullmatch(text) else None


def _name(*parts: str | None) -> str | None:
    """Return vendor and device in words, as the first line of lspci has them; numbers alone are no name."""
    said = [_BRACKET.sub("", part) for part in parts if part and not re.fullmatch(r"[0-9A-Fa-f]{4}", part)]
    return " ".join(said)[:_LONGEST_NAME].strip() or None
