"""Batches: what one transaction stores for many, and what is remembered of inputs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from hwdb import schema
from hwdb.intake import withdraw
from hwdb.intake.bulk import accept_batch, dealt_with, give_way, note_inputs
from tests.store import NOW, answers, board_of, row_counts, small, submit

if TYPE_CHECKING:
    from hwdb.models.engine import Database


def batch(database: Database, *documents: dict[str, Any]) -> tuple[str, ...]:
    with database.writing() as session:
        give_way(session)
        outcomes = accept_batch(session, [schema.load(document).report for document in documents], now=NOW)
        session.commit()
    return outcomes


def test_a_batch_answers_as_its_reports_one_by_one_do(database: Database) -> None:
    documents = [small(f"1b8{number}", shared=number > 2) for number in range(5)]
    other: dict[str, Any] = {"board": {"vendor": "Example Inc.", "name": "Board Two"}}
    assert batch(database, *documents, small("1b90", **other)) == ("stored",) * 6
    together = answers(database)
    assert len(together) == 2
    view = board_of(database, submit(database, documents[0]))
    assert (view.machines, len(view.reports)) == (5, 5)
    # Each machine once more, alone: the answer of the board says the same of them.
    assert answers(database) == together


def test_what_is_there_twice_is_stored_once(database: Database) -> None:
    submit(database, small("1b80"))
    assert batch(database, small("1b80"), small("1b81"), small("1b81")) == ("known", "stored", "known")
    assert row_counts(database)["reports"] == 2


def test_what_was_withdrawn_stays_out_and_leaves_no_board(database: Database) -> None:
    accepted = submit(database, small())
    with database.writing() as session:
        withdraw(session, accepted.public_id, NOW)
        session.commit()
    assert batch(database, small(), small("1b81")) == ("withdrawn", "stored")
    assert row_counts(database)["reports"] == 1


def test_a_batch_that_fails_leaves_nothing(database: Database) -> None:
    from hwdb.report import Function, Report

    with pytest.raises(Exception, match="nowhere"), database.writing() as session:
        accept_batch(session, [schema.load(small()).report, Report(functions=(Function("nowhere"),))], now=NOW)
    assert sum(row_counts(database).values()) == 0


def test_an_empty_batch_is_nothing_to_do(database: Database) -> None:
    assert batch(database) == ()


def test_inputs_are_remembered_and_the_newest_word_stays(database: Database) -> None:
    one, two, three = (digit * 64 for digit in "123")
    with database.writing() as session:
        note_inputs(session, {one: "stored", two: "unreadable"}, NOW)
        note_inputs(session, {two: "stored"}, NOW)
        note_inputs(session, {}, NOW)
        session.commit()
    with database.reading() as session:
        assert dealt_with(session, {one, two, three}) == {one, two}
    assert row_counts(database)["imported_inputs"] == 2
