"""A board by its address."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sqlalchemy import select

from hwdb import models
from hwdb.analysis.board import BoardAnswer
from hwdb.errors import NotFound
from hwdb.models.documents import unpack
from hwdb.queries.views import BoardView
from hwdb.schema.text import excerpt

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

_SLUG = re.compile("[a-z0-9-]{1,96}")


def board(session: Session, vendor_slug: str, slug: str) -> BoardView:
    """Return a board with its answer; where it went when its reports belong to another board now.

    Raises:
        NotFound: No board has this address.
    """
    row = _answered(session, _number_at(session, vendor_slug, slug))
    if row is None:
        address = excerpt(f"{vendor_slug}/{slug}", 200)
        raise NotFound(f"no board is known by the address {address}; search for it by name")
    found, document = row
    whole = unpack(BoardAnswer, document)
    return BoardView(
        **vars(whole), vendor=found.vendor.name, vendor_slug=found.vendor.slug, name=found.name, slug=found.slug
    )


def _number_at(session: Session, vendor_slug: str, slug: str) -> int | None:
    return session.scalar(
        select(models.Board.id)
        .join(models.Vendor, models.Vendor.id == models.Board.vendor_id)
        .where(models.Vendor.slug == _slug(vendor_slug), models.Board.slug == _slug(slug))
    )


def _answered(session: Session, number: int | None) -> tuple[models.Board, bytes] | None:
    """Return a board and its answer, or those of the board its reports went to."""
    passed: set[int] = set()
    while number is not None and number not in passed:
        passed.add(number)
        row = session.execute(
            select(models.Board, models.BoardAnswer.document)
            .join(models.BoardAnswer, models.BoardAnswer.board_id == models.Board.id)
            .where(models.Board.id == number)
        ).one_or_none()
        if row is not None:
            return row[0], row[1]
        number = session.scalar(select(models.MovedBoard.to_board_id).where(models.MovedBoard.board_id == number))
    return None


def _slug(asked: str) -> str | None:
    """Return what may be a slug, None for what no slug can be: PostgreSQL takes no NUL in text."""
    return asked if _SLUG.fullmatch(asked) else None
