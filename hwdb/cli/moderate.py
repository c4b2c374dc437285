"""``hwdb moderate``: reports out of the counts and back."""

from __future__ import annotations

import datetime as dt

import click

from hwdb.cli.opening import opened
from hwdb.intake import hold, release
from hwdb.schema.text import clean


@click.group(no_args_is_help=False, short_help="Hold a report out of the counts, or release it.")
def command() -> None:
    """Keep a report from counting, or let it count again. Held reports stay visible, with the reason."""


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
