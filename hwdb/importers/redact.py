"""Source texts without what tells whose machine it is, and with all that an importer reads. No I/O.

Removed are serial numbers, UUIDs, MAC, IP and mail addresses, asset tags, names of hosts and users, names and ids of
disks and volumes, and every word of a kernel command line that a report may not hold. Two laws hold for every text:

    parse(redact(text)) == parse(text)     what the report keeps stays, and every line keeps its number
    redact(redact(text)) == redact(text)

So the report is read first: a word that is a fact in it, like a BIOS version that looks like an IP address, is kept
wherever a pattern takes it for a secret. What stands in a text in no recognisable form, like a name in prose, is not
found.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hwdb import importers
from hwdb.errors import ParseError
from hwdb.importers import smbios_dump
from hwdb.importers.redact_blocks import Blocks
from hwdb.importers.redact_json import without_keyed
from hwdb.importers.redact_line import without_secrets
from hwdb.importers.redact_smbios import without_strings
from hwdb.importers.redact_words import words_in
from hwdb.importers.removal import REMOVED, REMOVED_NAME, Removal
from hwdb.report import to_document

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["REMOVED", "REMOVED_NAME", "Redacted", "redact", "redactions"]


@dataclass(frozen=True)
class Redacted:
    """A source text without its secrets.

    Attributes:
        text: The text, line by line as long as it was.
        removed: What was removed: kinds in words, like "serial number", and how many of each; most first.
    """

    text: str
    removed: tuple[tuple[str, int], ...] = ()


def redact(text: str) -> str:
    """Return a source text of any format without what tells whose machine it is."""
    return redactions(text).text


def redactions(text: str) -> Redacted:
    """Return a source text without what tells whose machine it is, and what was removed from it.

    Args:
        text: A text of any format in ``importers.FORMATS``, a report as JSON, or anything else.
    """
    removal = Removal(_facts(text))
    if smbios_dump.sniff(text):
        made = without_strings(text, removal)
    else:
        blocks = Blocks()
        keyed = without_keyed(text, removal)
        made = "".join(_line(line, blocks, removal) for line in keyed.splitlines(keepends=True))
    return Redacted(made, tuple(sorted(removal.counts.items(), key=lambda one: (-one[1], one[0]))))


def _line(whole: str, blocks: Blocks, removal: Removal) -> str:
    """Return a line with its end."""
    line = whole.splitlines()[0]
    if not line:
        blocks.without(line, removal)
        return whole
    made = blocks.without(line, removal)
    if made is None:
        made = without_secrets(line, removal)
    return made + whole[len(line) :]


def _facts(text: str) -> frozenset[str]:
    """Return the words of the reports that a text holds, whole and in parts."""
    try:
        reports = importers.parse_all(text)
    except ParseError:
        return frozenset()
    said: set[str] = set()
    for report in reports:
        for string in _strings(to_document(report)):
            said.add(string)
            said.update(string.split())
            said.update(words_in(string))
    return frozenset(said)


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, item in value.items():
            # What is said about the reading is no fact of the machine.
            if key != "provenance":
                yield from _strings(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from _strings(item)
