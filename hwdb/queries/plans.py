"""Plans: boards for the cards somebody wants to plug in, or the slots for them on one board."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlalchemy import select

from hwdb import models
from hwdb.analysis.planner import Candidate, Plan, ranked, suits
from hwdb.analysis.shapes import SlotAnswer  # noqa: TC001 (answers are read back by this annotation)
from hwdb.analysis.slot_fit import SharedLanes  # noqa: TC001 (the same)
from hwdb.analysis.wishes import Need  # noqa: TC001 (the API's schema is made by this annotation)
from hwdb.models.documents import unpack
from hwdb.queries.boards import board as board_at

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy.orm import Session

    from hwdb.analysis.planner import Ranked
    from hwdb.analysis.wishes import Wish


@dataclass(frozen=True)
class PlansView:
    """What the boards that are known come to for a wish.

    Attributes:
        needs: The cards, as they were understood.
        fit: Boards with a slot for every card.
        may_fit: Boards for which that hangs on what is not known.
        miss: Boards on which a card is without a slot.
        nothing_known: Boards left out since nothing is known of any slot of theirs that could serve.
        left_out: Boards left out since a fact that was asked for, like the socket, is not known of them.
        plans: The best of those that fit, may fit or miss, the best first.
    """

    needs: tuple[Need, ...]
    fit: int
    may_fit: int
    miss: int
    nothing_known: int
    left_out: int
    plans: tuple[Plan, ...]


@dataclass(frozen=True)
class _Answer:
    """The part of a board's stored answer that a plan needs; reading all of it takes several times as long."""

    slots: tuple[SlotAnswer, ...] = ()
    machines: int = 0
    chipset: str | None = None
    socket: str | None = None
    form_factor: str | None = None
    sharing: tuple[SharedLanes, ...] = ()


def plans(session: Session, wish: Wish, limit: int = 20) -> PlansView:
    """Return the boards that suit a wish best, each with a slot for every card or with what is in the way."""
    suiting, left_out = [], 0
    for candidate in _candidates(session):
        fitting = suits(candidate, wish)
        left_out += fitting is None
        if fitting:
            suiting.append(candidate)
    found = ranked(suiting, wish)
    telling = [one for one in found if one.known]
    return _view(wish, telling, limit, nothing_known=len(found) - len(telling), left_out=left_out)


def plan_for(session: Session, vendor_slug: str, slug: str, wish: Wish) -> PlansView:
    """Return which slot of one board takes which card; whatever is asked of the board itself is not looked at.

    Raises:
        NotFound: No board has this address.
    """
    own = board_at(session, vendor_slug, slug)
    candidate = Candidate(
        own.vendor,
        own.vendor_slug,
        own.name,
        own.slug,
        own.slots,
        own.machines,
        chipset=own.chipset,
        socket=own.socket,
        form_factor=own.form_factor,
        sharing=own.sharing,
    )
    wish = replace(wish, socket=None, chipset=None, vendor=None, form_factor=None)
    return _view(wish, ranked([candidate], wish), 1)


def _candidates(session: Session) -> Iterator[Candidate]:
    """Yield every board that can be named, with the slots of its answer."""
    rows = session.execute(
        select(
            models.Vendor.name,
            models.Vendor.slug,
            models.Board.name,
            models.Board.slug,
            models.BoardAnswer.document,
        )
        .join(models.Board, models.Board.id == models.BoardAnswer.board_id)
        .join(models.Vendor, models.Vendor.id == models.Board.vendor_id)
        .where(models.Board.known)
    )
    for vendor, vendor_slug, name, slug, document in rows:
        yield Candidate(vendor, vendor_slug, name, slug, **vars(unpack(_Answer, document)))


def _view(wish: Wish, found: Sequence[Ranked], limit: int, *, nothing_known: int = 0, left_out: int = 0) -> PlansView:
    return PlansView(
        needs=wish.needs,
        fit=sum(one.fits is True for one in found),
        may_fit=sum(one.fits is None for one in found),
        miss=sum(one.fits is False for one in found),
        nothing_known=nothing_known,
        left_out=left_out,
        plans=tuple(one.explained() for one in found[:limit]),
    )
