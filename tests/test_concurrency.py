"""Reports that come in at the same moment: none is lost, none is stored twice."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TYPE_CHECKING, Any

import pytest

from hwdb.intake import withdraw
from tests.store import NOW, row_counts, small

if TYPE_CHECKING:
    from flask import Flask

    from hwdb.models.engine import Database

BOARD = "/api/v1/boards/example-inc/board-one"


def submit_at_once(app: Flask, documents: list[dict[str, Any]], keys: list[str] | None = None) -> list[tuple[int, Any]]:
    """Submit documents from as many threads at the same moment; return status and body of each answer."""
    start = Barrier(len(documents))

    def one(number: int) -> tuple[int, Any]:
        headers = {} if keys is None else {"Authorization": f"Bearer {keys[number]}"}
        client = app.test_client()
        start.wait()
        answer = client.post("/api/v1/reports", json=documents[number], headers=headers)
        return answer.status_code, answer.get_json()

    with ThreadPoolExecutor(len(documents)) as threads:
        return list(threads.map(one, range(len(documents))))


@pytest.mark.parametrize("senders", [2, 8])
def test_reports_of_a_new_board_are_all_in_its_answer(app: Flask, senders: int) -> None:
    documents = [small(f"1b8{number}", cpus=[{"name": "One CPU"}]) for number in range(senders)]
    answers = submit_at_once(app, documents)
    assert [status for status, _ in answers] == [201] * senders
    board = app.test_client().get(BOARD).get_json()
    assert board["machines"] == senders
    assert {report["id"] for report in board["reports"]} == {body["id"] for _, body in answers}
    assert [(slot["designation"], slot["machines"]) for slot in board["slots"]] == [("PCIE1", senders)]


@pytest.mark.parametrize("senders", [2, 8])
def test_the_same_report_is_stored_once(app: Flask, database: Database, senders: int) -> None:
    keys = [f"the-key-of-sender-number-{number}" for number in range(senders)]
    answers = submit_at_once(app, [small()] * senders, keys)
    assert sorted(status for status, _ in answers) == [200] * (senders - 1) + [201]
    assert len({body["id"] for _, body in answers}) == 1
    assert sum(body["created"] for _, body in answers) == 1
    counts = row_counts(database)
    assert (counts["reports"], counts["machines"], counts["boards"]) == (1, 1, 1)


def test_reports_of_one_machine_are_counted_once(app: Flask, database: Database) -> None:
    answers = submit_at_once(app, [small(kernel={"release": f"6.{number}"}) for number in range(8)])
    assert [status for status, _ in answers] == [201] * 8
    assert app.test_client().get(BOARD).get_json()["machines"] == 1
    assert row_counts(database)["machines"] == 1


def test_new_boards_whose_names_want_the_same_address_get_two(app: Flask) -> None:
    names = ["Board One", "Board One+", "Board One++", "Board One+++"]
    documents = [small(board={"vendor": "Example Inc.", "name": name}) for name in names]
    answers = submit_at_once(app, documents)
    assert [status for status, _ in answers] == [201] * len(names)
    found = app.test_client().get("/api/v1/boards").get_json()["boards"]
    assert {board["name"] for board in found} == set(names)
    assert len({board["slug"] for board in found}) == len(names)


def test_a_report_withdrawn_while_others_come_in_is_gone(app: Flask, database: Database) -> None:
    client = app.test_client()
    gone = client.post("/api/v1/reports", json=small("1b80")).get_json()["id"]
    start = Barrier(2)

    def take_back() -> None:
        start.wait()
        with database.writing() as session:
            withdraw(session, gone, NOW)
            session.commit()

    def submit() -> int:
        start.wait()
        return app.test_client().post("/api/v1/reports", json=small("1b81")).status_code

    with ThreadPoolExecutor(2) as threads:
        withdrawn, status = threads.submit(take_back), threads.submit(submit)
        assert (withdrawn.result(), status.result()) == (None, 201)
    board = client.get(BOARD).get_json()
    assert (board["machines"], len(board["reports"])) == (1, 1)
    assert client.get(f"/api/v1/reports/{gone}").status_code == 410
    assert client.post("/api/v1/reports", json=small("1b80")).status_code == 410
