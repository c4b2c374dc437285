"""Reports of one key through the API: listed to who holds it, withdrawn by nobody else, and the key shown nowhere."""

from __future__ import annotations

import datetime as dt
import hashlib
import logging
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from hwdb.intake import hold
from tests.api.conftest import DocumentedClient
from tests.store import NOW, row_counts, small, submit
from web import create_app

if TYPE_CHECKING:
    from flask import Flask
    from werkzeug.test import TestResponse

    from hwdb.models.engine import Database

REPORTS = "/api/v1/reports"
KEY = "a-key-made-by-a-client-0001"
OTHER = "a-key-made-by-a-client-0002"
BAD_HEADERS = [None, "", "Bearer", "Bearer short", f"Basic {KEY}", KEY, f"Bearer {KEY} {KEY}", f"Bearer {KEY}\u00e9"]


def under(key: str) -> dict[str, Any]:
    return {"headers": {"Authorization": f"Bearer {key}"}}


def listed(api: DocumentedClient, key: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = api.get(REPORTS, **under(key)).get_json()["reports"]
    return found


def submitted(api: DocumentedClient, key: str, **parts: Any) -> dict[str, Any]:
    answer = api.post(small(**parts), **under(key))
    assert answer.status_code == 201
    receipt: dict[str, Any] = answer.get_json()
    return receipt


@pytest.mark.parametrize("header", BAD_HEADERS)
def test_without_a_key_nothing_is_listed_or_withdrawn(
    api: DocumentedClient, database: Database, header: str | None
) -> None:
    receipt = submitted(api, KEY)
    before = row_counts(database)
    headers = {} if header is None else {"Authorization": header}
    for answer in (api.get(REPORTS, headers=headers), api.delete(receipt["links"]["report"], headers=headers)):
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"].casefold().startswith("bearer")
        assert "Authorization" in answer.get_json()["detail"]
        assert "Bearer" in answer.get_json()["detail"]
    assert row_counts(database) == before


def test_the_holder_withdraws_and_the_document_does_not_come_back(api: DocumentedClient, database: Database) -> None:
    receipt = submitted(api, KEY)
    answer = api.delete(receipt["links"]["report"], **under(KEY))
    assert (answer.status_code, answer.data) == (204, b"")
    assert {table for table, rows in row_counts(database).items() if rows} <= {
        *("tombstones", "vendors", "boards", "slots", "ports"),
    }
    for name, status in (("report", 410), ("board", 404)):
        assert api.get(receipt["links"][name]).status_code == status
    for name, status in (("report_page", 410), ("board_page", 404)):
        assert api.client.get(receipt["links"][name]).status_code == status
    assert listed(api, KEY) == []
    assert api.delete(receipt["links"]["report"], **under(KEY)).status_code == 404
    for key in (KEY, OTHER):
        assert api.post(small(), **under(key)).status_code == 410
    # A later report of the same machine is another document, and welcome.
    assert submitted(api, KEY, kernel={"release": "6.2"})["created"]


def test_another_key_withdraws_nothing(api: DocumentedClient, database: Database) -> None:
    receipt = submitted(api, KEY)
    # Who sends the same document again does not come to own it.
    assert api.post(small(), **under(OTHER)).status_code == 200
    before = row_counts(database)
    answer = api.delete(receipt["links"]["report"], **under(OTHER))
    assert answer.status_code == 403
    assert "send the key it was submitted with" in answer.get_json()["detail"]
    assert row_counts(database) == before
    assert api.get(receipt["links"]["report"]).status_code == 200
    assert listed(api, OTHER) == []


def test_a_report_without_a_key_is_withdrawn_by_nobody(api: DocumentedClient, database: Database) -> None:
    receipt = api.post(small()).get_json()
    before = row_counts(database)
    for key in (KEY, hashlib.sha256(b"").hexdigest(), "None" * 8, "null" * 16):
        answer = api.delete(receipt["links"]["report"], **under(key))
        assert answer.status_code == 403
        assert "ask the operator" in answer.get_json()["detail"]
        assert listed(api, key) == []
    assert row_counts(database) == before


def test_the_stored_hash_is_no_key(api: DocumentedClient, database: Database) -> None:
    receipt = submitted(api, KEY)
    hashed = hashlib.sha256(KEY.encode()).hexdigest()
    assert listed(api, hashed) == []
    assert api.delete(receipt["links"]["report"], **under(hashed)).status_code == 403


@pytest.mark.parametrize("report_id", ["0123456789abcdef", "0", "x" * 5000, "%00", "%00" * 16, "%ff%fe", "%ed%a0%80"])
def test_an_unknown_report_cannot_be_withdrawn(api: DocumentedClient, report_id: str) -> None:
    answer = api.delete(f"{REPORTS}/{report_id}", **under(KEY))
    assert answer.status_code == 404
    assert len(answer.get_json()["detail"]) < 300


def test_own_reports_are_listed_newest_first_with_links_that_work(api: DocumentedClient) -> None:
    first = submitted(api, KEY)
    second = submitted(api, KEY, card="1b81", board={"vendor": "Example Inc.", "name": "Board Two"})
    third = submitted(api, KEY, card="1b82")
    submitted(api, OTHER, card="1b83")
    api.post(small("1b84"))
    reports = listed(api, KEY)
    assert [one["id"] for one in reports] == [third["id"], second["id"], first["id"]]
    assert [(one["vendor"], one["name"]) for one in reports] == [
        ("Example Inc.", "Board One"),
        ("Example Inc.", "Board Two"),
        ("Example Inc.", "Board One"),
    ]
    assert [one["counted"] for one in reports] == [True, True, False], "the newest of a machine counts"
    assert [one["held"] for one in reports] == [None, None, None]
    assert reports[0]["links"] == third["links"]
    for one in reports:
        assert dt.datetime.fromisoformat(one["received"]).utcoffset() == dt.timedelta(0)
        for link in one["links"].values():
            assert api.client.get(link).status_code == 200


def test_a_list_says_why_a_report_does_not_count(api: DocumentedClient, database: Database) -> None:
    submitted(api, KEY, kernel={"acs_override": True})
    receipt = submitted(api, OTHER)
    with database.writing() as session:
        hold(session, receipt["id"], "The listing looks edited.", NOW)
        session.commit()
    (tainted,), (held,) = listed(api, KEY), listed(api, OTHER)
    assert (tainted["counted"], held["counted"]) == (False, False)
    assert "ACS override" in tainted["held"]
    assert held["held"] == "The listing looks edited."


def test_at_most_a_hundred_are_listed(api: DocumentedClient, database: Database) -> None:
    for number in range(101):
        moment = NOW + dt.timedelta(minutes=number)
        submit(database, {"format": 1, "functions": [], "kernel": {"release": str(number)}}, key=KEY, now=moment)
    reports = listed(api, KEY)
    assert len(reports) == 100
    assert [one["received"] for one in reports] == sorted((one["received"] for one in reports), reverse=True)
    assert reports[-1]["received"] == "2026-01-02T03:05:05+00:00", "the oldest is left out"


def test_withdrawals_are_limited_apart_from_submissions(database_url: str) -> None:
    app = create_app({"HWDB_DATABASE_URL": database_url, "HWDB_SUBMIT_LIMIT": "2 per minute"})
    api = DocumentedClient(app.test_client())
    receipts = [submitted(api, KEY, card=card) for card in ("1b80", "1b81")]
    assert [api.delete(one["links"]["report"], **under(KEY)).status_code for one in receipts] == [204, 204]
    refused = api.delete(receipts[0]["links"]["report"], **under(KEY))
    assert refused.status_code == 429
    assert 0 < int(refused.headers["Retry-After"]) <= 60
    app.extensions["hwdb"].dispose()


def test_of_two_withdrawals_at_once_one_finds_it_gone(app: Flask) -> None:
    receipt = submitted(DocumentedClient(app.test_client()), KEY)
    start = Barrier(2)

    def one(_number: int) -> int:
        client = app.test_client()
        start.wait()
        return client.delete(receipt["links"]["report"], **under(KEY)).status_code

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(one, range(2))) == [204, 404]


