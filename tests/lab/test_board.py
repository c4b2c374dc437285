"""One command on an X399 Taichi, and the REST API answers which of its slots isolate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.lab import config_space

if TYPE_CHECKING:
    from tests.lab.visit import Visit
    from tests.serving import Service

pytestmark = [pytest.mark.lab, pytest.mark.parametrize("guest", ["x399-taichi"], indirect=True)]

ONBOARD = {"0000:01:00.0", "0000:01:00.1", "0000:03:00.0", "0000:05:00.0"}


def slots(service: Service) -> dict[str, dict[str, Any]]:
    """Return the slots of the board that its firmware names, as anyone may ask for them."""
    answered = service.get("boards/asrock/x399-taichi/slots")["slots"]
    return {slot["designation"]: slot for slot in answered if "smbios" in slot["witnesses"]}


def test_one_command_answers_for_every_slot_of_the_board(guest: Visit, service: Service) -> None:
    assert guest.parts["root"].status == 0, guest.parts["root"].printed
    answers = {
        name: (slot["grade"], slot["occupied"], {companion["address"] for companion in slot["companions"]})
        for name, slot in slots(service).items()
    }
    assert answers == {
        "PCIE1": ("isolated", True, set()),
        "PCIE2": ("isolated", False, set()),
        "PCIE3": ("shared_onboard", False, ONBOARD),
        "PCIE4": ("isolated", True, set()),
        "PCIE5": ("isolated", False, set()),
        "M2_1": ("isolated", True, set()),
    }


def test_slots_are_described_as_the_firmware_does(guest: Visit, service: Service) -> None:
    lanes = {name: (slot["kind"], slot["electrical_lanes"]) for name, slot in slots(service).items()}
    assert lanes == {
        "PCIE1": ("pcie", 16),
        "PCIE2": ("pcie", 8),
        "PCIE3": ("pcie", 1),
        "PCIE4": ("pcie", 16),
        "PCIE5": ("pcie", 8),
        "M2_1": ("m2", 4),
    }
    # The curated layout of this board names those too that its firmware and this guest do not show.
    others = service.get("boards/asrock/x399-taichi/slots?grade=unknown")["slots"]
    assert {slot["designation"]: slot["witnesses"] for slot in others if slot["designation"]} == {
        name: ["curated"] for name in ("M2_2", "M2_3", "U.2")
    }


def test_slots_can_be_asked_for_by_whether_they_isolate(guest: Visit, service: Service) -> None:
    shared = service.get("boards/asrock/x399-taichi/slots?isolates=false")["slots"]
    assert "PCIE3" in {slot["designation"] for slot in shared}
    assert "PCIE1" not in {slot["designation"] for slot in shared}


def test_the_board_is_found_and_its_machine_counted(guest: Visit, service: Service) -> None:
    assert service.get("boards?q=taichi%20x399")["boards"][0]["slug"] == "x399-taichi"
    board = service.get("boards/asrock/x399-taichi")
    assert (board["machines"], board["held_out"]) == (1, 0)
    assert [report["id"] for report in board["reports"]] == [guest.reports["root"]["summary"]["id"]]


def test_the_owner_is_told_the_same(guest: Visit, service: Service) -> None:
    printed = guest.parts["root"].printed
    assert "ASRock X399 Taichi" in printed
    assert [name for name in slots(service) if name not in printed] == []
    assert "/boards/asrock/x399-taichi" in printed


def test_the_cards_are_seen_by_their_vendors(guest: Visit) -> None:
    if not config_space.may_be_written():
        pytest.skip("vendor ids cannot be written into QEMU's memory here; lower kernel.yama.ptrace_scope below 2")
    seen = {address: f"{f['vendor']}:{f['device']}" for address, f in guest.functions("root").items()}
    assert {a: seen[a] for a in ("0000:00:01.1", "0000:07:00.0", "0000:07:00.1", "0000:41:00.0")} == {
        "0000:00:01.1": "1022:1453",
        "0000:07:00.0": "10de:1b80",
        "0000:07:00.1": "10de:10f0",
        "0000:41:00.0": "144d:a804",
    }
