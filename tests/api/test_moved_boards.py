"""Old addresses of boards lead to the new one, on pages and in the API, with the question that was asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hwdb import intake
from tests.store import NOW, small, submit

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from hwdb.models.engine import Database


@pytest.fixture
def merged(database: Database) -> None:
    """Fill the database with two boards of which an operator says that they are one."""
    submit(database, small())
    submit(database, small("1b81", board={"vendor": "Example Inc.", "name": "Board Two"}))
    with database.writing() as session:
        intake.merge(session, "example-inc/board-two", "example-inc/board-one", NOW)
        while intake.reanalyse(session, NOW):
            pass
        session.commit()


@pytest.mark.usefixtures("merged")
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("/boards/example-inc/board-two", "/boards/example-inc/board-one"),
        ("/api/v1/boards/example-inc/board-two", "/api/v1/boards/example-inc/board-one"),
        (
            "/api/v1/boards/example-inc/board-two/slots?isolates=true",
            "/api/v1/boards/example-inc/board-one/slots?isolates=true",
        ),
    ],
)
def test_an_old_address_leads_to_the_new_one(client: FlaskClient, old: str, new: str) -> None:
    answer = client.get(old)
    assert answer.status_code == 301
    assert answer.headers["Location"] == new
    assert client.get(new).status_code == 200
    assert client.get(old, follow_redirects=True).status_code == 200


@pytest.mark.usefixtures("merged")
def test_the_redirect_is_documented(client: FlaskClient) -> None:
    paths = client.get("/api/v1/openapi.json").get_json()["paths"]
    for path in ("/api/v1/boards/{vendor_slug}/{slug}", "/api/v1/boards/{vendor_slug}/{slug}/slots"):
        assert "another board" in paths[path]["get"]["responses"]["301"]["description"]


@pytest.mark.usefixtures("merged")
def test_a_search_finds_the_one_board_only(client: FlaskClient) -> None:
    found = client.get("/api/v1/boards?q=board").get_json()["boards"]
    assert [(board["slug"], board["machines"]) for board in found] == [("board-one", 2)]
