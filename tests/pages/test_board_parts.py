"""A board's badge, picture and feeds, and what its page shows beyond the slots, through the service."""

from __future__ import annotations

import struct
import xml.etree.ElementTree as ET
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from hwdb import intake
from hwdb.analysis.changes import BoardNote
from hwdb.analysis.curated import Source
from hwdb.analysis.layouts import PlacedSlot
from hwdb.analysis.platform_notes import PlatformNote
from hwdb.analysis.slot_fit import SharedLanes
from hwdb.queries.regressions import Regression, regressions
from tests.machines import seed_document
from tests.pages.views import BOARD, SUMMARY
from tests.store import NOW, small, submit
from web.pages.feeds import board_feed, regressions_feed

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient

    from hwdb.models.engine import Database

ATOM = "{http://www.w3.org/2005/Atom}"
HOSTILE = '"><script>alert(1)</script>\u202e'
TAICHI = "/boards/asrock/x399-taichi"


@pytest.fixture
def seeded(database: Database) -> None:
    submit(database, seed_document())


@pytest.fixture
def hostile(database: Database) -> str:
    """Store a board whose names are hostile, and return its address."""
    document = small(board={"vendor": HOSTILE, "name": f"{HOSTILE} Two"})
    document["slots"][0]["designation"] = HOSTILE
    accepted = submit(database, document)
    return f"/boards/{accepted.vendor_slug}/{accepted.slug}"


