"""Headers every answer carries."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask, Response

# The pages load nothing but their own stylesheet, icons and scripts, all of them files, and are framed by nobody.
_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; connect-src 'self'; form-action 'self';"
    " base-uri 'none'; frame-ancestors 'none'"
)


def register(app: Flask) -> None:
    """Add the headers to every answer of the application."""

    @app.after_request
    def _add(response: Response) -> Response:
        response.headers.setdefault("Content-Security-Policy", _POLICY)
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Referrer-Policy", "same-origin")
        if response.status_code < HTTPStatus.BAD_REQUEST:
            # The limiter says it always; to who was served it would mean "come back later".
            response.headers.pop("Retry-After", None)
        return response
