"""Sending a document: the client's only network code."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from typing import Any
from urllib.parse import urlsplit

from hwdb.errors import HwdbError

# A server that takes longer than this to answer is taken for dead, in seconds.
_PATIENCE = 60
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


class NotSent(HwdbError):
    """The document did not reach the service, or the service did not take it; nothing was lost."""


def reports_url(server: str) -> str:
    """Return where a server takes reports.

    Raises:
        NotSent: The address is not one of http or https.
    """
    parts = urlsplit(server)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise NotSent(f"{server!r} is no server address; write one like https://hwdb.example")
    return f"{server.rstrip('/')}/api/v1/reports"


def is_exposed(server: str) -> bool:
    """Whether what is sent there can be read on the way: plain http to another machine."""
    parts = urlsplit(server)
    return parts.scheme == "http" and parts.hostname not in _LOOPBACK


def send(server: str, document: bytes) -> dict[str, Any]:
    """Post a document and return the server's receipt.

    Raises:
        NotSent: The server cannot be reached, or answers with an error; the sentence is the server's own.
    """
    url = reports_url(server)
    headers = {"Content-Type": "application/json"}
    # reports_url has let nothing but http and https through.
    request = urllib.request.Request(url, data=document, method="POST", headers=headers)  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=_PATIENCE) as answer:  # noqa: S310
            receipt = json.loads(answer.read())
    except urllib.error.HTTPError as error:
        raise NotSent(f"{server} did not take the report: {_sentence_of(error)}") from error
    except (urllib.error.URLError, TimeoutError, OSError) as error:
        raise NotSent(f"{server} cannot be reached: {getattr(error, 'reason', error)}") from error
    except ValueError as error:
        raise NotSent(f"{server} answered with something that is not hwdb's; is the address right?") from error
    if not isinstance(receipt, dict) or "id" not in receipt:
        raise NotSent(f"{server} answered with something that is not hwdb's; is the address right?")
    return receipt


def _sentence_of(error: urllib.error.HTTPError) -> str:
    """Return the sentence of a problem+json answer, else the status."""
    try:
        detail = json.loads(error.read()).get("detail")
    except (ValueError, AttributeError):
        detail = None
    return str(detail or f"{error.code} {error.reason}")
