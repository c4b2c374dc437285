"""Boards side by side, from the whole service: what differs, what is the best known, and what is not known."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Any

import pytest

from hwdb import intake
from tests.conftest import ROOT
from tests.machines import seed_document
from tests.store import NOW, small, submit
from web.pages.comparison import bands, leaders

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask.testing import FlaskClient

    from hwdb.models.engine import Database

SEED = "asrock/x399-taichi"
ONE, TWO = "example-inc/board-one", "example-inc/board-two"
STYLE = ROOT / "web" / "pages" / "static" / "style.css"


@pytest.fixture
def boards(client: FlaskClient) -> None:
    """Store three boards: the seed's, one slot that isolates, one slot that shares with onboard USB."""
    client.post("/api/v1/reports", json=seed_document())
    client.post("/api/v1/reports", json=small("1b80"))
    client.post(
        "/api/v1/reports", json=small("1b81", shared=True, board={"vendor": "Example Inc.", "name": "Board Two"})
    )


def page_of(client: FlaskClient, addresses: Sequence[str], **more: str) -> str:
    answer = client.get("/compare", query_string={"board": list(addresses), **more})
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def text_of(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def rows_of(page: str) -> dict[str, tuple[str, list[str], list[bool]]]:
    """Return each row by its name: its class, the text of its cells, and which of them are the best."""
    rows = {}
    for attributes, body in re.findall(r"<tr([^>]*)>(<th scope=\"row\">.*?)</tr>", page, re.DOTALL):
        cells = re.findall(r"<td([^>]*)>(.*?)</td>", body, re.DOTALL)
        name = text_of(body.split("</th>")[0].split('<span class="vh">')[0])
        rows[name] = (
            (re.findall(r'class="(\w+)', attributes) or [""])[0],
            [text_of(re.sub(r'<span class="vh">.*?</span>', "", cell)) for _, cell in cells],
            ["best" in attribute for attribute, _ in cells],
        )
    return rows


@pytest.mark.usefixtures("boards")
def test_boards_stand_side_by_side_and_the_best_known_cell_is_marked(client: FlaskClient) -> None:
    page = page_of(client, [SEED, ONE, TWO])
    assert "<title>Compare ASRock X399 Taichi, Example Inc. Board One, Example Inc. Board Two" in page
    rows = rows_of(page)
    assert rows["All"] == ("differs", ["4 of 5", "1 of 1", "0 of 1"], [True, False, False])
    assert rows["Shared"][1] == ["PCIE3 with USB, SATA, LAN and Wi-Fi", "none", "PCIE1 with USB"]
    assert rows["Machines counted"] == ("same", ["1", "1", "1"], [False, False, False])
    assert rows["Chipset"][:2] == ("differs", ["X399", "not known", "not known"])
    assert rows["BIOS"][:2] == ("same", ["not known"] * 3)
    assert "ASRock X399 Taichi has the most slots known to isolate" in text_of(page)
    for address in (SEED, ONE, TWO):
        assert f'href="/boards/{address}"' in page


@pytest.mark.usefixtures("boards")
def test_what_is_not_known_of_a_slot_is_said_and_never_counted(client: FlaskClient) -> None:
    rows = rows_of(page_of(client, [SEED, ONE]))
    assert rows["x8 or wider"][1] == ["4", "not known"]
    assert rows["Wired to the CPU"][1][0].endswith("wiring not known")
    assert not re.search(r"\b(None|null|False)\b", text_of(page_of(client, [SEED, ONE])))


@pytest.mark.usefixtures("boards")
def test_every_cell_comes_from_what_the_api_says_of_the_board(client: FlaskClient) -> None:
    page = page_of(client, [SEED, ONE])
    for address in (SEED, ONE):
        board = client.get(f"/api/v1/boards/{address}").get_json()
        assert board["verdict"]["headline"] in html.unescape(page)
        for slot in board["slots"]:
            assert slot["kind"] != "pcie" or slot["designation"] in page


@pytest.mark.usefixtures("boards")
def test_rows_that_do_not_differ_can_be_hidden_without_a_script(client: FlaskClient) -> None:
    page = page_of(client, [SEED, ONE])
    assert 'type="checkbox" id="only-diff"' in page
    assert "<script>" not in page
    assert ".compare-page:has(#only-diff:checked) tr.same" in STYLE.read_text(encoding="utf-8")
    alone = page_of(client, [SEED])
    assert 'id="only-diff"' not in alone
    assert {name: row[0] for name, row in rows_of(alone).items() if row[0] in {"differs", "same"}} == {}


@pytest.mark.usefixtures("boards")
def test_an_unknown_board_is_said_and_the_rest_is_shown(client: FlaskClient) -> None:
    page = page_of(client, ["no/such", SEED, "X399 Taichi"])
    assert "No board is known by the address no/such" in text_of(page)
    assert "X399 Taichi is no address of a board" in text_of(page)
    assert "Compare 1 board" in page


@pytest.mark.usefixtures("boards")
def test_more_than_four_are_cut_and_said(client: FlaskClient) -> None:
    page = page_of(client, [SEED, ONE, TWO, "no/such", "a/b"])
    assert "Only 4 boards are shown side by side. Left out: a/b" in text_of(page)
    assert "Compare 3 boards" in page


@pytest.mark.usefixtures("boards")
def test_boards_are_added_by_a_search_and_taken_out_by_a_link(client: FlaskClient) -> None:
    page = page_of(client, [SEED], q="board")
    add = re.findall(r'href="(/compare\?[^"#]*)"', page)
    assert any(html.unescape(link).endswith(f"board={ONE}") for link in add)
    assert re.search(rf'<input type="hidden" name="board" value="{SEED}">', page)
    both = page_of(client, [SEED, ONE])
    (gone,) = re.findall(r'href="([^"]*)" aria-label="Remove ASRock X399 Taichi"', both)
    assert html.unescape(gone) == f"/compare?board={ONE}"
    assert client.get(html.unescape(gone)).status_code == 200
    assert "No other board is known by the words" in text_of(page_of(client, [SEED], q="zzzz"))


def test_the_same_board_twice_stands_once(client: FlaskClient) -> None:
    client.post("/api/v1/reports", json=seed_document())
    assert "Compare 1 board" in page_of(client, [SEED, SEED])


def test_without_a_board_the_page_says_how_to_choose(client: FlaskClient) -> None:
    page = page_of(client, [])
    assert "Up to 4 boards side by side" in text_of(page)
    assert "<table" not in page


@pytest.mark.parametrize(
    "board", ['"><script>alert(1)</script>', "a/\u202eb", "\x00/x", "x" * 5000, "../../etc/passwd", "é/ü"], ids=range(6)
)
def test_anything_may_be_asked(client: FlaskClient, board: str) -> None:
    page = page_of(client, [board])
    assert "<script>" not in page
    assert len(page) < 20_000
    assert "\u202e" not in re.sub(r"<bdi>.*?</bdi>|<[^>]*>", "", page, flags=re.DOTALL)


def test_a_hostile_name_is_text_of_its_own_direction(client: FlaskClient) -> None:
    named: dict[str, Any] = {"vendor": "Example Inc.", "name": 'X"><script>alert(1)</script>\u202e'}
    answer = client.post("/api/v1/reports", json=small(board=named)).get_json()
    address = answer["links"]["board_page"].removeprefix("/boards/")
    page = page_of(client, [address])
    assert "<script>" not in page
    assert "\u202e" not in re.sub(r"<bdi>.*?</bdi>|<[^>]*>", "", page, flags=re.DOTALL)


def test_a_page_of_four_boards_is_light(client: FlaskClient) -> None:
    client.post("/api/v1/reports", json=seed_document())
    for number in range(3):
        client.post("/api/v1/reports", json=small(f"1b8{number}", board={"vendor": "E", "name": f"Board {number}"}))
    page = page_of(client, [SEED, "e/board-0", "e/board-1", "e/board-2"])
    assert len(page.encode()) + STYLE.stat().st_size < 100_000


def test_nothing_leads_where_all_are_equal() -> None:
    assert leaders([], bands([])) == []


def test_an_address_that_moved_leads_to_the_new_one(client: FlaskClient, database: Database) -> None:
    submit(database, small())
    submit(database, small("1b81", board={"vendor": "Example Inc.", "name": "Board Two"}))
    with database.writing() as session:
        intake.merge(session, TWO, ONE, NOW)
        while intake.reanalyse(session, NOW):
            pass
        session.commit()
    answer = client.get(f"/compare?board={SEED}&board={TWO}&q=x")
    assert (answer.status_code, answer.headers["Location"]) == (301, f"/compare?board={SEED}&board={ONE}&q=x")
    both = client.get(f"/compare?board={ONE}&board={TWO}")
    assert (both.status_code, both.headers["Location"]) == (301, f"/compare?board={ONE}")
