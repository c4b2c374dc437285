"""What a search asks of slots and reports: sure, or not known, never guessed."""

from __future__ import annotations

import pytest

from hwdb.analysis.filters import SlotFacts, SlotsWanted, fitting, least_confidence, slot_facts, states_no_override
from hwdb.analysis.shapes import SlotAnswer
from hwdb.report import Kernel, Report

SURE = SlotFacts(True, True, 16, "cpu")
LEGACY = SlotFacts(True, False, 4, "chipset")
NARROW = SlotFacts(True, True, None, None)
UNKNOWN = SlotFacts(None, False, 8, "cpu")


@pytest.mark.parametrize(
    ("wanted", "sure", "perhaps"),
    [
        (SlotsWanted(), 3, 1),
        (SlotsWanted(lanes=8), 1, 2),
        (SlotsWanted(lanes=4), 2, 2),
        (SlotsWanted(cpu=True), 1, 2),
        (SlotsWanted(lasting=True), 2, 1),
        (SlotsWanted(lanes=16, cpu=True, lasting=True), 1, 1),
    ],
)
def test_what_is_not_known_is_neither_counted_nor_denied(wanted: SlotsWanted, sure: int, perhaps: int) -> None:
    assert fitting((SURE, LEGACY, NARROW, UNKNOWN), wanted) == (sure, perhaps)


def test_a_slot_is_as_wide_as_its_lanes_are_wired() -> None:
    slots = (
        SlotAnswer("PCIE1", kind="pcie", connector_lanes=16, electrical_lanes=8, grade="isolated", isolates=True),
        SlotAnswer("PCIE2", connector_lanes=16, grade="isolated_legacy", isolates=True, location="chipset"),
        SlotAnswer("PCIE3", kind="pcie", grade="shared_onboard", isolates=False),
        SlotAnswer("M2_1", kind="m2", electrical_lanes=4, grade="isolated", isolates=True),
    )
    assert slot_facts(slots) == (SlotFacts(True, True, 8, None), SlotFacts(True, False, None, "chipset"))


def test_a_port_that_nobody_names_may_be_no_slot() -> None:
    port = SlotAnswer(None, ports=("0000:00:01.1",), grade="isolated", isolates=True, electrical_lanes=16)
    assert fitting(slot_facts([port]), SlotsWanted()) == (0, 1)


def test_a_board_is_as_sure_as_its_least_sure_slot() -> None:
    slots = [
        SlotAnswer(f"PCIE{number}", kind="pcie", grade="isolated", isolates=True, confidence=level)
        for number, level in enumerate(("high", "medium"))
    ]
    assert least_confidence(slots) == "medium"
    assert least_confidence(slots[:1]) == "high"
    assert least_confidence([SlotAnswer("PCIE1", grade="shared_onboard", isolates=False, confidence="low")]) is None


@pytest.mark.parametrize(
    ("kernel", "stated"),
    [
        (Kernel(), None),
        (Kernel(parameters=()), True),
        (Kernel(parameters=("iommu=pt",)), True),
        (Kernel(parameters=("pcie_acs_override=downstream",)), False),
        (Kernel(acs_override=False), True),
        (Kernel(acs_override=True, parameters=()), False),
    ],
    ids=str,
)
def test_silence_about_an_override_is_no_statement(kernel: Kernel, stated: bool | None) -> None:
    assert states_no_override(Report(kernel=kernel)) is stated
