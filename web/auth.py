"""The submitter's key: who may change a report later. It travels in one header and nowhere else."""

from __future__ import annotations

import re

from flask import request
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import Unauthorized

_KEY = re.compile(r"[A-Za-z0-9._~+/=-]{22,256}\Z")


def is_key(text: str) -> bool:
    """Whether a text may be a submitter's key."""
    return _KEY.match(text) is not None


def submitter_key() -> str | None:
    """Return the key of the ``Authorization: Bearer`` header, None when there is no such header.

    Raises:
        Unauthorized: The header is there but holds no key.
    """
    header = request.headers.get("Authorization")
    if header is None:
        return None
    scheme, _, key = header.partition(" ")
    if scheme.casefold() != "bearer" or not _KEY.match(key.strip()):
        raise Unauthorized(
            "The Authorization header must be 'Bearer' and a key of 22 to 256 letters, digits and ._~+/=- ; "
            "leave it out to submit without a key.",
            www_authenticate=WWWAuthenticate("bearer"),
        )
    return key.strip()


def required_key() -> str:
    """Return the key of the ``Authorization: Bearer`` header.

    Raises:
        Unauthorized: There is no such header, or it holds no key.
    """
    key = submitter_key()
    if key is None:
        raise Unauthorized(
            "This needs the key the reports were submitted under, as 'Authorization: Bearer KEY'; hwdb-submit keeps it"
            " on the machine that sent them.",
            www_authenticate=WWWAuthenticate("bearer"),
        )
    return key
