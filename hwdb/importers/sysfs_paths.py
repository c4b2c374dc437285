"""Paths and listings of /sys/kernel/iommu_groups, printed without lspci: addresses and groups, no ids. No I/O.

    /sys/kernel/iommu_groups/7/devices/0000:00:1c.0                                    find, compgen, echo, ls -d
    /sys/kernel/iommu_groups/7/devices: / lrwxrwxrwx ... 0000:00:1c.0 -> ../../../../devices/pci0000:00/0000:00:1c.0
    0000:00:1c.0/iommu_group -> ../../../kernel/iommu_groups/7                         ls -l /sys/bus/pci/devices/...
    ├── 7 / │   ├── devices / │   │   └── 0000:00:1c.0 -> ../../../../devices/...       tree

What a link points to is no member: only its name is. Lines may have lost their ends, so paths are looked for one
after the other and not line by line.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from hwdb.importers.listing import MOST_MEMBERS, Member, largest, listings_of, reports_of, with_problems
from hwdb.importers.lspci_line import full_address
from hwdb.importers.posted import lines
from hwdb.importers.stated import stated_in
from hwdb.report import Function

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hwdb.report import Report

_ADVICE = (
    "no device stands in a group here; the paths look like /sys/kernel/iommu_groups/14/devices/0000:01:00.0 "
    "(find /sys/kernel/iommu_groups -type l)"
)
_ADDRESS = r"[0-9A-Fa-f]{4,8}:[0-9A-Fa-f]{2}:[01][0-9A-Fa-f]\.[0-7]"
_TOKEN = re.compile(
    # .../14/devices/0000:01:00.0, and .../14/devices: before a list of names.
    r"(?<![0-9A-Za-z])(?P<group>[0-9]{1,5})/devices(?:/(?P<member>\w[\w.:@,-]{0,63})|/?(?P<opens>:)|(?=/?(?:\s|$)))"
    # The other way round: the device's link to its group.
    rf"|(?P<device>{_ADDRESS})/iommu_group\s{{0,4}}(?:->|:|=)?\s{{0,4}}\S{{0,200}}iommu_groups/(?P<of>[0-9]{{1,5}})"
    # Where a link points to says nothing of its own.
    r"|(?P<target>->\s{0,4}\S{1,400})"
    # Folders, drawn: a number alone behind a branch is a group.
    r"|(?:[\u251c\u2514][\u2500-]{1,9}|[|`+\\]-{2,3})\s{1,4}(?P<number>[0-9]{1,5})(?=\s|$)"
    rf"|(?P<name>(?<![0-9A-Fa-f:./]){_ADDRESS}(?![0-9A-Fa-f:./]))"
    # The next folder of a list ends what was open.
    r"|(?P<folder>(?<!\S)/(?!\S{0,200}/devices/?:)\S{0,200}:(?=\s|$))"
)
_BRANCHES = ("\u251c", "\u2514", "|-", "`-", "+-", "\\-", "\\u25")


class _Found(NamedTuple):
    """A device with its group; None for the address of one that is no PCI function."""

    address: str | None
    group: int
    line: int


def sniff(text: str) -> bool:
    """Whether a path or a drawn folder puts a PCI function in a group."""
    # Most texts are told by a word that is not in them.
    if not any(word in text for word in ("/devices", "iommu_group")) and not (
        "devices" in text and any(mark in text for mark in _BRANCHES)
    ):
        return False
    return any(found.address for found in _found(text))


def parse(text: str) -> Report:
    """Return the report of the one machine the paths are of, the largest one where there are several.

    Raises:
        ParseError: No device stands in a group.
    """
    return largest(_read(text), _ADVICE)


def parse_all(text: str) -> tuple[Report, ...]:
    """Return a report for each machine the paths are of.

    Raises:
        ParseError: No device stands in a group.
    """
    found = _read(text)
    largest(found, _ADVICE)
    return tuple(report for _, report in found)


def _read(text: str) -> tuple[tuple[int, Report], ...]:
    others: list[int] = []
    listings = listings_of(_members(text, others))
    if not listings:
        return ()
    stated = stated_in(lines(text))
    made = reports_of(listings, "sysfs", stated.added_to if len(listings) == 1 else None)
    if not others:
        return made
    said = [f"{len(others)} devices in groups are no PCI functions; they are not counted."]
    return tuple((start, with_problems(report, said)) for start, report in made)


def _members(text: str, others: list[int]) -> Iterator[Member]:
    """Yield the functions of a text; the lines of devices that are none are added to ``others``."""
    for found in _found(text):
        if found.address is not None:
            yield Member(Function(found.address, found.group), found.line, found.line)
        elif len(others) < MOST_MEMBERS:
            others.append(found.line)


def _found(text: str) -> Iterator[_Found]:
    """Yield the devices of a text with their groups."""
    group: int | None = None
    for line in lines(text):
        for token in _TOKEN.finditer(line.text):
            if token["member"]:
                group = None
                yield _Found(full_address(token["member"].rstrip(":.,")), int(token["group"]), line.number)
            elif token["of"]:
                yield _Found(full_address(token["device"]), int(token["of"]), line.number)
            elif token["name"]:
                if group is not None:
                    yield _Found(full_address(token["name"]), group, line.number)
            elif not token["target"]:
                opened = token["number"] or (token["group"] if token["opens"] else None)
                group = int(opened) if opened else None
