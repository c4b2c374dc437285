"""What a bulk import reads: inputs, and what is found in each. Runs in the processes that read, without a database."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol

from hwdb import importers, schema
from hwdb.errors import HwdbError, ParseError, Unrecognised
from hwdb.importers.archive import is_archive
from hwdb.importers.probe import parse_archive
from hwdb.importers.smbios_dump import ANCHORS
from hwdb.inputs import LARGEST, text_of, unmarked
from hwdb.report import to_document

if TYPE_CHECKING:
    from hwdb.report import Report

NOTHING, UNREADABLE, FAILED = "nothing", "unreadable", "failed"
"""Why an input gave no report: hwdb reads nothing of its kind, it cannot be read, or reading it went wrong."""

DOCUMENT, ARCHIVE = "report", "archive"
"""What inputs are called that are in no text format."""

_BINARY_LOOKED_AT = 4096
_TEXT_CONTROLS = frozenset(b"\t\n\x0b\x0c\r\x08\x1b")
_NO_FLAGS = 0


@dataclass(frozen=True)
class Reading:
    """What one file, or several taken together, gave.

    Attributes:
        files: Where they are; the first names the reading.
        reports: The reports, cleaned and within the limits of the format; empty when there are none.
        outcome: ``NOTHING``, ``UNREADABLE`` or ``FAILED`` when there are no reports, else None.
        reason: Why there are none, a sentence without the file's name.
        format: What the input was recognised as.
    """

    files: tuple[str, ...]
    reports: tuple[Report, ...] = ()
    outcome: str | None = None
    reason: str | None = None
    format: str | None = None


class Input(Protocol):
    """One thing to import: the unit that is dealt with as a whole, or not yet."""

    @property
    def files(self) -> tuple[str, ...]:
        """All files it is made of."""

    @property
    def machine(self) -> str | None:
        """What tells its machine from another with the same content; None where equal content is one report."""

    def read(self) -> tuple[Reading, ...]:
        """Read it; runs in another process, so that it and its readings are pickled."""


def content_of(path: str) -> bytes:
    """Return the bytes of an ordinary file.

    Raises:
        ParseError: It is none, is larger than any report, or cannot be read; the sentence does not name it.
    """
    # Whatever stood there when the folder was looked through may be a link or a pipe by now.
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", _NO_FLAGS) | getattr(os, "O_NONBLOCK", _NO_FLAGS)
    try:
        with os.fdopen(os.open(path, flags), "rb") as opened:
            status = os.fstat(opened.fileno())
            if not stat.S_ISREG(status.st_mode):
                raise ParseError("it is no ordinary file")
            raw = opened.read(LARGEST + 1) if status.st_size <= LARGEST else None
    except OSError as error:
        raise ParseError(f"it cannot be read: {error.strerror}") from error
    if raw is None or len(raw) > LARGEST:
        raise ParseError(f"it is larger than {LARGEST // 2**20} MiB; a report is far smaller")
    return raw


def read_file(path: str) -> Reading:
    """Return what one file holds, whatever it is."""
    try:
        kind, reports = reports_in(content_of(path))
    except Unrecognised as error:
        return Reading((path,), outcome=NOTHING, reason=str(error))
    except HwdbError as error:
        return Reading((path,), outcome=UNREADABLE, reason=str(error))
    return Reading((path,), reports, format=kind)


def reports_in(raw: bytes, text_format: str | None = None) -> tuple[str, tuple[Report, ...]]:
    """Return what some bytes were recognised as, and a report for each machine in them.

    Args:
        raw: The content of an input.
        text_format: The format of a text, where that is known; None to recognise it, which takes longer than to read.

    Raises:
        Unrecognised: They are of no kind that hwdb reads.
        HwdbError: They are, and cannot be read all the same.
    """
    raw = unmarked(raw)
    if not raw.strip():
        raise Unrecognised("it is empty")
    if is_archive(raw):
        return ARCHIVE, (cleaned(_of_archive(raw)),)
    if raw.lstrip()[:1] == b"{" and (document := _report_document(raw)) is not None:
        return DOCUMENT, (schema.load(document).report,)
    if _is_binary(raw):
        raise Unrecognised("it is no text")
    text = text_of(raw)
    name = text_format or _format_of(text)
    return name, tuple(map(cleaned, importers.parse_all(text, name)))


def _format_of(text: str) -> str:
    try:
        return importers.sniff(text).name
    except Unrecognised as error:
        raise Unrecognised("its text is no listing that hwdb reads") from error


def cleaned(report: Report) -> Report:
    """Return a parsed report as the format allows it: a listing is no more trusted than a document.

    Raises:
        InvalidReport: It breaks the format beyond cleaning.
    """
    return schema.load(to_document(report)).report


def with_source(report: Report, reference: str, licence: str) -> Report:
    """Return a report with where it was published and under what licence."""
    return replace(report, provenance=replace(report.provenance, reference=reference, licence=licence))


def _of_archive(raw: bytes) -> Report:
    try:
        return parse_archive(raw)
    except ParseError as error:
        # An office document is an archive too.
        if str(error).startswith("this archive has none of the texts"):
            raise Unrecognised("it is an archive without a text that hwdb reads") from error
        raise


def _report_document(raw: bytes) -> dict[str, Any] | None:
    """Return the document when it is JSON of the report format, as ``hwdb import FILE`` tells it."""
    try:
        document = schema.decode(raw, limit=LARGEST)
    except HwdbError:
        return None
    if isinstance(document, dict) and not document.keys().isdisjoint({"format", "functions"}):
        return document
    return None


def _is_binary(raw: bytes) -> bool:
    """Whether one in twenty of the first bytes is a control character: of random ones it is twice as many."""
    if raw.startswith(tuple(anchor.encode() for anchor in ANCHORS)):
        return False
    beginning = raw[:_BINARY_LOOKED_AT]
    return sum(byte < 0x20 and byte not in _TEXT_CONTROLS for byte in beginning) * 20 > len(beginning)
