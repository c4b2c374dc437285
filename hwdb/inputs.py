"""The bytes of an input -> the reports in it: a report document, an archive, or a text in any format. No I/O.

The command line reads them from files, the submit page from what people paste and upload; both read them the same.
"""

from __future__ import annotations

import codecs
from typing import TYPE_CHECKING

from hwdb import importers, schema
from hwdb.errors import HwdbError, ParseError
from hwdb.importers.archive import is_archive
from hwdb.importers.probe import parse_archive
from hwdb.importers.smbios_dump import ANCHORS
from hwdb.report import to_document

if TYPE_CHECKING:
    from collections.abc import Callable

    from hwdb.report import Report

LARGEST = 64 * 1024 * 1024
"""The most bytes of one input."""


def reports_in(
    raw: bytes, parse_text: Callable[[str], tuple[Report, ...]] = importers.parse_all, *, known: bool = False
) -> tuple[Report, ...]:
    """Return the reports in the bytes of an input: a report document, an archive, or a text.

    Args:
        raw: The bytes, as ``unmarked`` returns them.
        parse_text: Reads a text.
        known: Whether it is a text whose format was named, so that nothing else is tried.

    Raises:
        HwdbError: They are none of these.
    """
    if not known and is_document(raw):
        documents = [schema.decode(raw, limit=LARGEST)]
    elif not known and is_archive(raw):
        documents = [to_document(parse_archive(raw))]
    else:
        documents = [to_document(report) for report in parse_text(text_of(raw))]
    # A listing is no more trusted than a document: its text is cleaned and its sizes are limited alike.
    return tuple(schema.load(document).report for document in documents)


def is_text(raw: bytes) -> bool:
    """Whether an input is a text that people can read: no report document, no archive and no binary SMBIOS table."""
    return not (is_document(raw) or is_archive(raw) or is_table(raw))


def is_document(raw: bytes) -> bool:
    """Whether these bytes are a report in hwdb's own format, or JSON that no importer takes for its own."""
    if raw.lstrip()[:1] != b"{":
        return False
    try:
        document = schema.decode(raw, limit=LARGEST)
    except HwdbError:
        document = {}
    if isinstance(document, dict) and not document.keys().isdisjoint({"format", "functions"}):
        return True
    try:
        importers.sniff(text_of(raw))
    except ParseError:
        return True
    return False


def is_table(raw: bytes) -> bool:
    """Whether an input is a binary SMBIOS table, as ``dmidecode --dump-bin`` writes it."""
    return raw.startswith(tuple(anchor.encode() for anchor in ANCHORS))


def unmarked(raw: bytes) -> bytes:
    """Return an input without its byte order mark, in UTF-8 where it is marked as UTF-16."""
    # Windows marks its text files with their encoding, and writes UTF-16 when a program's output is kept.
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return raw.decode("utf-16", errors="replace").encode("utf-8", errors="replace")
    return raw.removeprefix(codecs.BOM_UTF8)


def text_of(raw: bytes) -> str:
    """Return the text of an input, every byte of a binary SMBIOS table kept."""
    # Pastes come in old encodings; a wrong letter in a name is better than no report.
    return raw.decode("latin-1") if is_table(raw) else raw.decode("utf-8", errors="replace")
