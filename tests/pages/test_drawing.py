"""The drawn board: what is where, how long, and in which order."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hwdb.analysis.layouts import PlacedSlot
from hwdb.analysis.shapes import Link, SlotAnswer
from tests.pages.views import SLOTS, UNKNOWN
from web.pages.drawing import BAR, LEFT, MOST, WIDTH, DrawnSlot, drawing_of


def placed(name: str, kind: str = "pcie", lanes: int | None = 16, location: str | None = "cpu") -> PlacedSlot:
    return PlacedSlot(name, kind, lanes, None, location, 3, None, None)


def names(drawn: tuple[DrawnSlot, ...]) -> list[str]:
    return [" ".join(one.name) for one in drawn]


def test_slots_stand_in_physical_order_where_a_layout_knows_it() -> None:
    order = ["PCIE5", "PCIE3", "PCIE1", "PCIE2", "PCIE4"]
    drawing = drawing_of(SLOTS, [placed(name) for name in order])
    assert names(drawing.bars) == order
    assert drawing.physical
    assert "as on the board" in drawing.caption
    assert [bar.y for bar in drawing.bars] == sorted(bar.y for bar in drawing.bars)


def test_a_spelling_does_not_lose_a_place() -> None:
    assert not drawing_of(SLOTS[:1], [placed("SLOT1")]).physical
    assert drawing_of(SLOTS[:1], [placed("PCIe 1")]).physical


@pytest.mark.parametrize("layout", [(), [placed("PCIE1"), placed("PCIE2")]])
def test_an_order_nobody_knows_is_called_schematic(layout: list[PlacedSlot]) -> None:
    drawing = drawing_of(SLOTS, layout)
    assert not drawing.physical
    assert drawing.caption.startswith("Schematic, in name order")


def test_connectors_are_as_long_as_the_standard_has_them() -> None:
    slots = [SlotAnswer("A", "pcie", connector_lanes=lanes, electrical_lanes=lanes) for lanes in (1, 4, 8, 16)]
    # 25, 39, 56 and 89 mm at 0.678 mm a unit.
    assert [bar.wired for bar in drawing_of(slots).bars] == [37, 58, 83, 131]


def test_the_wired_part_of_a_longer_connector_is_filled() -> None:
    (bar,) = drawing_of([SlotAnswer("A", "pcie", connector_lanes=16, electrical_lanes=4)]).bars
    assert (bar.wired, bar.long, bar.lanes) == (58, 131, "x4")


def test_a_length_nobody_knows_is_not_drawn() -> None:
    unknown = drawing_of([replace(UNKNOWN, electrical_lanes=8), UNKNOWN])
    wired, nothing = unknown.bars
    assert (wired.wired, wired.long) == (83, None)
    assert (nothing.wired, nothing.long, nothing.lanes) == (0, None, "")
    assert "length is not known" in unknown.caption
    # Wired for x16, a connector can be no shorter, and none is longer.
    assert drawing_of([replace(UNKNOWN, electrical_lanes=16)]).bars[0].long == 131


def test_a_slot_says_where_it_is_wired_to_and_which_generation() -> None:
    slot = replace(SLOTS[0], location="cpu", link_max=Link(16, 8000))
    drawing = drawing_of([slot])
    assert drawing.bars[0].detail == "CPU · gen 3"
    assert drawing.wired_to("cpu") == [drawing.bars[0].y + BAR // 2]
    assert "Solid line" in drawing.caption
    assert "Dashed" not in drawing.caption


def test_a_layout_adds_what_reports_leave_out() -> None:
    drawing = drawing_of([SLOTS[4]], [placed("PCIE5"), placed("PCIE9", lanes=8, location="chipset")])
    assert [bar.answer.location for bar in drawing.bars] == ["cpu", "chipset"]
    assert drawing.bars[1].answer.grade == "unknown"
    assert drawing.bars[1].word == "not known"
    assert drawing.chipset == "chipset"


def test_m2_slots_are_boxes_in_rows_that_stay_on_the_board() -> None:
    short = [SlotAnswer(f"M2_{at}", "m2", electrical_lanes=4) for at in range(1, 5)]
    long = [SlotAnswer(f"M.2_{at}(SOCKET3)", "m2", electrical_lanes=4) for at in range(1, 5)]
    assert [len({box.y for box in drawing_of(slots).boxes}) for slots in (short, long)] == [2, 4]
    for slots in (short, long):
        for box in drawing_of(slots).boxes:
            assert LEFT <= box.x < box.x + box.width <= WIDTH


def test_long_names_take_two_lines_and_end_visibly() -> None:
    slots = [SlotAnswer("RSC-W-66G4 SLOT1 PCI-E 4.0 X16", "pcie"), SlotAnswer("W" * 80, "pcie")]
    first, second = drawing_of(slots).bars
    assert first.name == ("RSC-W-66G4 SLOT1", "PCI-E 4.0 X16")
    assert second.name[1].endswith("…")
    assert second.y - first.y >= 44


def test_a_name_cannot_turn_the_drawing_around() -> None:
    (bar,) = drawing_of([SlotAnswer("evil\u202eDRAOB\n2", "pcie")]).bars
    assert bar.name == ("evilDRAOB 2",)


def test_ports_without_names_are_left_to_the_table_where_others_have_one() -> None:
    port = SlotAnswer(None, ports=("0000:00:01.1",))
    beside = drawing_of([*SLOTS, port])
    assert beside.left_out == 1
    assert "1 more is in the table only" in beside.caption
    alone = drawing_of([port])
    assert names(alone.bars) == ["port 00:01.1"]
    assert "nobody has named a slot" in alone.caption


def test_a_drawing_ends_somewhere() -> None:
    many = drawing_of([SlotAnswer(f"SLOT{at}", "pcie") for at in range(200)])
    assert (len(many.bars), many.left_out) == (MOST, 200 - MOST)


def test_numbers_are_those_of_the_rows() -> None:
    drawing = drawing_of(SLOTS, [placed("PCIE4")], links=lambda slot: f"#slot-{slot.number}")
    at = {bar.name[0]: (bar.number, bar.link) for bar in drawing.bars}
    assert at == {slot.designation: (n, f"#slot-{n}") for n, slot in enumerate(SLOTS, 1)}


def test_cards_sit_in_their_slots() -> None:
    drawing = drawing_of([*SLOTS, SlotAnswer("M2_1", "m2")], cards={"PCIe 1": "GTX 1080", "M2_1": "NVMe"})
    assert [bar.card for bar in drawing.bars] == ["GTX 1080", None, None, None, None]
    assert drawing.boxes[0].name == ("M2_1: NVMe",)
    assert drawing.has_cards


def test_soldered_devices_are_drawn_once_where_a_slot_shares_with_them() -> None:
    drawing = drawing_of(SLOTS)
    assert [chip.text for chip in drawing.chips] == ["USB", "SATA", "LAN", "Wi-Fi"]
    assert all(chip.x + chip.width <= WIDTH for chip in drawing.chips)
    assert drawing_of(SLOTS[:1]).chips == ()


def test_a_grade_of_newer_rules_is_not_known() -> None:
    (bar,) = drawing_of([replace(SLOTS[0], grade="entangled")]).bars
    assert (bar.classes, bar.word) == ("g-unknown", "not known")
