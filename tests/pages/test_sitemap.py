"""What search engines read."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING

import pytest

from tests.store import small
from web.pages import sitemap

if TYPE_CHECKING:
    from flask.testing import FlaskClient

SPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def listed(client: FlaskClient, address: str) -> list[str]:
    answer = client.get(address)
    assert (answer.status_code, answer.mimetype) == (200, "application/xml")
    return [loc.text or "" for loc in ET.fromstring(answer.data).iter(f"{SPACE}loc")]


@pytest.fixture
def filled(client: FlaskClient) -> FlaskClient:
    """Submit two boards and one that nothing names."""
    for board in ({"vendor": "A", "name": "One & two"}, {"vendor": "A", "name": "Three"}, {"vendor": "A"}):
        assert client.post("/api/v1/reports", json=small(board=board)).status_code == 201
    return client


def test_boards_and_devices_are_listed(filled: FlaskClient) -> None:
    site = "http://localhost/"
    found = listed(filled, "/sitemap.xml")
    assert {f"{site}boards/a/one-two", f"{site}boards/a/three", f"{site}devices/10de:1b80", site} <= set(found)
    assert sum("/boards/" in one for one in found) == 2
    for one in found:
        assert filled.get(one.removeprefix("http://localhost")).status_code == 200
    assert ET.fromstring(filled.get("/sitemap.xml").data).find(f".//{SPACE}lastmod") is not None


@pytest.mark.parametrize("most", [1, 2, 3, 4, 5, 7])
def test_more_than_one_file_holds_are_in_several(
    filled: FlaskClient, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    whole = listed(filled, "/sitemap.xml")
    monkeypatch.setattr(sitemap, "MOST", most)
    files = listed(filled, "/sitemap.xml")
    parts = [listed(filled, one.removeprefix("http://localhost")) for one in files]
    assert [one for part in parts for one in part] == whole
    assert max(map(len, parts)) <= most
    assert filled.get(f"/sitemap-{len(files) + 1}.xml").status_code == 404
    assert filled.get("/sitemap-0.xml").status_code == 404


def test_robots_are_told_where_to_look(client: FlaskClient) -> None:
    answer = client.get("/robots.txt")
    said = answer.get_data(as_text=True).splitlines()
    assert answer.mimetype == "text/plain"
    assert "Sitemap: http://localhost/sitemap.xml" in said
    assert "Disallow: /?" in said
    assert "Allow: /" in said
