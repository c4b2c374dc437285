"""Up to four boards side by side."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from flask import render_template, request, url_for

from hwdb import queries
from hwdb.errors import NotFound
from web.addresses import MovedPermanently
from web.database import reading
from web.pages.asked import asked
from web.pages.comparison import bands, leaders

if TYPE_CHECKING:
    from flask import Blueprint
    from sqlalchemy.orm import Session

    from hwdb.queries import BoardView

MOST = 4
"""Boards side by side."""

_SUGGESTED = 8
# As long as an address of a board can be, and some; a sentence about it should not fill the page.
_LONGEST = 200
_ADDRESS = re.compile("([a-z0-9-]{1,96})/([a-z0-9-]{1,96})")


class _Found(NamedTuple):
    """What an address led to: a board, or a sentence why it led to none."""

    address: str
    board: BoardView | None
    missing: str = ""


def add(pages: Blueprint) -> None:
    """Put the page on the blueprint."""
    pages.add_url_rule("/compare", "compare", _compare)


def _compare() -> str:
    addresses = list(dict.fromkeys(filter(None, (one.strip()[:_LONGEST] for one in request.args.getlist("board")))))
    q = asked("q")
    with reading() as session:
        found = [_find(session, address) for address in addresses[:MOST]]
        hits = queries.search(session, q, _SUGGESTED + MOST) if q else ()
    now = list(dict.fromkeys(one.address for one in found))
    if now != addresses[:MOST]:
        # A board that moved is asked for by its new address, so that what is shared and kept is the new one.
        raise MovedPermanently(url_for("pages.compare", board=[*now, *addresses[MOST:]], q=q or None))
    boards = [one.board for one in found if one.board is not None]
    chosen = [one.address for one in found if one.board is not None]
    rows = bands(boards)
    return render_template(
        "compare.html",
        boards=boards,
        chosen=chosen,
        missing=[one.missing for one in found if one.missing],
        left_over=addresses[MOST:],
        most=MOST,
        bands=rows,
        leaders=leaders(boards, rows),
        q=q,
        hits=[hit for hit in hits if f"{hit.vendor_slug}/{hit.slug}" not in chosen][:_SUGGESTED],
    )


def _find(session: Session, address: str) -> _Found:
    parts = _ADDRESS.fullmatch(address)
    if parts is None:
        return _Found(address, None, f"{address} is no address of a board; one is written like asrock/x399-taichi.")
    try:
        board = queries.board(session, parts[1], parts[2])
    except NotFound as error:
        return _Found(address, None, f"{str(error)[0].upper()}{str(error)[1:]}.")
    return _Found(f"{board.vendor_slug}/{board.slug}", board)
