"""The migrations make the schema the models speak of, on both engines, and take it back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from alembic import command
from sqlalchemy import delete, inspect, select
from sqlalchemy.exc import IntegrityError

from hwdb import models, schema
from hwdb.intake import accept, hold, load_device_names, merge, reanalyse, withdraw
from hwdb.models.engine import make_engine, migration_config, upgrade
from tests.machines import seed_document
from tests.store import NOW, row_counts, small, submit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

    from hwdb.models.engine import Database


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """Yield an engine on a migrated, empty database."""
    made = make_engine(database_url)
    yield made
    made.dispose()


def tables(engine: Engine) -> set[str]:
    return set(inspect(engine).get_table_names())


def test_down_to_nothing_and_up_again(engine: Engine) -> None:
    made = tables(engine)
    assert made == {"alembic_version", *models.Base.metadata.tables}
    with engine.connect().execution_options(hwdb_writes=True) as connection:
        command.downgrade(migration_config(connection), "base")
        connection.commit()
    assert tables(engine) == {"alembic_version"}
    upgrade(engine)
    assert tables(engine) == made


def test_the_models_and_the_migrations_agree(engine: Engine) -> None:
    with engine.connect().execution_options(hwdb_writes=True) as connection:
        command.check(migration_config(connection))


def test_every_constraint_and_index_has_a_name(engine: Engine) -> None:
    seen = inspect(engine)
    named: list[str | None] = []
    for table in models.Base.metadata.tables:
        constraints = [
            *seen.get_foreign_keys(table),
            *seen.get_unique_constraints(table),
            *seen.get_check_constraints(table),
            *seen.get_indexes(table),
        ]
        named += [seen.get_pk_constraint(table)["name"], *(one["name"] for one in constraints)]
    assert all(named)
    # Unique constraints have indexes of their own on PostgreSQL, under the same names.
    assert {name.split("_", 1)[0] for name in named if name} == {"pk", "fk", "uq", "ck", "ix"}


def test_every_row_of_every_table_can_be_deleted(database: Database) -> None:
    tainted = small("1b81", kernel={"acs_override": True}, bios={"version": "P3.90", "date": "05/31/2019"})
    said: dict[str, Any] = {"settings": [{"name": "IOMMU"}], "outcomes": [{"device": "A card"}]}
    submit(database, small(cpus=[{"name": "AMD Ryzen 5 3600"}], **said))
    held = submit(database, tainted)
    gone = submit(database, small("1b82"))
    with database.writing() as session:
        hold(session, held.public_id, "A test.", NOW)
        withdraw(session, gone.public_id, NOW)
        load_device_names(session, "# Version: 1\n10de  NVIDIA\n\t1b80  GP104\n")
        accept(session, schema.load(small("1b83")).report, now=NOW, text="A paste.")
        session.add(models.ImportedInput(digest="0" * 64, outcome="stored", imported_at=NOW))
        session.commit()
    submit(database, small("1b84", board={"vendor": "Example Inc.", "name": "Board Two"}))
    with database.writing() as session:
        merge(session, "example-inc/board-two", "example-inc/board-one", NOW)
        reanalyse(session, NOW)
        session.commit()
    assert all(row_counts(database).values()), "a table that is never written was not tested"
    with database.writing() as session:
        for table in reversed(models.Base.metadata.sorted_tables):
            session.execute(delete(table))
        session.commit()
    assert not any(row_counts(database).values())


def test_foreign_keys_are_enforced(database: Database) -> None:
    with database.writing() as session:
        session.add(models.Machine(board_id=4711))
        with pytest.raises(IntegrityError):
            session.flush()


def test_a_board_with_reports_cannot_be_deleted_alone(database: Database) -> None:
    submit(database, small())
    with database.writing() as session, pytest.raises(IntegrityError):
        session.execute(delete(models.Board))


def test_deleting_a_report_takes_all_its_rows_along(database: Database) -> None:
    submit(database, small(kernel={"acs_override": True}, settings=[{"name": "IOMMU"}], outcomes=[{"device": "A"}]))
    hanging = ("taints", "groups", "functions", "slot_witnesses", "verdicts", "outcomes", "settings")
    assert all(row_counts(database)[table] for table in hanging)
    with database.writing() as session:
        session.execute(delete(models.Report))
        session.commit()
    assert not any(row_counts(database)[table] for table in hanging)


def test_boards_stored_before_there_were_filters_are_found_by_them(database: Database) -> None:
    submit(database, seed_document())
    submit(database, small(bios={"version": "P3.90"}))
    rows = select(*(one for one in models.BoardFilters.__table__.columns if one.name != "no_override"))
    with database.reading() as session:
        before = session.execute(rows).all()
    with database.writer.connect().execution_options(hwdb_writes=True) as connection:
        command.downgrade(migration_config(connection), "9f3a1c52d7be")
        connection.commit()
    upgrade(database.writer)
    with database.reading() as session:
        assert session.execute(rows).all() == before
