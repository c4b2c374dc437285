"""Opening the configured database for a command."""

from __future__ import annotations

from alembic.util import CommandError
from sqlalchemy.exc import SQLAlchemyError

from hwdb.cli.inputs import installed_list
from hwdb.errors import ConfigurationError
from hwdb.intake import load_device_names
from hwdb.models.engine import Database, open_database


def opened() -> Database:
    """Return the database, migrated, with this system's device names loaded when they are newer.

    Raises:
        ConfigurationError: It cannot be opened, is no database of hwdb, or one of a newer version.
    """
    try:
        database = open_database()
    except (ValueError, SQLAlchemyError, CommandError) as error:
        raise ConfigurationError(f"the database cannot be opened: {getattr(error, 'orig', None) or error}") from error
    text = installed_list()
    if text is not None:
        with database.writing() as session:
            load_device_names(session, text)
            session.commit()
    return database
