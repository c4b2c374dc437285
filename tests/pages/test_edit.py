"""The page behind an edit link: reading changes nothing, forms do, and only for who holds the link."""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING, Any

import pytest

from tests.machines import seed_document
from tests.pages.forms import LICENCE, edit_link, fields, labelled, listing, rows, send, stored, words

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from flask.testing import FlaskClient

CARD = "0000:08:00.0"
PRIVATE = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex", "Referrer-Policy": "no-referrer"}
BOARD = {"board_vendor": "ASRock", "board_name": "X399 Taichi"}


@pytest.fixture
def link(client: FlaskClient) -> str:
    """Return the edit link of a stored paste."""
    return edit_link(stored(client, listing("someone@tower:~$ lspci\n"), **BOARD))


@pytest.fixture
def database_rows(app: Flask) -> Callable[[], dict[str, int]]:
    def count() -> dict[str, int]:
        with app.extensions["hwdb"].reading() as session:
            return rows(session)

    return count


def report_of(client: FlaskClient, link: str) -> str:
    found = re.search(r'href="/reports/([0-9a-f]{16})" class="mono"', client.get(link).get_data(as_text=True))
    assert found is not None
    return found[1]


def saved(client: FlaskClient, link: str, **said: Any) -> Any:
    report = report_of(client, link)
    path = f"{link}/{report}"
    return send(client, path, {**fields(client.get(link).get_data(as_text=True), path), **said})


def test_reading_changes_nothing_and_tells_nobody(client: FlaskClient, link: str, database_rows: Any) -> None:
    before = database_rows()
    report = report_of(client, link)
    for path in (link, f"{link}?report={report}", f"{link}/{report}/text"):
        answer = client.get(path)
        assert answer.status_code == 200
        assert {name: answer.headers[name] for name in PRIVATE} == PRIVATE
        client.head(path)
    for path in (f"{link}/{report}", f"{link}/{report}/withdraw"):
        assert client.get(path).status_code == 405
    assert database_rows() == before


def test_a_link_that_is_not_whole_opens_nothing(client: FlaskClient, link: str) -> None:
    report = report_of(client, link)
    for path in (link[:-1], "/edit/x", "/edit/" + "A" * 43, "/edit/%00" + "A" * 43):
        for whole in (path, f"{path}/{report}/text"):
            answer = client.get(whole)
            assert answer.status_code == 404
            assert {name: answer.headers[name] for name in PRIVATE} == PRIVATE
        for form in (f"{path}/{report}", f"{path}/{report}/withdraw"):
            assert send(client, form, {}).status_code == 404
    assert "either it was withdrawn, or the link is not whole" in words(client.get(link[:-1]))
    assert client.get(f"/api/v1/reports/{report}").status_code == 200


def test_what_is_added_makes_a_new_report_in_place_of_the_old(client: FlaskClient, link: str) -> None:
    before = report_of(client, link)
    page = client.get(link).get_data(as_text=True)
    form = labelled(fields(page, f"{link}/{before}"), CARD, "PCIE4")
    form |= {"setting_name": ["ACS Enable"], "setting_value": ["Enabled"], "bios_version": ["P3.90"]}
    answer = send(client, f"{link}/{before}", form)
    assert answer.status_code == 303
    assert "Saved." in words(client.get(answer.headers["Location"]))
    after = report_of(client, link)
    assert after != before
    assert client.get(f"/reports/{before}").status_code == 410
    document = client.get(f"/reports/{after}.json").get_json()
    assert document["settings"] == [{"name": "ACS Enable", "value": "Enabled"}]
    assert document["bios"] == {"version": "P3.90"}
    assert document["provenance"]["licence"] == LICENCE
    assert [(slot["designation"], slot["occupant"]) for slot in document["slots"]] == [("PCIE4", CARD)]
    board = client.get("/api/v1/boards/asrock/x399-taichi").get_json()
    assert board["machines"] == 1
    assert [one["id"] for one in board["reports"]] == [after]
    text = client.get(f"{link}/{after}/text")
    assert "IOMMU Group 13" in text.get_data(as_text=True), "the text goes with it"
    assert "someone" not in text.get_data(as_text=True)


def test_a_label_is_corrected_and_taken_back(client: FlaskClient, link: str) -> None:
    for name, said in (("PCIE4", ["PCIE4"]), ("PCIE5", ["PCIE5"]), ("", [])):
        report = report_of(client, link)
        form = labelled(fields(client.get(link).get_data(as_text=True), f"{link}/{report}"), CARD, name)
        # The second correction returns to no label, as in the report that was withdrawn: something else differs too.
        form["kernel"] = [f"6.1.{len(name)}{name[-1:]}"]
        assert send(client, f"{link}/{report}", form).status_code == 303
        document = client.get(f"/reports/{report_of(client, link)}.json").get_json()
        assert [slot["designation"] for slot in document["slots"] or ()] == said


