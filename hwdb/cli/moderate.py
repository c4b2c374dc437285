"""``hwdb moderate``: reports out of the counts and back, or out of the database."""

from __future__ import annotations

import datetime as dt

import click

from hwdb.cli.opening import opened
from hwdb.intake import hold, release, withdraw
from hwdb.queries import moderated_source
from hwdb.schema.text import clean


@click.group(no_args_is_help=False, short_help="Hold a report out of the counts, release or remove it.")
def command() -> None:
    """Keep a report from counting, or let it count again. Held reports stay visible, with the reason.

    Owners withdraw their own reports (hwdb-submit delete); one sent without a key is withdrawn here, when asked to.
    """


@command.command("hold")
@click.argument("report_id", metavar="ID")
@click.option("--reason", default="Held for review by an operator.", show_default=True, help="What readers are told.")
def hold_command(report_id: str, reason: str) -> None:
    """Keep report ID out of its board's answer."""
    with opened().writing() as session:
        hold(session, clean(report_id), clean(reason), dt.datetime.now(dt.UTC))
        session.commit()
    click.echo(f"Report {report_id} is held out of the counts.")


@command.command("release")
@click.argument("report_id", metavar="ID")
def release_command(report_id: str) -> None:
    """Let report ID count again."""
    with opened().writing() as session:
        release(session, clean(report_id), dt.datetime.now(dt.UTC))
        session.commit()
    click.echo(f"Report {report_id} is no longer held.")


@command.command("source")
@click.argument("report_id", metavar="ID")
def source_command(report_id: str) -> None:
    """Print the text report ID was read from, as it is kept: without serials, addresses and names."""
    with opened().reading() as session:
        text = moderated_source(session, clean(report_id))
    click.echo(text, nl=not text.endswith("\n"))


@command.command("withdraw")
@click.argument("report_id", metavar="ID")
@click.confirmation_option(prompt="Remove the document and all that was made of it?")
def withdraw_command(report_id: str) -> None:
    """Remove report ID for good; the same document is not taken again."""
    with opened().writing() as session:
        withdraw(session, clean(report_id), dt.datetime.now(dt.UTC))
        session.commit()
    click.echo(f"Report {report_id} is withdrawn.")
