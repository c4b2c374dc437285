"""The REST API as another tool uses it, checked against its own OpenAPI document."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.machines import seed_document
from web import create_app

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient

BOARD = "/api/v1/boards/asrock/x399-taichi"
SLOT_KEYS = {
    *("designation", "kind", "ports", "location", "connector_lanes", "electrical_lanes", "link_max", "link_now"),
    *("occupied", "grade", "isolates", "evidence", "witnesses", "iommu_groups", "companions", "reason", "machines"),
    *("disagree", "confidence", "conflicts"),
}
COMPANIONS = ["0000:01:00.0", "0000:01:00.1", "0000:04:00.0", "0000:05:00.0", "0000:06:00.0"]


@pytest.fixture
def known(client: FlaskClient) -> FlaskClient:
    """Return a client of a service that knows the seed's machine."""
    assert client.post("/api/v1/reports", json=seed_document()).status_code == 201
    return client


def documented(client: FlaskClient, path: str, status: int = 200) -> Any:
    """Get a path and check the answer against the response schema of its operation."""
    answer = client.get(path)
    assert answer.status_code == status
    spec = client.get("/api/v1/openapi.json").get_json()
    asked = path.split("?", maxsplit=1)[0]
    rule = next(rule for rule in spec["paths"] if re.fullmatch(re.sub(r"{\w+}", "[^/]+", rule), asked))
    content = spec["paths"][rule]["get"]["responses"][str(status)]["content"]
    (schema,) = (kind["schema"] for kind in content.values())
    jsonschema.validate(answer.get_json(), {**schema, "components": spec["components"]})
    return answer.get_json()


def test_a_report_is_stored_once_and_its_links_work(client: FlaskClient) -> None:
    first = client.post("/api/v1/reports", json=seed_document(), headers={"Authorization": f"Bearer {'k' * 43}"})
    receipt = first.get_json()
    assert (first.status_code, receipt["created"], receipt["ignored"]) == (201, True, [])
    assert first.headers["Location"] == receipt["links"]["report"] == f"/api/v1/reports/{receipt['id']}"
    assert all(client.get(link).status_code == 200 for link in receipt["links"].values())
    again = client.post("/api/v1/reports", json=seed_document())
    assert (again.status_code, again.get_json()["id"], again.get_json()["created"]) == (200, receipt["id"], False)


def test_what_a_newer_client_says_is_dropped_and_named(client: FlaskClient) -> None:
    answer = client.post("/api/v1/reports", json={**seed_document(), "colour": "red"})
    assert (answer.status_code, answer.get_json()["ignored"]) == (201, ["colour"])


def test_the_seeds_board_is_answered_slot_by_slot(known: FlaskClient) -> None:
    board = documented(known, BOARD)
    assert {
        slot["designation"]: (slot["grade"], slot["isolates"], slot["evidence"], slot["iommu_groups"])
        for slot in board["slots"]
    } == {
        "PCIE1": ("isolated", True, "observed", [34]),
        "PCIE2": ("isolated", True, "observed", [33]),
        "PCIE3": ("shared_onboard", False, "declared", [13]),
        "PCIE4": ("isolated", True, "observed", [14]),
        "PCIE5": ("isolated", True, "declared", []),
    }
    third = board["slots"][2]
    assert [c["address"] for c in third["companions"]] == COMPANIONS
    assert all(set(slot) == SLOT_KEYS for slot in board["slots"])
    assert set(third["companions"][0]) == {"address", "class", "vendor", "device", "name", "slot"}
    assert (board["machines"], third["machines"], third["confidence"]) == (1, 1, "low")
    assert [group["group"] for group in board["groups"] if "PCIE3" in group["slots"]] == [13]
    by_device = {o["device"]: (o["slot"], o["role"], o["result"]) for o in board["outcomes"]}
    assert by_device["MSI GTX 1080 DUKE 8G OC"] == ("PCIE4", "guest_gpu", "workaround")


def test_a_report_is_read_whole(known: FlaskClient) -> None:
    number = documented(known, BOARD)["reports"][0]["id"]
    shown = documented(known, f"/api/v1/reports/{number}")
    assert (shown["functions"], len(shown["groups"])) == (67, 40)
    assert shown["document"] == seed_document()
    assert sorted(card["slot"] for card in shown["cards"]) == ["PCIE1", "PCIE2", "PCIE4"]


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ("isolates=true", ["PCIE1", "PCIE2", "PCIE4", "PCIE5"]),
        ("isolates=false", ["PCIE3"]),
        ("grade=shared_onboard", ["PCIE3"]),
        ("grade=isolated&isolates=false", []),
        ("", ["PCIE1", "PCIE2", "PCIE3", "PCIE4", "PCIE5"]),
    ],
)
def test_slots_are_asked_for_by_verdict(known: FlaskClient, asked: str, names: list[str]) -> None:
    found = documented(known, f"{BOARD}/slots?{asked}")
    assert [slot["designation"] for slot in found["slots"]] == names


