"""Platform notes: shown where they apply and with their range, never where a fact is unknown."""

from __future__ import annotations

import tomllib
from dataclasses import fields
from typing import TYPE_CHECKING, Any

import pytest

from hwdb.analysis.facts import _chipsets
from hwdb.analysis.platform_notes import KINDS, Condition, CuratedNote, PlatformNote, notes_for, parse_notes
from hwdb.errors import CuratedError
from hwdb.intake.curated import curated_notes, read_notes
from hwdb.report import Cpu
from tests.conftest import ROOT

if TYPE_CHECKING:
    from pathlib import Path

NOTE = """
[[notes]]
id = "x399-needs"
kind = "requirement"
text = "Needs a newer kernel."
kernel_before = "4.15"

[[notes.applies_to]]
chipsets = ["X399"]

[[notes.sources]]
key = "guide"
title = "A guide"
who = "an owner"
says = "That it does."
"""
THREADRIPPER = Cpu(name="AMD Ryzen Threadripper 1900X 8-Core Processor", family=23, model=1)
XEON = Cpu(name="Intel(R) Xeon(R) Gold 6130 CPU @ 2.10GHz")


def parsed(text: str) -> tuple[CuratedNote, ...]:
    return parse_notes("notes.toml", tomllib.loads(text))


def shown(**facts: Any) -> list[str]:
    return [note.id for note in notes_for(curated_notes(), **facts)]


def holds_for(text: str) -> str | None:
    (one,) = parsed(text)
    return one.note.holds_for


def test_the_x399_taichi_is_told_what_threadripper_needs() -> None:
    notes = notes_for(
        curated_notes(), chipset="X399", vendor="ASRock", board="X399 Taichi", kernels=["4.20.16-200.fc29"]
    )
    assert isinstance(notes[0], PlatformNote)
    assert [(note.id, note.holds_for) for note in notes[:2]] == [
        ("threadripper-kernel", "kernels before 4.15"),
        ("threadripper-bios", "BIOS versions from before spring 2018"),
    ]
    assert all(note.sources and note.text for note in notes)


def test_a_note_about_processors_needs_no_chipset() -> None:
    assert "threadripper-kernel" in shown(cpus=[THREADRIPPER])
    assert "threadripper-kernel" not in shown(cpus=[Cpu(name="AMD Ryzen Threadripper 3970X 32-Core Processor")])


def test_what_is_unknown_matches_nothing() -> None:
    assert shown() == []
    assert shown(cpus=[Cpu()], vendor="ASUS", kernels=["5.9.1"]) == []


@pytest.mark.parametrize(
    ("chipset", "socket", "told"),
    [("B450", "AM4", True), ("X370", "AM4", True), ("B450", None, False), (None, "AM4", False), ("X570", "AM4", False)],
)
def test_everything_that_a_condition_states_must_hold(chipset: str | None, socket: str | None, told: bool) -> None:
    assert ("am4-agesa-0072" in shown(chipset=chipset, socket=socket)) is told


def test_a_board_goes_with_its_vendor_in_any_spelling() -> None:
    assert "x399-all-iommus" in shown(vendor="ASUSTeK COMPUTER INC.", board="ROG ZENITH EXTREME")
    assert "x399-all-iommus" not in shown(vendor="ASRock", board="ROG ZENITH EXTREME")
    assert "rmrr-proliant" in shown(vendor="HPE", board="ProLiant DL380 Gen10 (ProLiant DL380 Gen10)", cpus=[XEON])
    assert "rmrr-proliant" not in shown(vendor="HP", board="EliteDesk 800 G3 (8298)", cpus=[XEON])


def test_devices_are_told_by_their_ids() -> None:
    assert shown(devices=["1002:687f"]) == ["radeon-reset"]
    assert shown(devices=["8086:9a0b", "10de:1b80"]) == ["vmd"]
    assert shown(devices=["10de:1b80"]) == []


@pytest.mark.parametrize(
    ("kernels", "told"),
    [
        (["5.9.1"], ["kernel-5-9-groups"]),
        (["5.9.0-1-MANJARO", "6.1.0-28-amd64"], ["kernel-5-9-groups"]),
        (["5.9.9"], []),
        (["5.10.0-8-amd64"], []),
        (["6.11.0-rc4"], ["kernel-6-11-groups"]),
        (["6.11.10-amd64"], []),
        # Nobody says what ran: either could have.
        ([], ["kernel-5-9-groups", "kernel-6-11-groups"]),
        (["something"], ["kernel-5-9-groups", "kernel-6-11-groups"]),
    ],
)
def test_what_a_kernel_broke_is_told_where_it_ran(kernels: list[str], told: list[str]) -> None:
    assert shown(devices=["8086:8d10"], kernels=kernels) == told


