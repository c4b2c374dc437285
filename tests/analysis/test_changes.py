"""What a slot depends on: a cause is named where the evidence carries it, else only that machines differ."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hwdb.analysis import Verdict
from hwdb.analysis.answer import Findings
from hwdb.analysis.changes import BoardNote, notes
from hwdb.analysis.consensus import Speaker, ballots
from hwdb.analysis.matrix import cells
from hwdb.analysis.slotmap import Claim, slot_map

if TYPE_CHECKING:
    from hwdb.analysis.matrix import SlotCell

AM4, APU = "1022:1480", "1022:15d0"
PORT, OTHER = "0000:00:01.0", "0000:00:02.0"
NAMES = slot_map(
    [
        Claim(name, "smbios", platform=platform, path=path)
        for platform in (AM4, APU)
        for name, path in (("PCIE1", PORT), ("PCIE2", OTHER))
    ]
)
GOOD, BAD = "isolated", "shared_onboard"


def said(
    grade: str,
    machine: int,
    bios: int | None = None,
    *,
    platform: str = AM4,
    filled: bool = True,
    other: bool = False,
    rules: str = "current",
    when: str = "2024-01-01",
    evidence: str = "observed",
    **settings: str,
) -> Speaker:
    """Return a report of one machine about PCIE1, with PCIE2 filled or empty beside it."""
    shown = (
        Verdict(grade, f"because {grade}", evidence, path=PORT, occupied=filled),
        Verdict(GOOD, "apart", evidence, path=OTHER, occupied=other),
    )
    return Speaker(
        shown=Findings(platform, shown),
        bios=None if bios is None else f"P{bios}.00",
        when=when,
        report=f"{machine}-{bios}-{grade}-{other}",
        machine=machine,
        bios_rank=bios,
        rules=rules,
        settings=tuple(settings.items()),
    )


def only(*speakers: Speaker) -> BoardNote:
    (note,) = notes(ballots(NAMES, speakers))
    return note


def test_machines_that_agree_raise_no_note() -> None:
    assert notes(ballots(NAMES, [said(GOOD, 1, 1), said(GOOD, 2, 2), said("isolated_bridge", 3, 3)])) == ()


def test_the_same_machine_on_both_sides_shows_a_regression() -> None:
    note = only(said(GOOD, 1, 2), said(BAD, 1, 3), said(GOOD, 2, 1))
    assert note.kind == "regression"
    assert note.text == (
        "Since BIOS P3.00 PCIE1 does not isolate; P2.00 was the last version that was good. The same machine showed"
        " both."
    )


def test_two_machines_on_each_side_show_one_too() -> None:
    note = only(said(GOOD, 1, 1), said(GOOD, 2, 2), said(BAD, 3, 3), said(BAD, 4, 4))
    assert note.kind == "regression"
    assert "2 machines with older and 2 with newer versions agree." in note.text


def test_a_version_that_mended_it() -> None:
    note = only(said(BAD, 1, 1), said(GOOD, 1, 2))
    assert (note.kind, "BIOS P2.00 made PCIE1 isolate" in note.text) == ("fixed", True)


def test_one_machine_on_each_side_is_no_cause() -> None:
    note = only(said(GOOD, 1, 1), said(BAD, 2, 2))
    assert note.kind == "bios"
    assert "differs between BIOS P1.00" in note.text
    assert "Too few machines" in note.text


def test_one_flip_by_one_machine_reads_one_report_differs() -> None:
    note = only(said(GOOD, 1, 1), said(GOOD, 2, 2), said(BAD, 3, 3))
    assert note.kind == "one_report"
    assert note.text == "One report differs on PCIE1: there (BIOS P3.00) it does not isolate."
    assert note.reports == ("3-3-shared_onboard-False",)


def test_another_population_is_no_cause_either() -> None:
    note = only(said(GOOD, 1, 1), said(GOOD, 2, 1), said(BAD, 3, 2, other=True), said(BAD, 4, 2, other=True))
    assert note.kind == "bios"


def test_a_contradicted_version_is_no_cause() -> None:
    note = only(said(GOOD, 1, 1), said(BAD, 1, 2), said(GOOD, 2, 3), said(BAD, 3, 1))
    assert note.kind == "machines"
    assert "nothing reported explains it" in note.text


def test_what_is_plugged_in_elsewhere_explains_it() -> None:
    note = only(said("conditional", 1, 1), said(BAD, 2, 1, other=True), said("conditional", 3, 1))
    assert note.kind == "population"
    assert "where PCIE2 is empty" in note.text


def test_a_setting_explains_it() -> None:
    note = only(said(GOOD, 1, 1, ACS="Enabled"), said(BAD, 2, 1, ACS="Disabled"), said(GOOD, 3, 1, ACS="Enabled"))
    assert note.kind == "setting"
    assert (
        note.text == "PCIE1 goes with the setting ACS: with Enabled it isolates and with Disabled it does not isolate."
    )


def test_platforms_and_kernel_rules_come_before_versions() -> None:
    assert only(said(GOOD, 1, 1), said(BAD, 2, 2, platform=APU)).kind == "platform"
    assert only(said(GOOD, 1, 1), said(BAD, 2, 2, rules="before-5.8")).kind == "kernel"


def test_a_word_does_not_contradict_what_the_kernel_showed() -> None:
    assert notes(ballots(NAMES, [said(GOOD, 1, 1), said(BAD, 2, 2, evidence="declared")])) == ()


def test_a_full_and_an_empty_sibling_do_not_differ() -> None:
    assert notes(ballots(NAMES, [said("conditional", 1, 1), said("shared_slots", 2, 2)])) == ()


def test_regressions_come_first() -> None:
    names = [note.kind for note in notes(ballots(NAMES, [said(GOOD, 1, 1), said(BAD, 1, 2)]))]
    assert names[0] == "regression"


def rows(*speakers: Speaker) -> list[SlotCell]:
    return [cell for cell in cells(ballots(NAMES, speakers)) if cell.slot == "PCIE1"]


def test_the_matrix_lists_versions_in_order() -> None:
    table = rows(said(BAD, 3, 10), said(GOOD, 1, 2), said(GOOD, 2, 2))
    assert [(cell.bios, cell.grade, cell.machines, cell.disagree) for cell in table] == [
        ("P2.00", GOOD, 2, 0),
        ("P10.00", BAD, 1, 0),
    ]


def test_a_machine_counts_once_in_a_cell_by_its_newest_report() -> None:
    table = rows(said(BAD, 1, 2, when="2023-01-01"), said(GOOD, 1, 2, when="2024-01-01"))
    assert [(cell.grade, cell.machines, cell.disagree, cell.newest) for cell in table] == [(GOOD, 1, 0, "2024-01-01")]
