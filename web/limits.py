"""How often one address may do what costs the service something."""

from flask import current_app
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

limiter = Limiter(get_remote_address)
"""Counts requests; ``create_app`` tells it where."""


def submit_limit() -> str:
    """Return how many reports one address may send, and how many it may withdraw."""
    limit: str = current_app.config["HWDB_SUBMIT_LIMIT"]
    return limit
