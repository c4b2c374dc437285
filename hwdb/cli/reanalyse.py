"""``hwdb reanalyse``: stored reports judged by the present rules."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import click

from hwdb.cli.opening import opened
from hwdb.intake import pending, reanalyse

if TYPE_CHECKING:
    from hwdb.models.engine import Database


@click.command(short_help="Judge stored reports by the present rules.")
@click.option("--all", "everything", is_flag=True, help="Also those that were judged by the present rules.")
@click.option("--batch", default=50, show_default=True, type=click.IntRange(1, 1000), help="Reports per transaction.")
def command(everything: bool, batch: int) -> None:
    """Rebuild verdicts and answers from the stored documents.

    Each batch is a transaction: stopped, it goes on where it was; the service goes on answering meanwhile.
    """
    behind = judge_again(opened(), everything=everything, batch=batch)
    click.echo(f"{behind} {'report' if behind == 1 else 'reports'} judged by the present rules.")


def judge_again(database: Database, *, everything: bool = False, batch: int = 50) -> int:
    """Judge what is behind, or everything, batch by batch with a progress bar, and return how many reports it was."""
    with database.writing() as session:
        behind = pending(session, everything=everything)
        session.commit()
    with click.progressbar(length=behind, label="Judging", show_pos=True) as bar:
        done = 1
        while done:
            with database.writing() as session:
                done = reanalyse(session, dt.datetime.now(dt.UTC), batch)
                session.commit()
            bar.update(done)
    return behind
