"""Sessions for views: one for reading, one for writing."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from flask import current_app

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

    from hwdb.models.engine import Database


def _database() -> Database:
    database: Database = current_app.extensions["hwdb"]
    return database


@contextmanager
def reading() -> Iterator[Session]:
    """Yield a session that only reads."""
    with _database().reading() as session:
        yield session


@contextmanager
def writing() -> Iterator[Session]:
    """Yield a session that writes; the view commits, anything else is rolled back."""
    with _database().writing() as session:
        yield session
