"""``hwdb convert``: a listing as a report document."""

from __future__ import annotations

import click

from hwdb.cli.inputs import files_argument, format_option, notes_option, read_machine, read_reports
from hwdb.cli.printing import print_json
from hwdb.report import to_document


@click.command(short_help="Turn a listing into a report document.")
@files_argument
@notes_option
@format_option
def command(files: tuple[str, ...], notes: tuple[str, ...], text_format: str | None) -> None:
    """Print the report that FILE holds (- for standard input) as JSON, in hwdb's own format.

    A text with listings of several machines, or of one before and after a change, gives a list of reports. Several
    files about one machine, like lspci's output and dmidecode's, become one report.
    """
    if len(files) == 1:
        reports = read_reports(files[0], notes, text_format)
    else:
        reports = (read_machine(files, notes, text_format),)
    documents = [to_document(report) for report in reports]
    print_json(documents[0] if len(documents) == 1 else documents)
