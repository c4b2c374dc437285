"""Opening the configured database for a command."""

from __future__ import annotations

from hwdb.cli.inputs import installed_list
from hwdb.intake import load_device_names
from hwdb.models.engine import Database, open_database


def opened() -> Database:
    """Return the database, migrated, with this system's device names loaded when they are newer.

    Raises:
        ConfigurationError: It cannot be opened, is no database of hwdb, or one of a newer version.
    """
    database = open_database()
    text = installed_list()
    if text is not None:
        with database.writing() as session:
            load_device_names(session, text)
            session.commit()
    return database
