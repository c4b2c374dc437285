"""Pages of devices, from the whole service: the same figures as the API's, and links that lead to them."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Any

import pytest

from hwdb.queries import DeviceHit
from tests.machines import seed_document
from tests.store import small
from web.pages.device_page import need_of, shelves

if TYPE_CHECKING:
    from flask.testing import FlaskClient


def card(number: int, *, shared: bool = False, **parts: Any) -> dict[str, Any]:
    """Return a machine with a USB card of 1912:0014 in its slot; each number makes another machine."""
    document = small(f"{number:04x}", shared=shared, **{k: v for k, v in parts.items() if k != "reset_methods"})
    document["functions"][3] |= {"vendor": "1912", "device": "0014", "class": "0c03", "subsystem_vendor": "1912"}
    document["functions"][3] |= {"subsystem_device": f"{number:04x}"}
    if "reset_methods" in parts:
        document["functions"][3]["reset_methods"] = parts["reset_methods"]
    return document


def page_of(client: FlaskClient, ids: str = "1912:0014") -> str:
    answer = client.get(f"/devices/{ids}")
    assert answer.status_code == 200
    page = answer.get_data(as_text=True)
    assert "<script>" not in page
    return page


def text_of(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def section(page: str, heading: str) -> str:
    """Return the text under a heading."""
    return text_of(page.split(f'<h2 id="{heading}">')[1].split("</section>", maxsplit=1)[0])


def test_a_device_says_what_the_api_says(client: FlaskClient) -> None:
    said = {"function": "0000:01:00.0", "role": "guest_usb", "guest": "Windows 11", "note": "Since 2024."}
    client.post("/api/v1/reports", json=card(1, outcomes=[{**said, "result": "works"}]))
    client.post("/api/v1/reports", json=card(2, shared=True, outcomes=[{**said, "result": "fails"}]))
    client.post("/api/v1/reports", json=card(3, kernel={"acs_override": True}))
    found = client.get("/api/v1/devices/1912:0014").get_json()
    page = page_of(client)
    assert found["sentence"] in text_of(page)
    (place,) = found["places"]
    seen = section(page, "seen")
    assert (
        "Example Inc. Board One PCIE1 3 alone on 1 machine with others on 1 machine: USB held out on 1 machine" in seen
    )
    assert 'href="/boards/example-inc/board-one"' in page
    for report in place["reports"]:
        assert f'href="/reports/{report}"' in page
    assert "2 of 3 machines show its group" in text_of(page)
    assert "works 1 works with a workaround nobody says so fails 1" in section(page, "works")
    uses = section(page, "outcomes-h")
    assert "guest: Windows 11 works Since 2024." in uses
    assert "guest: Windows 11 fails" in uses


def test_how_it_resets_is_a_table_of_ways(client: FlaskClient) -> None:
    for number, methods in enumerate((["flr", "bus"], ["bus", "af_flr"], []), 1):
        client.post("/api/v1/reports", json=card(number, reset_methods=methods))
    reset = section(page_of(client), "reset")
    for said in ("by function flr 1 of 3", "by its bus bus 2 of 3", "by power state pm 0 of 3", "af_flr 1 of 3"):
        assert said in reset
    assert "no way at all 1 of 3" in reset
    client.post("/api/v1/reports", json=seed_document())
    silent = section(page_of(client, "10de:1b80"), "reset")
    assert "by function flr not known" in silent
    assert "0 of" not in silent, "what no report tells is not a no"


def test_what_is_not_known_is_never_a_no(client: FlaskClient) -> None:
    document = card(1)
    for function in document["functions"]:
        function["iommu_group"] = None
    client.post("/api/v1/reports", json=document)
    page = page_of(client)
    assert "How it is grouped is not known" in text_of(page)
    assert not re.search(r"\b(None|null|False)\b", text_of(page))


def test_a_bridge_is_said_to_be_one_and_no_card_to_plan_for(client: FlaskClient) -> None:
    client.post("/api/v1/reports", json=small())
    page = page_of(client, "1022:1483")
    assert "It is a bridge" in text_of(page)
    assert "/plan" not in page.split("<main")[1].split("</main>")[0]


def test_a_curated_note_stands_where_its_device_is(client: FlaskClient) -> None:
    client.post("/api/v1/reports", json=small())
    page = page_of(client, "1022:149c")
    notes = section(page, "notes")
    assert "Holds for" in notes
    found = client.get("/api/v1/devices/1022:149c").get_json()
    assert [note["text"] in notes for note in found["notes"]] == [True] * len(found["notes"])
    assert found["notes"]
    assert 'id="notes"' not in page_of(client, "10de:1b80")


def test_a_spelling_in_capitals_leads_to_the_one_address(client: FlaskClient) -> None:
    client.post("/api/v1/reports", json=small())
    answer = client.get("/devices/10DE:1B80")
    assert (answer.status_code, answer.headers["Location"]) == (301, "/devices/10de:1b80")


@pytest.mark.parametrize(
    ("ids", "said"),
    [
        ("1234:5678", "No report lists a device 1234:5678; a report of a machine with one would."),
        ("nonsense", "is no PCI id; one is written like 10de:1b80"),
        ("%22%3E%3Cscript%3E", "is no PCI id"),
        ("10de:%00", "is no PCI id"),
        ("x" * 3000, "is no PCI id"),
    ],
    ids=range(5),
)
def test_an_unknown_device_is_said_in_a_sentence(client: FlaskClient, ids: str, said: str) -> None:
    answer = client.get(f"/devices/{ids}")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 404
    assert said in text_of(page)
    assert "<script>" not in page
    assert 'href="/devices"' in page


def test_boards_and_reports_lead_to_devices(client: FlaskClient) -> None:
    report = client.post("/api/v1/reports", json=small(shared=True)).get_json()
    for address in ("board_page", "report_page"):
        page = client.get(report["links"][address]).get_data(as_text=True)
        assert 'href="/devices/10de:1b80"' in page, "a function in a group"
        assert page.count('href="/devices/1022:149c"') >= 2, "a function, and the companion of the slot"
        assert 'href="/devices/1022:1483"' not in page, "nobody looks for a bridge"


def test_the_index_lists_what_most_machines_have(client: FlaskClient) -> None:
    assert "No report lists a device yet" in text_of(client.get("/devices").get_data(as_text=True))
    for document in (card(1), card(1, bios={"version": "2"}), card(2), small("1b80")):
        client.post("/api/v1/reports", json=document)
    found = client.get("/api/v1/devices").get_json()["devices"]
    assert [(one["id"], one["class"], one["machines"]) for one in found] == [
        ("1022:149c", "0c03", 3),
        ("1912:0014", "0c03", 2),
        ("10de:1b80", "0300", 1),
    ]
    text = text_of(client.get("/devices").get_data(as_text=True))
    assert (
        "Graphics Graphics 10de:1b80 1 machine USB controllers USB 1022:149c 3 machines USB 1912:0014 2 machines"
        in text
    )
    assert "1022:1483" not in text, "bridges are no devices that anybody hands on"


def test_shelves_and_wishes_follow_the_class() -> None:
    hits = [DeviceHit(f"1:{c}", "1", c, None, c, 1) for c in ("0300", "0c03", "0108", "0403", "0280")]
    assert [(name, [one.class_ for one, _ in held]) for name, held in shelves(hits)] == [
        ("Graphics", ["0300"]),
        ("USB controllers", ["0c03"]),
        ("Network", ["0280"]),
        ("Storage", ["0108"]),
        ("Audio and video", ["0403"]),
    ]
    wanted = {"0300": "gpu", "0c03": "usb", "0108": "nvme", "0106": "sata", "0200": "nic", "1180": "any", None: "any"}
    assert {class_: need_of(class_) for class_ in wanted} == wanted
