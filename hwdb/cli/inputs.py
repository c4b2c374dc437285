"""Reading what a command is pointed at: a report document or a listing, with notes."""

from __future__ import annotations

import codecs
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hwdb import importers, schema
from hwdb.errors import AnnotationError, HwdbError, ParseError
from hwdb.importers import annotate
from hwdb.importers.archive import is_archive
from hwdb.importers.combine import combine
from hwdb.importers.probe import parse_archive
from hwdb.importers.smbios_dump import ANCHORS
from hwdb.pciids import PATHS, DeviceName, parse
from hwdb.report import to_document

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hwdb.report import Report

_LARGEST = 64 * 1024 * 1024

files_argument = click.argument(
    "files", type=click.Path(dir_okay=False, allow_dash=True), metavar="FILE...", nargs=-1, required=True
)
notes_option = click.option(
    "--annotate",
    "notes",
    multiple=True,
    type=click.Path(dir_okay=False),
    metavar="NOTES.toml",
    help="Add what the listing cannot hold: board, BIOS, slots, settings, outcomes. May be given several times.",
)
format_option = click.option(
    "--format", "text_format", metavar="NAME", help="The listing's format, when it is not recognised."
)


def read_report(file: str, notes: Sequence[str] = (), text_format: str | None = None) -> Report:
    """Return the report in a file, with notes added; of several listings the largest.

    Args:
        file: A path, or ``-`` for standard input.
        notes: Paths of notes files, added in order.
        text_format: Name of an importer; None to recognise JSON or a listing.

    Raises:
        HwdbError: A file cannot be read, is no report, or its notes do not fit; the sentence names the file.
    """
    (report,) = _reports(file, text_format, lambda text: (importers.parse(text, text_format),))
    return _with_notes(report, notes)


def read_reports(file: str, notes: Sequence[str] = (), text_format: str | None = None) -> tuple[Report, ...]:
    """Return the reports in a file, one for each machine or state of a machine that its text lists.

    Args and errors are those of ``read_report``.
    """
    reports = _reports(file, text_format, lambda text: importers.parse_all(text, text_format))
    if notes and len(reports) > 1:
        raise AnnotationError(
            f"{_shown(file)} holds {len(reports)} listings, but notes speak of one machine; keep one in the file"
        )
    return tuple(_with_notes(report, notes) for report in reports)


def read_machine(files: Sequence[str], notes: Sequence[str] = (), text_format: str | None = None) -> Report:
    """Return the report of the one machine that files are about, with notes added.

    Each fact comes from the first file that knows it: ``lspci`` knows the functions, ``dmidecode`` the board. Args and
    errors are those of ``read_report``; files about different machines are refused.
    """
    if len(files) == 1:
        return read_report(files[0], notes, text_format)
    reports = [read_report(file, text_format=text_format) for file in files]
    combined = combine(reports, [_shown(file) for file in files])
    return _with_notes(schema.load(to_document(combined)).report, notes)


def _reports(file: str, text_format: str | None, parse_text: Callable[[str], tuple[Report, ...]]) -> tuple[Report, ...]:
    raw = _read(file)
    try:
        if text_format is None and _is_document(raw):
            documents = [schema.decode(raw, limit=_LARGEST)]
        elif text_format is None and is_archive(raw):
            documents = [to_document(parse_archive(raw))]
        else:
            documents = [to_document(report) for report in parse_text(_text(raw))]
        # A listing is no more trusted than a document: its text is cleaned and its sizes are limited alike.
        return tuple(schema.load(document).report for document in documents)
    except HwdbError as error:
        raise _named(error, _shown(file)) from error


def _is_document(raw: bytes) -> bool:
    """Whether these bytes are a report in hwdb's own format, or JSON that no importer takes for its own."""
    if raw.lstrip()[:1] != b"{":
        return False
    try:
        document = schema.decode(raw, limit=_LARGEST)
    except HwdbError:
        document = {}
    if isinstance(document, dict) and not document.keys().isdisjoint({"format", "functions"}):
        return True
    try:
        importers.sniff(_text(raw))
    except ParseError:
        return True
    return False


def _with_notes(report: Report, notes: Sequence[str]) -> Report:
    for path in notes:
        report = _annotated(report, path, _text(_read(path)))
    return report


def _annotated(report: Report, path: str, text: str) -> Report:
    try:
        loaded = schema.load(annotate(to_document(report), text))
    except HwdbError as error:
        raise AnnotationError(f"{path}: {error}") from error
    if loaded.ignored:
        raise AnnotationError(
            f"{path}: the report format has no {', '.join(loaded.ignored)}; docs/report-format.md lists what it has"
        )
    return loaded.report


def installed_device_names() -> dict[tuple[str, str], str]:
    """Return the names in this system's pci.ids, empty when it has none."""
    text = installed_list()
    return {} if text is None else {(n.vendor, n.device): n.name for n in map(DeviceName._make, parse(text))}


def installed_list() -> str | None:
    """Return the text of this system's pci.ids, None when it has none."""
    found = next((path for path in map(Path, PATHS) if path.is_file()), None)
    return None if found is None else found.read_text(encoding="utf-8", errors="replace")


def _read(file: str) -> bytes:
    name = _shown(file)
    try:
        # One byte more than is taken, so that an endless file is not read to its end.
        if file != "-":
            with Path(file).open("rb") as opened:
                raw = opened.read(_LARGEST + 1)
        else:
            raw = sys.stdin.buffer.read(_LARGEST + 1) if sys.stdin else b""
    except OSError as error:
        raise ParseError(f"{name} cannot be read: {error.strerror}") from error
    if len(raw) > _LARGEST:
        raise ParseError(f"{name} is larger than {_LARGEST // 2**20} MiB; a report is far smaller")
    # Windows marks its text files with their encoding, and writes UTF-16 when a program's output is kept.
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return raw.decode("utf-16", errors="replace").encode("utf-8", errors="replace")
    return raw.removeprefix(codecs.BOM_UTF8)


def _shown(file: str) -> str:
    return "standard input" if file == "-" else file


def _text(raw: bytes) -> str:
    if raw.startswith(tuple(anchor.encode() for anchor in ANCHORS)):
        # A binary table: every byte is to be kept.
        return raw.decode("latin-1")
    # Pastes come in old encodings; a wrong letter in a name is better than no report.
    return raw.decode("utf-8", errors="replace")


def _named(error: HwdbError, file: str) -> HwdbError:
    return ParseError(f"{file}: {error}")