def test_both_versions_stay_when_the_owner_says_so(client: FlaskClient, link: str) -> None:
    before = report_of(client, link)
    answer = saved(client, link, kernel=["6.1.0"], before=[])
    assert answer.status_code == 303
    assert client.get(f"/reports/{before}").status_code == 200
    after = report_of(client, link)
    view = client.get(f"/api/v1/reports/{after}").get_json()
    assert view["history"] == [before]
    assert view["summary"]["counted"] is True
    assert client.get(f"/api/v1/reports/{before}").get_json()["summary"]["counted"] is False, "the newest speaks"
    assert "Reports under this link" in words(client.get(link))
    assert client.get(f"{link}?report={before}").status_code == 200


def test_nothing_is_saved_when_nothing_was_changed(client: FlaskClient, link: str, database_rows: Any) -> None:
    before = database_rows()
    answer = saved(client, link)
    assert "Nothing was changed" in words(client.get(answer.headers["Location"]))
    assert database_rows() == before


def test_a_version_that_was_withdrawn_is_not_stored_again(client: FlaskClient, link: str) -> None:
    saved(client, link, kernel=["6.1.0"])
    report = report_of(client, link)
    answer = saved(client, link, kernel=[""])
    assert answer.status_code == 409
    assert "was withdrawn by its owner and is not stored again" in words(answer)
    assert report_of(client, link) == report


def test_a_wrong_board_is_corrected(client: FlaskClient, link: str) -> None:
    assert saved(client, link, board_name=["X399M Taichi"]).status_code == 303
    assert client.get("/boards/asrock/x399m-taichi").status_code == 200
    assert client.get("/boards/asrock/x399-taichi").status_code == 404


def test_what_is_too_long_is_named_and_nothing_is_lost(client: FlaskClient, link: str) -> None:
    answer = saved(client, link, board_name=["B" * 201])
    assert answer.status_code == 422
    assert "Board: " in words(answer)
    assert "B" * 201 in answer.get_data(as_text=True)


def test_withdrawing_takes_everything_out(client: FlaskClient, link: str, database_rows: Any) -> None:
    report = report_of(client, link)
    answer = send(client, f"{link}/{report}/withdraw", {})
    assert answer.status_code == 200
    assert "Your report is withdrawn" in words(answer)
    left = database_rows()
    assert (left["reports"], left["source_texts"], left["functions"], left["tombstones"]) == (0, 0, 0, 1)
    assert client.get(link).status_code == 404
    gone = client.get(f"/reports/{report}")
    assert gone.status_code == 410
    assert "was withdrawn by its owner" in words(gone)


def test_other_sites_change_nothing(client: FlaskClient, link: str) -> None:
    report = report_of(client, link)
    for path in (f"{link}/{report}", f"{link}/{report}/withdraw"):
        for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://elsewhere.example"}):
            assert client.post(path, headers=headers).status_code == 403
    assert report_of(client, link) == report
    # A page that asks the browser to tell nobody its address gets this as its own forms' origin.
    assert client.post(f"{link}/{report}/withdraw", headers={"Origin": "null"}).status_code == 200


def test_a_link_opens_only_its_own_reports(client: FlaskClient, link: str) -> None:
    client.post("/api/v1/reports", json=seed_document(), headers={"Authorization": "Bearer " + "B" * 30})
    other = client.get("/edit/" + "B" * 30)
    assert other.status_code == 200, "the key of hwdb-submit opens the same page"
    report = report_of(client, link)
    for form in (f"/edit/{'B' * 30}/{report}", f"/edit/{'B' * 30}/{report}/withdraw"):
        assert send(client, form, {}).status_code == 404
    assert client.get(f"/edit/{'B' * 30}/{report}/text").status_code == 404


def test_a_link_is_opened_from_the_submit_page(client: FlaskClient, link: str) -> None:
    answer = send(client, "/edit", {"link": f" http://localhost{link}/ "})
    assert (answer.status_code, answer.headers["Location"]) == (303, link)
    assert send(client, "/edit", {"link": "what"}).status_code == 404


def test_an_error_in_the_service_does_not_log_the_link(
    app: Flask, link: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise RuntimeError("it broke")

    monkeypatch.setattr("hwdb.queries.own_reports", fails)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    with caplog.at_level(logging.DEBUG):
        assert app.test_client().get(link).status_code == 500
    assert "it broke" in caplog.text
    assert link.rsplit("/", 1)[1] not in caplog.text