@pytest.mark.parametrize(("asked", "field"), [("isolates=perhaps", "isolates"), ("grade=good", "grade")])
def test_a_question_that_cannot_be_answered_names_its_parameter(known: FlaskClient, asked: str, field: str) -> None:
    assert documented(known, f"{BOARD}/slots?{asked}", 422)["errors"][0]["field"] == field


@pytest.mark.parametrize("q", ["x399 taichi", "asrock x399", "taichi", "TAICHI  X399", "x399 tachi", "as rock taichi"])
def test_search_is_forgiving(known: FlaskClient, q: str) -> None:
    found = documented(known, f"/api/v1/boards?q={q}")
    assert [board["name"] for board in found["boards"]] == ["X399 Taichi"]


@pytest.mark.parametrize("q", ["x299 taichi", "x399 aorus", "zzz"])
def test_search_finds_nothing_that_is_another_model(known: FlaskClient, q: str) -> None:
    assert documented(known, f"/api/v1/boards?q={q}")["boards"] == []


def test_without_words_the_newest_boards_are_listed(known: FlaskClient) -> None:
    assert [board["slug"] for board in documented(known, "/api/v1/boards")["boards"]] == ["x399-taichi"]
    assert documented(known, "/api/v1/health")["boards"] == 1


def test_a_board_whose_name_holds_a_slash_has_an_address(client: FlaskClient) -> None:
    document = {**seed_document(), "board": {"vendor": "Supermicro", "name": "X9DRi-LN4+/X9DR3-LN4+"}}
    links = client.post("/api/v1/reports", json=document).get_json()["links"]
    assert links["board"] == "/api/v1/boards/supermicro/x9dri-ln4-x9dr3-ln4"
    assert documented(client, links["board"])["name"] == "X9DRi-LN4+/X9DR3-LN4+"
    assert client.get(links["board_page"]).status_code == 200


@pytest.mark.parametrize(
    "header", ["Basic abc", "Bearer", "Bearer short", f"Bearer {'k' * 300}", f"Bearer {'k' * 21} x"]
)
def test_a_malformed_key_is_not_taken_for_none(client: FlaskClient, header: str) -> None:
    answer = client.post("/api/v1/reports", json=seed_document(), headers={"Authorization": header})
    assert (answer.status_code, answer.content_type) == (401, "application/problem+json")
    assert client.get("/api/v1/health").get_json()["boards"] == 0


def test_who_sends_too_much_is_told_when_to_come_back(database_url: str) -> None:
    app = create_app({"HWDB_DATABASE_URL": database_url, "HWDB_SUBMIT_LIMIT": "2 per minute"})
    client = app.test_client()
    statuses = [client.post("/api/v1/reports", json=seed_document()) for _ in range(3)]
    assert [answer.status_code for answer in statuses] == [201, 200, 429]
    assert statuses[2].content_type == "application/problem+json"
    assert 0 < int(statuses[2].headers["Retry-After"]) <= 60
    assert client.get("/api/v1/health").status_code == 200
    app.extensions["hwdb"].dispose()


def test_every_answer_carries_the_policy(known: FlaskClient) -> None:
    for path in ("/", BOARD, "/api/docs", "/nothing", "/api/nothing", "/static/style.css"):
        # A file that is sent stays open until its answer is closed.
        with known.get(path) as answer:
            headers = answer.headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "default-src 'none'" in headers["Content-Security-Policy"]


def test_the_openapi_document_lists_every_route(app: Flask) -> None:
    spec = app.test_client().get("/api/v1/openapi.json").get_json()
    assert spec["openapi"].startswith("3.1")
    routes = {str(rule) for rule in app.url_map.iter_rules()}
    routes = {rule for rule in routes if rule.startswith("/api/v1/") and "openapi" not in rule}
    assert {path.replace("{", "<string:").replace("}", ">") for path in spec["paths"]} == routes
    assert spec["components"]["schemas"]["Report"]["properties"].keys() == {"format", *seed_document(), "root_buses"}


def test_no_request_its_own_document_allows_breaks_the_service(app: Flask) -> None:
    document = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)
    operations: list[Any] = list(document.get_all_operations())
    cases = st.one_of([operation.ok().as_strategy() for operation in operations])
    everything = list(HealthCheck)

    @settings(
        max_examples=80,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(cases)
    def attack(case: Any) -> None:
        assert case.call().status_code < 500

    attack()
