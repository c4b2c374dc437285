"""Verdicts and answers are made again from the stored documents, batch by batch."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import delete, select, update

from hwdb import models
from hwdb.analysis import ANALYSIS
from hwdb.intake import hold, load_device_names, pending, reanalyse
from tests.machines import seed_document
from tests.store import NOW, answers, board_of, report_of, row_counts, small, submit

if TYPE_CHECKING:
    from hwdb.intake import Accepted
    from hwdb.models.engine import Database

LATER = NOW + dt.timedelta(days=1)


@pytest.fixture
def reports(database: Database) -> list[Accepted]:
    """Fill the database with three boards, of one of which there are held, tainted and joined reports."""
    documents = [
        seed_document(),
        small("1b80"),
        small("1b81", shared=True),
        small("1b82", kernel={"acs_override": True}),
        small("1b83"),
        small("1b84", board={"vendor": "Example Inc.", "name": "Board Two"}, settings=[{"name": "IOMMU"}]),
    ]
    sent = [submit(database, document) for document in documents]
    with database.writing() as session:
        hold(session, sent[4].public_id, "A test.", NOW)
        session.commit()
    return sent


def mark_all(database: Database) -> int:
    with database.writing() as session:
        behind = pending(session, everything=True)
        session.commit()
    return behind


def batches(database: Database, size: int) -> list[int]:
    """Judge again until nothing is left, each batch in a transaction of its own."""
    done: list[int] = []
    while not done or done[-1]:
        with database.writing() as session:
            done.append(reanalyse(session, LATER, size))
            session.commit()
    return done


def stopped_in_the_middle(database: Database) -> None:
    with database.writing() as session:
        reanalyse(session, LATER, 1)
        raise KeyboardInterrupt


@pytest.mark.parametrize(("size", "expected"), [(1, [1] * 6 + [0]), (4, [4, 2, 0]), (50, [6, 0])])
def test_judging_everything_again_changes_nothing(
    database: Database, reports: list[Accepted], size: int, expected: list[int]
) -> None:
    before, counts = answers(database), row_counts(database)
    shown = [report_of(database, one) for one in reports]
    assert mark_all(database) == 6
    assert batches(database, size) == expected
    assert answers(database) == before
    assert row_counts(database) == counts
    assert [report_of(database, one) for one in reports] == shown
    with database.reading() as session:
        assert pending(session) == 0
        assert set(session.scalars(select(models.Report.analysis))) == {ANALYSIS}
        assert {answer.built_at for answer in session.scalars(select(models.BoardAnswer))} == {LATER}


def test_nothing_is_done_when_nothing_is_behind(database: Database, reports: list[Accepted]) -> None:
    assert batches(database, 50) == [0]


def test_a_run_that_was_stopped_goes_on_where_it_was(database: Database, reports: list[Accepted]) -> None:
    before = answers(database)
    mark_all(database)
    with database.writing() as session:
        assert reanalyse(session, LATER, 4) == 4
        session.commit()
    with pytest.raises(KeyboardInterrupt):
        stopped_in_the_middle(database)
    with database.reading() as session:
        assert pending(session) == 2
    # Whoever reads in between finds every board.
    assert answers(database) == before
    assert batches(database, 4) == [2, 0]
    assert answers(database) == before


def test_what_older_rules_stored_is_replaced(database: Database, reports: list[Accepted]) -> None:
    before, counts = answers(database), row_counts(database)
    with database.writing() as session:
        session.execute(update(models.Verdict).values(grade="unknown", evidence=None, reason="Old rules."))
        session.execute(delete(models.SlotWitness))
        session.execute(update(models.BoardAnswer).values(document=b"old", analysis=0))
        session.execute(update(models.Report).values(fingerprint=None, platform=None, analysis=0))
        session.commit()
    batches(database, 4)
    assert answers(database) == before
    assert row_counts(database) == counts


def test_machines_are_told_apart_by_the_present_rules(database: Database) -> None:
    first = submit(database, small("1b80"))
    second = submit(database, small("1b81"))
    joined = submit(database, small("1b80", kernel={"release": "6.2"}))
    assert board_of(database, first).machines == 2
    with database.writing() as session:
        # Rules that held the first two for one machine and the third for another.
        reports = {one.public_id: one for one in session.scalars(select(models.Report))}
        reports[second.public_id].machine_id = reports[first.public_id].machine_id
        apart = models.Machine(board_id=reports[first.public_id].board_id)
        session.add(apart)
        session.flush()
        reports[joined.public_id].machine_id = apart.id
        for report in reports.values():
            report.fingerprint, report.analysis = f"{report.machine_id:064}", 0
        session.commit()
    batches(database, 50)
    assert board_of(database, first).machines == 2
    assert report_of(database, first).history == (joined.public_id,)
    assert report_of(database, second).history == ()
    assert row_counts(database)["machines"] == 2


def test_a_list_of_ids_loaded_later_names_the_companions(database: Database) -> None:
    accepted = submit(database, small(shared=True))
    with database.writing() as session:
        load_device_names(session, "# Version: 1\n1022  Advanced Micro Devices, Inc. [AMD]\n\t149c  USB Controller\n")
        session.commit()
    mark_all(database)
    batches(database, 50)
    assert [c.name for c in board_of(database, accepted).slots[0].companions] == ["AMD USB Controller"]
