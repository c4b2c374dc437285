"""The listings that scripts print from /sys/kernel/iommu_groups with lspci, in all their spellings. No I/O.

    IOMMU Group 14 01:00.0 VGA compatible controller [0300]: NVIDIA ... [10de:1b80] (rev a1)    one line each

    IOMMU Group 14:                                                                             a line for the group
            01:00.0 VGA compatible controller [0300]: NVIDIA ... [10de:1b80] (rev a1)

    Group 14:  [10de:1b80] [R] 01:00.0  VGA compatible controller    GP104 [GeForce GTX 1080]   r15ch13
    Group:  14  0000:01:00.0 VGA compatible controller [0300]: ... [10de:1b80]   Driver: nvidia IOMMU-viewer
    IOMMU group 14: [10de:1b80] 01:00.0 VGA compatible controller: NVIDIA ...                   Unraid
    IOMMU: dmar1 / IOMMU Group: 14 / Group Device: 0000:01:00.0 - VGA ...                       dmar tree

Which group a device is in follows from the order of the lines alone: pages lose indentation, and sometimes newlines.
"""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import chain, pairwise
from typing import TYPE_CHECKING, NamedTuple

from hwdb.importers.listing import MOST_MEMBERS, Listing, Member, filled, largest, listings_of, reports_of
from hwdb.importers.lspci_line import full_address
from hwdb.importers.posted import Line, is_prompt, lines
from hwdb.importers.posted_device import PLACE, completed, function_at, place_of, with_detail
from hwdb.importers.stated import Stated, with_stated
from hwdb.report import Function

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hwdb.report import Report

_ADVICE = (
    "no function stands in a group here; a listing has lines like 'IOMMU Group 14:' and below it "
    "'01:00.0 USB controller [0c03]: ... [1022:43ba]', or both in one line"
)
_NO_ADDRESS = (
    "the groups are listed with the names of their devices only, without addresses like 0000:01:00.0; "
    "print the addresses too (ls-iommu does without -F, or when -F holds pciaddr)"
)
_DECORATION = r"[\s>|+*\u2022\u00b7`'\"~_#=(\[-]*+"
_WORD = re.compile(
    rf"{_DECORATION}(?:[0-9]{{1,5}}(?:[.):|](?=\s)|\t|:(?=I)|(?=\s{{1,9}}IOMMU)){_DECORATION})?+"
    r"(?P<word>(?:IOMMU[ _-]{0,3})?Group)(?![A-Za-z])(?P<sign>[ \t_]{0,9}[:#=(][ \t]{0,9}|[ \t_]{0,9})",
    re.IGNORECASE,
)
_ALONE = re.compile(
    rf"{_DECORATION}(?:IOMMU[ _-]{{0,3}})?Group[ \t]{{0,9}}:[ \t]{{0,9}}[0-9]{{1,5}}:?\s*+", re.IGNORECASE
)
_NUMBER = re.compile(r"[0-9]{1,5}(?![0-9A-Za-z])")
_AFTER_NUMBER = re.compile(r"[\s:*#=|.,;)\]`'\"_~>-]*+")
_COUNT = re.compile(r"\([^()]{0,60}\)\s{0,9}:?\s*+$")
_NOTHING_FOUND = re.compile(r"\*\s{1,9}")
_UNIT = re.compile(r"\s*+IOMMU:\s{0,9}([A-Za-z][A-Za-z0-9.:_-]{1,40})\s*+$")
_IDS = re.compile(r"\[[0-9A-Fa-f]{4}:[0-9A-Fa-f]{4}\]")
_DETAIL = re.compile(
    r"[\s|*]*+(?:(?:Driver|Kernel driver in use|Kernel modules|Subsystem|DeviceName|USB|Usb bus|Reset|Class|Device|IDs"
    r"|Rev)\s{0,9}:|Bus [0-9]{3}\b)",
    re.IGNORECASE,
)
_ELISION = re.compile(r"[\s>|]*+[\[(<]?(?:\.{3,9}|\u2026)[\])>]?\s*+$")
# What a line of its own would begin with, where a page has joined them.
_START = re.compile(
    r"(?<!\S)(?:(?P<group>IOMMU Group\s{1,4}[0-9]{1,5}(?=:?\s))|(?:[0-9A-Fa-f]{4,8}:)?[0-9A-Fa-f]{2}:[01][0-9A-Fa-f]"
    r"\.[0-7](?=\s[A-Z0-9][^\[\]:]{1,80}\[[0-9A-Fa-f]{4}\]:))",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"\s{0,9}(?:[,;/&+]|and\s)?\s{0,9}")
