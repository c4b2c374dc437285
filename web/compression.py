"""Answers are compressed on their way, but for those that hold a key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_compress import Compress

if TYPE_CHECKING:
    from flask import Flask, Response


def register(app: Flask) -> None:
    """Compress what a client takes compressed; to be registered before all else that touches answers."""
    app.config.update(COMPRESS_REGISTER=False, COMPRESS_ALGORITHM=["br", "gzip"])
    compress = Compress(app)

    @app.after_request
    def _compress(response: Response) -> Response:
        # Beside words that somebody else may choose, the length of a compressed page tells its key (BREACH).
        if response.cache_control.no_store:
            return response
        if response.direct_passthrough:
            # Files are small: they are read and closed, since an answer of 304 would leave them open.
            response.direct_passthrough = False
            response.make_sequence()
            response.close()
        return compress.after_request(response)
