"""Tables that people draw by hand in Markdown: a column of addresses, one of groups, in any order. No I/O.

    | GPU PCI      | NUMA | IOMMU Group |
    |--------------|------|-------------|
    | 0000:1b:00.0 | 0    | 50          |

A cell may hold several addresses and groups ("0000:22:00.0 / 0000:49:00.3", "31 / 55"); a column that shows the way
to a device holds the addresses of others and is not read.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from hwdb.importers.listing import Listing, Member, largest, listings_of, reports_of
from hwdb.importers.lspci_line import full_address
from hwdb.importers.posted import lines
from hwdb.importers.posted_device import PLACE
from hwdb.importers.stated import stated_in
from hwdb.report import Function

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hwdb.report import Report

_ADVICE = (
    "no table here has a column of addresses like 0000:01:00.0 and one of IOMMU groups; "
    "a table begins with a line of headings and a line of dashes"
)
_RULE = re.compile(r"[\s|:+-]{3,2000}")
_GROUP_HEADING = re.compile(r"\b(?:iommu|groups?|grp)\b", re.IGNORECASE)
_OTHER_GROUP = re.compile(r"\b(?:user|numa|cpu|vm)\s?groups?\b", re.IGNORECASE)
_WAY_HEADING = re.compile(r"\b(?:path|parent|upstream|route|root|topology|bridge|behind)\b", re.IGNORECASE)
_NAME_HEADING = re.compile(r"\b(?:name|description|device|model|product)\b", re.IGNORECASE)
_GROUPS = re.compile(r"(?:(?:iommu\s)?group\s)?#?[0-9]{1,5}(?:\s{0,3}[/,;&+]\s{0,3}[0-9]{1,5}){0,32}", re.IGNORECASE)
_IDS = re.compile(r"(?<![0-9A-Fa-f:.])([0-9A-Fa-f]{4}):([0-9A-Fa-f]{4})(?![0-9A-Fa-f:.])")
_BETWEEN = re.compile(r"[\s/,;&+`*()-]{0,40}(?:and|<br>)?[\s/,;&+`*()-]{0,40}")
_LONGEST_NAME = 200
_MOST_CELLS, _LONGEST_CELL = 64, 1000


class _Columns(NamedTuple):
    """Where a table holds what; the addresses may stand in several columns."""

    group: int
    ways: frozenset[int]
    name: int | None


def sniff(text: str) -> bool:
    """Whether a table puts an address in a group."""
    # Most texts are told by a sign that is not in them.
    if "|" not in text and "&" not in text:
        return False
    return any(True for _ in _members(text, []))


def parse(text: str) -> Report:
    """Return the report of the one machine the tables describe, the largest one where there are several.

    Raises:
        ParseError: No table puts an address in a group.
    """
    return largest(_read(text), _ADVICE)


def parse_all(text: str) -> tuple[Report, ...]:
    """Return a report for each machine the tables describe.

    Raises:
        ParseError: No table puts an address in a group.
    """
    found = _read(text)
    largest(found, _ADVICE)
    return tuple(report for _, report in found)


def _read(text: str) -> tuple[tuple[int, Report], ...]:
    unmatched: list[int] = []
    listings: list[Listing] = listings_of(_members(text, unmatched))
    for listing in listings:
        for line in unmatched:
            listing.note(f"Line {line} shows addresses and groups, and not which belongs to which; it was passed over.")
    stated = stated_in(lines(text))
    return reports_of(listings, "markdown", stated.added_to if len(listings) == 1 else None)


def _members(text: str, unmatched: list[int]) -> Iterator[Member]:
    """Yield the functions of all tables; lines whose cells do not match are added to ``unmatched``."""
    headings: list[str] = []
    columns: _Columns | None = None
    for line in lines(text):
        if "|" not in line.text:
            headings, columns = [], None
        elif _RULE.fullmatch(line.text) and "-" in line.text:
            columns, headings = _columns(headings), []
        elif columns is None:
            headings = _cells(line.text)
        else:
            yield from _row(_cells(line.text), columns, line.number, unmatched)


def _columns(headings: list[str]) -> _Columns | None:
    """Return where a table with these headings holds what, None when it has no column of groups."""
    groups = [n for n, text in enumerate(headings) if _GROUP_HEADING.search(text) and not _OTHER_GROUP.search(text)]
    if not groups:
        return None
    group = next((n for n in groups if "iommu" in headings[n].lower()), groups[0])
    names = [n for n, text in enumerate(headings) if n != group and _NAME_HEADING.search(text)]
    ways = frozenset(n for n, text in enumerate(headings) if _WAY_HEADING.search(text))
    return _Columns(group, ways, names[0] if names else None)


def _row(cells: list[str], columns: _Columns, line: int, unmatched: list[int]) -> Iterator[Member]:
    if columns.group >= len(cells) or not _GROUPS.fullmatch(cells[columns.group].strip("`* ")):
        return
    groups = [int(number) for number in re.findall(r"[0-9]{1,5}", cells[columns.group])]
    read = (_addresses(cell) for n, cell in enumerate(cells) if n != columns.group and n not in columns.ways)
    addresses = next((found for found in read if found), [])
    if len(groups) == 1:
        groups *= len(addresses)
    if len(groups) != len(addresses):
        unmatched.extend([line] if addresses and len(unmatched) < _MOST_CELLS else [])
        return
    alone = len(addresses) == 1
    for address, group in zip(addresses, groups, strict=True):
        yield Member(_function(address, group, cells, columns, alone=alone), line, line)


def _function(address: str, group: int, cells: list[str], columns: _Columns, *, alone: bool) -> Function:
    # A row for several functions does not say whose name and ids it shows.
    ids = next((found for found in map(_IDS.search, cells) if found), None) if alone else None
    name = cells[columns.name] if alone and columns.name is not None and columns.name < len(cells) else ""
    return Function(
        address,
        group,
        vendor=ids[1].lower() if ids else None,
        device=ids[2].lower() if ids else None,
        name=None if PLACE.search(name) or not name else name[:_LONGEST_NAME].rstrip(),
    )


def _addresses(cell: str) -> list[str]:
    """Return the addresses of a cell that holds nothing else, an empty list when it holds other things too."""
    found = []
    at = _end_of_blank(cell, 0)
    while at < len(cell):
        place = PLACE.match(cell, at)
        address = full_address(place[0]) if place else None
        if place is None or address is None:
            return []
        found.append(address)
        at = _end_of_blank(cell, place.end())
    return found


def _end_of_blank(cell: str, at: int) -> int:
    blank = _BETWEEN.match(cell, at)
    return blank.end() if blank else at


def _cells(row: str) -> list[str]:
    return [
        cell.strip()[:_LONGEST_CELL] for cell in row.strip().removeprefix("|").removesuffix("|").split("|", _MOST_CELLS)
    ]
