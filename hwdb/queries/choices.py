"""Names of known boards, for the fields of a form to offer."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import select

from hwdb import models
from hwdb.queries.known import BoardName

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

_MOST = 200


class BoardChoices(NamedTuple):
    """What a form offers.

    Attributes:
        boards: Known boards, those with a chipset asked for first, then those with the newest reports; at most 200.
        fitting: How many of them have that chipset.
        vendors: Makers of known boards, at most 200.
    """

    boards: tuple[BoardName, ...]
    fitting: int
    vendors: tuple[str, ...]


def board_choices(session: Session, chipset: str | None = None) -> BoardChoices:
    """Return the boards a form offers.

    Args:
        session: Reads only.
        chipset: What the machine at hand shows of its board, like ``X399``; None when it shows nothing.
    """
    board = models.Board
    newest = (
        select(board)
        .join(models.BoardAnswer, models.BoardAnswer.board_id == board.id)
        .where(board.known)
        .order_by(models.BoardAnswer.newest.desc(), board.id)
        .limit(_MOST)
    )
    alike = select(models.Report.board_id).where(models.Report.chipset == chipset)
    fitting = list(session.scalars(newest.where(board.id.in_(alike)))) if chipset else []
    found = list(dict.fromkeys([*fitting, *session.scalars(newest)]))[:_MOST]
    vendors = session.scalars(
        select(models.Vendor.name)
        .where(models.Vendor.id.in_(select(board.vendor_id).where(board.known)))
        .order_by(models.Vendor.name)
        .limit(_MOST)
    )
    names = (BoardName(one.vendor.name, one.vendor.slug, one.name, one.slug) for one in found)
    return BoardChoices(tuple(names), len(fitting), tuple(vendors))
