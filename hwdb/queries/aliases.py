"""What operators said of boards, in order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import or_, select

from hwdb import models

if TYPE_CHECKING:
    import datetime as dt

    from sqlalchemy.orm import Session


@dataclass(frozen=True)
class BoardWord:
    """One word of an operator on boards.

    Attributes:
        number: Under which it is undone.
        kind: ``alias``, ``merge`` or ``split``.
        says: In a sentence.
        said: When.
        undone: When it was taken back, None while it holds.
    """

    number: int
    kind: str
    says: str
    said: dt.datetime
    undone: dt.datetime | None


def board_history(session: Session, address: str | None = None) -> tuple[BoardWord, ...]:
    """Return what operators said of boards, oldest first; of one board when its address is given."""
    alias = models.BoardAlias
    find = select(alias).order_by(alias.id)
    if address is not None:
        vendor_slug, _, slug = address.partition("/")
        boards = select(models.Board).join(models.Vendor, models.Vendor.id == models.Board.vendor_id)
        board = session.scalar(boards.where(models.Vendor.slug == vendor_slug, models.Board.slug == slug))
        if board is None:
            return ()
        itself = (alias.vendor_key == board.vendor.key) & (alias.key == board.key)
        find = find.where(or_(alias.board_id == board.id, itself))
    return tuple(BoardWord(row.id, row.kind, row.says, row.created_at, row.undone_at) for row in session.scalars(find))
