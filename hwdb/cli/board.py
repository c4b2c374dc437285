"""``hwdb board``: which board is which, where firmware does not say it well enough."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import click

from hwdb import intake, queries
from hwdb.cli.opening import opened
from hwdb.cli.reanalyse import judge_again
from hwdb.schema.text import clean

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session

    from hwdb.models.engine import Database

_ADDRESS = "A BOARD is named by its address, what follows /boards/ on its page: asrock/x399-taichi."


@click.group(no_args_is_help=False, short_help="Say which boards are one, or not, and take it back.")
def command() -> None:
    """Tell which reports belong to which board.

    Boards are told apart by what their firmware says, and put together only where that is sure. Where an operator
    knows better, each word is kept with its date and can be undone; reports move at once, and old addresses lead on.
    """


@command.command("merge", epilog=_ADDRESS)
@click.argument("board")
@click.argument("into")
def merge_command(board: str, into: str) -> None:
    """BOARD and INTO are one: reports of the first belong to the second."""
    _say(lambda session, now: intake.merge(session, clean(board), clean(into), now))


@command.command("alias", epilog=_ADDRESS)
@click.argument("vendor")
@click.argument("name")
@click.argument("board")
def alias_command(vendor: str, name: str, board: str) -> None:
    """What firmware calls by VENDOR and NAME is BOARD, also in reports to come."""
    _say(lambda session, now: intake.alias(session, clean(vendor), clean(name), clean(board), now))


@command.command("split", epilog=_ADDRESS)
@click.argument("board")
@click.option("--revision", required=True, help="As reports say it in board.version.")
@click.option("--name", required=True, help="What the new board is called.")
def split_command(board: str, revision: str, name: str) -> None:
    """One revision of BOARD is a board of its own."""
    _say(lambda session, now: intake.split(session, clean(board), clean(revision), clean(name), now))


@command.command("undo")
@click.argument("number", type=int)
def undo_command(number: int) -> None:
    """Take back what is listed under NUMBER."""
    database = opened()
    with database.writing() as session:
        said = intake.undo(session, number, dt.datetime.now(dt.UTC))
        session.commit()
    click.echo(f"Undone: {said}")
    _move(database)


@command.command("history", epilog=_ADDRESS)
@click.argument("board", required=False)
def history_command(board: str | None) -> None:
    """List what was said of all boards, or of BOARD, and what of it was undone."""
    with opened().reading() as session:
        words = queries.board_history(session, None if board is None else clean(board))
    for word in words:
        undone = f"  (undone {word.undone:%Y-%m-%d})" if word.undone else ""
        click.echo(f"{word.number:>4}  {word.said:%Y-%m-%d}  {word.says}{undone}")
    if not words:
        click.echo("Nothing was said." if board is None else f"Nothing was said of {board}.")


def _say(write: Callable[[Session, dt.datetime], int]) -> None:
    database = opened()
    with database.writing() as session:
        number = write(session, dt.datetime.now(dt.UTC))
        session.commit()
    click.echo(f"Noted as entry {number}; `hwdb board undo {number}` takes it back.")
    _move(database)


def _move(database: Database) -> None:
    judged = judge_again(database)
    click.echo(f"{judged} {'report' if judged == 1 else 'reports'} judged again.")
