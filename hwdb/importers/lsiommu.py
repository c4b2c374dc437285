"""What puavo-os's lsiommu prints, as text and as JSON. No I/O.

    Group 042 Address 0000:43:00.0 Class 030000 ID 10de:2204 Revision a1
    Group 043 0000:44:00.0 N/A
    {"iommu_groups":[{"id":42,"devices":[{"address":"0000:43:00.0","class":"030000","vendor":"10de","device":"2204"}]}]}

Written from the program's source, https://github.com/puavo-org/lsiommu; no paste of it was found.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from hwdb.errors import ParseError
from hwdb.importers import json_text
from hwdb.importers.listing import Listing, Member, largest, listings_of, reports_of
from hwdb.importers.lspci_line import full_address
from hwdb.importers.posted import lines
from hwdb.importers.stated import stated_in
from hwdb.importers.untyped import table_of, tables_of, whole_of
from hwdb.report import Function

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hwdb.report import Report

_ADVICE = "no function stands in a group here; lsiommu prints lines like 'Group 042 Address 0000:43:00.0 Class 030000'"
_LINE = re.compile(
    r"[\s>|*`-]{0,40}Group ([0-9]{1,5}) (?:Address ([0-9A-Fa-f:.]{7,18})(?= |$)|([0-9A-Fa-f:.]{7,18}) N/A)(.{0,200})"
)
_CLASS = re.compile(r"\bClass ([0-9A-Fa-f]{4})([0-9A-Fa-f]{2})\b")
_IDS = re.compile(r"\bID ([0-9A-Fa-f]{4}):([0-9A-Fa-f]{4})\b")
_SUBSYSTEM = re.compile(r"\bSubsystem ([0-9A-Fa-f]{4}):([0-9A-Fa-f]{4})\b")
_REVISION = re.compile(r"\bRevision ([0-9A-Fa-f]{2})\b")
_JSON = re.compile(r'\{\s{0,99}"iommu_groups"\s{0,99}:')
_MARKS = ('"iommu_groups"',)
_HIGHEST, _ENTRY_DEPTH = 99_999, 4


def sniff(text: str) -> bool:
    """Whether the text has a line of lsiommu, or begins its JSON."""
    return json_text.place_of(text, _JSON, _MARKS) is not None or (
        "Group " in text and any(_LINE.match(one.text) for one in lines(text))
    )


def parse(text: str) -> Report:
    """Return the report of the machine that is listed, the largest one where there are several.

    Raises:
        ParseError: Nothing is listed, or the JSON is malformed.
    """
    return largest(_read(text), _ADVICE)


def parse_all(text: str) -> tuple[Report, ...]:
    """Return a report for each machine that is listed.

    Raises:
        ParseError: Nothing is listed, or the JSON is malformed.
    """
    found = _read(text)
    largest(found, _ADVICE)
    return tuple(report for _, report in found)


def _read(text: str) -> tuple[tuple[int, Report], ...]:
    begun = json_text.place_of(text, _JSON, _MARKS)
    data, cut = (None, None) if begun is None else json_text.decode_begun(*begun, _ENTRY_DEPTH)
    members = _of_lines(text) if begun is None else _of_json(data, begun[0].count("\n", 0, begun[1]) + 1)
    listings: list[Listing] = listings_of(members)
    if cut and listings:
        listings[0].note(cut)
    stated = stated_in(lines(text)) if begun is None else None
    return reports_of(listings, "lsiommu", stated.added_to if stated and len(listings) == 1 else None)


def _of_lines(text: str) -> Iterator[Member]:
    for line in lines(text):
        said = _LINE.match(line.text) if "Group " in line.text else None
        address = full_address(said[2] or said[3]) if said else None
        if said is None or address is None:
            continue
        class_, ids, revision = _CLASS.search(said[4]), _IDS.search(said[4]), _REVISION.search(said[4])
        subsystem = _SUBSYSTEM.search(said[4])
        function = Function(
            address,
            int(said[1]),
            class_=class_[1].lower() if class_ else None,
            prog_if=class_[2].lower() if class_ else None,
            vendor=ids[1].lower() if ids else None,
            device=ids[2].lower() if ids else None,
            subsystem_vendor=subsystem[1].lower() if subsystem else None,
            subsystem_device=subsystem[2].lower() if subsystem else None,
            revision=revision[1].lower() if revision else None,
        )
        yield Member(function, line.number, line.number)


def _of_json(data: Any, line: int) -> Iterator[Member]:
    groups = tables_of(table_of(data).get("iommu_groups"))
    if not groups:
        raise ParseError('this JSON lists no IOMMU groups: its "iommu_groups" is no list of objects or empty')
    for group in groups:
        number = whole_of(group.get("id"), high=_HIGHEST)
        for device in tables_of(group.get("devices")):
            address = full_address(device["address"]) if isinstance(device.get("address"), str) else None
            if number is not None and address is not None:
                yield Member(_of_object(device, address, number), line, line)


def _of_object(device: dict[str, Any], address: str, group: int) -> Function:
    class_ = _digits(device.get("class"), 6) or ""
    return Function(
        address,
        group,
        class_=class_[:4] or None,
        prog_if=class_[4:] or None,
        vendor=_digits(device.get("vendor"), 4),
        device=_digits(device.get("device"), 4),
        revision=_digits(device.get("revision"), 2),
    )


def _digits(value: Any, count: int) -> str | None:
    """Return hex digits of a fixed number, without the 0x some tools write; None when the value is none."""
    text = value.strip().lower().removeprefix("0x") if isinstance(value, str) else ""
    return text if len(text) == count and all(digit in "0123456789abcdef" for digit in text) else None
