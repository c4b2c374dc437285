"""Boards: one by its address, some by a search."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from rapidfuzz import fuzz, process
from sqlalchemy import func, select

from hwdb import models
from hwdb.analysis.board import BoardAnswer
from hwdb.errors import NotFound
from hwdb.identity import searchable
from hwdb.models.documents import unpack
from hwdb.queries.views import BoardHit, BoardView
from hwdb.schema.text import excerpt

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.orm import Session

# A name must be this like the words asked for (0 to 100): one typing error in a short word, two in a longer one.
_LIKE_ENOUGH = 80
_SLUG = re.compile("[a-z0-9-]{1,96}")


def board(session: Session, vendor_slug: str, slug: str) -> BoardView:
    """Return a board with its answer.

    Raises:
        NotFound: No board has this address.
    """
    row = session.execute(
        select(models.Board, models.BoardAnswer.document)
        .join(models.BoardAnswer, models.BoardAnswer.board_id == models.Board.id)
        .join(models.Vendor, models.Vendor.id == models.Board.vendor_id)
        .where(models.Vendor.slug == _slug(vendor_slug), models.Board.slug == _slug(slug))
    ).one_or_none()
    if row is None:
        address = excerpt(f"{vendor_slug}/{slug}", 200)
        raise NotFound(f"no board is known by the address {address}; search for it by name")
    found, document = row
    whole = unpack(BoardAnswer, document)
    return BoardView(
        **vars(whole), vendor=found.vendor.name, vendor_slug=found.vendor.slug, name=found.name, slug=found.slug
    )


def _slug(asked: str) -> str | None:
    """Return what may be a slug, None for what no slug can be: PostgreSQL takes no NUL in text."""
    return asked if _SLUG.fullmatch(asked) else None


def known_boards(session: Session) -> int:
    """Return how many boards have an answer."""
    return session.scalar(select(func.count()).select_from(models.BoardAnswer)) or 0


def recent_boards(session: Session, limit: int = 20) -> tuple[BoardHit, ...]:
    """Return the boards with the newest reports."""
    newest = select(models.BoardAnswer.board_id).order_by(models.BoardAnswer.newest.desc(), models.BoardAnswer.board_id)
    return _hits(session, session.scalars(newest.limit(limit)))


def search(session: Session, q: str, limit: int = 50) -> tuple[BoardHit, ...]:
    """Return the boards whose vendor and name fit the words, best first.

    Words may come in any order, in part and with typing errors: ``taichi x399``, ``asrock x399``, ``x399 tachi``.
    """
    asked = searchable(q)
    if not asked:
        return ()
    names = session.execute(
        select(models.Board.id, models.Vendor.name + " " + models.Board.name)
        .join(models.Vendor, models.Vendor.id == models.Board.vendor_id)
        .join(models.BoardAnswer, models.BoardAnswer.board_id == models.Board.id)
        .order_by(models.Board.id)
    )
    choices = {number: searchable(name) for number, name in names}
    best = process.extract(asked, choices, scorer=_likeness, score_cutoff=_LIKE_ENOUGH, limit=limit)
    return _hits(session, (number for _, _, number in best))


def _likeness(asked: str, name: str, **_options: Any) -> float:
    """Return how well a name fits: the least of how well each word asked for fits some part of it.

    Whole words count a little more than parts of words, and a name that holds nothing else more than a longer one.
    """
    words, parts = asked.split(), name.split()
    fits = [max(_word_likeness(word, part) for part in [*parts, name.replace(" ", "")]) for word in words]
    return min(fits) * 0.9 + fuzz.token_sort_ratio(asked, name) * 0.1 if min(fits) >= _LIKE_ENOUGH else 0.0


def _word_likeness(word: str, part: str) -> float:
    if word == part:
        return 100.0
    # A model number is no word to mistype: X399 is not X299.
    if any(c.isdigit() for c in word):
        return 96.0 if word in part else 0.0
    return 96.0 if len(word) > 1 and word in part else fuzz.ratio(word, part)


def _hits(session: Session, ids: Iterable[int]) -> tuple[BoardHit, ...]:
    wanted = list(ids)
    rows = session.execute(
        select(models.Board, models.BoardAnswer.document)
        .join(models.BoardAnswer, models.BoardAnswer.board_id == models.Board.id)
        .where(models.Board.id.in_(wanted))
    )
    found = {board.id: (board, document) for board, document in rows}
    return tuple(_hit(*found[number]) for number in wanted if number in found)


def _hit(found: models.Board, document: bytes) -> BoardHit:
    whole = unpack(BoardAnswer, document)
    return BoardHit(
        vendor=found.vendor.name,
        vendor_slug=found.vendor.slug,
        name=found.name,
        slug=found.slug,
        verdict=whole.verdict,
        slots=whole.slots,
        machines=whole.machines,
    )
