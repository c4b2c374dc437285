"""A board's page, and what others take of it: its badge, its picture, its feed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response, render_template

from hwdb import queries
from hwdb.queries.regressions import regressions
from web.addresses import at_its_address
from web.database import reading
from web.pages.badge import badge
from web.pages.board_parts import FILTERS
from web.pages.feeds import board_feed, regressions_feed
from web.pages.picture import picture

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Blueprint

    from hwdb.queries import BoardView


def add(pages: Blueprint) -> None:
    """Put the page and what belongs to it on the blueprint."""
    address = "/boards/<vendor_slug>/<slug>"
    for rule, name, shown in (
        (address, "board", _page),
        (f"{address}/badge.svg", "badge", badge),
        (f"{address}/card.png", "picture", picture),
        (f"{address}/feed.atom", "board_feed", board_feed),
    ):
        pages.add_url_rule(rule, name, _of_board(shown))
    pages.add_url_rule("/regressions.atom", "regressions", _regressions)
    for name, function in FILTERS.items():
        pages.add_app_template_filter(function, name)


def _of_board(shown: Callable[[BoardView], Response]) -> Callable[[str, str], Response]:
    """Return a view that shows something of the board at an address."""

    def view(vendor_slug: str, slug: str) -> Response:
        with reading() as session:
            board = at_its_address(queries.board(session, vendor_slug, slug), vendor_slug, slug)
            return shown(board)

    return view


def _page(board: BoardView) -> Response:
    return Response(render_template("board.html", board=board))


def _regressions() -> Response:
    with reading() as session:
        return regressions_feed(regressions(session))
