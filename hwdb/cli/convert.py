"""``hwdb convert``: a listing as a report document."""

from __future__ import annotations

import click

from hwdb.cli.inputs import file_argument, format_option, notes_option, read_report
from hwdb.cli.printing import print_json
from hwdb.report import to_document


@click.command(short_help="Turn a listing into a report document.")
@file_argument
@notes_option
@format_option
def command(file: str, notes: tuple[str, ...], text_format: str | None) -> None:
    """Print the report that FILE holds (- for standard input) as JSON, in hwdb's own format."""
    report = read_report(file, notes, text_format)
    print_json(to_document(report))
