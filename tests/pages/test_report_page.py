"""A report's page: its document, why its groups are as they are, and what is left when it is gone."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Any

import pytest

from tests.machines import seed_document
from tests.pages.forms import words

if TYPE_CHECKING:
    from flask.testing import FlaskClient

KEY = {"Authorization": "Bearer " + "k" * 30}


def posted(client: FlaskClient, document: dict[str, Any]) -> str:
    answer = client.post("/api/v1/reports", json=document, headers=KEY)
    assert answer.status_code == 201, answer.get_json()
    return str(answer.get_json()["id"])


def function(address: str, group: int | None, code: str, **facts: Any) -> dict[str, Any]:
    ids = {"vendor": "8086", "device": "1000", "header_type": 0, "acs": {"present": False}}
    return {"address": f"0000:{address}", "iommu_group": group, "class": code, "parent": None, **ids, **facts}


def certain() -> dict[str, Any]:
    """Return a machine whose groups follow from what its report shows: a card behind a root port without ACS."""
    port: dict[str, Any] = {"header_type": 1, "port_type": "root_port", "secondary_bus": 1, "subordinate_bus": 1}
    card: dict[str, Any] = {"port_type": "endpoint", "multifunction": True, "parent": "0000:00:01.0"}
    functions = [
        function("00:00.0", 0, "0600", port_type="conventional", multifunction=False),
        function("00:01.0", 1, "0604", multifunction=False, **port),
        function("01:00.0", 1, "0300", **card),
        function("01:00.1", 1, "0403", driver="snd_hda_intel", reset_methods=["pm"], **card),
    ]
    root = [{"bus": "0000:00"}]
    return {"format": 1, "functions": functions, "board": {"vendor": "A", "name": "One"}, "root_buses": root}


def large(functions: int) -> dict[str, Any]:
    """Return a server with so many functions, each with all that a live report says of one."""
    root = [function("00:00.0", 0, "0600", name="Example Corp. Root Complex")]
    facts: dict[str, Any] = {
        "name": "Example Corp. Ethernet Controller X710 for 10GbE SFP+",
        "subsystem_vendor": "15d9",
        "subsystem_device": "0861",
        "driver": "i40e",
        "link_width_max": 8,
        "link_width": 4,
        "link_speed_max": 8000,
        "link_speed": 5000,
        "reset_methods": ["flr", "bus"],
        "multifunction": True,
    }
    cards = [function(f"{1 + n // 8:02x}:00.{n % 8}", 1 + n, "0200", **facts) for n in range(functions - 1)]
    return {"format": 1, "functions": root + cards, "board": {"vendor": "A", "name": "Large"}}


def test_the_document_is_a_file_whose_checksum_begins_with_the_id(client: FlaskClient) -> None:
    report = posted(client, seed_document())
    answer = client.get(f"/reports/{report}.json")
    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    assert answer.headers["Content-Disposition"] == f"attachment; filename=hwdb-report-{report}.json"
    assert hashlib.sha256(answer.data).hexdigest().startswith(report)
    page = client.get(f"/reports/{report}").get_data(as_text=True)
    assert f'href="/reports/{report}.json"' in page
    assert f"http://localhost/reports/{report}" in page, "the permalink"


def test_the_page_tells_why_a_group_is_one_where_that_is_certain(client: FlaskClient) -> None:
    report = posted(client, certain())
    because = "01:00.0 is behind 00:01.0, which has no ACS."
    view = client.get(f"/api/v1/reports/{report}").get_json()
    assert [(one["first"], one["because"][0]) for one in view["reasons"]] == [("0000:00:01.0", because)]
    assert because in words(client.get(f"/reports/{report}"))


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("why=00:01.0&why=0000:01:00.0", "is behind 00:01.0, which has no ACS. The kernel had them both in group 1."),
        ("why=00:00.0&why=01:00.1", "The kernel had them in groups 0 and 1."),
        ("why=01:00.0&why=01:00.0", "01:00.0 is one function."),
        ("why=01:00.0&why=99:00.0", "This report lists no function 99:00.0; addresses are written like 01:00.0."),
        ("why=01:00.0", "Name two functions by their addresses"),
        ("why=%22%3E%3Cscript%3E&why=%00", "This report lists no function"),
    ],
)
def test_why_two_functions_are_together(client: FlaskClient, query: str, said: str) -> None:
    report = posted(client, certain())
    answer = client.get(f"/reports/{report}?{query}")
    assert answer.status_code == 200
    assert said in words(answer)
    assert "<script>" not in answer.get_data(as_text=True)


def test_every_function_is_listed_and_what_is_left_out_is_not_a_no(client: FlaskClient) -> None:
    page = client.get(f"/reports/{posted(client, certain())}").get_data(as_text=True)
    rows = re.findall(r"<tr><th scope=\"row\"><code>(.*?)</tr>", page, re.DOTALL)
    assert len(rows) == 4
    text = re.sub(r"<[^>]+>", "|", rows[3])
    assert "snd_hda_intel" in text
    assert "pm" in text
    assert "?" in re.sub(r"<[^>]+>", "|", rows[0]), "no driver is stated"


def test_a_report_of_500_functions_is_a_light_page(client: FlaskClient) -> None:
    answer = client.get(f"/reports/{posted(client, large(500))}")
    assert answer.status_code == 200
    page = answer.get_data(as_text=True)
    assert len(re.findall(r"<tr><th scope=\"row\"><code>", page)) == 500
    with client.get("/static/style.css") as style:
        assert len(answer.data) + len(style.data) < 300_000


def test_predicted_groups_are_told_from_observed_ones(client: FlaskClient) -> None:
    document = certain()
    for one in document["functions"]:
        one["iommu_group"] = None
    answer = client.get(f"/reports/{posted(client, document)}")
    assert "These are what a kernel with its IOMMU on would form" in words(answer)
    ids = re.findall(r' id="([^"]+)"', answer.get_data(as_text=True))
    assert len(ids) == len(set(ids))


def test_history_says_when_and_what_counts(client: FlaskClient) -> None:
    first = posted(client, certain())
    second = posted(client, {**certain(), "bios": {"version": "F10"}})
    said = words(client.get(f"/reports/{first}"))
    assert "Other reports of this machine" in said
    assert f"{second[:8]} : BIOS F10 , kernel not stated , counted" in said


def test_a_held_out_report_says_what_that_means(client: FlaskClient) -> None:
    document = {**certain(), "kernel": {"acs_override": True}}
    said = words(client.get(f"/reports/{posted(client, document)}"))
    assert "Held out means: the groups are not the board's own" in said


@pytest.mark.parametrize("path", ["/reports/{}", "/reports/{}.json", "/api/v1/reports/{}"])
def test_a_withdrawn_report_is_gone_with_a_sentence(client: FlaskClient, path: str) -> None:
    report = posted(client, certain())
    assert client.delete(f"/api/v1/reports/{report}", headers=KEY).status_code == 204
    answer = client.get(path.format(report))
    assert answer.status_code == 410
    assert "was withdrawn by its owner" in answer.get_data(as_text=True)
    for other in ("f" * 16, "x", "0" * 15 + "%", "%00" * 16):
        assert client.get(path.format(other)).status_code == 404
