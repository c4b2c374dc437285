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
            document = schema.decode(raw, limit=_LARGEST)
        else:
            document = to_document(importers.parse(_text(raw), text_format))
        # A listing is no more trusted than a document: its text is cleaned and its sizes are limited alike.
        report = schema.load(document).report
    except HwdbError as error:
        raise _named(error, "standard input" if file == "-" else file) from error
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
    name = "standard input" if file == "-" else file
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


def _text(raw: bytes) -> str:
    # Pastes come in old encodings; a wrong letter in a name is better than no report.
    return raw.decode("utf-8", errors="replace")


def _named(error: HwdbError, file: str) -> HwdbError:
    return ParseError(f"{file}: {error}")
