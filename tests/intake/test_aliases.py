"""Operators say which boards are one: reports move, addresses lead on, and every word can be taken back."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from hwdb import intake, queries
from hwdb.errors import AliasError, NotFound
from tests.store import NOW, small, submit

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session

    from hwdb.models.engine import Database

LATER = NOW + dt.timedelta(days=1)
ONE, TWO, THREE = "example-inc/board-one", "example-inc/board-two", "example-inc/board-three"


def named(name: str, card: str = "1b80", **board: str) -> dict[str, object]:
    return small(card, board={"vendor": "Example Inc.", "name": name, **board})


def say(database: Database, write: Callable[[Session], object]) -> object:
    """Write an operator's word and move the reports it is about, as the command does."""
    with database.writing() as session:
        said = write(session)
        session.commit()
    done = 1
    while done:
        with database.writing() as session:
            done = intake.reanalyse(session, LATER, 1)
            session.commit()
    return said


def merge(database: Database, address: str, into: str) -> int:
    number = say(database, lambda session: intake.merge(session, address, into, NOW))
    assert isinstance(number, int)
    return number


def undo(database: Database, number: int) -> None:
    say(database, lambda session: intake.undo(session, number, LATER))


def where(database: Database, address: str) -> tuple[str, int]:
    """Return the address that an address leads to, and how many machines are counted there."""
    with database.reading() as session:
        found = queries.board(session, *address.split("/"))
    return f"{found.vendor_slug}/{found.slug}", found.machines


def test_two_boards_become_one_and_two_again(database: Database) -> None:
    submit(database, named("Board One"))
    submit(database, named("Board Two", "1b81"))
    number = merge(database, TWO, ONE)
    assert where(database, ONE) == where(database, TWO) == (ONE, 2)
    undo(database, number)
    assert where(database, ONE) == (ONE, 1)
    assert where(database, TWO) == (TWO, 1)


def test_later_reports_go_where_the_board_went(database: Database) -> None:
    submit(database, named("Board One"))
    submit(database, named("Board Two", "1b81"))
    merge(database, TWO, ONE)
    assert submit(database, named("Board Two", "1b82")).slug == "board-one"
    assert where(database, TWO) == (ONE, 3)


def test_boards_merged_twice_lead_to_the_last(database: Database) -> None:
    for name, card in (("Board One", "1b80"), ("Board Two", "1b81"), ("Board Three", "1b82")):
        submit(database, named(name, card))
    first = merge(database, THREE, TWO)
    merge(database, TWO, ONE)
    assert {where(database, address) for address in (ONE, TWO, THREE)} == {(ONE, 3)}
    undo(database, first)
    assert where(database, THREE) == (THREE, 1)
    assert where(database, TWO) == (ONE, 2)


def test_a_machine_that_reported_under_both_names_is_one(database: Database) -> None:
    submit(database, named("Board One"), key="k" * 32)
    submit(database, named("Board Two"), key="k" * 32)
    number = merge(database, TWO, ONE)
    assert where(database, ONE) == (ONE, 1)
    undo(database, number)
    assert where(database, ONE)[1] == where(database, TWO)[1] == 1


def test_a_spelling_is_a_board(database: Database) -> None:
    submit(database, named("Board One"))
    say(database, lambda session: intake.alias(session, "EXAMPLE", "B-1 (EX-0001)", ONE, NOW))
    assert submit(database, named("B-1 (EX-0001)", "1b81")).slug == "board-one"
    assert where(database, ONE) == (ONE, 2)
    with database.reading() as session:
        known = queries.known_machine(session, board_vendor="Example", board_name="b-1 (ex-0001)")
    assert known.board is not None
    assert known.board.slug == "board-one"


def test_one_revision_is_a_board_of_its_own(database: Database) -> None:
    submit(database, named("Board One", version="1.0"))
    submit(database, named("Board One", "1b81", version="Rev 2.0"))
    submit(database, named("Board One", "1b82"))
    number = say(database, lambda session: intake.split(session, ONE, "rev 2.0", "Board One rev 2", NOW))
    assert where(database, ONE) == (ONE, 2)
    assert where(database, "example-inc/board-one-rev-2") == ("example-inc/board-one-rev-2", 1)
    assert submit(database, named("Board One", "1b83", version="REV 2.0")).slug == "board-one-rev-2"
    assert isinstance(number, int)
    undo(database, number)
    assert where(database, "example-inc/board-one-rev-2") == (ONE, 4)


def test_history_tells_what_was_said_and_undone(database: Database) -> None:
    submit(database, named("Board One"))
    submit(database, named("Board Two", "1b81"))
    undo(database, merge(database, TWO, ONE))
    merge(database, ONE, TWO)
    with database.reading() as session:
        words = queries.board_history(session)
        assert queries.board_history(session, ONE) == words
        assert queries.board_history(session, THREE) == ()
    assert [(word.says, word.undone) for word in words] == [
        ("Example Inc. Board Two is Example Inc. Board One.", LATER),
        ("Example Inc. Board One is Example Inc. Board Two.", None),
    ]


@pytest.mark.parametrize(
    ("write", "sentence"),
    [
        (lambda session: intake.merge(session, ONE, ONE, NOW), "already"),
        (lambda session: intake.merge(session, ONE, TWO, NOW), "in a circle"),
        (lambda session: intake.merge(session, TWO, ONE, NOW), "already"),
        (lambda session: intake.merge(session, TWO, THREE, NOW), "Undo it first"),
        (lambda session: intake.alias(session, "Example", "Default string", ONE, NOW), "no name of a board"),
        (lambda session: intake.split(session, ONE, "--", "Board", NOW), "letters or digits"),
    ],
)
def test_a_word_that_does_not_fit_is_refused(
    database: Database, write: Callable[[Session], object], sentence: str
) -> None:
    for name, card in (("Board One", "1b80"), ("Board Two", "1b81"), ("Board Three", "1b82")):
        submit(database, named(name, card))
    merge(database, TWO, ONE)
    with database.writing() as session, pytest.raises(AliasError, match=sentence):
        write(session)


def test_a_split_board_cannot_be_merged_back_beside_the_split(database: Database) -> None:
    submit(database, named("Board One", version="1.0"))
    submit(database, named("Board One", "1b81", version="2.0"))
    say(database, lambda session: intake.split(session, ONE, "2.0", "Board Two", NOW))
    with database.writing() as session, pytest.raises(AliasError, match="circle"):
        intake.merge(session, TWO, ONE, NOW)


def test_what_is_not_there_is_said_so(database: Database) -> None:
    submit(database, named("Board One"))
    with database.writing() as session:
        with pytest.raises(NotFound, match="asrock/x399-taichi"):
            intake.merge(session, "nobody/nothing", ONE, NOW)
        with pytest.raises(NotFound, match="history"):
            intake.undo(session, 4711, NOW)


def test_nothing_is_undone_twice(database: Database) -> None:
    submit(database, named("Board One"))
    submit(database, named("Board Two", "1b81"))
    number = merge(database, TWO, ONE)
    undo(database, number)
    with database.writing() as session, pytest.raises(AliasError, match="already"):
        intake.undo(session, number, LATER)