@pytest.mark.usefixtures("seeded")
def test_a_badge_can_be_embedded_anywhere_and_kept(client: FlaskClient) -> None:
    answer = client.get(f"{TAICHI}/badge.svg")
    assert answer.mimetype == "image/svg+xml"
    root = ET.fromstring(answer.data)
    assert root.get("aria-label") == "X399 Taichi: 4 of 5 slots isolate"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "frame-ancestors" not in answer.headers["Content-Security-Policy"]
    assert answer.cache_control.max_age
    again = client.get(f"{TAICHI}/badge.svg", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


@pytest.mark.usefixtures("seeded")
def test_a_picture_for_link_previews(client: FlaskClient) -> None:
    page = client.get(TAICHI).get_data(as_text=True)
    assert f'<meta property="og:image" content="http://localhost{TAICHI}/card.png">' in page
    assert f'<link rel="canonical" href="http://localhost{TAICHI}">' in page
    answer = client.get(f"{TAICHI}/card.png")
    assert answer.mimetype == "image/png"
    # PNG, 11.2.2: width and height stand first in the first chunk.
    assert struct.unpack(">II", answer.data[16:24]) == (1200, 630)
    assert len(answer.data) < 200_000


@pytest.mark.usefixtures("seeded")
def test_a_feed_tells_of_reports(client: FlaskClient) -> None:
    answer = client.get(f"{TAICHI}/feed.atom")
    assert answer.mimetype == "application/atom+xml"
    feed = ET.fromstring(answer.data)
    assert feed.findtext(f"{ATOM}author/{ATOM}name") == "hwdb"
    assert feed.findtext(f"{ATOM}id") == f"http://localhost{TAICHI}/feed.atom"
    (entry,) = feed.findall(f"{ATOM}entry")
    assert "1900X" in (entry.findtext(f"{ATOM}title") or "")
    assert entry.findtext(f"{ATOM}updated") == feed.findtext(f"{ATOM}updated")
    assert (entry.findtext(f"{ATOM}id") or "").startswith("http://localhost/reports/")


def test_hostile_names_are_text_everywhere(client: FlaskClient, hostile: str) -> None:
    for rest in ("", "/badge.svg", "/feed.atom"):
        answer = client.get(hostile + rest)
        text = answer.get_data(as_text=True)
        assert answer.status_code == 200
        assert "<script>" not in text
        assert "alert(1)" in text
        if rest:
            ET.fromstring(text)
            assert "\u202e" not in text
    assert client.get(f"{hostile}/card.png").data.startswith(b"\x89PNG")


def test_old_addresses_lead_to_the_new_one(client: FlaskClient, database: Database) -> None:
    submit(database, small())
    submit(database, small("1b81", board={"vendor": "Example Inc.", "name": "Board Two"}))
    with database.writing() as session:
        intake.merge(session, "example-inc/board-two", "example-inc/board-one", NOW)
        while intake.reanalyse(session, NOW):
            pass
        session.commit()
    for rest in ("", "/badge.svg", "/card.png", "/feed.atom"):
        answer = client.get(f"/boards/example-inc/board-two{rest}")
        assert answer.status_code == 301
        assert answer.headers["Location"] == f"/boards/example-inc/board-one{rest}"


def test_what_is_not_there_is_not_found(client: FlaskClient) -> None:
    for rest in ("", "/badge.svg", "/card.png", "/feed.atom"):
        assert client.get(f"/boards/nobody/nothing{rest}").status_code == 404


def test_regressions_have_a_feed(app: Flask, client: FlaskClient, database: Database) -> None:
    empty = ET.fromstring(client.get("/regressions.atom").data)
    assert empty.findall(f"{ATOM}entry") == []
    with database.reading() as session:
        assert regressions(session) == ()
    note = BoardNote("regression", "PCIE1", f"Since BIOS 2 PCIE1 shares. {HOSTILE}", (SUMMARY.id,))
    found = [Regression("ASRock", "asrock", "X399 Taichi", "x399-taichi", note, day) for day in ("2026-01-02", "")]
    with app.test_request_context("/regressions.atom"):
        feed = ET.fromstring(regressions_feed(found).data)
        board = ET.fromstring(board_feed(replace(BOARD, notes=(note,))).data)
    titles = [entry.findtext(f"{ATOM}title") for entry in feed.findall(f"{ATOM}entry")]
    assert titles[0] == "Regression: ASRock X399 Taichi, PCIE1"
    assert feed.findtext(f"{ATOM}updated") == "2026-01-02T00:00:00Z"
    assert len(board.findall(f"{ATOM}entry")) == 2
    # The same regression is the same entry in both feeds.
    ids = [{entry.findtext(f"{ATOM}id") for entry in one.findall(f"{ATOM}entry")} for one in (feed, board)]
    assert ids[0] & ids[1]


def _page(app: Flask, **facts: Any) -> str:
    from flask import render_template

    with app.test_request_context(TAICHI):
        return render_template("board.html", board=replace(BOARD, **facts))


def test_notes_come_with_their_sources_regressions_first(app: Flask) -> None:
    source = Source("a", "A thread", "an owner", "It says so.", "https://forum.example/1", "2019-03-23")
    html = _page(
        app,
        notes=(BoardNote("regression", "PCIE1", "Since BIOS 2 PCIE1 shares.", (SUMMARY.id,)),),
        platform_notes=(PlatformNote("one", "pitfall", "It hangs.", "kernels before 4.15", (source,)),),
        sharing=(SharedLanes("PCIE4", ("PCIE2",), 8, "PCIE4 drops to x8 when PCIE2 is filled."),),
    ).split('id="notes"')[1]
    order = [html.index(said) for said in ("Since BIOS 2", "PCIE4 drops to x8", "It hangs.")]
    assert order == sorted(order)
    assert "Holds for" in html
    assert 'href="https://forum.example/1"' in html


def test_a_layout_gives_the_physical_order(app: Flask) -> None:
    layout = tuple(
        PlacedSlot(name, "pcie", 16, None, "cpu", 3, None, None)
        for name in ("PCIE5", "PCIE4", "PCIE3", "PCIE2", "PCIE1")
    )
    html = _page(app, layout=layout)
    assert "Top to bottom as on the board" in html
    assert "Schematic, in name order" in _page(app)


def test_every_drawn_slot_leads_to_its_row(app: Flask) -> None:
    html = _page(app)
    for number in range(1, 6):
        assert f'data-n="{number}" href="#slot-{number}"' in html
        assert f'id="slot-{number}" data-n="{number}"' in html
        assert f'<p data-of="{number}">' in html
