"""Plans through the API: boards ranked for a wish, each with its slots, its doubts or what is in the way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.machines import seed_document
from tests.store import small

if TYPE_CHECKING:
    from tests.api.conftest import DocumentedClient

BAD = [
    ("", "need"),
    ("?need=", "need"),
    ("?need=gpu:x3", "need"),
    ("?need=tv", "need"),
    ("?need=gpu%00", "need"),
    ("?need=gpu%0A", "need"),
    ("?" + "&".join(["need=usb"] * 17), "need"),
    ("?need=gpu&min_machines=0", "min_machines"),
    ("?need=gpu&min_machines=two", "min_machines"),
    ("?need=gpu&limit=101", "limit"),
    ("?need=gpu&allow=everything", "allow"),
    ("?need=gpu&board=x399-taichi", "board"),
    ("?need=gpu&board=asrock/x399-taichi/", "board"),
    ("?need=gpu&cpu_attached=perhaps", "cpu_attached"),
    ("?need=gpu&socket=", "socket"),
]


@pytest.fixture
def seeded(api: DocumentedClient) -> DocumentedClient:
    """Submit the X399 Taichi, and a board with one slot."""
    for document in (seed_document(), small(cpus=[{"name": "AMD Ryzen 5 3600 6-Core Processor"}])):
        assert api.post(document).status_code == 201
    return api


def ask(api: DocumentedClient, *needs: str, **limits: Any) -> dict[str, Any]:
    answer = api.get("/api/v1/plans", query_string={"need": needs, **limits})
    assert answer.status_code == 200, answer.get_json()
    found: dict[str, Any] = answer.get_json()
    return found


def placed(plan: dict[str, Any]) -> dict[str, str]:
    return {one["card"]: one["slot"]["designation"] for one in plan["placed"]}


def test_the_seed_takes_two_gpus_and_a_usb_card(seeded: DocumentedClient) -> None:
    found = ask(seeded, "gpu:x8", "gpu:x8", "usb")
    assert [need["lanes"] for need in found["needs"]] == [8, 8, 1]
    best = found["plans"][0]
    assert (best["name"], best["fits"], best["unplaced"]) == ("X399 Taichi", True, [])
    assert len(set(placed(best).values())) == 3
    assert "PCIE3" not in placed(best).values(), "it shares with onboard devices"
    assert "PCIE5" not in placed(best).values(), "only its owner says that it isolates, of the others it was seen"
    assert {one["slot"]["evidence"] for one in best["placed"]} == {"observed"}
    assert seeded.client.get(best["links"]["board"]).status_code == 200
    assert seeded.client.get(best["links"]["board_page"]).status_code == 200


def test_a_declared_slot_is_used_last_and_called_so(seeded: DocumentedClient) -> None:
    (plan,) = ask(seeded, *["any:x8"] * 4, board="asrock/x399-taichi")["plans"]
    declared = [one for one in plan["placed"] if one["slot"]["designation"] == "PCIE5"]
    assert [one["slot"]["evidence"] for one in declared] == ["declared"]
    assert "its owner says so, not observed" in declared[0]["says"]
    assert any("PCIE5" in caution and "not observed" in caution for caution in plan["cautions"])


def test_a_board_that_misses_says_what_is_in_the_way(seeded: DocumentedClient) -> None:
    (plan,) = ask(seeded, *["gpu"] * 5, board="asrock/x399-taichi")["plans"]
    assert (plan["fits"], len(plan["placed"]), len(plan["unplaced"])) == (False, 4, 1)
    (without,) = plan["unplaced"]
    assert "PCIE3" in without["reason"]
    assert "x1" in without["reason"]
    assert "onboard" in without["reason"]


def test_one_machine_is_too_little_where_two_are_asked_for(seeded: DocumentedClient) -> None:
    found = ask(seeded, "gpu:x8", min_machines=2)
    assert (found["fit"], found["plans"][0]["fits"]) == (0, None)
    taichi = next(plan for plan in found["plans"] if plan["name"] == "X399 Taichi")
    assert taichi["placed"] == []
    assert "2 are asked for" in " ".join(taichi["possible"][0]["unknown"])


def test_boards_are_limited_by_socket_and_those_not_known_are_counted(seeded: DocumentedClient) -> None:
    seeded.post(small("1b81", board={"vendor": "Example Inc.", "name": "Board Two"}))
    found = ask(seeded, "usb", socket="am4")
    assert [plan["name"] for plan in found["plans"]] == ["Board One"]
    assert found["left_out"] == 1
    assert [plan["name"] for plan in ask(seeded, "usb", vendor="asrock")["plans"]] == ["X399 Taichi"]


def test_boards_of_which_nothing_is_known_are_only_counted(api: DocumentedClient) -> None:
    bare = small()
    bare["slots"] = []
    bare["functions"] = bare["functions"][:1]
    api.post(bare)
    found = ask(api, "usb")
    assert (found["plans"], found["nothing_known"]) == ([], 1)
    (own,) = ask(api, "usb", board="example-inc/board-one")["plans"]
    assert own["fits"] is None


def test_as_many_plans_as_asked_for(seeded: DocumentedClient) -> None:
    found = ask(seeded, "usb", limit=1)
    assert (len(found["plans"]), found["fit"] + found["may_fit"] + found["miss"]) == (1, 2)


def test_a_wish_that_cannot_be_read_is_refused(api: DocumentedClient) -> None:
    for query, field in BAD:
        answer = api.get(f"/api/v1/plans{query}")
        assert answer.status_code == 422, query
        assert [one["field"] for one in answer.get_json()["errors"]] == [field], query


def test_a_board_that_is_not_known_is_not_found(api: DocumentedClient) -> None:
    assert api.get("/api/v1/plans?need=usb&board=asrock/x399-taichi").status_code == 404
