"""Search: words that are facts, devices, filters with their counts, order, pages; the page shows the same."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Any

import pytest

from hwdb.intake import load_device_names
from tests.machines import seed_document
from tests.store import small

if TYPE_CHECKING:
    from flask import Flask

    from tests.api.conftest import DocumentedClient

BOARDS = "/api/v1/boards"
PCI_IDS = "# Version: 1\n10de  NVIDIA\n\t1b80  GP104 [GeForce GTX 1080]\n\t1b99  GTX 1080 that nobody has\n"
# Names of cpus that tell a socket.
AM4, AM5 = "AMD Ryzen 5 3600 6-Core Processor", "AMD Ryzen 7 7700X 8-Core Processor"
WORDS: list[tuple[str, list[tuple[str, str]], str, list[str]]] = [
    ("x399 taichi", [("chipset", "X399")], "taichi", ["X399 Taichi"]),
    ("asrock", [("vendor", "ASRock")], "", ["B450M Pro4", "X399 Taichi"]),
    ("AM4", [("socket", "AM4")], "", ["B450M Pro4", "PRIME B350-PLUS"]),
    ("asus am4", [("vendor", "ASUS"), ("socket", "AM4")], "", ["PRIME B350-PLUS"]),
    ("mini pc", [("form_factor", "mini PC")], "", ["Little One"]),
    ("minipc example", [("form_factor", "mini PC")], "example", ["Little One"]),
    ("am4 taichi", [("socket", "AM4")], "taichi", []),
    ("gtx 1080", [], "gtx 1080", ["X399 Taichi"]),
    ("10de:1b80", [], "", ["B450M Pro4", "X399 Taichi"]),
    ("AM4 10DE:1B80", [("socket", "AM4")], "", ["B450M Pro4"]),
    ("ffff:ffff", [], "", []),
    ("%:_", [], "", []),
]
FILTERS: list[tuple[str, list[str], int]] = [
    ("?socket=AM4", ["B450M Pro4", "PRIME B350-PLUS"], 0),
    ("?socket=am4&socket=AM5", ["B450M Pro4", "Little One", "PRIME B350-PLUS"], 0),
    ("?vendor=asrock&chipset=X399", ["X399 Taichi"], 1),
    ("?slots=1", ["B450M Pro4", "Little One", "X399 Taichi"], 0),
    ("?slots=4", ["X399 Taichi"], 0),
    ("?slots=5", [], 0),
    ("?lanes=8", ["X399 Taichi"], 2),
    ("?lanes=8&slots=4", ["X399 Taichi"], 0),
    ("?lanes=16&slots=3", [], 0),
    ("?cpu_attached=true", ["B450M Pro4", "Little One", "X399 Taichi"], 0),
    ("?min_machines=2", ["B450M Pro4"], 0),
    ("?bios_stated=true", ["Little One"], 0),
    ("?no_override=true", ["Little One"], 0),
    ("?form_factor=laptop", [], 2),
    ("?socket=none%20such", [], 0),
    ("?q=asrock&socket=AM4", ["B450M Pro4"], 0),
]


@pytest.fixture
def many(api: DocumentedClient, app: Flask) -> DocumentedClient:
    """Submit boards that differ in what filters ask for."""
    pro4: dict[str, Any] = {"board": {"vendor": "ASRock", "name": "B450M Pro4"}, "cpus": [{"name": AM4}]}
    little: dict[str, Any] = {
        "board": {"vendor": "Example Inc.", "name": "Little One"},
        "cpus": [{"name": AM5}],
        "chassis": {"type": 35},
        "bios": {"version": "1.2"},
        "kernel": {"release": "6.1.0", "parameters": ["iommu=pt"]},
    }
    prime: dict[str, Any] = {
        "board": {"vendor": "ASUSTeK COMPUTER INC.", "name": "PRIME B350-PLUS"},
        "cpus": [{"name": AM4}],
    }
    documents = (small(**pro4), small("1b81", **pro4), small("67df", **little), small("67df", shared=True, **prime))
    for document in (seed_document(), *documents):
        assert api.post(document).status_code == 201
    with app.extensions["hwdb"].writing() as session:
        load_device_names(session, PCI_IDS)
        session.commit()
    return api


def names(found: dict[str, Any]) -> list[str]:
    return sorted(board["name"] for board in found["boards"])


def counts(found: dict[str, Any], name: str) -> dict[str, int]:
    values = next(one["values"] for one in found["filters"] if one["name"] == name)
    return {one["value"]: one["boards"] for one in values}


def test_words_are_facts_where_boards_have_them(many: DocumentedClient) -> None:
    for words, understood, rest, expected in WORDS:
        found = many.get(BOARDS, query_string={"q": words}).get_json()
        assert [(one["fact"], one["value"]) for one in found["understood"]] == understood, words
        assert found["words"] == rest, words
        if words != "gtx 1080":
            assert names(found) == expected, words


def test_words_can_be_told_to_be_names(many: DocumentedClient) -> None:
    found = many.get(f"{BOARDS}?q=am4&literal=true").get_json()
    assert (found["understood"], found["words"], found["boards"]) == ([], "am4", [])


def test_a_device_leads_to_the_boards_it_was_seen_on(many: DocumentedClient) -> None:
    for words in ("gtx 1080", "GeForce", "10de:1b80"):
        found = many.get(BOARDS, query_string={"q": words}).get_json()
        assert found["devices"] == [{"id": "10de:1b80", "name": "NVIDIA GP104 [GeForce GTX 1080]", "machines": 2}]
        assert names(found) == ["B450M Pro4", "X399 Taichi"]
        assert all(board["devices"] == ["10de:1b80"] for board in found["boards"])


def test_filters_leave_what_is_known_to_fit(many: DocumentedClient) -> None:
    for asked, expected, left_out in FILTERS:
        found = many.get(BOARDS + asked).get_json()
        assert names(found) == expected, asked
        assert (found["total"], found["known"]) == (len(expected), 4), asked
        assert found["left_out"] == left_out, asked


def test_every_value_says_how_many_boards_it_would_leave(many: DocumentedClient) -> None:
    """The counts are those of the very searches they announce."""
    for asked in ("", "?socket=AM4", "?slots=1", "?q=asrock", "?cpu_attached=true&vendor=ASRock", "?lanes=8&slots=2"):
        found = many.get(BOARDS + asked).get_json()
        for one in found["filters"]:
            for value in one["values"]:
                others = [part for part in asked[1:].split("&") if not part.startswith(f"{one['name']}=")]
                path = f"{BOARDS}?{'&'.join(others)}&{one['name']}={value['value']}"
                assert many.get(path).get_json()["total"] == value["boards"], path


def test_a_fact_asked_for_stays_among_the_values(many: DocumentedClient) -> None:
    found = many.get(f"{BOARDS}?socket=AM5&chipset=X399").get_json()
    assert counts(found, "socket")["AM5"] == 0
    assert counts(found, "chipset")["X399"] == 0


def test_boards_are_ordered(many: DocumentedClient) -> None:
    def ordered(sort: str) -> list[str]:
        return [board["name"] for board in many.get(f"{BOARDS}?sort={sort}").get_json()["boards"]]

    assert ordered("slots")[0] == "X399 Taichi"
    assert ordered("machines")[0] == "B450M Pro4"
    assert ordered("newest") == ["PRIME B350-PLUS", "Little One", "B450M Pro4", "X399 Taichi"]
    assert ordered("name") == ["B450M Pro4", "X399 Taichi", "PRIME B350-PLUS", "Little One"]


def test_boards_come_in_pages(many: DocumentedClient) -> None:
    everything = [board["name"] for board in many.get(f"{BOARDS}?sort=name").get_json()["boards"]]
    seen: list[str] = []
    for offset in range(0, 6, 2):
        found = many.get(f"{BOARDS}?sort=name&limit=2&offset={offset}").get_json()
        assert (found["total"], found["offset"], found["limit"]) == (4, offset, 2)
        seen += [board["name"] for board in found["boards"]]
    assert seen == everything


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ("slots=0", "slots"),
        ("lanes=3", "lanes"),
        ("sort=best", "sort"),
        ("offset=-1", "offset"),
        ("min_machines=many", "min_machines"),
        ("cpu_attached=perhaps", "cpu_attached"),
    ],
)
def test_the_api_names_what_it_cannot_take_and_the_page_goes_without(
    many: DocumentedClient, asked: str, field: str
) -> None:
    answer = many.get(f"{BOARDS}?{asked}")
    assert (answer.status_code, answer.get_json()["errors"][0]["field"]) == (422, field)
    assert ">4 boards<" in many.client.get(f"/?{asked}").get_data(as_text=True)


@pytest.mark.parametrize(
    "asked",
    [
        "q=asrock",
        "q=am4&slots=1",
        "vendor=ASRock&sort=name",
        "q=gtx+1080",
        "lanes=8",
        "sort=machines&offset=2",
        "q=zzz",
    ],
)
def test_the_page_shows_what_the_api_gives(many: DocumentedClient, asked: str) -> None:
    sort = "" if "q=" in asked or "sort=" in asked else "&sort=slots"
    found = many.get(f"{BOARDS}?{asked}{sort}&limit=15").get_json()
    page = html.unescape(many.client.get(f"/?{asked}").get_data(as_text=True))
    shown = re.findall(r'<h3><a href="/boards/([^"]+)">', page)
    assert shown == [f"{board['vendor_slug']}/{board['slug']}" for board in found["boards"]]
    said = f"{found['total']} board{'' if found['total'] == 1 else 's'}"
    assert f"<h2>{said}</h2>" in page
    for board in found["boards"]:
        assert board["verdict"]["detail"] in page
    for one in found["filters"]:
        for value in one["values"] if one["name"] in {"socket", "chipset", "vendor", "form_factor"} else ():
            ticked = re.search(rf'name="{one["name"]}" value="{value["value"]}".*?class="count">(\d+)', page)
            assert ticked is not None
            assert int(ticked[1]) == value["boards"]
    for device in found["devices"]:
        assert f'href="/devices/{device["id"]}"' in page


def test_words_being_typed_are_completed(many: DocumentedClient) -> None:
    def suggested(q: str) -> dict[str, Any]:
        found: dict[str, Any] = many.get("/api/v1/suggestions", query_string={"q": q}).get_json()
        return found

    found = suggested("x39")
    assert [board["name"] for board in found["boards"]] == ["X399 Taichi"]
    assert {"fact": "chipset", "value": "X399", "boards": 1} in found["facts"]
    assert suggested("am")["facts"][0] == {"fact": "socket", "value": "AM4", "boards": 2}
    assert [device["id"] for device in suggested("gtx 10")["devices"]] == ["10de:1b80"]
    assert [device["id"] for device in suggested("10de:1b80")["devices"]] == ["10de:1b80"]
    for nothing in ("", "a", " ", "%", "\x00", "\u202e", "' OR 1=1 --"):
        found = suggested(nothing)
        assert (found["boards"], found["devices"], found["facts"]) == ([], [], []), nothing
    assert many.get("/api/v1/suggestions").status_code == 422
    assert many.get("/api/v1/suggestions?q=" + "x" * 201).status_code == 422
