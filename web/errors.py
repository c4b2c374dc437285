"""Errors as answers: ``application/problem+json`` (RFC 9457) below /api/, a page elsewhere; in this one place."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from flask import Response, current_app, render_template, request
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException

from hwdb.errors import DocumentError, HwdbError, InvalidReport, NotAReport, NotFound, NotYours, Withdrawn
from hwdb.schema import MAX_BYTES

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

_TAKEN = f"at most {MAX_BYTES:,} are taken; real reports are far smaller"


def register(app: Flask) -> None:
    """Answer every error of the application."""
    app.register_error_handler(HwdbError, _hwdb_error)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(OperationalError, _database_error)
    app.register_error_handler(PoolTimeout, _database_error)
    app.register_error_handler(IntegrityError, _conflict)


def _hwdb_error(error: HwdbError) -> Response:
    fields = [vars(problem) for problem in error.problems] if isinstance(error, InvalidReport) else []
    return _answer(_status_of(error), _sentence(str(error)), fields)


def _status_of(error: HwdbError) -> int:
    if isinstance(error, DocumentError):
        return error.status
    for kind, status in ((NotYours, 403), (NotFound, 404), (Withdrawn, 410), (NotAReport, 422)):
        if isinstance(error, kind):
            return status
    return 500


def _http_error(error: HTTPException) -> Response:
    status = error.code or 500
    detail = _DETAILS[status](error) if status in _DETAILS else error.description or error.name
    messages = (getattr(error, "data", None) or {}).get("messages", {})
    fields = list(_query_problems(messages))
    if fields:
        detail = f"{fields[0]['field']}: {fields[0]['reason']}"
    answer = _answer(status, _sentence(detail), fields)
    for name, value in error.get_headers():
        if name.casefold() not in {"content-type", "content-length"}:
            answer.headers[name] = value
    return answer


def _too_large(_error: HTTPException) -> str:
    size = request.content_length
    return f"The body has {size:,} bytes, and {_TAKEN}" if size else f"The body has too many bytes: {_TAKEN}"


def _too_many(error: HTTPException) -> str:
    return f"One address may send this {error.description}; wait as long as Retry-After says and send it again"


_DETAILS: dict[int, Callable[[HTTPException], str]] = {413: _too_large, 429: _too_many}


def _query_problems(messages: dict[str, Any]) -> list[dict[str, str]]:
    """Flatten what webargs says of query parameters: {"query": {"limit": ["..."]}}."""
    return [
        {"field": field, "reason": " ".join(map(str, reasons))}
        for place in messages.values()
        if isinstance(place, dict)
        for field, reasons in place.items()
    ]


def _database_error(error: OperationalError | PoolTimeout) -> Response:
    current_app.logger.error("the database did not answer: %s", getattr(error, "orig", error))
    answer = _answer(503, "The database did not answer in time. Nothing was stored; try again in a minute.", [])
    answer.headers["Retry-After"] = "60"
    return answer


def _conflict(error: IntegrityError) -> Response:
    # Two documents whose digests begin alike, or two writers that met where no lock could keep them apart.
    current_app.logger.warning("a write met another: %s", type(error.orig).__name__)
    return _answer(409, "This met another report on its way in, and nothing was stored; send it again.", [])


def _answer(status: int, detail: str, fields: list[dict[str, str]]) -> Response:
    title = HTTPStatus(status).phrase
    if not request.path.startswith("/api/"):
        return Response(render_template("error.html", status=status, title=title, detail=detail), status)
    problem: dict[str, Any] = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    if fields:
        problem["errors"] = fields
    return Response(json.dumps(problem), status, content_type="application/problem+json")


def _sentence(text: str) -> str:
    text = text.strip()
    return text if text.endswith((".", "!", "?")) else f"{text}."
