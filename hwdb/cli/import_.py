"""``hwdb import``: reports into the database."""

from __future__ import annotations

import datetime as dt

import click

from hwdb.cli.inputs import file_argument, format_option, notes_option, read_report
from hwdb.cli.opening import opened
from hwdb.intake import accept


@click.command("import", short_help="Store reports from files.")
@file_argument
@notes_option
@format_option
def command(file: str, notes: tuple[str, ...], text_format: str | None) -> None:
    """Store the report in FILE (- for standard input) and answer for its board anew."""
    report = read_report(file, notes, text_format)
    database = opened()
    with database.writing() as session:
        accepted = accept(session, report, now=dt.datetime.now(dt.UTC))
        session.commit()
    state = "Stored" if accepted.created else "Already known:"
    click.echo(f"{state} report {accepted.public_id} of {accepted.vendor_slug}/{accepted.slug}.")
    for remark in accepted.remarks:
        click.echo(remark)
