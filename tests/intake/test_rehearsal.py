"""What a report would become is what it becomes, and looking stores nothing; a correction takes a report's place."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from hwdb import intake, queries
from hwdb.errors import NotFound, NotYours, Withdrawn
from hwdb.identity import owner_hash
from hwdb.report import Bios
from tests.machines import seed
from tests.pages.forms import rows

if TYPE_CHECKING:
    from hwdb.models.engine import Database

NOW = dt.datetime(2026, 11, 25, tzinfo=dt.UTC)
KEY, OTHER = "k" * 30, "o" * 30
CORRECTED = replace(seed(), bios=Bios(version="P3.90"))


@pytest.mark.parametrize("known", [False, True])
def test_a_rehearsal_says_what_accept_says_and_stores_nothing(database: Database, *, known: bool) -> None:
    if known:
        with database.writing() as session:
            intake.accept(session, seed(), now=NOW)
            session.commit()
    with database.reading() as session:
        before = rows(session)
        shown = intake.rehearse(session, CORRECTED)
        assert rows(session) == before
    with database.writing() as session:
        accepted = intake.accept(session, CORRECTED, now=NOW)
        session.commit()
    with database.reading() as session:
        report = queries.report(session, accepted.public_id)
    assert shown.remarks == accepted.remarks
    assert (shown.slug == "x399-taichi") is known
    assert shown.verdict == report.verdict
    assert [(slot.designation, slot.grade) for slot in shown.slots] == [
        (slot.designation, slot.grade) for slot in report.slots
    ]
    assert "0000:08:00.0" in [place.address for place in shown.places]
    assert len({place.address for place in shown.places}) == len(shown.places)


def test_a_correction_is_for_who_holds_the_key(database: Database) -> None:
    with database.writing() as session:
        first = intake.accept(session, seed(), now=NOW, key=KEY, text="IOMMU Group 1 ...").public_id
        session.commit()
    for public_id, key, refusal in ((first, OTHER, NotYours), ("f" * 16, KEY, NotFound)):
        with database.writing() as session, pytest.raises(refusal):
            intake.replace_own(session, public_id, CORRECTED, key, NOW, withdraw=True)
    with database.writing() as session:
        second = intake.replace_own(session, first, CORRECTED, KEY, NOW, withdraw=True).public_id
        session.commit()
    with database.reading() as session:
        assert [one.id for one in queries.own_reports(session, owner_hash(KEY))] == [second]
        assert queries.own_source(session, second, owner_hash(KEY)) == "IOMMU Group 1 ..."
        with pytest.raises(Withdrawn):
            queries.report(session, first)


def test_a_correction_that_somebody_else_sent_before_takes_nothing_out(database: Database) -> None:
    with database.writing() as session:
        first = intake.accept(session, seed(), now=NOW, key=KEY).public_id
        intake.accept(session, CORRECTED, now=NOW, key=OTHER)
        assert not intake.replace_own(session, first, CORRECTED, KEY, NOW, withdraw=True).created
        session.commit()
    with database.reading() as session:
        assert [one.id for one in queries.own_reports(session, owner_hash(KEY))] == [first]
