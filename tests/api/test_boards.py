"""Boards through the API: found by forgiving words, answered slot by slot."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.machines import seed_document
from tests.store import small

if TYPE_CHECKING:
    from tests.api.conftest import DocumentedClient

TAICHI = "/api/v1/boards/asrock/x399-taichi"
# The public shape of a slot, and where witnesses contradict each other.
SLOT = {
    *("designation", "kind", "ports", "location", "connector_lanes", "electrical_lanes", "link_max", "link_now"),
    *("occupied", "grade", "isolates", "evidence", "witnesses", "iommu_groups", "companions", "reason", "machines"),
    *("disagree", "confidence", "conflicts"),
}
FILTERS = [
    ("", ["PCIE1", "PCIE2", "PCIE3", "PCIE4", "PCIE5", "M2_1", "M2_2", "M2_3", "U.2"]),
    ("?isolates=true", ["PCIE1", "PCIE2", "PCIE4", "PCIE5", "M2_1"]),
    ("?isolates=false", ["PCIE3"]),
    ("?grade=shared_onboard", ["PCIE3"]),
    ("?grade=isolated", ["PCIE1", "PCIE2", "PCIE4", "PCIE5", "M2_1"]),
    ("?grade=conditional", []),
    ("?grade=isolated&isolates=false", []),
    ("?grade=isolated&isolates=true", ["PCIE1", "PCIE2", "PCIE4", "PCIE5", "M2_1"]),
    ("?unknown=parameter", ["PCIE1", "PCIE2", "PCIE3", "PCIE4", "PCIE5", "M2_1", "M2_2", "M2_3", "U.2"]),
]
FIRST_FOUND = [
    ("x399 taichi", "X399 Taichi"),
    ("asrock x399", "X399 Taichi"),
    ("x399 tachi", "X399 Taichi"),
    ("TAICHI X399", "X399 Taichi"),
    ("x399taichi", "X399 Taichi"),
    ("X399-Taichi", "X399 Taichi"),
    ("taichi asrok x399", "X399 Taichi"),
    ("  x399\ttaichi \n", "X399 Taichi"),
    ("\uff38\uff13\uff19\uff19 taichi", "X399 Taichi"),
    ("prime x399", "PRIME X399-A"),
    ("asus x399", "PRIME X399-A"),
]
ALL_FOUND: list[tuple[str, set[str]]] = [
    ("taichi", {"X399 Taichi", "X570 Taichi"}),
    ("x399", {"X399 Taichi", "PRIME X399-A"}),
    ("asrock", {"X399 Taichi", "X570 Taichi", "B450M"}),
    ("x299 taichi", set()),
    ("x399 aorus", set()),
    ("x", set()),
    ("\x00", set()),
    ("%", set()),
    ("_", set()),
    ("' OR 1=1 --", set()),
    ("\ufdfa" * 200, set()),
    ("a " * 100, {"PRIME X399-A"}),
]
BAD_PARAMETERS = [
    (f"{TAICHI}/slots?isolates=perhaps", "isolates"),
    (f"{TAICHI}/slots?isolates=", "isolates"),
    (f"{TAICHI}/slots?isolates=null", "isolates"),
    (f"{TAICHI}/slots?isolates=%00", "isolates"),
    (f"{TAICHI}/slots?grade=good", "grade"),
    (f"{TAICHI}/slots?grade=", "grade"),
    (f"{TAICHI}/slots?grade=ISOLATED", "grade"),
    ("/api/v1/boards?limit=0", "limit"),
    ("/api/v1/boards?limit=101", "limit"),
    ("/api/v1/boards?limit=-1", "limit"),
    ("/api/v1/boards?limit=many", "limit"),
    ("/api/v1/boards?limit=1.5", "limit"),
    ("/api/v1/boards?limit=1e400", "limit"),
    ("/api/v1/boards?limit=" + "9" * 5000, "limit"),
    ("/api/v1/boards?q=" + "x" * 201, "q"),
]


@pytest.fixture
def seeded(api: DocumentedClient) -> DocumentedClient:
    """Submit the X399 Taichi and some boards beside it."""
    documents = [seed_document(), small()]
    documents += [
        small(board={"vendor": vendor, "name": name})
        for vendor, name in [("ASRock", "X570 Taichi"), ("ASUSTeK COMPUTER INC.", "PRIME X399-A"), ("ASRock", "B450M")]
    ]
    for document in documents:
        assert api.post(document).status_code == 201
    return api


def names(api: DocumentedClient, path: str) -> list[str]:
    return [board["name"] for board in api.get(path).get_json()["boards"]]


def test_the_seed_is_answered_slot_by_slot(seeded: DocumentedClient) -> None:
    board = seeded.get(TAICHI).get_json()
    assert (board["vendor"], board["name"], board["machines"], board["held_out"]) == ("ASRock", "X399 Taichi", 1, 0)
    slots = {slot["designation"]: slot for slot in board["slots"]}
    told = {
        name: (slot["grade"], slot["isolates"], slot["evidence"], slot["iommu_groups"]) for name, slot in slots.items()
    }
    assert told == {
        "PCIE1": ("isolated", True, "observed", [34]),
        "PCIE2": ("isolated", True, "observed", [33]),
        "PCIE3": ("shared_onboard", False, "observed", [13]),
        "PCIE4": ("isolated", True, "observed", [14]),
        "PCIE5": ("isolated", True, "declared", []),
        "M2_1": ("isolated", True, "observed", [32]),
        **dict.fromkeys(("M2_2", "M2_3", "U.2"), ("unknown", None, None, [])),
    }
    assert [companion["address"] for companion in slots["PCIE3"]["companions"]] == [
        f"0000:{address}" for address in ("01:00.0", "01:00.1", "04:00.0", "05:00.0", "06:00.0")
    ]
    assert [slot["companions"] for name, slot in slots.items() if name != "PCIE3"] == [[]] * 8
    lanes = {name: (slot["connector_lanes"], slot["electrical_lanes"]) for name, slot in slots.items()}
    assert lanes["PCIE1"] == (16, 16)
    assert lanes["PCIE2"] == (16, 8)
    assert {slot["confidence"] for slot in slots.values()} == {"low", None}


def test_a_slot_has_its_public_shape_everywhere(seeded: DocumentedClient) -> None:
    board = seeded.get(TAICHI).get_json()
    report = seeded.get(f"/api/v1/reports/{board['reports'][0]['id']}").get_json()
    found = seeded.get("/api/v1/boards?q=x399+taichi").get_json()["boards"][0]
    filtered = seeded.get(f"{TAICHI}/slots").get_json()
    for shown in (board, report, found, filtered):
        assert len(shown["slots"]) == 9
        for slot in shown["slots"]:
            assert slot.keys() == SLOT
            for companion in slot["companions"]:
                assert companion.keys() == {"address", "class", "vendor", "device", "name", "slot"}


def test_slots_are_filtered(seeded: DocumentedClient) -> None:
    for asked, designations in FILTERS:
        slots = seeded.get(f"{TAICHI}/slots{asked}").get_json()["slots"]
        assert [slot["designation"] for slot in slots] == designations, asked


def test_a_slot_that_is_not_known_is_neither_yes_nor_no(api: DocumentedClient) -> None:
    api.post(small(kernel={"acs_override": True}))
    path = "/api/v1/boards/example-inc/board-one/slots"
    assert [api.get(path + asked).get_json()["slots"] for asked in ("?isolates=true", "?isolates=false")] == [[], []]
    assert [slot["isolates"] for slot in api.get(f"{path}?grade=unknown").get_json()["slots"]] == [None]


def test_a_bad_parameter_is_named(api: DocumentedClient) -> None:
    for path, parameter in BAD_PARAMETERS:
        answer = api.get(path)
        problem = answer.get_json()
        assert (answer.status_code, problem["status"], problem["title"]) == (422, 422, "Unprocessable Entity"), path
        assert problem["detail"].startswith(f"{parameter}: ")
        assert [field["field"] for field in problem["errors"]] == [parameter]


def test_words_find_a_board(seeded: DocumentedClient) -> None:
    for words, first in FIRST_FOUND:
        found = seeded.get("/api/v1/boards", query_string={"q": words}).get_json()
        assert found["query"] == words
        assert [board["name"] for board in found["boards"]][:1] == [first], words


def test_words_find_all_that_fit_and_nothing_else(seeded: DocumentedClient) -> None:
    for words, expected in ALL_FOUND:
        found = seeded.get("/api/v1/boards", query_string={"q": words}).get_json()
        assert {board["name"] for board in found["boards"]} == expected, words


@pytest.mark.parametrize("asked", ["", "?q=", "?q=%20%09"])
def test_without_words_the_newest_boards_are_listed(seeded: DocumentedClient, asked: str) -> None:
    everything = ["B450M", "PRIME X399-A", "X570 Taichi", "Board One", "X399 Taichi"]
    assert names(seeded, f"/api/v1/boards{asked}") == everything
    assert names(seeded, f"/api/v1/boards?limit=2&{asked[1:]}") == everything[:2]
    # A newer report brings its board to the front.
    seeded.post(small("1b90"))
    assert names(seeded, f"/api/v1/boards{asked}")[0] == "Board One"


def test_as_many_boards_as_asked_for_are_found(seeded: DocumentedClient) -> None:
    assert len(names(seeded, "/api/v1/boards?q=asrock&limit=2")) == 2


def test_an_empty_database_answers(api: DocumentedClient) -> None:
    for asked in ("", "?q=taichi"):
        assert api.get(f"/api/v1/boards{asked}").get_json()["boards"] == []
    assert api.get("/api/v1/health").get_json()["boards"] == 0


@pytest.mark.parametrize("name", ["A/B", "A//B/../C", "AC/DC + 9", "100% <b>&amp;", "主板", "?q=1#x", "a\\b"])
def test_any_name_has_an_address_that_works(api: DocumentedClient, name: str) -> None:
    receipt = api.post(small(board={"vendor": "V/V", "name": name})).get_json()
    board = api.get(receipt["links"]["board"]).get_json()
    assert (board["vendor"], board["name"]) == ("V/V", name)
    assert api.get(f"{receipt['links']['board']}/slots").get_json()["slots"]


def test_health_says_what_is_there(seeded: DocumentedClient) -> None:
    health: dict[str, Any] = seeded.get("/api/v1/health").get_json()
    assert (health["status"], health["boards"], health["format"]) == ("ok", 5, 1)
