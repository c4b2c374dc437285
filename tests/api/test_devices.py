"""Devices through the API: where one PCI id was seen, and what machines show of it; a machine counts once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.machines import seed_document
from tests.store import small

if TYPE_CHECKING:
    from tests.api.conftest import DocumentedClient


def card(number: int, *, shared: bool = False, **parts: Any) -> dict[str, Any]:
    """Return a machine with a USB card of 1912:0014 in its slot; each number makes another machine."""
    document = small(f"{number:04x}", shared=shared, **parts)
    document["functions"][3] |= {
        "vendor": "1912",
        "device": "0014",
        "class": "0c03",
        "subsystem_device": f"{number:04x}",
    }
    document["functions"][3]["subsystem_vendor"] = "1912"
    return document


def read(api: DocumentedClient, ids: str = "1912:0014") -> dict[str, Any]:
    answer = api.get(f"/api/v1/devices/{ids}")
    assert answer.status_code == 200, answer.get_json()
    found: dict[str, Any] = answer.get_json()
    return found


def submit(api: DocumentedClient, *documents: dict[str, Any]) -> None:
    for document in documents:
        assert api.post(document).status_code == 201


def figures(found: dict[str, Any]) -> dict[str, int]:
    return {name: found[name] for name in ("machines", "observed", "alone", "shared")}


def test_a_device_of_the_seed_is_where_its_owner_put_it(api: DocumentedClient) -> None:
    submit(api, seed_document())
    found = read(api, "10de:1b80")
    (place,) = found["places"]
    assert (place["name"], place["slot"], place["alone"], place["shared"]) == ("X399 Taichi", "PCIE4", 1, 0)
    assert figures(found) == {"machines": 1, "observed": 1, "alone": 1, "shared": 0}
    assert (found["id"], found["class"]) == ("10de:1b80", "0300")
    assert "GTX 1080" in found["name"], "what the report calls it, since no list of names is loaded"
    (use,) = found["outcomes"]
    assert (use["slot"], use["role"], use["report"]) == ("PCIE4", "guest_gpu", place["reports"][0])
    assert found["works"] + found["workaround"] == 1


def test_a_soldered_device_is_in_no_slot_and_its_company_is_named(api: DocumentedClient) -> None:
    submit(api, seed_document())
    found = read(api, "8086:1539")
    (place,) = found["places"]
    assert (place["slot"], place["shared"]) == (None, 1)
    assert {"USB", "SATA"} <= set(place["shares_with"])
    assert found["sentence"].startswith("Seen on 1 machine. With others in its group on the one machine counted.")


def test_machines_are_counted_and_not_reports(api: DocumentedClient) -> None:
    submit(api, card(1), card(1, bios={"version": "P3.90"}), card(2), card(3), card(4, shared=True))
    found = read(api)
    assert figures(found) == {"machines": 4, "observed": 4, "alone": 3, "shared": 1}
    assert "Alone in its group on 3 of 4 machines." in found["sentence"]
    (place,) = found["places"]
    assert (place["slot"], place["machines"], place["shares_with"]) == ("PCIE1", 4, ["USB"])


def test_a_machine_speaks_with_its_newest_report_that_shows_groups(api: DocumentedClient) -> None:
    older = card(1, shared=True, provenance={"collected": "2024-01-01"})
    newer = card(1, provenance={"collected": "2025-01-01"})
    silent = card(1, provenance={"collected": "2025-06-01"})
    for function in silent["functions"]:
        function["iommu_group"] = None
    submit(api, newer, older, silent)
    assert figures(read(api)) == {"machines": 1, "observed": 1, "alone": 1, "shared": 0}


def test_reports_that_do_not_count_are_in_no_figure_but_the_first(api: DocumentedClient) -> None:
    submit(api, card(1), card(2, kernel={"acs_override": True}))
    found = read(api)
    assert figures(found) == {"machines": 2, "observed": 1, "alone": 1, "shared": 0}
    assert found["places"][0]["held_out"] == 1


def test_what_sits_on_the_same_card_is_no_company(api: DocumentedClient) -> None:
    document = card(1)
    second = {**document["functions"][3], "address": "0000:01:00.1", "class": "0403", "device": "0015"}
    document["functions"].append(second)
    submit(api, document)
    assert figures(read(api))["alone"] == 1


def test_how_it_resets_is_told_by_the_reports_that_tell(api: DocumentedClient) -> None:
    for number, methods in [(1, ["flr", "bus"]), (2, ["bus"]), (3, []), (4, None)]:
        document = card(number)
        if methods is not None:
            document["functions"][3]["reset_methods"] = methods
        submit(api, document)
    found = read(api)
    assert (found["reset_told"], found["no_reset"]) == (3, 1)
    assert found["reset_methods"] == [{"method": "bus", "machines": 2}, {"method": "flr", "machines": 1}]
    assert (
        "The kernel can reset it (bus and flr) by the word of 3 machines, but on 1 of them it has no way to."
        in (found["sentence"])
    )


def test_what_owners_say_of_passing_it_on_is_counted_and_shown(api: DocumentedClient) -> None:
    said = {"function": "0000:01:00.0", "role": "guest_usb", "guest": "Windows 11"}
    submit(api, card(1, outcomes=[{**said, "result": "works", "note": "Since 2024."}]))
    submit(api, card(2, outcomes=[{**said, "result": "fails"}]), card(3, outcomes=[{**said, "role": "host_usb"}]))
    submit(api, card(4, outcomes=[{**said, "result": "works"}], kernel={"acs_override": True}))
    found = read(api)
    assert (found["works"], found["workaround"], found["fails"]) == (1, 0, 1)
    assert sorted((use["role"], use["result"] or "") for use in found["outcomes"]) == [
        ("guest_usb", "fails"),
        ("guest_usb", "works"),
        ("host_usb", ""),
    ]
    assert {use["slot"] for use in found["outcomes"]} == {"PCIE1"}


def test_a_bridge_is_nobodys_company_and_has_no_verdict(api: DocumentedClient) -> None:
    submit(api, small())
    found = read(api, "1022:1483")
    assert figures(found) == {"machines": 1, "observed": 0, "alone": 0, "shared": 0}
    assert found["sentence"] == "Seen on 1 machine. It is a bridge, which stays with the host and in nobody's way."


def test_ids_are_read_in_either_case(api: DocumentedClient) -> None:
    submit(api, small())
    assert read(api, "10DE:1B80")["id"] == "10de:1b80"


@pytest.mark.parametrize(
    "ids", ["10de:ffff", "10de", "10de:", "gtx-1080", "10de:1b8", "10de:1b80:1", "%00:%00", "\u0661\u0660de:1b80"]
)
def test_what_nobody_reported_is_not_found(api: DocumentedClient, ids: str) -> None:
    submit(api, small())
    answer = api.get(f"/api/v1/devices/{ids}")
    assert answer.status_code == 404
    assert answer.get_json()["detail"].endswith(".")
