"""What lspci prints, cut into one record for each function. No I/O.

A record is a device line, the labelled lines below it, and the bytes of a hex dump. Labels tell the lines apart, not
their indentation: pastes lose it, and mail programs break lines, so a line without a label goes on with the one before.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from hwdb.importers.posted import is_prompt, lines
from hwdb.importers.posted_device import PLACE, function_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hwdb.report import Function

LABELS = frozenset(
    {
        *("Subsystem", "DeviceName", "Physical Slot", "Control", "Status", "Flags", "NUMA node", "IOMMU group", "Bus"),
        *("Capabilities", "DevCap", "LnkCap", "LnkSta", "SltCap", "ACSCap", "ACSCtl", "AFCap", "Initial VFs"),
        *("Kernel driver in use", "Kernel modules"),
    }
)
"""The labels whose lines hold facts of a report; no other line is kept."""

# Labels that nothing but lspci prints below a device line.
_TELLING = LABELS - {"Control", "Status", "Initial VFs"}
# Marks of quotes, tables and diffs; a branch of a drawing has a dash.
_START = re.compile(r"[ \t>|+]*+")
_HEADER = re.compile(
    rf"[ \t>|+]*+{PLACE.pattern}[ \t]++(?:[^\[\]:]{{1,100}}+\[[0-9A-Fa-f]{{4}}\]|[^\[\]:]{{1,100}}+):(?=\s)"
)
_LABEL = re.compile(r"[ \t>|+]*+([A-Z][A-Za-z0-9 /_().-]{0,39}+):(?:\s++|\Z)")
_HEX = re.compile(r"[ \t>|+]*+([0-9a-f]{2,3}):((?:[ \t]{1,4}[0-9a-f]{2}){1,16})[ \t|]*+\Z")
# Pages that show a paste number its lines.
_NUMBERED = re.compile(r"[ \t]{0,8}[0-9]{1,5}[.)|](?:[ \t]|\Z)")
_ELISION = re.compile(r"\W{0,4}(?:\.{3,10}|\u2026|<?snip>?|<?cut>?)\W{0,4}\Z", re.IGNORECASE)
# Where dmidecode's output begins.
_OTHER_TOOL = re.compile(
    r"[ \t>|]*+(?:# dmidecode [0-9]|Handle 0x[0-9A-Fa-f]{4,8}, DMI|SMBIOS [0-9]"
    r"|(?:BIOS|System|Base Board|Chassis|Processor|System Slot) Information\Z)"
)
_BROKEN = "!!! Unknown header type"
# Where another tool's groups begin; lspci itself has a colon behind the word, or the word inside a line.
_FOREIGN = re.compile(r"[\W\d_]{0,12}+IOMMU group[ \t]{1,4}[0-9*]", re.IGNORECASE)
_ASSIGNED = re.compile(r"[0-9a-f]\.[0-7]:? (?:Adding to iommu group|to group) [0-9]", re.IGNORECASE)
# What is rare in it, the dot, is looked for first.
_DEVICE = re.compile(r"\.[0-7](?<=[0-9A-Fa-f]{2}:[01][0-9A-Fa-f]\.[0-7])(?![\n\r\"',/)]|\Z)")
# A mail program breaks lines that are longer than this, never shorter ones.
_SHORTEST_BROKEN = 55
_MOST_BROKEN = 2
_LONGEST_LINE, _LONGEST_TEXT, _CONFIG = 1000, 4000, 4096


@dataclass
class Record:
    """One function as lspci prints it.

    Attributes:
        line: Number of the device line.
        header: The device line, its breaks undone.
        entries: Label and text of the lines below, in order; breaks within the text are newlines.
        config: The bytes of the hex dump, from offset 0 as far as they follow each other.
        gap: Whether bytes were missing in the middle of the dump.
        elided: Whether somebody left lines out, or the function did not answer.
    """

    line: int
    header: str
    entries: list[tuple[str, str]] = field(default_factory=list)
    config: bytearray = field(default_factory=bytearray)
    gap: bool = False
    elided: bool = False
    header_breaks: int = 0

    @cached_property
    def function(self) -> Function:
        """What the device line says; to be asked for once the record has ended."""
        place = _place(self.header)
        if place is None:
            raise AssertionError("a record begins with an address")
        return function_at(self.header, place, None)

    def first(self, label: str) -> str | None:
        """Return the first text with a label, its breaks undone; None when there is none."""
        return next((" ".join(text.split()) for known, text in self.entries if known == label), None)

    def is_detailed(self) -> bool:
        """Whether lines stand below the device line that only lspci prints."""
        return bool(self.config) or any(label in _TELLING for label, _ in self.entries)

    def shows_group(self) -> bool:
        """Whether lspci printed the function's group."""
        return any(
            label == "IOMMU group" or (label == "Flags" and "IOMMU" in text and "group" in text)
            for label, text in self.entries
        )


