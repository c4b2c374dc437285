"""The planner's page, from the whole service: its form without a script, its plans, and what is wrong with a wish."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

import pytest
from werkzeug.datastructures import MultiDict

from tests.conftest import ROOT
from tests.machines import seed_document
from tests.store import small
from web.pages.wish_form import read_form

if TYPE_CHECKING:
    from flask.testing import FlaskClient

SEED = "asrock/x399-taichi"


@pytest.fixture
def boards(client: FlaskClient) -> None:
    """Store the seed's board, one slot that isolates, and one that shares with onboard USB."""
    client.post("/api/v1/reports", json=seed_document())
    client.post("/api/v1/reports", json=small("1b80"))
    client.post(
        "/api/v1/reports", json=small("1b81", shared=True, board={"vendor": "Example Inc.", "name": "Board Two"})
    )


def page_of(client: FlaskClient, query: str) -> str:
    answer = client.get(f"/plan?{query}")
    assert answer.status_code == 200
    page = answer.get_data(as_text=True)
    assert "<script>" not in page
    return page


def text_of(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def rows(page: str) -> list[tuple[str, str]]:
    """Return the kind and the lanes that each row of the form has chosen."""
    fieldsets = re.findall(r'<fieldset class="want-row">(.*?)</fieldset>', page, re.DOTALL)
    return [tuple((*re.findall(r'<option value="(\w*)" selected', one), "", "")[:2]) for one in fieldsets]


@pytest.mark.usefixtures("boards")
def test_the_best_board_is_drawn_with_the_cards_in_their_slots(client: FlaskClient) -> None:
    page = page_of(client, "need=gpu:x8&need=gpu:x8&need=usb")
    text = text_of(page)
    assert "Best fit: ASRock X399 Taichi" in text
    assert "Every card gets a slot of its own that isolates." in text
    drawn = html.unescape(page.split('<figure class="drawn">')[1].split("</figure>")[0])
    assert 'aria-label="ASRock X399 Taichi with GPU 1 in PCIE' in drawn
    for card in ("GPU 1", "GPU 2", "USB card"):
        assert '<text class="d-card-text" x="20"' in drawn
        assert card in drawn
    table = text_of(page.split("assign")[1].split("</table>")[0])
    assert re.search(r"GPU 1 x8 or more PCIE\d x16", table)


@pytest.mark.usefixtures("boards")
def test_the_page_says_what_the_api_says(client: FlaskClient) -> None:
    query = "need=gpu:x8&need=gpu:x8&need=usb&lasting=true"
    text = text_of(page_of(client, query))
    found = client.get(f"/api/v1/plans?{query}").get_json()
    for plan in found["plans"]:
        assert f"{plan['vendor']} {plan['name']}" in text
        assert plan["headline"] in text
        for sentence in plan["cautions"]:
            assert sentence in text
        for unplaced in plan["unplaced"]:
            assert unplaced["reason"] in text
    assert f"{found['fit']} board fits, {found['may_fit']} may fit, {found['miss']}" in text
    for plan in found["plans"][1:]:
        for placement in plan["placed"]:
            assert placement["says"] in text


@pytest.mark.usefixtures("boards")
@pytest.mark.parametrize("said", [SEED, "asrock x399 taichi", "X399 Taichi", "taichi"])
def test_a_board_somebody_owns_is_found_by_address_or_words(client: FlaskClient, said: str) -> None:
    page = page_of(client, f"card=gpu&lanes=8&card=&lanes=&board={said}")
    assert "Your board: ASRock X399 Taichi" in text_of(page)
    assert f'href="/plan?need=gpu:x8&amp;board={SEED}"' in page, "what is shared names the board by its address"
    assert "Nearest misses" not in page


@pytest.mark.usefixtures("boards")
def test_a_name_that_several_boards_have_is_asked_back(client: FlaskClient) -> None:
    page = page_of(client, "need=usb&board=board")
    assert "Several boards have a name like that. Which one is it?" in text_of(page)
    (link,) = re.findall(r'href="([^"]*board=example-inc/board-two)"', page)
    assert "Your board: Example Inc. Board Two" in text_of(client.get(html.unescape(link)).get_data(as_text=True))


@pytest.mark.usefixtures("boards")
def test_a_row_is_added_by_a_button_and_keeps_what_was_filled_in(client: FlaskClient) -> None:
    first = page_of(client, "")
    assert rows(first) == [("gpu", "8"), ("", ""), ("", "")]
    (more,) = re.findall(r'<button[^>]*name="rows" value="(\d+)"', first)
    page = page_of(client, f"card=gpu&lanes=16&card=usb&lanes=&card=&lanes=&rows={more}&lasting=true")
    assert rows(page) == [("gpu", "16"), ("usb", ""), ("", ""), ("", "")]
    assert re.search(r'name="lasting" value="true" checked', page)
    assert len(rows(page_of(client, "card=gpu&lanes=&rows=99999999999"))) == 16
    full = page_of(client, "&".join(["card=usb&lanes="] * 16))
    assert 'name="rows"' not in full


@pytest.mark.usefixtures("boards")
def test_the_form_and_the_api_ask_the_same(client: FlaskClient) -> None:
    by_form = "card=gpu&lanes=8&card=usb&lanes=&min_machines=1&socket=&chipset=X399&vendor=&form_factor=&board="
    page = page_of(client, by_form)
    (link,) = re.findall(r'href="([^"]*)">Link to this plan', page)
    assert html.unescape(link) == "/plan?need=gpu:x8&need=usb&chipset=X399"
    again = client.get(html.unescape(link)).get_data(as_text=True)
    assert rows(again)[:2] == rows(page)[:2] == [("gpu", "8"), ("usb", "")]
    assert text_of(again.split('id="answer"')[1]) == text_of(page.split('id="answer"')[1])
    (as_json,) = re.findall(r'href="([^"]*)">As JSON', page)
    found = client.get(html.unescape(as_json))
    assert found.status_code == 200
    assert [plan["slug"] for plan in found.get_json()["plans"]] == ["x399-taichi"]
    assert f"{found.get_json()['left_out']} boards left out: what you ask of the board is not known" in text_of(page)


@pytest.mark.parametrize(
    ("query", "wish"),
    [
        ("need=gpu", {"m2": True, "cpu_attached": False, "lasting": False, "allow": (), "machines": 1}),
        ("need=nvme&m2=false", {"m2": False}),
        ("need=gpu&cpu_attached=true&lasting=true&allow=conditional", {"cpu_attached": True, "lasting": True}),
        ("need=gpu&allow=conditional", {"allow": ("conditional",)}),
        ("need=gpu&socket=+AM4+&vendor=ASRock&min_machines=3", {"socket": "AM4", "vendor": "ASRock", "machines": 3}),
    ],
)
def test_what_is_asked_reaches_the_planner(query: str, wish: dict[str, Any]) -> None:
    form = read_form(MultiDict(parse_qsl(query)))
    assert form.errors == {}
    assert {name: getattr(form.wish, name) for name in wish} == wish
    assert (
        read_form(MultiDict([(name, one) for name, values in form.query.items() for one in values])).wish == form.wish
    )


@pytest.mark.usefixtures("boards")
@pytest.mark.parametrize(
    ("query", "field", "said"),
    [
        ("need=foo:x3", "card-1", "foo:x3 is no card to plan for"),
        ("card=usb&lanes=&card=gpu&lanes=3", "card-2", "gpu:x3 is no card to plan for"),
        ("need=gpu&min_machines=many", "min_machines", "many is no number of machines from 1 to 1000."),
        ("need=gpu&min_machines=0", "min_machines", "0 is no number of machines"),
        ("need=gpu&min_machines=²", "min_machines", "is no number of machines"),
        ("need=gpu&board=no/such", "board", "No board is known by the address no/such"),
        ("need=gpu&board=zzzz", "board", "No board is known by the words zzzz."),
        ("&".join(["need=usb"] * 17), "cards", "17 cards are asked for; at most 16"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(client: FlaskClient, query: str, field: str, said: str) -> None:
    page = page_of(client, query)
    (error,) = re.findall(rf'<p class="error" id="{field}-error">(.*?)</p>', page)
    assert said in text_of(error)
    if field != "cards":
        assert re.search(
            rf'<(?:input|select)[^>]*id="{field}"[^>]*aria-invalid="true" aria-describedby="{field}-error"', page
        )
    assert "Best fit" not in page


@pytest.mark.usefixtures("boards")
def test_near_misses_say_what_is_in_the_way(client: FlaskClient) -> None:
    text = text_of(page_of(client, "need=gpu:x8&need=gpu:x8&need=usb"))
    misses = text.split("Nearest misses")[1]
    assert "Example Inc. Board Two" in misses
    assert "cards have no slot" in misses


def test_an_empty_database_and_a_kind_nobody_has_are_said(client: FlaskClient) -> None:
    assert "No board to plan with" in page_of(client, "need=gpu")
    client.post("/api/v1/reports", json=seed_document())
    page = page_of(client, "need=gpu&chipset=Z99")
    assert "No board that is known is of the kind asked for" in text_of(page)
    assert re.search(r'name="chipset"[^>]*value="Z99"', page)
    assert '<details class="fold gap" open>' in page


@pytest.mark.parametrize(
    "query",
    [
        "need=%22%3E%3Cscript%3E",
        "board=%22%3E%3Cscript%3Ealert(1)%3C/script%3E&need=gpu",
        "board=%E2%80%AEx&need=gpu&socket=%E2%80%AEx",
        "need=" + "x" * 5000,
        "card=%00&lanes=%00&min_machines=%00&board=%00",
        "socket=%00&need=gpu",
        "lanes=8",
        "need=&card=&rows=-3&limit=-1",
        "need=gpu&limit=99999999999999999999&rows=x",
        "need=gpu&need=gpu:x8&card=usb",
    ],
    ids=range(10),
)
def test_anything_may_be_asked(client: FlaskClient, query: str) -> None:
    client.post("/api/v1/reports", json=seed_document())
    page = page_of(client, query)
    assert "\u202e" not in re.sub(r"<bdi>.*?</bdi>|<[^>]*>", "", page, flags=re.DOTALL)
    assert len(page) < 60_000


def test_a_hostile_name_is_text_of_its_own_direction(client: FlaskClient) -> None:
    named = {"vendor": "E\u202e", "name": 'X"><script>alert(1)</script>\u202e'}
    client.post("/api/v1/reports", json=small(board=named))
    page = page_of(client, "need=usb")
    assert "Best fit: " in text_of(page)
    assert "\u202e" not in re.sub(r"<bdi>.*?</bdi>|<[^>]*>", "", page, flags=re.DOTALL)


def test_a_page_is_light_and_its_list_can_be_longer(client: FlaskClient) -> None:
    for number in range(14):
        client.post("/api/v1/reports", json=small(f"1c{number:02x}", board={"vendor": "E", "name": f"Board {number}"}))
    page = page_of(client, "need=usb")
    assert len(page.encode()) + (ROOT / "web" / "pages" / "static" / "style.css").stat().st_size < 100_000
    (more,) = re.findall(r'href="([^"]*)">Show more', page)
    assert page_of(client, html.unescape(more).partition("?")[2]).count("Draw it") == 13
