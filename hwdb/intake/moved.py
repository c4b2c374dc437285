"""Boards whose reports went elsewhere: their addresses lead on, until a report comes back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from hwdb import models

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.orm import Session


def arrived(session: Session, board_id: int) -> None:
    """Note that a board has a report: its address is its own again."""
    session.execute(delete(models.MovedBoard).where(models.MovedBoard.board_id == board_id))


def departed(session: Session, moves: Iterable[tuple[int, int]]) -> None:
    """Note where the last reports of boards went.

    A board that still has reports keeps its address; one whose last reports went to several boards leads nowhere,
    since none of them is what it was.

    Args:
        session: The caller holds the locks of all boards.
        moves: Of each report that moved, its old and its new board.
    """
    went: dict[int, set[int]] = {}
    for old, new in moves:
        went.setdefault(old, set()).add(new)
        arrived(session, new)
    occupied = select(models.Report.board_id).where(models.Report.board_id.in_(went))
    for old in went.keys() - set(session.scalars(occupied)):
        arrived(session, old)
        if len(went[old]) == 1:
            session.add(models.MovedBoard(board_id=old, to_board_id=went[old].pop()))
    session.flush()
