"""``hwdb import``: reports into the database."""

from __future__ import annotations

import datetime as dt

import click

from hwdb.cli.inputs import files_argument, format_option, notes_option, read_machine
from hwdb.cli.opening import opened
from hwdb.intake import accept


@click.command("import", short_help="Store reports from files.")
@files_argument
@notes_option
@format_option
def command(files: tuple[str, ...], notes: tuple[str, ...], text_format: str | None) -> None:
    """Store the report in FILE (- for standard input) and answer for its board anew.

    Several files about one machine, like lspci's output and dmidecode's, become one report.
    """
    report = read_machine(files, notes, text_format)
    database = opened()
    with database.writing() as session:
        accepted = accept(session, report, now=dt.datetime.now(dt.UTC))
        session.commit()
    state = "Stored" if accepted.created else "Already known:"
    click.echo(f"{state} report {accepted.public_id} of {accepted.vendor_slug}/{accepted.slug}.")
    for remark in accepted.remarks:
        click.echo(remark)
