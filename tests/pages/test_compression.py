"""Answers travel compressed; pages that show a key do not."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import brotli
import pytest

from tests.machines import seed_document

if TYPE_CHECKING:
    from flask.testing import FlaskClient

BOARD = "/boards/asrock/x399-taichi"


@pytest.fixture
def seeded(client: FlaskClient) -> FlaskClient:
    """Return a client of a database with one board."""
    assert client.post("/api/v1/reports", json=seed_document()).status_code == 201
    return client


@pytest.mark.parametrize("path", [BOARD, f"/api/v1{BOARD}", "/static/style.css", f"{BOARD}/badge.svg"])
def test_an_answer_is_the_same_compressed(seeded: FlaskClient, path: str) -> None:
    plain = seeded.get(path)
    small = seeded.get(path, headers={"Accept-Encoding": "gzip, br"})
    assert "Content-Encoding" not in plain.headers
    assert (small.headers["Content-Encoding"], small.headers["Vary"]) == ("br", "Accept-Encoding")
    assert brotli.decompress(small.data) == plain.data
    assert len(small.data) < len(plain.data) * 0.6
    etag = small.headers.get("ETag")
    if etag:
        again = seeded.get(path, headers={"Accept-Encoding": "gzip, br", "If-None-Match": etag})
        assert (again.status_code, again.data) == (304, b"")


def test_older_clients_take_gzip(seeded: FlaskClient) -> None:
    small = seeded.get(BOARD, headers={"Accept-Encoding": "gzip"})
    assert gzip.decompress(small.data) == seeded.get(BOARD).data


def test_what_is_for_one_person_only_is_not_compressed(seeded: FlaskClient) -> None:
    page = seeded.get("/edit/" + "k" * 43, headers={"Accept-Encoding": "gzip, br"})
    assert "no-store" in page.headers["Cache-Control"]
    assert "Content-Encoding" not in page.headers
