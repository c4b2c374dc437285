"""What Proxmox VE lists: ``pvesh get /nodes/NODE/hardware/pci``, as a drawn table or as JSON. No I/O.

    │ class    │ device │ id           │ iommugroup │ vendor │ device_name
    │ 0x010802 │ 0xa804 │ 0000:01:00.0 │         14 │ 0x144d │ NVMe SSD Controller SM961/PM961

The first five columns always stand in this order; the others are cut off at the width of the terminal. ``-1`` says
that a function is in no group (PVE::SysFSTools). Unless it is told otherwise, Proxmox hides bridges, memory and
processors, so a list without any bridge is not the whole machine.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from hwdb.errors import ParseError
from hwdb.importers import posted
from hwdb.importers.json_text import decode_begun, place_of
from hwdb.importers.lspci_line import full_address
from hwdb.importers.untyped import table_of, tables_of, text_of, whole_of
from hwdb.report import Function, Iommu, Provenance, Report

if TYPE_CHECKING:
    from collections.abc import Iterable

_BORDER = r"[ \t]*+[│|]?+[ \t]*+"
_ROW = re.compile(
    rf"[ \t]*+[│|]?+[ \t]*+0x(?P<class>[0-9a-f]{{6}}){_BORDER}0x(?P<device>[0-9a-f]{{4}}){_BORDER}"
    rf"(?P<id>[0-9a-f]{{4,8}}:[0-9a-f]{{2}}:[01][0-9a-f]\.[0-7]){_BORDER}(?P<iommugroup>-?[0-9]{{1,7}})"
    # A narrow terminal cuts within the fifth column; before it, the number would not be whole.
    rf"(?:{_BORDER}0x(?P<vendor>[0-9a-f]{{4}})(?![0-9a-zA-Z])|[ \t]*+[│|][ \t0-9a-fx]{{0,9}}\Z)",
    re.IGNORECASE,
)
_CLASS_CODE = re.compile(r"0x[0-9a-fA-F]{6}(?![0-9a-fA-F])")
_HEADING = re.compile(rf"[ \t]*+[│|]?+[ \t]*+class{_BORDER}device{_BORDER}id{_BORDER}iommugroup{_BORDER}vendor\b")
_COLUMN_MARK = re.compile("[│|]")
# The first object of an array, or of what the API answers around it; the key may be any of its twelve.
_JSON = re.compile(
    r'(?:\{\s{0,99}"data"\s{0,99}:\s{0,99})?\[\s{0,999}\{\s{0,99}'
    r'"(?:class|device|device_name|id|iommugroup|mdev|vendor|vendor_name|subsystem_[a-z_]{6,16})"\s{0,99}:'
)
_JSON_MARKS = ('"iommugroup"', '"class"', '"id"')
_HEX = re.compile(r"0x([0-9a-fA-F]{1,6})")
_MOST_PROBLEMS = 128
_MOST_TABLES = 16
_ENTRY_DEPTH = 2

_HIDDEN = (
    "No bridge is listed: Proxmox hides bridges, memory and processors unless pvesh is called with "
    '--pci-class-blacklist "", so groups may have more members than are shown.'
)


@dataclass
class _Listing:
    """What was read: where it starts, functions by address, and what is wrong, in sentences."""

    start: int = 1
    functions: dict[str, Function] = field(default_factory=dict)
    groups_told: bool = False
    problems: list[str] = field(default_factory=list)

    def note(self, problem: str) -> None:
        """Add a problem, unless there are more than anybody reads."""
        if len(self.problems) < _MOST_PROBLEMS - 1:
            self.problems.append(problem)

    def add(self, function: Function, place: str) -> None:
        """Add a function, or say that it is there already."""
        if function.address in self.functions:
            self.note(f"{place} lists {function.address} again; the first one counts.")
        else:
            self.functions[function.address] = function

    def report(self) -> Report:
        """Return what the list says of the machine."""
        functions = tuple(self.functions.values())
        grouped = any(function.iommu_group is not None for function in functions)
        if not any((function.class_ or "").startswith("06") for function in functions):
            self.problems.append(_HIDDEN)
        return Report(
            functions=functions,
            iommu=Iommu(state="on" if grouped else "off" if self.groups_told else None),
            provenance=Provenance(source="pvesh", problems=tuple(self.problems[-_MOST_PROBLEMS:]) or None),
        )


def sniff(text: str) -> bool:
    """Whether a row of the table, or an object of the array, stands here."""
    if place_of(text, _JSON, _JSON_MARKS) is not None:
        return True
    # Most texts are told by a number that is not in them.
    if _CLASS_CODE.search(text) is None:
        return False
    return any("0x" in line.text and _ROW.match(line.text) for line in posted.lines(text))


def parse(text: str) -> Report:
    """Return what the list says of its machine, of several tables the largest.

    Raises:
        ParseError: There is no row in it, or the JSON is malformed.
    """
    lists = _lists(text)
    largest = max(lists, key=lambda one: len(one.functions))
    largest.problems[:0] = [
        f"Line {other.start} begins another table, which was passed over." for other in lists if other is not largest
    ]
    return largest.report()


def parse_all(text: str) -> tuple[Report, ...]:
    """Return a report for each table of a text; one that is posted twice is one.

    Raises:
        ParseError: There is no row in it, or the JSON is malformed.
    """
    return tuple({report.functions: report for report in (one.report() for one in _lists(text))}.values())


def _lists(text: str) -> list[_Listing]:
    """Return the lists of a text, each with a function at least."""
    place = place_of(text, _JSON, _JSON_MARKS)
    if place is None:
        lists = _from_rows(text)
    else:
        data, cut = decode_begun(*place, _ENTRY_DEPTH)
        lists = [_from_objects(_array(data))]
        lists[0].problems[:0] = [cut] if cut else []
    filled = [one for one in lists if one.functions]
    if not filled:
        raise ParseError(
            "no device is listed here as pvesh does it; a row has class, device, id, iommugroup and vendor, like "
            "'│ 0x030000 │ 0x1b80 │ 0000:08:00.0 │ 14 │ 0x10de │'"
        )
    return filled


def _array(document: Any) -> list[dict[str, Any]]:
    return tables_of(document.get("data") if isinstance(document, dict) else document)


def _from_objects(objects: Iterable[dict[str, Any]]) -> _Listing:
    listing = _Listing()
    for number, said in enumerate(objects, start=1):
        address = full_address(text_of(said.get("id")) or "")
        if address is None:
            listing.note(f"Object {number} has no address of a PCI function in id; it was passed over.")
            continue
        group = whole_of(said.get("iommugroup"), low=-1)
        listing.groups_told = listing.groups_told or group is not None
        listing.add(_function(address, group, table_of(said)), f"Object {number}")
    return listing


def _from_rows(text: str) -> list[_Listing]:
    """Return the tables of a text; each begins with its heading, and they are never mixed."""
    tables, columns = [_Listing()], ["device_name"]
    for line in posted.lines(text):
        row = _ROW.match(line.text) if "0x" in line.text else None
        heading = None if row or not line.text else _HEADING.match(line.text)
        if heading is not None:
            columns = _cells(line.text[heading.end() :])
            if tables[-1].functions and len(tables) < _MOST_TABLES:
                tables.append(_Listing(start=line.number))
        address = None if row is None else full_address(row["id"])
        if row is not None and address is not None:
            cells = dict(zip(columns, _cells(line.text[row.end() :]), strict=False))
            tables[-1].groups_told = True
            function = _function(address, int(row["iommugroup"]), {**cells, **row.groupdict()})
            tables[-1].add(function, f"Line {line.number}")
    return tables


def _cells(rest: str) -> list[str]:
    """Return the cells behind the fifth column."""
    return [cell.strip() for cell in _COLUMN_MARK.split(rest)[1:]]


def _function(address: str, group: int | None, said: dict[str, Any]) -> Function:
    code = _hex(said.get("class"), 6)
    names = [text_of(said.get(key)) for key in ("vendor_name", "device_name")]
    return Function(
        address=address,
        iommu_group=None if group is None or group < 0 else group,
        class_=None if code is None else code[:4],
        prog_if=None if code is None else code[4:],
        vendor=_hex(said.get("vendor"), 4),
        device=_hex(said.get("device"), 4),
        subsystem_vendor=_hex(said.get("subsystem_vendor"), 4),
        subsystem_device=_hex(said.get("subsystem_device"), 4),
        name=text_of(" ".join(name for name in names if name)),
    )


def _hex(said: Any, digits: int) -> str | None:
    """Return the digits of ``0x10de``; the table's rows come without the prefix."""
    if not isinstance(said, str):
        return None
    match = _HEX.fullmatch(said if said[:2].lower() == "0x" else f"0x{said}")
    return match[1].lower().zfill(digits) if match and len(match[1]) <= digits else None
