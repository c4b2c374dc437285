"""Old addresses of boards lead to the new one, on pages and in the API."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request, url_for
from werkzeug.routing import RequestRedirect

if TYPE_CHECKING:
    from hwdb.queries import BoardView


class MovedPermanently(RequestRedirect):
    """What was asked for has this address now."""

    code = 301


def at_its_address(board: BoardView, vendor_slug: str, slug: str) -> BoardView:
    """Return a board that was asked for by its own address.

    Raises:
        MovedPermanently: It was asked for by one that it, or a board it stands for now, had before.
    """
    if (board.vendor_slug, board.slug) != (vendor_slug, slug):
        address = url_for(request.endpoint or "pages.board", vendor_slug=board.vendor_slug, slug=board.slug)
        query = request.query_string.decode("latin-1")
        raise MovedPermanently(f"{address}?{query}" if query else address)
    return board
