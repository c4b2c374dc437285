"""Reports through the API: submitted, acknowledged, read back."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

import pytest

from hwdb.intake import hold, load_device_names, withdraw
from hwdb.report import canonical, to_document
from tests.api.conftest import DocumentedClient
from tests.machines import seed, seed_document
from tests.store import NOW, row_counts, small
from web import create_app

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from hwdb.models.engine import Database

KEY = "a-key-made-by-a-client-0001"


def test_a_new_report_is_created_with_links_that_work(api: DocumentedClient) -> None:
    answer = api.post(seed_document())
    receipt = answer.get_json()
    assert answer.status_code == 201
    assert receipt["id"] == hashlib.sha256(canonical(to_document(seed()))).hexdigest()[:16]
    assert (receipt["created"], receipt["ignored"], receipt["remarks"]) == (True, [], [])
    assert answer.headers["Location"] == receipt["links"]["report"] == f"/api/v1/reports/{receipt['id']}"
    assert receipt["links"].keys() == {"report", "report_page", "board", "board_page"}
    for name, link in receipt["links"].items():
        page = api.client.get(link)
        assert page.status_code == 200
        assert page.mimetype == ("text/html" if name.endswith("page") else "application/json")
    assert api.get(receipt["links"]["board"]).get_json()["reports"][0]["id"] == receipt["id"]


def test_the_same_report_again_is_told_where_it_is(api: DocumentedClient, database: Database) -> None:
    first = api.post(seed_document())
    before = row_counts(database)
    again = api.post(seed_document(), headers={"Authorization": f"Bearer {KEY}"})
    assert again.status_code == 200
    assert again.get_json() == {**first.get_json(), "created": False}
    assert again.headers["Location"] == first.headers["Location"]
    assert row_counts(database) == before


def test_a_report_is_read_back_as_it_was_understood(api: DocumentedClient) -> None:
    receipt = api.post(seed_document()).get_json()
    report = api.get(receipt["links"]["report"]).get_json()
    assert report["document"] == to_document(seed())
    assert (report["vendor"], report["name"], report["functions"]) == ("ASRock", "X399 Taichi", len(seed().functions))
    assert report["summary"] == {
        "id": receipt["id"],
        "collected": "2019-03-23",
        "received": report["summary"]["received"],
        "cpu": "AMD Threadripper 1900X",
        "bios": None,
        "kernel": "4.20.16-200.fc29.x86_64",
        "source": "tree",
        "counted": True,
        "held": None,
    }
    groups = {group["group"]: group["functions"] for group in report["groups"]}
    assert {f"0000:{address}" for address in ("01:00.0", "04:00.0", "05:00.0")} <= set(groups[13])
    cards = {card["slot"]: card["functions"] for card in report["cards"] if card["slot"]}
    assert cards["PCIE1"] == ["0000:43:00.0", "0000:43:00.1"]
    assert [outcome["slot"] for outcome in report["outcomes"]] == ["PCIE1", "PCIE4", "PCIE2", "M2_1", None]
    assert report["outcomes"][1]["device_id"] == "10de:1b80"
    assert (report["taints"], report["history"]) == ([], [])


def test_an_outcome_without_a_name_is_of_the_device_that_its_address_names(
    api: DocumentedClient, database: Database
) -> None:
    with database.writing() as session:
        load_device_names(session, "# Version: 1\n10de  NVIDIA\n\t1b80  GP104 [GeForce GTX 1080]\n")
        session.commit()
    said = {"function": "0000:01:00.0", "role": "guest_graphics", "result": "works"}
    address = api.post(small(outcomes=[said])).headers["Location"]
    (outcome,) = api.get(address).get_json()["outcomes"]
    assert (outcome["device_id"], outcome["slot"]) == ("10de:1b80", "PCIE1")
    assert outcome["device"] == "NVIDIA GP104 [GeForce GTX 1080]"


def test_reports_of_one_key_know_each_other(api: DocumentedClient) -> None:
    headers = {"Authorization": f"Bearer {KEY}"}
    ids = [api.post(small(card), headers=headers).get_json()["id"] for card in ("1b80", "1b81", "1b82")]
    report = api.get(f"/api/v1/reports/{ids[0]}").get_json()
    assert report["history"] == [ids[2], ids[1]]
    assert not report["summary"]["counted"]
    assert api.get("/api/v1/boards/example-inc/board-one").get_json()["machines"] == 1


def test_a_key_is_never_shown(api: DocumentedClient) -> None:
    receipt = api.post(small(), headers={"Authorization": f"Bearer {KEY}"})
    hashed = hashlib.sha256(KEY.encode()).hexdigest()
    for path in [*receipt.get_json()["links"].values(), "/api/v1/boards", "/"]:
        shown = api.client.get(path).get_data(as_text=True)
        assert KEY not in shown
        assert hashed not in shown


def test_a_held_report_is_shown_with_the_reason(api: DocumentedClient, database: Database) -> None:
    receipt = api.post(small()).get_json()
    with database.writing() as session:
        hold(session, receipt["id"], "The listing looks edited.", NOW)
        session.commit()
    assert api.get(receipt["links"]["report"]).get_json()["summary"]["held"] == "The listing looks edited."
    board = api.get(receipt["links"]["board"]).get_json()
    assert (board["machines"], board["held_out"], board["slots"]) == (0, 1, [])


def test_a_withdrawn_report_is_gone_for_good(api: DocumentedClient, database: Database) -> None:
    receipt = api.post(small()).get_json()
    with database.writing() as session:
        withdraw(session, receipt["id"], NOW)
        session.commit()
    for name, status in (("report", 410), ("board", 404)):
        assert api.get(receipt["links"][name]).status_code == status
    answer = api.post(small())
    assert answer.status_code == 410
    assert receipt["id"] in answer.get_json()["detail"]


def test_what_a_report_cannot_show_is_said_in_words(api: DocumentedClient) -> None:
    answer = api.post({**small(kernel={"acs_override": True}), "colour": "red", "slots": [{"shape": 1}]})
    receipt = answer.get_json()
    assert sorted(receipt["ignored"]) == ["colour", "slots[0].shape"]
    assert any("ACS override" in remark for remark in receipt["remarks"])
    assert any("names no slots" in remark for remark in receipt["remarks"])


def test_every_field_that_is_wrong_is_named(api: DocumentedClient) -> None:
    answer = api.post(small(format="1", board=[], cpus=[{"cores": -1}]))
    problem = answer.get_json()
    assert answer.status_code == 422
    assert {field["field"] for field in problem["errors"]} == {"format", "board", "cpus[0].cores"}
    assert all(field["reason"] for field in problem["errors"])


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer",
        "Bearer ",
        "Bearer short",
        "Bearer " + "x" * 21,
        "Bearer " + "x" * 257,
        f"Bearer {KEY} {KEY}",
        f"Bearer {KEY}\u00e9",
        f"Basic {KEY}",
        f"{KEY}",
        f"Bearer: {KEY}",
    ],
)
def test_a_malformed_key_is_refused(api: DocumentedClient, database: Database, header: str) -> None:
    answer = api.post(small(), headers={"Authorization": header})
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].casefold().startswith("bearer")
    assert "22 to 256" in answer.get_json()["detail"]
    assert header[7:] not in answer.get_json()["detail"] or len(header) <= 8
    assert not any(row_counts(database).values())


@pytest.mark.parametrize("header", [f"Bearer {KEY}", f"bearer {KEY}", f"BEARER   {KEY}", "Bearer " + "x" * 256])
def test_a_key_is_taken_however_its_scheme_is_written(api: DocumentedClient, header: str) -> None:
    assert api.post(small(), headers={"Authorization": header}).status_code == 201


def test_who_sends_too_much_is_told_when_to_come_back(database_url: str) -> None:
    app = create_app({"HWDB_DATABASE_URL": database_url, "HWDB_SUBMIT_LIMIT": "2 per minute"})
    api = DocumentedClient(app.test_client())
    served = [api.post(small(card)) for card in ("1b80", "1b81")]
    refused = api.post(small("1b82"))
    assert [answer.status_code for answer in served] == [201, 201]
    assert not any("Retry-After" in answer.headers for answer in served)
    assert refused.status_code == 429
    assert 0 < int(refused.headers["Retry-After"]) <= 60
    assert "2 per 1 minute" in refused.get_json()["detail"]
    # Reading is free, and another address is another sender.
    assert api.get("/api/v1/boards/example-inc/board-one").get_json()["machines"] == 2
    assert api.post(small("1b82"), environ_overrides={"REMOTE_ADDR": "192.0.2.1"}).status_code == 201
    app.extensions["hwdb"].dispose()


@pytest.mark.parametrize(
    "path", ["/api/v1/health", "/api/v1/openapi.json", "/api/v1/nothing", "/api/v1/boards?limit=0"]
)
def test_every_answer_tells_browsers_to_be_careful(client: FlaskClient, path: str) -> None:
    headers = client.get(path).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "Server" not in headers or "Werkzeug" not in headers["Server"]
    assert "Set-Cookie" not in headers


@pytest.mark.parametrize(
    "report_id",
    ["0123456789abcdef", "0123456789ABCDEF", "0", "x" * 10_000, "%00", "%00" * 16, "%ff%fe", "..%2f..", "None", "'--"],
    ids=lambda value: value[:20],
)
def test_an_unknown_report_is_not_found(api: DocumentedClient, report_id: str) -> None:
    answer = (
        api.get(f"/api/v1/reports/{report_id}")
        if "%2f" not in report_id
        else api.client.get(f"/api/v1/reports/{report_id}")
    )
    assert answer.status_code == 404
    assert answer.mimetype == "application/problem+json"
    assert len(answer.get_json()["detail"]) < 300


@pytest.mark.parametrize(
    "parts", [("a", "b"), ("%00", "b"), ("a", "%00"), ("%ed%a0%80", "b"), ("a" * 9000, "b" * 9000)]
)
def test_an_unknown_board_is_not_found(api: DocumentedClient, parts: tuple[str, str]) -> None:
    for path in ("/api/v1/boards/{}/{}", "/api/v1/boards/{}/{}/slots"):
        answer = api.get(path.format(*parts))
        assert answer.status_code == 404
        assert len(answer.get_json()["detail"]) < 400


LONGEST: dict[str, Any] = {
    "board": {"vendor": "v" * 200, "name": "n" * 200, "version": "x" * 200},
    "system": dict.fromkeys(("vendor", "name", "version", "family", "sku"), "s" * 200),
    "bios": {"vendor": "b" * 200, "version": "b" * 200, "date": "d" * 64, "release": "r" * 64},
    "kernel": {"release": "k" * 200, "distribution": "d" * 200},
    "cpus": [{"name": "c" * 200, "vendor": "v" * 200, "microcode": "m" * 64}],
    "settings": [{"name": "n" * 200, "value": "v" * 200, "note": "n" * 2000}],
    "outcomes": [{"device": "d" * 200, "guest": "g" * 200, "note": "n" * 2000}],
    "slots": [{"designation": "D" * 200, "note": "n" * 2000, "port": "0000:00:01.1" + "/01.1" * 48}],
    "provenance": {"collector": "c" * 200, "source": "s" * 64, "reference": "r" * 500, "licence": "l" * 64},
}
TEXTS = [
    (part, number, name)
    for part, value in LONGEST.items()
    for number, one in enumerate(value if isinstance(value, list) else [value])
    for name in one
]


def test_every_text_may_be_as_long_as_documented(api: DocumentedClient) -> None:
    answer = api.post(small(**LONGEST))
    assert answer.status_code == 201
    assert api.get(answer.get_json()["links"]["report"]).get_json()["document"]["board"] == LONGEST["board"]


def test_text_above_its_maximum_is_refused_by_name(api: DocumentedClient, database: Database) -> None:
    for part, number, name in TEXTS:
        parts = json.loads(json.dumps(LONGEST))
        one = parts[part][number] if isinstance(parts[part], list) else parts[part]
        one[name] += "/01.1" if name == "port" else one[name][-1]
        answer = api.post(small(**parts))
        place = f"{part}[{number}].{name}" if isinstance(parts[part], list) else f"{part}.{name}"
        assert (answer.status_code, place) == (422, answer.get_json()["errors"][0]["field"])
        assert len(answer.get_json()["errors"]) == 1
    assert not any(row_counts(database).values())


@pytest.mark.parametrize("port", ["00:01.1" + "/01.1" * 49, "00:01.1" + "/01.1" * 48 + "/1f"])
def test_a_path_is_as_long_as_it_is_kept(api: DocumentedClient, port: str) -> None:
    # Within the maximum as sent; with the domain that is left out the first is longer, the second just fits.
    answer = api.post(small(slots=[{"designation": "A", "port": port}]))
    assert len(port) <= 255
    assert answer.status_code == (201 if len(port) + 5 <= 255 else 422)
    if answer.status_code == 201:
        assert api.get(answer.get_json()["links"]["report"]).status_code == 200
    else:
        assert "slots[0].port" in answer.get_json()["detail"]


@pytest.mark.parametrize(
    ("parts", "status"),
    [
        ({"memory": {"bytes": 2**53}}, 201),
        ({"memory": {"bytes": 2**53 + 1}}, 422),
        ({"memory": {"bytes": 10**30}}, 422),
        ({"functions": [{"address": "01:00.0", "iommu_group": 2**31 - 1}]}, 201),
        ({"functions": [{"address": "01:00.0", "iommu_group": 2**31}]}, 422),
        ({"functions": [{"address": "01:00.0", "iommu_group": 2**63}]}, 422),
        ({"functions": [{"address": "01:00.0", "numa_node": -1}]}, 201),
        ({"functions": [{"address": "01:00.0", "numa_node": -2}]}, 422),
        ({"functions": [{"address": "ffffffff:ff:1f.7"}]}, 201),
        ({"functions": [{"address": "100000000:00:00.0"}]}, 422),
        ({"slots": [{"designation": "A", "connector_lanes": 255, "id": 2**31 - 1}]}, 201),
        ({"slots": [{"designation": "A", "connector_lanes": 256}]}, 422),
        ({"slots": [{"designation": "a\x00b", "isolates": True}]}, 201),
        ({"slots": [{"designation": "\ud800", "isolates": True}]}, 201),
        ({"cpus": [{"name": "\x00"}]}, 201),
        ({"bios": {"version": "\x00", "date": "\udfff"}}, 201),
        ({"outcomes": [{"device": "\x00", "note": "\x00\ud800"}]}, 201),
        ({"future": 4.885596651996581e-122, "list": [-2.2250738585072014e-308]}, 201),
    ],
    ids=str,
)
def test_both_engines_take_and_refuse_the_same(api: DocumentedClient, parts: dict[str, Any], status: int) -> None:
    answer = api.post(small(**parts))
    assert answer.status_code == status, answer.get_json()
    if status == 201:
        for name in ("report", "board"):
            assert api.get(answer.get_json()["links"][name]).status_code == 200
