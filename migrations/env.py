"""Where alembic finds the tables, and the connection it is given or makes."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Literal

from alembic import context
from sqlalchemy import text

from hwdb.models import Base
from hwdb.models.base import UtcDateTime
from hwdb.models.engine import default_url, make_engine

if TYPE_CHECKING:
    from sqlalchemy import Connection

# Two processes that start at once must not migrate at once; the number only has to be ours alone.
_LOCK = 4_711_160_001


def _render(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Write hwdb's own column types as the database sees them: a migration must outlive the code it was made by."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UtcDateTime) else False


def _run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        # SQLite cannot alter most of a table in place.
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
        render_item=_render,
        transaction_per_migration=False,
    )
    with context.begin_transaction():
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    _run(given)
else:
    with make_engine(default_url(os.environ)).connect().execution_options(hwdb_writes=True) as own:
        _run(own)
        own.commit()
