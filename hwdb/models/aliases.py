"""Which board an identity names, after what operators said of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import select

from hwdb.identity.names import key_of
from hwdb.models.board import Board, BoardAlias

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


class Led(NamedTuple):
    """Where aliases lead from an identity.

    Attributes:
        boards: The boards on the way, in order; empty when no alias is about this identity.
        circular: Whether the way came back to a board it had passed, which no operator is let say.
    """

    boards: tuple[Board, ...]
    circular: bool

    @property
    def board(self) -> Board | None:
        """The board that reports of this identity belong to; None when it is the identity's own."""
        return self.boards[-1] if self.boards else None


def revision_key(revision: str | None) -> str | None:
    """Return what two spellings of a board's revision have in common, None when it is not stated."""
    return key_of(revision or "") or None


def led(session: Session, vendor_key: str, key: str, revision: str | None) -> Led:
    """Follow the aliases in force from an identity.

    Args:
        session: Reads only.
        vendor_key: Of the identity a report states, from ``hwdb.identity.identify``.
        key: Of the same.
        revision: Key of the board revision it states too, None for none. An alias for it goes before one for all.
    """
    boards: list[Board] = []
    passed = {(vendor_key, key)}
    while (board := _next(session, vendor_key, key, revision)) is not None:
        boards.append(board)
        vendor_key, key = board.vendor.key, board.key
        if (vendor_key, key) in passed:
            return Led(tuple(boards), circular=True)
        passed.add((vendor_key, key))
    return Led(tuple(boards), circular=False)


def _next(session: Session, vendor_key: str, key: str, revision: str | None) -> Board | None:
    said = session.scalars(
        select(BoardAlias)
        .where(BoardAlias.vendor_key == vendor_key, BoardAlias.key == key, BoardAlias.undone_at.is_(None))
        .order_by(BoardAlias.id)
    )
    by_revision = {alias.revision: alias.board for alias in said}
    return by_revision.get(revision, by_revision.get(None))
