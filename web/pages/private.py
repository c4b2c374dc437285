"""Headers of pages that only one person should have: those that show a key or have one in their address."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Response

_HEADERS = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex", "Referrer-Policy": "no-referrer"}


def kept_private(response: Response) -> Response:
    """Return an answer that no cache keeps, no search engine lists and no link from it tells the address of."""
    response.headers.update(_HEADERS)
    return response


def kept_out_of_caches(response: Response) -> Response:
    """Return an answer that no cache keeps and no search engine lists; its forms still say where they come from."""
    response.headers.update({name: said for name, said in _HEADERS.items() if name != "Referrer-Policy"})
    return response
