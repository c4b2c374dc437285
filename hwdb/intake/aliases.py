"""An operator's word on boards: two are one, a spelling is that board, one revision is a board of its own.

Each word is a row that stays, with its date, and can be taken back. It marks the reports it is about as to be judged
again; ``reanalyse`` then moves them.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from hwdb import models
from hwdb.errors import AliasError, NotFound
from hwdb.identity import board_revision, identify
from hwdb.intake import catalogue
from hwdb.models.aliases import led, revision_key
from hwdb.report import Board, Report
from hwdb.schema.text import excerpt

if TYPE_CHECKING:
    import datetime as dt

    from sqlalchemy.orm import Session

    from hwdb.identity import BoardIdentity


def merge(session: Session, address: str, into: str, now: dt.datetime) -> int:
    """Say that two boards are one: the reports of ``address`` belong to ``into``.

    Args:
        session: A writing session; the caller commits.
        address: Its address as pages spell it, ``asrock/x399-taichi``.
        into: The address of the board it is.
        now: Aware.

    Returns:
        The number under which it is undone.

    Raises:
        NotFound: No board has one of the addresses.
        AliasError: They are one already, or it would lead in a circle.
    """
    board, target = _at(session, address), _at(session, into)
    says = f"{_shown(board)} is {_shown(target)}."
    return _add(session, "merge", (board.vendor.key, board.key, None), target, says, now)


def alias(session: Session, vendor: str, name: str, address: str, now: dt.datetime) -> int:
    """Say that what firmware calls by a vendor and a name is the board of an address. Raises as ``merge``."""
    target = _at(session, address)
    identity = _spelled(vendor, name)
    says = f"{identity.vendor} {identity.name} is {_shown(target)}."
    return _add(session, "alias", (identity.vendor_key, identity.key, None), target, says, now)


def split(session: Session, address: str, revision: str, name: str, now: dt.datetime) -> int:
    """Say that one revision of a board is a board of its own, under another name. Raises as ``merge``.

    Args:
        session: As for ``merge``.
        address: As for ``merge``.
        revision: As the reports' ``board.version`` says it.
        name: What the new board is called.
        now: As for ``merge``.
    """
    board = _at(session, address)
    key = revision_key(board_revision(Report(board=Board(version=revision))))
    if key is None:
        raise AliasError("a revision has letters or digits; name it as the reports' board version does")
    identity = _spelled(board.vendor.name, name)
    target = catalogue.own_board(session, replace(identity, vendor_key=board.vendor.key))
    says = f"Revision {revision} of {_shown(board)} is {_shown(target)}."
    return _add(session, "split", (board.vendor.key, board.key, key), target, says, now)


def undo(session: Session, number: int, now: dt.datetime) -> str:
    """Take an operator's word back, and return what it said.

    Raises:
        NotFound: There is no such word.
        AliasError: It is undone already.
    """
    said = session.get(models.BoardAlias, number)
    if said is None:
        raise NotFound(f"there is no entry {number}; `hwdb board history` lists them")
    if said.undone_at is not None:
        raise AliasError(f"entry {number} was undone on {said.undone_at.date()} already")
    before = led(session, said.vendor_key, said.key, said.revision).boards
    said.undone_at = now
    session.flush()
    _judge_again(session, {board.id for board in before})
    return said.says


def _add(
    session: Session,
    kind: str,
    source: tuple[str, str, str | None],
    target: models.Board,
    says: str,
    now: dt.datetime,
) -> int:
    vendor_key, key, revision = source
    before = led(session, vendor_key, key, revision)
    own = session.scalar(
        select(models.Board)
        .join(models.Vendor, models.Vendor.id == models.Board.vendor_id)
        .where(models.Vendor.key == vendor_key, models.Board.key == key)
    )
    reached = before.board or own
    if reached is not None and reached.id == target.id and (revision is None or before.board is not None):
        raise AliasError(f"nothing to do: {_shown(target)} is where such reports are already")
    said = _in_force(session, source)
    if said is not None:
        raise AliasError(f"entry {said.id} says otherwise: {said.says} Undo it first: hwdb board undo {said.id}")
    made = models.BoardAlias(
        kind=kind,
        vendor_key=vendor_key,
        key=key,
        revision=revision,
        board_id=target.id,
        says=says,
        created_at=now,
    )
    session.add(made)
    session.flush()
    revisions = {revision, *session.scalars(select(models.BoardAlias.revision).distinct())}
    if any(led(session, vendor_key, key, one).circular for one in revisions):
        raise AliasError(f"{says[:-1]}: with what was said before this leads in a circle; `hwdb board history` tells")
    affected = {board.id for board in before.boards} | ({own.id} if own is not None else set())
    _judge_again(session, affected)
    return made.id


def _in_force(session: Session, source: tuple[str, str, str | None]) -> models.BoardAlias | None:
    vendor_key, key, revision = source
    alias = models.BoardAlias
    same = alias.revision.is_(None) if revision is None else alias.revision == revision
    find = select(alias).where(alias.vendor_key == vendor_key, alias.key == key, same, alias.undone_at.is_(None))
    return session.scalar(find)


def _judge_again(session: Session, boards: set[int]) -> None:
    """Mark the reports of some boards as judged by older rules, so that ``reanalyse`` takes them up."""
    catalogue.lock_boards(session, boards)
    session.execute(update(models.Report).where(models.Report.board_id.in_(boards)).values(analysis=0))
    session.flush()


def _at(session: Session, address: str) -> models.Board:
    vendor_slug, _, slug = address.strip().removeprefix("/boards/").partition("/")
    board = session.scalar(
        select(models.Board)
        .join(models.Vendor, models.Vendor.id == models.Board.vendor_id)
        .where(models.Vendor.slug == vendor_slug, models.Board.slug == slug)
    )
    if board is None:
        raise NotFound(
            f"no board has the address {excerpt(address, 200)}; it is what follows /boards/ in its page's address, like"
            " asrock/x399-taichi"
        )
    return board


def _spelled(vendor: str, name: str) -> BoardIdentity:
    identity = identify(Report(board=Board(vendor=vendor, name=name)))
    if not identity.known:
        raise AliasError(f"{excerpt(name)} is no name of a board: firmware fills it in where nobody did")
    return identity


def _shown(board: models.Board) -> str:
    return f"{board.vendor.name} {board.name}"
