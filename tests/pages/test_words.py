from __future__ import annotations

import json
from dataclasses import replace

import pytest

from hwdb.analysis.shapes import ISOLATES, Companion, Link, SlotAnswer
from web.pages import words

SLOT = SlotAnswer("PCIE1", grade="isolated", isolates=True, evidence="observed", machines=1, confidence="low")


def test_every_grade_has_its_words() -> None:
    assert set(words.GRADES) == set(ISOLATES)
    assert all(all(said) for said in words.GRADES.values())


@pytest.mark.parametrize(
    ("grade", "word"),
    [
        ("isolated", "isolates"),
        ("isolated_bridge", "isolates, with its port"),
        ("isolated_legacy", "isolates for now"),
        ("conditional", "isolates on a condition"),
        ("shared_onboard", "shared with onboard"),
        ("unknown", "not known"),
        ("a grade of a later version", "not known"),
    ],
)
def test_grade_word(grade: str, word: str) -> None:
    assert words.grade_word(replace(SLOT, grade=grade)) == word


def test_shared_slots_are_named_once_and_in_order() -> None:
    companions = tuple(Companion(f"0000:0{n}:00.0", slot=slot) for n, slot in enumerate(["PCIE4", "PCIE2", "PCIE4"]))
    assert words.grade_word(replace(SLOT, grade="shared_slots", companions=companions)) == "shared with PCIE2 and PCIE4"
    assert words.grade_word(replace(SLOT, grade="shared_slots")) == "shared with another slot"


@pytest.mark.parametrize(
    ("slot", "evidence", "reason"),
    [
        (SLOT, "one machine's word", "no second machine yet"),
        (replace(SLOT, machines=3, confidence="medium"), "on 3 machines", "3 machines agree"),
        (
            replace(SLOT, machines=9, confidence="high"),
            "on 9 machines",
            "9 machines agree, over several BIOS versions",
        ),
        (replace(SLOT, machines=7, disagree=2), "on 7 of 9 machines; 2 differ", "machines disagree"),
        (replace(SLOT, machines=2, disagree=1), "on 2 of 3 machines; 1 differs", "machines disagree"),
        (replace(SLOT, evidence="declared"), "the owner says so", "nothing the kernel showed"),
        (replace(SLOT, evidence="declared", machines=2), "2 owners say so", "nothing the kernel showed"),
    ],
)
def test_on_whose_word(slot: SlotAnswer, evidence: str, reason: str) -> None:
    assert words.evidence_word(slot) == evidence
    assert words.confidence_reason(slot) == reason


def test_what_no_machine_shows_is_said_by_none() -> None:
    assert words.evidence_word(SlotAnswer("PCIE1")) == "no report shows it"


@pytest.mark.parametrize(
    ("speed", "generation"),
    [(2500, 1), (5000, 2), (8000, 3), (16000, 4), (32000, 5), (64000, 6), (12345, None), (0, None), (None, None)],
)
def test_generation(speed: int | None, generation: int | None) -> None:
    assert words.generation(speed) == generation


@pytest.mark.parametrize(
    ("connector", "electrical", "link", "width", "rest", "drawn"),
    [
        (16, 16, Link(16, 8000), "x16", " gen 3", "w16"),
        (16, 8, None, "x8", ", x16 long", "w8"),
        (16, 4, Link(4, 16000), "x4", " gen 4, x16 long", "w4"),
        (None, None, Link(4, None), "x4", "", "w4"),
        (16, None, None, "x16", " long, wired lanes not known", "w16"),
        (None, 2, None, "x2", "", "w1"),
        (None, None, None, None, "", "w1"),
    ],
)
def test_lanes(
    connector: int | None, electrical: int | None, link: Link | None, width: str | None, rest: str, drawn: str
) -> None:
    slot = replace(SLOT, connector_lanes=connector, electrical_lanes=electrical, link_max=link)
    assert words.lanes_word(slot) == width
    assert words.lanes_rest(slot) == rest
    assert words.width_class(slot) == drawn


@pytest.mark.parametrize(
    ("date", "month", "day"),
    [
        ("2019-03-23", "March 2019", "2019-03-23"),
        ("2024-12-01T10:00:00Z", "December 2024", "2024-12-01"),
        ("2019-13-01", None, "2019-13-01"),
        (None, None, "not stated"),
    ],
)
def test_dates(date: str | None, month: str | None, day: str) -> None:
    assert words.month(date) == month
    assert words.day(date) == day


def test_companions_of_one_kind_stand_together() -> None:
    lan = [Companion(f"0000:0{bus}:00.0", "0200", name="Intel I211") for bus in (4, 6)]
    other = Companion("0000:01:00.0", None)
    found = words.company([lan[0], other, lan[1]])
    assert found == [
        ("LAN", "Intel I211", 2, ("0000:04:00.0", "0000:06:00.0")),
        ("other device", None, 1, ("0000:01:00.0",)),
    ]


def test_silence_is_never_a_no() -> None:
    said = [words.result_word(None), words.role_word(None), words.source_word(None), words.span(())]
    assert said == ["not stated"] * 4


def test_words_of_the_report_format() -> None:
    assert words.role_word("guest_gpu") == "guest graphics"
    assert words.result_word("workaround") == "works with a workaround"
    assert words.source_word("tree") == "tree listing of its groups"
    assert words.source_word("something newer") == "something newer"
    assert words.witness_words(["smbios", "submitter"]) == "the firmware's slot table and the owner"
    assert words.kind_word("m2") == "M.2"
    assert words.kind_word(None) == "slot"
    assert words.wiring(replace(SLOT, location="cpu")) == "CPU"
    assert words.wiring(SLOT) is None


def test_spans_counts_and_addresses() -> None:
    assert words.span(["P2.00", "P3.90", "P4.03"]) == "P2.00 to P4.03"
    assert words.span(["P2.00"]) == "P2.00"
    assert words.count(1, "machine") == "1 machine"
    assert words.count(0, "machine") == "0 machines"
    assert words.short_address("0000:43:00.0") == "43:00.0"
    assert words.short_address("10000:01:00.0") == "10000:01:00.0"


def test_nothing_turns_the_direction_of_a_title() -> None:
    assert words.plain("a\u202eb\u2066c\u200f") == "abc"


def test_json_shows_direction_marks_and_stays_the_same_document() -> None:
    document = {"name": "Größe \u202e"}
    text = words.pretty(document)
    assert "\u202e" not in text
    assert "Größe" in text
    assert json.loads(text) == document


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("https://example.org/a?b=c", True),
        ("http://example.org", True),
        ("A guide, https://example.org", False),
        ("javascript:alert(1)", False),
        ('https://example.org/"onclick=', False),
        ("https://example.org\n", False),
    ],
)
def test_only_web_addresses_become_links(text: str, link: bool) -> None:
    assert words.is_link(text) is link


@pytest.mark.parametrize(
    ("size", "said"), [(0, "0 bytes"), (1, "1 byte"), (999, "999 bytes"), (1000, "1 kB"), (84_321, "84 kB")]
)
def test_size_word(size: int, said: str) -> None:
    assert words.size_word(size) == said