_SHORTEST_JOINED = len("IOMMU Group 1 IOMMU Group 2")
_MOST_JOINED = 3
_NEAR = 4


class _Group(NamedTuple):
    """A group as a line opens it: its number, None when the line shows none, and where the rest of the line begins."""

    number: int | None
    rest: int
    off: bool = False


def sniff(text: str) -> bool:
    """Whether a line opens a group and a device stands in it or below it."""
    # Most texts are told by a word that is not in them.
    if "group" not in text.casefold():
        return False
    opened, colon = -_NEAR, _colon_opens(text)
    for line in lines(text):
        if line.number - opened >= _NEAR and "group" not in line.text.casefold():
            continue
        for part in _apart(line):
            group = _opened(part.text, colon=colon)
            if group is not None:
                opened = part.number
            if _shows_device(part.text, group) and part.number - opened < _NEAR:
                return True
    return False


def _shows_device(text: str, group: _Group | None) -> bool:
    if group is None:
        return place_of(text) is not None
    return place_of(text[group.rest :]) is not None or _IDS.search(text, group.rest) is not None


def parse(text: str) -> Report:
    """Return the report of the one machine a listing shows, the largest one where there are several.

    Raises:
        ParseError: No function stands in a group.
    """
    found, advice = _read(text)
    return largest(found, advice)


def parse_all(text: str) -> tuple[Report, ...]:
    """Return a report for each listing of a text.

    Raises:
        ParseError: No function stands in a group.
    """
    found, advice = _read(text)
    largest(found, advice)
    return tuple(report for _, report in found)


