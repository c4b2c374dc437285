"""Slots by BIOS version and by kernel."""

from __future__ import annotations

from dataclasses import replace

from hwdb.analysis.matrix import SlotCell
from tests.pages.views import BOARD
from web.pages.by_version import by_bios, by_kernel


def cell(slot: str, bios: str | None, grade: str = "isolated", **facts: object) -> SlotCell:
    stated = {"platform": None, "rules": "current", "machines": 1, "disagree": 0, "newest": "2024-01-01", **facts}
    return SlotCell(slot=slot, bios=bios, grade=grade, isolates=None, evidence="observed", **stated)  # type: ignore[arg-type]


def test_the_newest_version_comes_first_and_the_silent_last() -> None:
    # No slot was seen with all versions: their order is put together from several.
    cells = (
        *(cell("PCIE1", bios) for bios in (None, "P2.00", "P3.90")),
        *(cell("PCIE2", bios) for bios in ("P3.90", "P4.03")),
    )
    (table,) = by_bios(replace(BOARD, matrix=cells))
    assert table.columns == ["P4.03", "P3.90", "P2.00", "not stated"]
    rows = {row.slot.designation: [one and one.machines for one in row.cells] for row in table.rows}
    assert rows == {"PCIE1": [None, 1, 1, 1], "PCIE2": [1, 1, None, None]}


def test_a_change_from_the_version_before_stands_out() -> None:
    cells = (
        cell("PCIE1", "1"),
        cell("PCIE1", "2", "isolated_bridge"),
        cell("PCIE1", "3", "shared_onboard"),
        cell("PCIE1", "4", "shared_onboard"),
    )
    (table,) = by_bios(replace(BOARD, matrix=cells))
    shown = [(one.grade, one.changed) for one in table.rows[0].cells if one]
    assert shown == [
        ("shared_onboard", False),
        ("shared_onboard", True),
        ("isolated_bridge", False),
        ("isolated", False),
    ]


def test_every_platform_has_a_table_of_its_own() -> None:
    cells = (cell("PCIE1", "1", platform="1022:1480"), cell("PCIE1", "1", "shared_onboard", platform="1022:15d0"))
    tables = by_bios(replace(BOARD, matrix=cells))
    assert [table.platform for table in tables] == ["1022:1480", "1022:15d0"]
    assert [one.grade for table in tables for row in table.rows for one in row.cells if one] == [
        "isolated",
        "shared_onboard",
    ]


def test_kernels_are_told_apart_only_where_their_rules_differ() -> None:
    alike = (cell("PCIE1", "1"), cell("PCIE1", "2"))
    assert by_kernel(replace(BOARD, matrix=alike)) == []
    differing = (cell("PCIE1", "1", "shared_slots", rules="before-5.8"), cell("PCIE1", "1", machines=2))
    board = replace(BOARD, matrix=differing)
    (table,) = by_kernel(board)
    assert len(table.columns) == 2
    assert table.columns[1] == "before 5.8"
    assert [one.grade for one in table.rows[0].cells if one] == ["isolated", "shared_slots"]
    # By BIOS the two are one place: most machines speak, the others are counted against them.
    (shown,) = [one for one in by_bios(board)[0].rows[0].cells if one]
    assert (shown.grade, shown.machines, shown.disagree) == ("isolated", 2, 1)
