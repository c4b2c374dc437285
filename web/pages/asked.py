"""What a reader asks a page with the query of its address."""

from __future__ import annotations

from flask import request

# The API refuses longer words; a page only cuts them, for a person has no use for the refusal.
_LONGEST = 200


def asked(name: str) -> str:
    """Return a query parameter as a page takes it."""
    return request.args.get(name, "").strip()[:_LONGEST]