class _Reader:
    """Takes the lines of a text one by one, and knows which group the next device stands in.

    Attributes:
        members: Functions in their groups, in the order of the text.
        plain: Functions outside of any group: of a plain lspci, or where the script printed no number.
        off: Whether the script found no groups at all.
        unnumbered: Line of the first group that shows no number, 0 when all do.
        nameless: Whether devices are shown without their addresses.
        elided: Lines where the poster left something out.
        taken: How many lines or parts of lines list a function.
    """

    def __init__(self, *, colon: bool) -> None:
        self._colon = colon
        self.members: list[Member] = []
        self.plain: dict[str, Function] = {}
        self.off = False
        self.unnumbered = 0
        self.nameless = False
        self.elided: list[int] = []
        self.taken = 0
        self._group: int | None = None
        self._header = 0
        self._unit: str | None = None
        self._seen: dict[str, int] = {}
        self._restarted = 0
        self._unfinished: str | None = None
        self._joined = 0
        self._last: Function | None = None

    def take(self, line: Line) -> None:
        """Take the next line."""
        if not line.text:
            self._unfinished = None
            return
        group = _opened(line.text, colon=self._colon)
        if group is not None:
            self._open(group, line)
            return
        place = place_of(line.text) if "." in line.text else None
        if place is not None:
            self._devices(line.text, place, line.number)
        elif is_prompt(line.text):
            # What follows is the output of another command, which says nothing of groups.
            self._group, self._last, self._unfinished = None, None, None
        else:
            self._other(line)

    def _open(self, group: _Group, line: Line) -> None:
        self._group, self._header, self._last = group.number, line.number, None
        self.off |= group.off
        if group.number is None and not group.off:
            self.unnumbered = self.unnumbered or line.number
        rest = line.text[group.rest :]
        # ls-iommu prints its fields in any order: the address may stand anywhere.
        place = place_of(rest) or (PLACE.search(rest) if _IDS.search(rest) else None)
        if place is not None:
            self._devices(rest, place, line.number)
        elif rest and _IDS.search(rest):
            self.nameless = True

    def _devices(self, text: str, place: re.Match[str], line: int) -> None:
        """Add the device of a line, or the devices where it holds nothing but addresses."""
        self._device(function_at(text, place, self._group), line)
        self._unfinished, self._joined = (None, 0) if _IDS.search(text) else (text, 0)
        more: re.Match[str] | None = place
        while more is not None:
            between = _BETWEEN.match(text, more.end())
            more = PLACE.match(text, between.end()) if between else None
            if more is not None:
                self._device(Function(full_address(more[0]) or more[0], self._group), line)

    def _device(self, function: Function, line: int) -> None:
        self.taken += 1
        if self.taken > MOST_MEMBERS:
            self._last = None
            return
        if self._unit is not None:
            function = replace(function, iommu_unit=self._unit)
        if self._group is not None and self._goes_back(function.address):
            self._group = None
            function = replace(function, iommu_group=None)
        self._last = function
        if self._group is None:
            known = self.plain.get(function.address)
            self.plain[function.address] = filled(known, function) if known else function
            return
        self.members.append(Member(function, line, self._header))
        self._seen[function.address] = self._header

    def _goes_back(self, address: str) -> bool:
        """Whether a device cannot be a member: the list starts over without a group, as a plain lspci's would."""
        if self._seen.get(address, -1) < self._restarted:
            return False
        if not self.members or self.members[-1].header != self._header:
            # The first device of a group that comes again: another listing begins here.
            self._restarted = self._header
            return False
        return address < self.members[-1].function.address

    def _other(self, line: Line) -> None:
        if ("..." in line.text or "\u2026" in line.text) and _ELISION.match(line.text):
            self.elided.append(line.number)
            self._unfinished = None
        elif self._last is not None and _DETAIL.match(line.text):
            self._replace_last(with_detail(self._last, line.text))
            self._unfinished = None
        elif self._unfinished is not None and line.text.strip():
            self._continue(self._unfinished, line.text)
        else:
            self._unfinished = None
            unit = _UNIT.match(line.text) if ":" in line.text else None
            self._unit = unit[1] if unit else self._unit

    def _continue(self, unfinished: str, more: str) -> None:
        """Read the last device again with the rest of its line, which a mail program moved to the next."""
        whole = completed(unfinished, more)
        self._joined += 1
        self._unfinished = None if whole or self._joined == _MOST_JOINED else f"{unfinished} {more.strip()}"
        place = place_of(whole) if whole else None
        if whole and place and self._last:
            self._replace_last(replace(function_at(whole, place, self._last.iommu_group), iommu_unit=self._unit))

    def _replace_last(self, function: Function) -> None:
        self._last = function
        if function.iommu_group is None:
            self.plain[function.address] = function
        else:
            self.members[-1] = self.members[-1]._replace(function=function)


def _read(text: str) -> tuple[tuple[tuple[int, Report], ...], str]:
    """Return the line where each listing starts with its report, and what to advise when there is none."""
    reader, stated = _Reader(colon=_colon_opens(text)), Stated()
    for line in _separated(text):
        reader.take(line)
        stated = with_stated(stated, line.text)
    advice = _NO_ADDRESS if reader.nameless else _ADVICE
    if reader.members:
        listings = listings_of(reader.members)
        for listing in listings:
            _complete(listing, reader)
        # Of several machines, nobody can tell which one the text speaks of beside its listings.
        return reports_of(listings, "listing", stated.added_to if len(listings) == 1 else None), advice
    if not reader.plain or not (reader.off or reader.unnumbered):
        return (), advice
    listing = Listing(start=1, functions=reader.plain)
    if reader.off:
        listing.note("The script found no IOMMU groups: the IOMMU is off, and the functions are in no group.")
    else:
        listing.note(
            f"Line {reader.unnumbered} shows no group number: the script left the numbers out, so that nothing is "
            "known of the groups."
        )
    ((start, report),) = reports_of([listing], "listing", stated.added_to)
    return ((start, replace(report, iommu=replace(report.iommu, state="off" if reader.off else None))),), advice


