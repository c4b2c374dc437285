"""Answers that others may keep and embed: badges, images, feeds."""

from __future__ import annotations

import re

from flask import Response, request

# XML 1.0, 2.2: characters that no XML document may hold.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_HOUR = 3600
# It runs nothing and loads nothing, wherever it is shown.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


def in_xml(text: str) -> str:
    """Return text without characters that XML cannot hold."""
    return _NOT_XML.sub("\ufffd", text)


def cached(content: bytes, content_type: str) -> Response:
    """Return an answer that may be kept for an hour, asked for again by its ETag, and embedded by any page."""
    answer = Response(content, content_type=content_type)
    answer.cache_control.public = True
    answer.cache_control.max_age = _HOUR
    answer.headers["Content-Security-Policy"] = _POLICY
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    answer.headers["Access-Control-Allow-Origin"] = "*"
    answer.add_etag()
    answer.make_conditional(request)
    return answer
