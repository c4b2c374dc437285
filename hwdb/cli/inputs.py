"""Reading what a command is pointed at: a report document or a listing, with notes."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hwdb import importers, schema
from hwdb.errors import AnnotationError, HwdbError, ParseError
from hwdb.importers import annotate
from hwdb.pciids import PATHS, DeviceName, parse
from hwdb.report import to_document

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hwdb.report import Report

_LARGEST = 64 * 1024 * 1024

file_argument = click.argument("file", type=click.Path(dir_okay=False, allow_dash=True), metavar="FILE")
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
    """Return the report in a file, with notes added.

    Args:
        file: A path, or ``-`` for standard input.
        notes: Paths of notes files, added in order.
        text_format: Name of an importer; None to recognise JSON or a listing.

    Raises:
        HwdbError: A file cannot be read, is no report, or its notes do not fit; the sentence names the file.
    """
    raw = _read(file)
    try:
        if text_format is None and raw.lstrip()[:1] == b"{":
            report = schema.load(schema.decode(raw, limit=_LARGEST)).report
        else:
            report = importers.parse(_text(raw), text_format)
    except HwdbError as error:
        raise _named(error, "standard input" if file == "-" else file) from error
    for path in notes:
        report = _annotated(report, path)
    return report


def _annotated(report: Report, path: str) -> Report:
    try:
        loaded = schema.load(annotate(to_document(report), _text(_read(path))))
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
    try:
        raw = sys.stdin.buffer.read(_LARGEST + 1) if file == "-" else Path(file).read_bytes()
    except OSError as error:
        raise ParseError(f"{file} cannot be read: {error.strerror}") from error
    if len(raw) > _LARGEST:
        raise ParseError(f"{file} is larger than {_LARGEST // 2**20} MiB; a report is far smaller")
    return raw


def _text(raw: bytes) -> str:
    # Pastes come in old encodings; a wrong letter in a name is better than no report.
    return raw.decode("utf-8-sig", errors="replace")


def _named(error: HwdbError, file: str) -> HwdbError:
    return ParseError(f"{file}: {error}")