def _complete(listing: Listing, reader: _Reader) -> None:
    """Add what lines outside of groups say of a listing's functions, and say what is missing."""
    for address, function in reader.plain.items():
        if address in listing.functions:
            listing.functions[address] = filled(listing.functions[address], function)
    outside = sum(address not in listing.functions for address in reader.plain)
    if outside:
        listing.note(f"{_counted(outside)} outside of the groups; the listing may be incomplete.")
    bare = sum(function.vendor is None for function in listing.functions.values())
    if bare:
        listing.note(f"{_counted(bare)} without ids, like [1022:43ba].")
    if reader.taken > MOST_MEMBERS:
        listing.note(f"The text lists {reader.taken:,} functions; only the first {MOST_MEMBERS:,} were read.")
    for line in reader.elided[:_MOST_JOINED]:
        listing.note(f"Line {line} stands for lines that were left out.")


def _counted(number: int) -> str:
    return f"{number} functions are listed" if number != 1 else "1 function is listed"


def _colon_opens(text: str) -> bool:
    """Whether "IOMMU group: 1" alone on a line opens a group: lspci -v prints the same, but below a device."""
    for line in lines(text):
        if "group" in line.text.casefold():
            if _ALONE.fullmatch(line.text):
                return True
        elif "." in line.text and place_of(line.text) is not None:
            return False
    return False


def _opened(text: str, *, colon: bool) -> _Group | None:
    """Return the group a line opens, None when it opens none; ``colon`` is what ``_colon_opens`` says of its text."""
    word = _WORD.match(text) if "group" in text.casefold() else None
    if word is None:
        return None
    at = word.end()
    # An empty variable leaves "IOMMU Group 00:01.0", and a pattern that matched nothing "IOMMU Group * 00:00.0".
    if PLACE.match(text, at):
        return _Group(None, at)
    nothing = _NOTHING_FOUND.match(text, at)
    if nothing is not None:
        return _Group(None, nothing.end(), off=True) if PLACE.match(text, nothing.end()) else None
    number = _NUMBER.match(text, at)
    if number is None:
        return None
    after = _AFTER_NUMBER.match(text, number.end())
    rest = after.end() if after else number.end()
    return _Group(int(number[0]), rest) if _is_heading(text, word, number.end(), rest, colon=colon) else None


def _is_heading(text: str, word: re.Match[str], after_number: int, rest: int, *, colon: bool) -> bool:
    """Whether what follows a group's number is a heading's end or a device, and not prose."""
    if rest == len(text):
        # "IOMMU group: 1" is what lspci -v prints below a device, and "IOMMU Group: 1" what opens a group.
        return colon or ":" not in word["sign"] or word["word"].startswith("IOMMU G")
    if place_of(text[rest:]) is not None or _COUNT.match(text, rest):
        return True
    return text[after_number] == ":" and _IDS.search(text, rest) is not None


def _separated(text: str) -> Iterator[Line]:
    """Return the lines of a text, those that a page joined to one apart again."""
    return chain.from_iterable(map(_apart, lines(text)))


def _apart(line: Line) -> Sequence[Line]:
    """Return the lines that a page joined to one."""
    if len(line.text) < _SHORTEST_JOINED:
        return (line,)
    starts = list(_START.finditer(line.text))
    groups = sum(start["group"] is not None for start in starts)
    if groups < 2 and len(starts) - groups < 2:
        return (line,)
    at = [0, *(start.start() for start in starts if start.start()), len(line.text)]
    return [Line(line.number, line.text[start:end].rstrip()) for start, end in pairwise(at)]