def test_what_a_bios_broke_is_told_where_it_ran() -> None:
    text = NOTE.replace('kernel_before = "4.15"', 'bios_date_from = "2019-03-01"\nbios_date_before = "2019-10-01"')
    notes = parsed(text.replace('"requirement"', '"regression"'))
    assert notes_for(notes, chipset="X399", bios_versions=[("F40", "05/06/2019")])
    assert notes_for(notes, chipset="X399", bios_versions=[("F40", None)])
    assert not notes_for(notes, chipset="X399", bios_versions=[("F50", "11/27/2019")])


def test_a_range_is_told_in_words() -> None:
    assert holds_for(NOTE) == "kernels before 4.15"
    assert holds_for(NOTE.replace("kernel_before", "kernel_from")) == "kernels from 4.15"
    both = 'kernel_from = "6.11"\nkernel_before = "6.11.7"\nbios_date_from = "2019-03-01"\nholds_for = "AGESA 1.0"'
    assert holds_for(NOTE.replace('kernel_before = "4.15"', both)) == (
        "kernels from 6.11, before 6.11.7; BIOS released from 2019-03-01; AGESA 1.0"
    )
    assert holds_for(NOTE.replace('kernel_before = "4.15"', "")) is None


def test_a_family_has_models() -> None:
    notes = parsed(NOTE.replace('chipsets = ["X399"]', "cpu_family = 23\ncpu_model_from = 1\ncpu_model_to = 8"))
    assert notes_for(notes, cpus=[THREADRIPPER])
    assert not notes_for(notes, cpus=[Cpu(family=23, model=49)])
    assert not notes_for(notes, cpus=[Cpu(family=23)])


def test_notes_speak_of_chipsets_that_reports_show() -> None:
    shown_by_reports = {name for names in _chipsets().values() for name in names}
    for one in curated_notes():
        for condition in one.applies_to:
            assert set(condition.chipsets) <= shown_by_reports, one.note.id


def test_every_kind_and_condition_is_documented() -> None:
    page = (ROOT / "docs" / "curated.md").read_text(encoding="utf-8")
    keys = {field.name for field in fields(Condition)} - {"cpu_models"}
    assert [word for word in (*KINDS, *sorted(keys)) if f"`{word}`" not in page] == []


def test_what_must_be_so_comes_first() -> None:
    kinds = [KINDS.index(one.kind) for one in notes_for(curated_notes(), chipset="X399", devices=["1022:7901"])]
    assert len(kinds) > 2
    assert kinds == sorted(kinds)


@pytest.mark.parametrize(
    ("was", "becomes", "told"),
    [
        ("[[notes]]", "[[note]]", "notes.toml: notes"),
        ('id = "x399-needs"', 'id = "X399 needs"', "notes[1].id: must look like"),
        ('"requirement"', '"advice"', "notes[1].kind: must be one of requirement, pitfall, setting_name, regression"),
        ('"4.15"', '"4.15-rc1"', "notes[1].kernel_before: must look like 4.15 or 6.11.7"),
        ('kernel_before = "4.15"', 'kernel_from = "5"', "notes[1].kernel_from: must look like"),
        ("kernel_before", 'kernel_from = "5.9"\nkernel_before', "notes[1].kernel_before: must be newer"),
        (
            "kernel_before",
            'bios_date_from = "2019-02-30"\nkernel_before',
            "notes[1].bios_date_from: or bios_date_before",
        ),
        ('chipsets = ["X399"]', "", "notes[1].applies_to[1]: says nothing"),
        ('chipsets = ["X399"]', 'boards = ["X399 Taichi"]', "notes[1].applies_to[1].vendors: is missing"),
        ('chipsets = ["X399"]', 'devices = ["1002:*"]', "notes[1].applies_to[1].devices: must look like 1002:687f"),
        ('chipsets = ["X399"]', "cpu_model_from = 1", "notes[1].applies_to[1].cpu_family: is missing"),
        ('chipsets = ["X399"]', 'chipset = "X399"', "notes[1].applies_to[1].chipset: is no key of this table"),
        ('says = "That it does."', "", "notes[1].sources[1].says: is missing; it is a text."),
    ],
)
def test_a_broken_file_is_told_in_a_sentence(was: str, becomes: str, told: str) -> None:
    assert was in NOTE
    text = NOTE.replace(was, becomes, 1) if was != "[[notes]]" else NOTE.replace("notes", "note")
    with pytest.raises(CuratedError) as raised:
        parsed(text)
    assert str(raised.value).startswith("notes.toml: ")
    assert told in str(raised.value)


def test_an_id_stands_for_one_note(tmp_path: Path) -> None:
    with pytest.raises(CuratedError, match=r"notes\[2\].id: 'x399-needs' is the id of another note"):
        parsed(NOTE + NOTE)
    for name in ("a.toml", "b.toml"):
        (tmp_path / name).write_text(NOTE, encoding="utf-8")
    with pytest.raises(CuratedError, match=r"b\.toml: notes\.id: 'x399-needs' is the id of a note in another file"):
        read_notes(tmp_path)
