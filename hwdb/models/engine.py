"""Engines and sessions: SQLite by default, PostgreSQL for real use, and the migration to the newest schema."""

from __future__ import annotations

import os
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.orm import Session

from hwdb.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sqlalchemy import Connection, Engine

# A writer waits this long for another one on SQLite before it gives up, in seconds.
_PATIENCE = 30


@dataclass(frozen=True)
class Database:
    """Where reports are written and where they are read; the same engine unless there is a replica."""

    writer: Engine
    reader: Engine

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Yield a session for one unit of work; the caller commits, anything else is rolled back."""
        # On SQLite a writer takes the write lock at once, so that what it reads first is still true when it writes.
        with self.writer.connect() as connection:
            writer = connection.execution_options(hwdb_writes=True)
            with Session(writer, expire_on_commit=False) as session:
                yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Yield a session that only reads."""
        with Session(self.reader) as session:
            yield session

    def dispose(self) -> None:
        """Close all connections."""
        self.writer.dispose()
        self.reader.dispose()


def default_url(environ: Mapping[str, str]) -> str:
    """Return the database to use: ``HWDB_DATABASE_URL``, else a SQLite file in the user's data directory."""
    stated = environ.get("HWDB_DATABASE_URL")
    if stated:
        return stated
    home = Path(environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
    return f"sqlite:///{home / 'hwdb' / 'hwdb.sqlite3'}"


def open_database(url: str | None = None, read_url: str | None = None) -> Database:
    """Open a database and bring its schema up to date.

    Args:
        url: SQLAlchemy URL; ``postgresql://`` is taken to mean psycopg 3. None for the configured one.
        read_url: A replica for reading; None for the configured one, else the same as ``url``.

    Raises:
        ConfigurationError: The URL is malformed, nothing answers there, or what answers is no database of hwdb or one
            of a newer version.
    """
    writer = make_engine(url or default_url(os.environ))
    stated = read_url or (None if url else os.environ.get("HWDB_READ_DATABASE_URL"))
    try:
        upgrade(writer)
    except (SQLAlchemyError, CommandError, ValueError) as error:
        shown = writer.url.render_as_string(hide_password=True)
        reason = getattr(error, "orig", None) or error
        raise ConfigurationError(f"the database {shown} cannot be opened: {reason}") from error
    return Database(writer, make_engine(stated) if stated else writer)


def make_engine(url: str) -> Engine:
    """Return an engine for a URL, set up as hwdb needs it.

    Raises:
        ConfigurationError: The URL is malformed or names a driver that is not installed.
    """
    try:
        parsed = make_url(url)
        if parsed.drivername in {"postgres", "postgresql"}:
            parsed = parsed.set(drivername="postgresql+psycopg")
        if parsed.get_backend_name() == "sqlite" and parsed.database:
            Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
        # An error is logged with its statement; what people send and ask, and the hashes of their keys, are not.
        engine = create_engine(parsed, pool_pre_ping=parsed.get_backend_name() != "sqlite", hide_parameters=True)
    except (ArgumentError, ModuleNotFoundError, OSError, ValueError) as error:
        raise ConfigurationError(f"HWDB_DATABASE_URL cannot be used: {error}") from error
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _on_sqlite_connect)
        event.listen(engine, "begin", _on_sqlite_begin)
    return engine


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Migrate a database to a revision, the newest by default."""
    with engine.connect().execution_options(hwdb_writes=True) as connection:
        command.upgrade(migration_config(connection), revision)
        connection.commit()


def migration_config(connection: Connection) -> Config:
    """Return the alembic configuration of this installation, bound to an open connection."""
    config = Config()
    config.set_main_option("script_location", str(files("migrations")))
    config.attributes["connection"] = connection
    return config


def _on_sqlite_connect(connection: Any, _record: Any) -> None:
    # The driver's own transaction handling commits before DDL and begins late; hwdb begins transactions itself.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {_PATIENCE * 1000}")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = NORMAL")
    cursor.close()


def _on_sqlite_begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("hwdb_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