def test_an_error_of_the_database_is_logged_without_values(database: Database) -> None:
    with database.reading() as session, pytest.raises(DBAPIError) as raised:
        session.execute(text("SELECT :value FROM nothing"), {"value": KEY})
    assert KEY not in str(raised.value)


def test_neither_key_nor_hash_is_in_an_answer_or_a_log(api: DocumentedClient, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    receipt = submitted(api, KEY)
    secrets = [said for key in (KEY, OTHER) for said in (key, hashlib.sha256(key.encode()).hexdigest())]
    answers: list[TestResponse] = [
        api.get(REPORTS, **under(KEY)),
        api.get(REPORTS, **under(OTHER)),
        api.client.get(REPORTS, headers={"Authorization": f"Digest {KEY}"}),
        api.delete(receipt["links"]["report"], **under(OTHER)),
        api.delete(f"{REPORTS}/{'0' * 16}", **under(KEY)),
        *(api.client.get(link) for link in receipt["links"].values()),
        api.delete(receipt["links"]["report"], **under(KEY)),
        api.post(small(), **under(KEY)),
    ]
    assert {answer.status_code for answer in answers} == {200, 204, 401, 403, 404, 410}
    said = "".join(f"{answer.headers}{answer.get_data(as_text=True)}" for answer in answers) + caplog.text
    assert [secret for secret in secrets if secret in said] == []