class _Reader:
    """Builds records from lines."""

    def __init__(self) -> None:
        self.record: Record | None = None
        self.label: str | None = None
        self.long = self.blank = self.closed = False
        self.foreign = self.assigned = 0

    def read(self, number: int, line: str) -> Record | None:
        """Take one line; return the record that it ended."""
        numbered = _NUMBERED.match(line)
        line = line[numbered.end() :] if numbered else line
        if not line.strip():
            # A paste may have a blank line after every line, so it ends no record; prose after it is not indented.
            self.label, self.long, self.blank = self.label or None, False, True
            return None
        if _HEADER.match(line):
            ended, self.record, self.label = self.record, Record(number, line[:_LONGEST_LINE]), ""
            self.long, self.closed = len(line) >= _SHORTEST_BROKEN, False
            return ended
        if "roup" in line or "ROUP" in line:
            self._count_foreign(line)
        if _OTHER_TOOL.match(line):
            # What follows is not about the last device.
            self.closed = True
        if self.record is not None and not self.closed:
            self._add(self.record, line)
        self.long, self.blank = len(line) >= _SHORTEST_BROKEN, False
        return None

    def _count_foreign(self, line: str) -> None:
        if _FOREIGN.match(line):
            self.foreign += 1
        elif _ASSIGNED.search(line):
            self.assigned += 1

    def _add(self, record: Record, line: str) -> None:
        labelled = _LABEL.match(line)
        if labelled is not None:
            self.label = labelled[1] if labelled[1] in LABELS else None
            if self.label is not None:
                record.entries.append((self.label, line[labelled.end() : labelled.end() + _LONGEST_LINE]))
            return
        dumped = _HEX.match(line)
        if dumped is not None:
            self.label = None
            _add_bytes(record, int(dumped[1], 16), bytes.fromhex(dumped[2]))
        elif _ELISION.match(line) or _BROKEN in line:
            record.elided = True
        else:
            self._go_on(record, line)

    def _go_on(self, record: Record, line: str) -> None:
        if "@" in line or is_prompt(line):
            # A prompt, or who wrote the mail: lspci's output has ended, and names of people are no part of it.
            self.label = None
        elif self.label == "":
            self._go_on_with_header(record, line)
        elif self.label is not None and (line[0].isspace() or not self.blank):
            label, text = record.entries[-1]
            if len(text) < _LONGEST_TEXT:
                record.entries[-1] = label, f"{text}\n{line.strip()[:_LONGEST_LINE]}"

    def _go_on_with_header(self, record: Record, line: str) -> None:
        if self.long and record.header_breaks < _MOST_BROKEN and "(rev" not in record.header:
            record.header = f"{record.header.rstrip()} {line.strip()[:_LONGEST_LINE]}"
            record.header_breaks += 1
        else:
            self.label = None


def records_of(text: str) -> Iterator[Record]:
    """Yield the functions of a listing in their order."""
    reader = _Reader()
    for number, line in lines(text):
        ended = reader.read(number, line)
        if ended is not None and _counts(ended):
            yield ended
    if reader.record is not None and _counts(reader.record):
        yield reader.record


def shows_a_device(text: str) -> bool:
    """Whether an address stands somewhere with something behind it; most texts are told by that there is none."""
    return _DEVICE.search(text) is not None


def groups_are_foreign(text: str) -> bool:
    """Whether lines of another tool, or of the kernel's log, say more of groups than lspci's own do."""
    # Nearly every listing is told by its own words alone.
    said = (line for _, line in lines(text) if "group" in line.casefold())
    if not any(_FOREIGN.search(line) or _ASSIGNED.search(line) for line in said):
        return False
    reader, own = _Reader(), 0
    for number, line in lines(text):
        ended = reader.read(number, line)
        own += ended is not None and ended.shows_group()
    own += reader.record is not None and reader.record.shows_group()
    return reader.assigned > own or (reader.foreign > 0 and own == 0)


def _place(line: str) -> re.Match[str] | None:
    start = _START.match(line)
    return PLACE.match(line, start.end() if start else 0)


def _counts(record: Record) -> bool:
    """Whether a record is one: its class is known, or lines stand below that only lspci prints."""
    return record.is_detailed() or record.function.class_ is not None


def _add_bytes(record: Record, offset: int, found: bytes) -> None:
    if offset == len(record.config) < _CONFIG and not record.gap:
        record.config += found
    elif offset > len(record.config):
        record.gap = True
