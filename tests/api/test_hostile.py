"""What somebody may send to break the service: the same answer on both engines, and nothing changed."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING, Any

import pytest

from tests.hostile import HOSTILE, JSON, Hostile, report
from tests.store import row_counts

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient

REPORTS = "/api/v1/reports"
REFUSED = [hostile for hostile in HOSTILE if hostile.status is not None]
CLEANED = [hostile for hostile in HOSTILE if hostile.status is None]


def quiet(caplog: pytest.LogCaptureFixture) -> bool:
    return not [record for record in caplog.records if record.levelno >= logging.ERROR or record.exc_info]


def stored(client: FlaskClient, answer: Any) -> dict[str, Any]:
    document: dict[str, Any] = client.get(answer.get_json()["links"]["report"]).get_json()["document"]
    return document


@pytest.mark.parametrize("hostile", REFUSED, ids=lambda hostile: hostile.name)
def test_it_is_refused_with_the_place_and_nothing_is_stored(
    app: Flask, client: FlaskClient, caplog: pytest.LogCaptureFixture, hostile: Hostile
) -> None:
    before = row_counts(app.extensions["hwdb"])
    answer = client.post(REPORTS, data=hostile.body, headers=hostile.headers)
    assert answer.status_code == hostile.status
    assert answer.content_type == "application/problem+json"
    problem = answer.get_json()
    assert problem["status"] == hostile.status
    assert hostile.place in problem["detail"]
    assert all({"field", "reason"} == set(wrong) for wrong in problem.get("errors", []))
    assert row_counts(app.extensions["hwdb"]) == before
    assert quiet(caplog)


@pytest.mark.parametrize("hostile", CLEANED, ids=lambda hostile: hostile.name)
def test_it_is_taken_cleaned_and_can_be_read_back(
    client: FlaskClient, caplog: pytest.LogCaptureFixture, hostile: Hostile
) -> None:
    answer = client.post(REPORTS, data=hostile.body, headers=hostile.headers)
    assert answer.status_code == 201
    links = answer.get_json()["links"]
    for link in links.values():
        assert client.get(link).status_code == 200
    text = json.dumps(stored(client, answer), ensure_ascii=False)
    assert not any(ord(c) < 0x20 and c not in "\n\t" for c in text)
    assert not any(0xD800 <= ord(c) <= 0xDFFF for c in text)
    assert "secret" not in text
    assert quiet(caplog)


@pytest.mark.parametrize("letters", ["x", "\u00df", "\ufdfa", "\U0001f5a5"])
def test_the_longest_text_everywhere_is_taken_alike(client: FlaskClient, letters: str) -> None:
    name, note, word = letters * 200, letters * 2000, letters * 64
    document = {
        "board": {"vendor": name, "name": name, "version": name},
        "bios": {"version": name, "date": word},
        "cpus": [{"name": name}],
        "kernel": {"release": name, "distribution": name},
        "functions": [{"address": "0000:00:00.0", "iommu_group": 2**31 - 1, "class": "0200", "name": name}],
        "slots": [{"designation": name, "witness": "submitter", "occupant": "0000:00:00.0", "note": note}],
        "settings": [{"name": name, "value": name, "note": note}],
        "outcomes": [{"device": name, "guest": name, "note": note}],
    }
    answer = client.post(REPORTS, data=report(**document), headers=JSON)
    assert answer.status_code in {201, 422}, answer.get_json()
    if answer.status_code == 422:
        # Only what the format says is too long is refused, and by its name.
        problem = answer.get_json()
        assert problem["errors"]
        assert all("shorten" in wrong["reason"] for wrong in problem["errors"])
    else:
        assert all(client.get(link).status_code == 200 for link in answer.get_json()["links"].values())


@pytest.mark.parametrize("size", ["wide", "deep"])
def test_thousands_of_functions_are_judged_and_stored(client: FlaskClient, size: str) -> None:
    def address(number: int) -> str:
        return f"{number >> 16:04x}:{(number >> 8) & 255:02x}:{(number >> 3) & 31:02x}.{number & 7}"

    many = 1500
    functions = [
        {"address": address(i), "iommu_group": 1 if size == "wide" else i % 7, "class": "0604" if i % 2 else "0200"}
        for i in range(many)
    ]
    if size == "deep":
        functions = [{**f, "parent": address(i - 1), "class": "0604"} for i, f in enumerate(functions) if i]
    answer = client.post(REPORTS, data=report(functions=functions), headers=JSON)
    assert answer.status_code == 201
    assert client.get(answer.get_json()["links"]["report"]).status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/v1/nothing", 404),
        ("GET", f"{REPORTS}/{'f' * 16}", 404),
        ("GET", f"{REPORTS}/{'x' * 3000}", 404),
        ("GET", f"{REPORTS}/%00", 404),
        ("GET", "/api/v1/boards/no/such", 404),
        ("GET", "/api/v1/boards/%00/%00", 404),
        ("GET", "/api/v1/boards/%ed%a0%80/x", 404),
        ("GET", "/api/v1/boards?q=%00%ed%a0%80", 200),
        ("GET", f"/api/v1/boards?q={'x' * 201}", 422),
        ("GET", "/api/v1/known?board_vendor=%00&board_name=%00", 200),
        ("GET", "/api/v1/known?board_name=%ed%a0%80&bios_version=%ff%fe&cpu=%00", 200),
        ("GET", f"/api/v1/known?board_name={'x' * 201}", 422),
        ("GET", f"/api/v1/known?cpu={'%00' * 201}", 422),
        ("DELETE", f"{REPORTS}/%00", 401),
        ("GET", "/api/v1/boards?limit=0", 422),
        ("GET", "/api/v1/boards?limit=99999999999999999999", 422),
        ("DELETE", REPORTS, 405),
        ("PUT", "/api/v1/health", 405),
    ],
)
def test_wrong_addresses_and_methods_are_problems(
    client: FlaskClient, caplog: pytest.LogCaptureFixture, method: str, path: str, status: int
) -> None:
    answer = client.open(path, method=method)
    assert answer.status_code == status
    if status >= 400:
        assert answer.content_type == "application/problem+json"
        assert answer.get_json()["detail"].endswith(".")
    assert quiet(caplog)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/nothing", 404),
        ("/boards/%00/x", 404),
        ("/boards/no/such", 404),
        ("/reports/%00", 404),
        ("/?q=%00%ed%a0%80", 200),
        (f"/?q={'x' * 5000}", 200),
        ("/submit?board_vendor=%00&board_name=%ed%a0%80&bios_version=%ff&cpu=%00", 200),
        (f"/submit?board_vendor={'x' * 5000}&board_name={'%ef%b7%ba' * 5000}&cpu={'x' * 5000}", 200),
    ],
)
def test_outside_the_api_errors_are_pages(
    client: FlaskClient, caplog: pytest.LogCaptureFixture, path: str, status: int
) -> None:
    answer = client.get(path)
    assert answer.status_code == status
    assert answer.content_type == "text/html; charset=utf-8"
    assert quiet(caplog)
