"""The page of a search: addresses that say it whole, hostile names as text, what to do when nothing is found."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

import pytest
from werkzeug.datastructures import MultiDict

from hwdb.queries import Wanted
from tests.machines import seed_document
from tests.pages.views import HIT
from tests.store import small
from web.pages.filters import address_of, filter_tokens, isolated_words, kernels_word, wanted_of

if TYPE_CHECKING:
    from flask.testing import FlaskClient

HOSTILE = '"><script>alert(1)</script>'
TURNED = "evil\u202eDRAOB"
EVERYTHING = Wanted(
    q="x399 taichi",
    literal=True,
    socket=("TR4", "AM4 & more"),
    chipset=("X399",),
    vendor=("ASRock",),
    form_factor=("mini PC",),
    slots=2,
    lanes=8,
    cpu_attached=True,
    lasting=True,
    no_override=True,
    bios_stated=True,
    min_machines=2,
    sort="machines",
    offset=15,
    limit=15,
)


def query(address: str) -> MultiDict[str, str]:
    return MultiDict(parse_qsl(urlsplit(address).query))


def test_an_address_says_a_search_whole() -> None:
    assert wanted_of(query(address_of(EVERYTHING, "/"))) == EVERYTHING
    assert address_of(Wanted(limit=15), "/") == "/"


def test_each_filter_can_be_taken_away() -> None:
    tokens = filter_tokens(EVERYTHING, "/")
    assert len({token.says for token in tokens}) == 12
    for token in tokens:
        left = filter_tokens(wanted_of(query(token.without)), "/")
        assert {one.says for one in left} == {one.says for one in tokens} - {token.says}


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        (Wanted(), ""),
        (Wanted(slots=1), "0 isolated slots."),
        (Wanted(lanes=8, cpu_attached=True), "0 isolated slots of x8 or wider, wired to the CPU."),
    ],
)
def test_a_result_says_what_was_asked_of_slots(wanted: Wanted, said: str) -> None:
    assert isolated_words(HIT, wanted) == said


def test_kernels_are_said_by_their_series() -> None:
    assert kernels_word(()) == "kernel not stated"
    assert kernels_word(("6.1.0-9-amd64",)) == "kernel 6.1"
    assert kernels_word(("4.20.16-200.fc29.x86_64", "6.12.1", TURNED)) == f"kernels 4.20 to {TURNED}"


@pytest.mark.parametrize("name", [HOSTILE, TURNED, "' OR 1=1 --", "<b>&amp;", "{{ 7 * 7 }}"])
def test_a_hostile_name_is_text_wherever_it_stands(client: FlaskClient, name: str) -> None:
    client.post("/api/v1/reports", json=small(board={"vendor": name, "name": name}))
    for asked in ({}, {"q": name}, {"vendor": name}, {"socket": name, "q": name}, {"q": name, "literal": "true"}):
        answer = client.get("/", query_string=asked)
        assert answer.status_code == 200
        page = answer.get_data(as_text=True)
        assert "<script>" not in page
        outside = re.sub(r"<bdi>.*?</bdi>|<[^>]*>", "", page, flags=re.DOTALL)
        assert "\u202e" not in outside
        assert "49" not in re.sub(r"<svg class=.sprite.*?</svg>", "", outside, flags=re.DOTALL)


@pytest.mark.parametrize(
    "address",
    [
        "/?q=%00&vendor=%ed%a0%80",
        "/?q=" + "x" * 5000,
        "/?slots=" + "9" * 5000,
        "/?offset=999999&limit=3&sort=none",
        "/?socket=" + "&socket=".join("x" * 100),
        "/?lanes=\u0663",
        "/?offset=-15&min_machines=1e3",
    ],
    ids=lambda address: address[:20],
)
def test_anything_may_be_asked(client: FlaskClient, address: str) -> None:
    client.post("/api/v1/reports", json=small())
    assert client.get(address).status_code == 200


def text_of(client: FlaskClient, address: str) -> str:
    page = client.get(address).get_data(as_text=True)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def test_finding_nothing_says_what_is_missing_and_what_to_do(client: FlaskClient) -> None:
    client.post("/api/v1/reports", json=seed_document())
    assert "1 board is known, none by the words aorus ." in text_of(client, "/?q=aorus")
    both = text_of(client, "/?q=x399&socket=AM5")
    assert "Look for the words alone" in both
    assert "add your machine" in both
    assert "look for boards named so" in text_of(client, "/?q=x399+aorus")
    client.post("/api/v1/reports", json=small())
    assert "Left out: 1 board of which it is not known whether it fits." in text_of(client, "/?form_factor=laptop")


def test_titles_say_what_was_found(client: FlaskClient) -> None:
    client.post("/api/v1/reports", json=seed_document())

    def title(address: str) -> str:
        found = re.search("<title>(.*?)</title>", client.get(address).get_data(as_text=True))
        assert found is not None
        return found[1]

    assert title("/?q=x399") == "x399: 1 board · hwdb"
    assert title("/?vendor=ASRock") == "maker ASRock: 1 board · hwdb"
    assert title("/") == "Which slots isolate · hwdb"


def test_boards_are_ticked_for_comparing_without_script(client: FlaskClient) -> None:
    client.post("/api/v1/reports", json=seed_document())
    page = client.get("/").get_data(as_text=True)
    assert '<input type="checkbox" name="board" value="asrock/x399-taichi" form="compare">' in page
    assert '<form class="tray" id="compare" action="/compare">' in page
