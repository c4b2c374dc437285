"""Reports taken out of the counts and back, and withdrawn for good."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from hwdb import queries
from hwdb.errors import NotFound, NotYours, Withdrawn
from hwdb.intake import hold, release, withdraw, withdraw_own
from tests.store import NOW, answers, board_of, report_of, row_counts, small, submit

if TYPE_CHECKING:
    from hwdb.intake import Accepted
    from hwdb.models.engine import Database


KEY = "a-key-made-by-a-client-0001"


def take_back(database: Database, accepted: Accepted) -> None:
    with database.writing() as session:
        withdraw(session, accepted.public_id, NOW)
        session.commit()


def take_back_own(database: Database, accepted: Accepted, key: str) -> None:
    with database.writing() as session:
        withdraw_own(session, accepted.public_id, key, NOW)
        session.commit()


def set_held(database: Database, accepted: Accepted, reason: str | None) -> None:
    with database.writing() as session:
        if reason is None:
            release(session, accepted.public_id, NOW)
        else:
            hold(session, accepted.public_id, reason, NOW)
        session.commit()


def test_a_held_report_is_shown_with_the_reason_and_counts_again_when_released(database: Database) -> None:
    first, second = submit(database, small("1b80", shared=True)), submit(database, small("1b81"))
    before = answers(database)
    set_held(database, first, "The listing looks edited.")
    seen = board_of(database, second)
    assert (seen.machines, seen.held_out, seen.slots[0].grade, seen.slots[0].machines) == (1, 1, "isolated", 1)
    assert {one.id: one.held for one in seen.reports} == {
        first.public_id: "The listing looks edited.",
        second.public_id: None,
    }
    shown = report_of(database, first)
    assert (shown.summary.counted, shown.summary.held) == (False, "The listing looks edited.")
    set_held(database, first, None)
    assert answers(database) == before


def test_an_older_report_speaks_while_the_newest_of_its_machine_is_held(database: Database) -> None:
    old = submit(database, small(shared=True, provenance={"collected": "2024-01-01"}))
    new = submit(database, small(provenance={"collected": "2025-01-01"}))
    assert board_of(database, new).slots[0].grade == "isolated"
    set_held(database, new, "A test.")
    seen = board_of(database, new)
    assert (seen.slots[0].grade, seen.machines, seen.groups_from) == ("shared_onboard", 1, old.public_id)
    assert report_of(database, old).summary.counted


def test_releasing_does_not_make_a_tainted_report_count(database: Database) -> None:
    accepted = submit(database, small(kernel={"acs_override": True}))
    set_held(database, accepted, "A test.")
    set_held(database, accepted, None)
    seen = board_of(database, accepted)
    assert (seen.machines, seen.held_out) == (0, 1)
    assert "ACS override" in (seen.reports[0].held or "")


@pytest.mark.parametrize(
    "parts",
    [
        {},
        {"kernel": {"acs_override": True}},
        {"virtualization": {"hypervisor": "kvm", "container": "docker"}},
        {"functions": []},
        {"settings": [{"name": "IOMMU"}], "outcomes": [{"device": "A card", "function": "01:00.0"}]},
    ],
    ids=str,
)
def test_withdrawing_the_only_report_leaves_nothing_to_read(database: Database, parts: dict[str, Any]) -> None:
    accepted = submit(database, small(**parts))
    take_back(database, accepted)
    with pytest.raises(NotFound):
        board_of(database, accepted)
    with pytest.raises(Withdrawn):
        report_of(database, accepted)
    left = {table for table, rows in row_counts(database).items() if rows}
    assert left <= {"tombstones", "vendors", "boards", "slots", "ports"}
    with database.reading() as session:
        assert queries.search(session, "board one") == queries.recent_boards(session) == ()
        assert queries.known_boards(session) == 0


def test_a_withdrawn_document_is_not_taken_back(database: Database) -> None:
    accepted = submit(database, small())
    take_back(database, accepted)
    before = row_counts(database)
    with pytest.raises(Withdrawn, match=accepted.public_id):
        submit(database, small(), key="whatever-the-key-is-0001")
    assert row_counts(database) == before
    # Another document of the same machine is another report.
    assert submit(database, small(kernel={"release": "6.2"})).created


def test_withdrawing_one_report_leaves_the_answer_the_others_give(database: Database) -> None:
    kept = submit(database, small("1b80"))
    before = answers(database)
    take_back(database, submit(database, small("1b81", shared=True)))
    assert answers(database) == before
    assert board_of(database, kept).machines == 1


def test_who_holds_the_key_withdraws_and_nobody_else(database: Database) -> None:
    accepted = submit(database, small(), key=KEY)
    before = row_counts(database)
    for other in (KEY + "x", KEY.upper(), "", "\u00e9" * 22):
        with pytest.raises(NotYours, match="submitted under another key; send the key"):
            take_back_own(database, accepted, other)
    assert row_counts(database) == before
    take_back_own(database, accepted, KEY)
    with pytest.raises(Withdrawn):
        report_of(database, accepted)
    with pytest.raises(NotFound, match="withdrawn already"):
        take_back_own(database, accepted, KEY)
    with pytest.raises(Withdrawn):
        submit(database, small(), key=KEY)


def test_a_report_without_a_key_is_nobodys_to_withdraw(database: Database) -> None:
    accepted = submit(database, small())
    # Sending the same document again under a key grants nothing.
    submit(database, small(), key=KEY)
    with pytest.raises(NotYours, match="without a key"):
        take_back_own(database, accepted, KEY)
    assert board_of(database, accepted).machines == 1


def test_withdrawing_the_newest_report_of_a_machine_lets_the_older_speak(database: Database) -> None:
    old = submit(database, small(shared=True, provenance={"collected": "2024-01-01"}), key=KEY)
    new = submit(database, small("1b81", provenance={"collected": "2025-01-01"}), key=KEY)
    assert board_of(database, new).slots[0].grade == "isolated"
    take_back_own(database, new, KEY)
    seen = board_of(database, old)
    assert (seen.machines, seen.slots[0].grade) == (1, "shared_onboard")


@pytest.mark.parametrize("public_id", ["0123456789abcdef", "", "\0", "\ud800", "not an id", "0123456789ABCDEF" * 20])
def test_an_unknown_id_changes_nothing_and_says_what_an_id_is(database: Database, public_id: str) -> None:
    submit(database, small())
    before = row_counts(database)
    with database.writing() as session:
        for change in (withdraw, release):
            with pytest.raises(NotFound, match="16 hex digits"):
                change(session, public_id, NOW)
        with pytest.raises(NotFound, match="16 hex digits"):
            hold(session, public_id, "A test.", NOW)
        with pytest.raises(NotFound, match="16 hex digits"):
            withdraw_own(session, public_id, KEY, NOW)
        session.commit()
    assert row_counts(database) == before
