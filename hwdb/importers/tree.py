"""A drawn tree of groups: a line per group number, below it the group's functions as lspci prints them. No I/O.

    IOMMU
    ├── 0
    │   └── 00:01.0 Host bridge [0600]: Advanced Micro Devices, Inc. [AMD] ... [1022:1452]

Box drawing and the ASCII art of ``tree --charset=ascii`` are read; prose before and after the tree is passed over.
A text may hold several trees, like one before and one after a firmware update: they are never mixed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hwdb.importers.listing import largest
from hwdb.importers.lspci_line import function_of
from hwdb.importers.posted import lines
from hwdb.importers.posted_device import PLACE, function_at
from hwdb.report import Iommu, Provenance, Report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hwdb.report import Function

# Quotation marks of mail and forums may stand before the drawing; a branch ends with a dash and a blank.
_BRANCH = re.compile(
    r"(?:[>\s│|*`+-]{0,99}(?:[0-9]{1,5}[.):|]?\s)?[>\s│|*`+-]{0,99}[├└][─-]+|[>\s│|]*[|`+\\]-{1,3})\s+(?P<text>\S.*)"
)
# A bare number has no colon and no leading zero: "08:" is the beginning of an address, where a paste was cut.
_GROUP = re.compile(r"(?:IOMMU )?[Gg]roup\s+(?P<worded>[0-9]{1,5}):?|(?P<bare>0|[1-9][0-9]{0,4})")
_BRANCHES = ("\u251c", "\u2514", "|-", "`-", "+-", "\\-", "\\u25")
_MOST_PROBLEMS = 128
_ADVICE = (
    "no function stands below a group here; a tree has lines like '├── 13' and below it "
    "'│   └── 01:00.0 USB controller [0c03]: ... [1022:43ba]'"
)


@dataclass
class _Listing:
    """One tree of a text: where it starts, its functions by address, and what is wrong with its lines."""

    start: int
    functions: dict[str, Function] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    groups: dict[int, int] = field(default_factory=dict)
    group: int | None = None

    def open_group(self, group: int, line: int) -> None:
        """Let the following functions be members of a group."""
        self.groups[group] = line
        self.group = group

    def add(self, text: str, line: int) -> None:
        """Add the function of one branch, or note what is wrong with it."""
        function = _function(text, self.group)
        if function is None:
            self._note(
                line, "is a branch of the tree, but neither a group number nor a device line; it was passed over."
            )
        elif self.group is None:
            self._note(line, "is a device above the first group; it was passed over.")
        elif function.address in self.functions:
            self._note(line, f"lists {function.address} again; the first line counts.")
        else:
            self.functions[function.address] = function
            if function.vendor is None:
                self._note(line, f"shows no ids of {function.address}, like [1022:43ba]; it may be cut off.")

    def said(self) -> list[str]:
        """Return what is wrong, the groups without members included."""
        filled = {function.iommu_group for function in self.functions.values()}
        empty = (
            f"Line {n} opens group {group}, and no function stands below it."
            for group, n in self.groups.items()
            if group not in filled
        )
        return [*self.problems, *empty]

    def report(self) -> Report:
        """Return the report this tree makes."""
        return Report(
            functions=tuple(self.functions.values()),
            iommu=Iommu(state="on"),
            provenance=Provenance(source="tree", problems=tuple(self.said()[:_MOST_PROBLEMS]) or None),
        )

    def _note(self, line: int, problem: str) -> None:
        # Nobody reads more, and a text of nothing but wrong branches is not to fill the memory.
        if len(self.problems) < _MOST_PROBLEMS:
            self.problems.append(f"Line {line} {problem}")


def _function(text: str, group: int | None) -> Function | None:
    """Return the function a branch shows, also where lspci printed no numbers for classes."""
    known = function_of(text, group)
    place = PLACE.match(text) if known is None else None
    said = function_at(text, place, group) if place else None
    return said if said is not None and said.class_ is not None else known


def sniff(text: str) -> bool:
    """Whether a group line and a device line below it are drawn as branches."""
    # Most texts are told by a sign that is not in them.
    if not any(mark in text for mark in _BRANCHES):
        return False
    in_group = False
    for _, branch in _branches(text):
        if _GROUP.fullmatch(branch):
            in_group = True
        elif in_group and _function(branch, None) is not None:
            return True
    return False


def parse(text: str) -> Report:
    """Return the report of the one machine a tree shows, the largest one where there are several.

    Raises:
        ParseError: No function stands below a group.
    """
    return largest(_read(text), _ADVICE)


def parse_all(text: str) -> tuple[Report, ...]:
    """Return a report for each tree of a text; a tree that is shown twice is one.

    Raises:
        ParseError: No function stands below a group.
    """
    found = _read(text)
    largest(found, _ADVICE)
    return tuple(report for _, report in found)


def _read(text: str) -> tuple[tuple[int, Report], ...]:
    """Return the line where each tree begins, and its report."""
    listings = [_Listing(start=1)]
    for number, branch in _branches(text):
        heading = _GROUP.fullmatch(branch)
        if heading is None:
            listings[-1].add(branch, number)
            continue
        group = int(heading["worded"] or heading["bare"])
        # A tree has every group once: where one comes again, the next tree has begun.
        if group in listings[-1].groups:
            if len(listings) == _MOST_PROBLEMS:
                break
            # One without functions has nothing to pass over, and a text of nothing else is not to fill the memory.
            listings[-1:] = [*(one for one in listings[-1:] if one.functions), _Listing(start=number)]
        listings[-1].open_group(group, number)
    made: dict[tuple[tuple[str, int | None], ...], tuple[int, Report]] = {}
    for listing in listings:
        shown = tuple(sorted((address, function.iommu_group) for address, function in listing.functions.items()))
        if shown:
            made.setdefault(shown, (listing.start, listing.report()))
    return tuple(made.values())


def _branches(text: str) -> Iterator[tuple[int, str]]:
    """Yield the lines that are drawn as branches: their numbers, and what stands behind the drawing."""
    for number, line in lines(text):
        branch = _BRANCH.match(line)
        if branch is not None:
            # Pages put a text in bold, in code or in tables, whose marks end the line.
            yield number, branch["text"].strip(" \t*`|")
