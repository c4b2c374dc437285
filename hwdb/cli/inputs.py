"""Reading what a command is pointed at: a report document or a listing, with notes."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hwdb import importers, schema
from hwdb.errors import AnnotationError, HwdbError, ParseError
from hwdb.importers import annotate
from hwdb.importers.archive import is_archive
from hwdb.importers.combine import combine
from hwdb.inputs import LARGEST, is_document, reports_in, text_of, unmarked
from hwdb.pciids import PATHS, DeviceName, parse
from hwdb.report import to_document

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hwdb.report import Report

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
    return _with_notes(_largest(_read(file), file, text_format), notes)


def read_reports(file: str, notes: Sequence[str] = (), text_format: str | None = None) -> tuple[Report, ...]:
    """Return the reports in a file, one for each machine or state of a machine that its text lists.

    Args and errors are those of ``read_report``.
    """
    reports = _reports(_read(file), file, text_format, lambda text: importers.parse_all(text, text_format))
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
    return read_machine_and_text(files, notes, text_format)[0]


def read_machine_and_text(
    files: Sequence[str], notes: Sequence[str] = (), text_format: str | None = None
) -> tuple[Report, str | None]:
    """Return what ``read_machine`` does, and the texts it was read from; None where a document or an archive is."""
    raws = [_read(file) for file in files]
    reports = [_largest(raw, file, text_format) for raw, file in zip(raws, files, strict=True)]
    if len(reports) == 1:
        report = reports[0]
    else:
        combined = combine(reports, [_shown(file) for file in files])
        report = schema.load(to_document(combined)).report
    texts = [text_of(raw) for raw in raws if text_format is not None or not (is_archive(raw) or is_document(raw))]
    return _with_notes(report, notes), "\n".join(texts) if len(texts) == len(raws) else None


def _largest(raw: bytes, file: str, text_format: str | None) -> Report:
    (report,) = _reports(raw, file, text_format, lambda text: (importers.parse(text, text_format),))
    return report


def _reports(
    raw: bytes, file: str, text_format: str | None, parse_text: Callable[[str], tuple[Report, ...]]
) -> tuple[Report, ...]:
    try:
        return reports_in(raw, parse_text, known=text_format is not None)
    except HwdbError as error:
        raise _named(error, _shown(file)) from error


def _with_notes(report: Report, notes: Sequence[str]) -> Report:
    for path in notes:
        report = _annotated(report, path, text_of(_read(path)))
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
                raw = opened.read(LARGEST + 1)
        else:
            raw = sys.stdin.buffer.read(LARGEST + 1) if sys.stdin else b""
    except OSError as error:
        raise ParseError(f"{name} cannot be read: {error.strerror}") from error
    if len(raw) > LARGEST:
        raise ParseError(f"{name} is larger than {LARGEST // 2**20} MiB; a report is far smaller")
    return unmarked(raw)


def _shown(file: str) -> str:
    return "standard input" if file == "-" else file


def _named(error: HwdbError, file: str) -> HwdbError:
    return ParseError(f"{file}: {error}")
