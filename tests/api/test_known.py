"""Is my machine known? Through the API: never more than is known, and never a likeness taken for the same."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import pytest

from hwdb.intake import hold
from tests.machines import seed_document
from tests.store import NOW, row_counts, small, submit

if TYPE_CHECKING:
    from hwdb.models.engine import Database
    from tests.api.conftest import DocumentedClient

TAICHI = {"board_vendor": "ASRock", "board_name": "X399 Taichi"}
ONE = {"board_vendor": "Example Inc.", "board_name": "Board One"}
NOTHING: dict[str, Any] = {"board": None, "machines": 0, "with_bios": 0, "with_cpu": 0, "bios_versions": []}


def ask(api: DocumentedClient, **strings: str) -> dict[str, Any]:
    answer = api.get("/api/v1/known", query_string=strings)
    assert answer.status_code == 200
    known: dict[str, Any] = answer.get_json()
    assert known["sentence"].endswith(".")
    assert len(known["sentence"]) < 600
    return known


def report(api: DocumentedClient, name: str, vendor: str = "ASRock", **parts: Any) -> dict[str, Any]:
    answer = api.post(small(board={"vendor": vendor, "name": name}, **parts))
    assert answer.status_code == 201
    receipt: dict[str, Any] = answer.get_json()
    return receipt


@pytest.fixture
def machines(api: DocumentedClient) -> DocumentedClient:
    """Submit three machines of a board: two ran P2.00, one of them and another P3.90."""
    threadripper, epyc = [{"name": "AMD Ryzen Threadripper 1900X 8-Core Processor"}], [{"name": "AMD EPYC 7302P"}]
    for card, version, cpus, release in [
        ("1b80", "P3.90", threadripper, "6.1"),
        ("1b80", "P2.00", threadripper, "5.0"),
        ("1b81", " P2.00 ", epyc, "6.1"),
        ("1b82", "P10.00", epyc, "6.1"),
    ]:
        document = small(card, bios={"version": version}, cpus=cpus, kernel={"release": release})
        assert api.post(document).status_code == 201
    return api


def test_exactly_this_board_and_bios(machines: DocumentedClient) -> None:
    known = ask(machines, **ONE, bios_version="P2.00", cpu="AMD Ryzen Threadripper 1900X")
    assert known == {
        "level": "exact",
        "sentence": "Example Inc. Board One is known: 3 machines are counted, 2 with BIOS P2.00 and 1 with this"
        " processor.",
        "board": {
            "vendor": "Example Inc.",
            "vendor_slug": "example-inc",
            "name": "Board One",
            "slug": "board-one",
            "links": {
                "board": "/api/v1/boards/example-inc/board-one",
                "board_page": "/boards/example-inc/board-one",
            },
        },
        "machines": 3,
        "with_bios": 2,
        "with_cpu": 1,
        "bios_versions": ["P2.00", "P3.90", "P10.00"],
        "related": [],
    }
    for link in known["board"]["links"].values():
        assert machines.client.get(link).status_code == 200


@pytest.mark.parametrize(
    ("strings", "level", "with_bios", "said"),
    [
        ({"bios_version": " P3.90\n"}, "exact", 1, "1 with BIOS P3.90."),
        ({"bios_version": "P3.9"}, "other_bios", 0, "none with BIOS P3.9; a report of yours would show"),
        ({"bios_version": "p3.90"}, "other_bios", 0, "none with BIOS p3.90"),
        ({"bios_version": "P3.90%"}, "other_bios", 0, "none with BIOS"),
        ({}, "other_bios", 0, "name your BIOS version"),
        ({"bios_version": ""}, "other_bios", 0, "name your BIOS version"),
        ({"bios_version": "Default string"}, "other_bios", 0, "name your BIOS version"),
        ({"cpu": "AMD EPYC 7302P 16-Core Processor"}, "other_bios", 0, "2 with this processor; name your BIOS"),
        ({"cpu": "AMD EPYC 7351P", "bios_version": "P3.90"}, "exact", 1, "1 with BIOS P3.90 and none with this"),
    ],
    ids=str,
)
def test_how_much_of_a_known_board_is_known(
    machines: DocumentedClient, strings: dict[str, str], level: str, with_bios: int, said: str
) -> None:
    known = ask(machines, **ONE, **strings)
    assert (known["level"], known["machines"], known["with_bios"]) == (level, 3, with_bios)
    assert said in known["sentence"]


@pytest.mark.parametrize(
    ("vendor", "name"),
    [
        ("EXAMPLE", "board-one"),
        ("Example Inc", "BOARD ONE"),
        (" example ", "Board  One"),
        ("\uff25xample", "Board_One"),
    ],
)
def test_spellings_of_one_board_are_one(machines: DocumentedClient, vendor: str, name: str) -> None:
    known = ask(machines, board_vendor=vendor, board_name=name, bios_version="P3.90")
    assert (known["level"], known["board"]["name"]) == ("exact", "Board One")


def test_a_board_of_the_same_chipset_is_related_and_never_the_same(api: DocumentedClient) -> None:
    assert api.post(seed_document()).status_code == 201
    assert ask(api, **TAICHI)["level"] == "other_bios"
    known = ask(api, board_vendor="ASRock", board_name="X399 Phantom Gaming 6")
    assert (known["level"], [board["name"] for board in known["related"]]) == ("related", ["X399 Taichi"])
    assert {name: known[name] for name in NOTHING} == NOTHING
    assert known["sentence"] == (
        "ASRock X399 Phantom Gaming 6 is not known yet, only another ASRock board with a similar name, whose slots may"
        " be grouped differently."
    )
    assert api.client.get(known["related"][0]["links"]["board_page"]).status_code == 200
    # Known in its turn, it stays a board of its own, and says nothing of the other.
    report(api, "X399 Phantom Gaming 6", bios={"version": "P1.10"})
    mine, other = ask(api, board_vendor="ASRock", board_name="X399 Phantom Gaming 6"), ask(api, **TAICHI)
    assert (mine["board"]["slug"], mine["bios_versions"], mine["related"]) == ("x399-phantom-gaming-6", ["P1.10"], [])
    assert (other["board"]["slug"], other["bios_versions"], other["related"]) == ("x399-taichi", [], [])
    assert (mine["machines"], other["machines"]) == (1, 1)


@pytest.mark.parametrize(
    ("vendor", "name", "related"),
    [
        ("ASRock", "X399M Taichi", []),
        ("ASRock", "X399 Taichi+", ["X399 Taichi", "X399 Professional Gaming"]),
        ("ASRock", "Fatal1ty X399 Gaming", ["X399 Professional Gaming", "X399 Taichi"]),
        ("ASRock", "X570 Taichi", ["X570 Steel Legend"]),
        ("ASRock", "Taichi", []),
        ("ASRock", "M2 399", []),
        ("ASRock", "Steel Legend 2024", []),
        ("ASUSTeK COMPUTER INC.", "PRIME X399-A", []),
        ("ASUS", "ROG X570-E", ["PRIME X570-P"]),
        ("", "X399 Gaming", []),
        ("To Be Filled By O.E.M.", "X399 Gaming", []),
    ],
)
def test_a_model_word_of_the_same_maker_relates_boards(
    api: DocumentedClient, vendor: str, name: str, related: list[str]
) -> None:
    for maker, board in [
        ("ASRock", "X399 Taichi"),
        ("ASRock", "X399 Professional Gaming"),
        ("ASRock", "X570 Steel Legend"),
        ("ASRock", "Taichi 2024 M2"),
        ("ASUS", "PRIME X570-P"),
        ("", "X399"),
    ]:
        report(api, board, maker)
    known = ask(api, board_vendor=vendor, board_name=name)
    assert [board["name"] for board in known["related"]] == related
    assert known["level"] == ("related" if related else "unknown")
    assert known["board"] is None


def test_at_most_five_boards_are_related(api: DocumentedClient) -> None:
    for number in range(7):
        report(api, f"B450M Board {'ABCDEFG'[number]}")
    known = ask(api, board_vendor="ASRock", board_name="B450M Other")
    assert len(known["related"]) == 5
    assert "5 other ASRock boards" in known["sentence"]


@pytest.mark.parametrize("name", ["Default string", "To Be Filled By O.E.M.", "---", "N/A"])
def test_firmware_that_does_not_name_the_board_knows_nothing(api: DocumentedClient, name: str) -> None:
    # Such a report is kept, for its hardware alone: no other is taken for it.
    receipt = report(api, name)
    known = ask(api, board_vendor="ASRock", board_name=name)
    assert known["level"] == "unknown"
    assert known["sentence"].startswith(f"The firmware does not name the board ({name} is no name)")
    shown = api.get(receipt["links"]["board"]).get_json()["name"]
    assert ask(api, board_vendor="ASRock", board_name=shown)["level"] == "unknown"


@pytest.mark.parametrize(
    ("strings", "said"),
    [
        ({}, "No board is named"),
        ({"board_vendor": "ASRock", "bios_version": "P3.90"}, "No board is named"),
        ({"board_name": "X399 Taichi"}, "name the maker as well"),
        ({"board_vendor": "ASRock", "board_name": "New Board"}, "ASRock New Board is not known yet; a report of yours"),
        ({"board_vendor": "ASUSTeK COMPUTER INC.", "board_name": "X399 Taichi"}, "ASUS X399 Taichi is not known yet"),
    ],
    ids=str,
)
def test_what_is_not_known_says_what_to_do(api: DocumentedClient, strings: dict[str, str], said: str) -> None:
    api.post(seed_document())
    known = ask(api, **strings)
    assert (known["level"], known["related"]) == ("unknown", [])
    assert {name: known[name] for name in NOTHING} == NOTHING
    assert said in known["sentence"]


def test_what_counts_nowhere_makes_nothing_known(api: DocumentedClient, database: Database) -> None:
    held = report(api, "Board One", "Example Inc.", bios={"version": "F1"})
    with database.writing() as session:
        hold(session, held["id"], "A test.", NOW)
        session.commit()
    report(api, "Board One", "Example Inc.", card="1b81", bios={"version": "F2"}, kernel={"acs_override": True})
    known = ask(api, **ONE, bios_version="F1")
    assert (known["level"], known["machines"], known["with_bios"], known["bios_versions"]) == ("other_bios", 0, 0, [])
    assert "yours would be the first" in known["sentence"]
    report(api, "Board One", "Example Inc.", card="1b82", bios={"version": "F3"})
    assert ask(api, **ONE, bios_version="F2")["bios_versions"] == ["F3"]


def test_a_board_whose_reports_are_withdrawn_is_not_known(api: DocumentedClient) -> None:
    headers = {"Authorization": "Bearer a-key-made-by-a-client-0001"}
    receipt = api.post(small(), headers=headers).get_json()
    assert ask(api, **ONE)["level"] == "other_bios"
    assert api.delete(receipt["links"]["report"], headers=headers).status_code == 204
    assert ask(api, **ONE)["level"] == "unknown"


@pytest.mark.parametrize("text", ["\x00", "a\x00b", "\ufdfa" * 200, "x" * 200, "\u202e", "' OR 1=1 --", "%", "_", "\n"])
def test_any_text_is_answered(machines: DocumentedClient, text: str) -> None:
    for name in ("board_vendor", "board_name", "bios_version", "cpu"):
        known = machines.get("/api/v1/known", query_string={**ONE, name: text}).get_json()
        assert known["level"] in {"other_bios", "unknown"}
        assert "\x00" not in known["sentence"]
        assert "\n" not in known["sentence"]


def test_a_text_that_is_too_long_is_named(api: DocumentedClient) -> None:
    for name in ("board_vendor", "board_name", "bios_version", "cpu"):
        answer = api.get("/api/v1/known", query_string={name: "x" * 201})
        assert answer.status_code == 422
        assert [field["field"] for field in answer.get_json()["errors"]] == [name]


def test_asking_stores_nothing_and_is_not_logged(
    api: DocumentedClient, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="web")
    before = row_counts(database)
    ask(api, board_vendor="Unheard Of", board_name="Secret Prototype", bios_version="X1", cpu="Unreleased")
    api.client.get("/submit?board_vendor=Unheard+Of&board_name=Secret+Prototype")
    assert row_counts(database) == before
    assert "Prototype" not in caplog.text


def test_a_computer_that_was_sold_whole_is_known_by_its_system(api: DocumentedClient, database: Database) -> None:
    system = {"vendor": "Dell Inc.", "name": "OptiPlex 9020"}
    submit(database, small(board={"vendor": "Dell Inc.", "name": "0KWVT8"}, system=system))
    asked = {"board_vendor": "Dell Inc.", "board_name": "0KWVT8"}
    whole = {**asked, "system_vendor": "Dell Inc.", "system_name": "OptiPlex 9020"}
    found = api.get("/api/v1/known", query_string=whole).get_json()
    assert found["board"]["name"] == "OptiPlex 9020 (0KWVT8)"
    assert api.get("/api/v1/known", query_string=asked).get_json()["board"] is None
