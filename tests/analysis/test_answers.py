"""The slot map, the answer of one machine, and the consensus of many."""

from __future__ import annotations

from dataclasses import replace

from hwdb.analysis import SlotAnswer, Verdict
from hwdb.analysis.answer import Findings, answer, answer_machine
from hwdb.analysis.consensus import Speaker, ballots, consensus
from hwdb.analysis.sentence import verdict_sentence
from hwdb.analysis.slotmap import Claim, slot_map
from hwdb.report import Report, Slot
from hwdb.topology import normalise
from tests.analysis.boards import NO_ACS, card, machine, port
from tests.machines import seed

DERIVED_PORTS = {
    "PCIE1": "0000:40:03.1",
    "PCIE2": "0000:40:01.3",
    "PCIE3": "0000:00:01.1/00.2/07.0",
    "PCIE4": "0000:00:03.1",
    "PCIE5": "0000:00:01.3",
}


TODAY = "2024-06-01"


def by_name(slots: tuple[SlotAnswer, ...]) -> dict[str | None, SlotAnswer]:
    return {slot.designation: slot for slot in slots}


def with_ports(report: Report) -> Report:
    named = tuple(Slot(name, "curated", "pcie", port=path) for name, path in DERIVED_PORTS.items())
    return replace(report, slots=(*(report.slots or ()), *named))


def test_the_seeds_slots_are_answered_each_with_its_own_evidence() -> None:
    slots = by_name(answer_machine(normalise(seed())))
    assert {name: (s.grade, s.isolates, s.evidence, s.iommu_groups) for name, s in slots.items()} == {
        "PCIE1": ("isolated", True, "observed", (34,)),
        "PCIE2": ("isolated", True, "observed", (33,)),
        "PCIE3": ("shared_onboard", False, "declared", (13,)),
        "PCIE4": ("isolated", True, "observed", (14,)),
        "PCIE5": ("isolated", True, "declared", ()),
    }
    assert [c.address for c in slots["PCIE3"].companions] == [
        "0000:01:00.0",
        "0000:01:00.1",
        "0000:04:00.0",
        "0000:05:00.0",
        "0000:06:00.0",
    ]
    assert all(slot.witnesses == ("submitter",) and slot.confidence == "low" for slot in slots.values())


def test_with_its_port_named_the_empty_slot_is_observed() -> None:
    slots = by_name(answer_machine(normalise(with_ports(seed()))))
    third = slots["PCIE3"]
    assert (third.grade, third.evidence, third.occupied, third.location) == (
        "shared_onboard",
        "observed",
        False,
        "chipset",
    )
    assert third.ports == ("0000:00:01.1/00.2/07.0",)
    # The port of slot 5 is hidden while the slot is empty, so the owner's word is all there is.
    assert (slots["PCIE5"].grade, slots["PCIE5"].evidence) == ("isolated", "declared")
    assert slots["PCIE1"].location == "cpu"


def test_a_name_learnt_from_one_machine_names_the_port_of_another() -> None:
    names = slot_map([Claim("PCIE7", "smbios", "pcie", 16, 8, platform="1022:1480", path="0000:00:03.1")])
    shown = Findings("1022:1480", (Verdict("isolated", "alone", "observed", path="0000:00:03.1"),))
    (slot,) = answer(names, shown)
    assert (slot.designation, slot.grade, slot.electrical_lanes, slot.witnesses) == (
        "PCIE7",
        "isolated",
        8,
        ("smbios",),
    )


def test_another_platform_is_another_layout() -> None:
    names = slot_map([Claim("PCIE7", "smbios", platform="1022:1480", path="0000:00:01.1")])
    shown = Findings("1022:15d0", (Verdict("isolated", "alone", "observed", path="0000:00:01.1"),))
    (slot,) = answer(names, shown)
    assert (slot.grade, slot.machines, slot.confidence) == ("unknown", 0, None)


def test_a_slot_split_over_two_ports_takes_the_weaker_of_them() -> None:
    names = slot_map([Claim("PCIE1", "curated", path=path) for path in ("0000:00:01.0", "0000:00:01.1")])
    shown = Findings(
        None,
        (
            Verdict("isolated", "alone", "observed", path="0000:00:01.0"),
            Verdict("conditional", "for now", "observed", path="0000:00:01.1"),
        ),
    )
    (slot,) = answer(names, shown)
    assert (slot.grade, slot.ports) == ("conditional", ("0000:00:01.0", "0000:00:01.1"))


def test_a_name_learnt_later_turns_an_onboard_companion_into_one_in_a_slot() -> None:
    two = machine(
        port("0000:00:01.0", 1, 1, acs=NO_ACS, multifunction=True),
        port("0000:00:01.1", 1, 2, acs=NO_ACS, multifunction=True),
        card("0000:01:00.0", 1),
        card("0000:02:00.0", 1),
        slots=(Slot("PCIE1", "submitter", occupant="0000:01:00.0"),),
    )
    assert by_name(answer_machine(two))["PCIE1"].grade == "shared_onboard"
    said = [Claim("PCIE1", "submitter", path="0000:00:01.0"), Claim("PCIE2", "smbios", path="0000:00:01.1")]
    from hwdb.analysis.answer import findings

    first = by_name(answer(slot_map(said), findings(two)))["PCIE1"]
    assert (first.grade, [c.slot for c in first.companions]) == ("shared_slots", ["PCIE2"])


def test_witnesses_who_contradict_each_other_are_shown_and_the_trusted_one_is_believed() -> None:
    said = [Claim("PCIE1", "submitter", path="0000:00:01.0"), Claim("PCIE9", "smbios", path="0000:00:01.0")]
    slots = {slot.designation: slot for slot in slot_map(said)}
    assert slots["PCIE1"].ports == ((None, "0000:00:01.0"),)
    assert slots["PCIE9"].ports == ()
    assert "PCIE1 (submitter)" in slots["PCIE9"].conflicts[0]


def test_equally_trusted_contradictions_name_nothing() -> None:
    said = [Claim(name, "smbios", path="0000:00:01.0") for name in ("A", "B")]
    assert [slot.ports for slot in slot_map(said)] == [(), ()]


def test_a_statement_that_is_not_believed_is_shown_where_it_contradicts_another() -> None:
    void = Claim("PCIE4", "smbios", void="It leads to the chipset.")
    (alone,) = slot_map([void])
    (beside,) = slot_map([void, Claim("PCIE4", "submitter", path="0000:00:01.0")])
    (elsewhere,) = slot_map([void, Claim("PCIE4", "smbios", path="0000:00:01.0")])
    assert (alone.conflicts, beside.conflicts, elsewhere.conflicts) == ((), ("It leads to the chipset.",), ())


def test_slot_names_are_ordered_as_people_count_and_spellings_are_one() -> None:
    said = [Claim(name, "submitter") for name in ("PCIE10", "PCIE2", "PCIe 2", "M2_1")]
    kinds = [replace(t, kind="m2" if t.designation == "M2_1" else "pcie") for t in said]
    assert [slot.designation for slot in slot_map(kinds)] == ["PCIE2", "PCIE10", "M2_1"]


NAMES = slot_map([Claim("PCIE1", "smbios", "pcie", 16, 16, path="0000:00:01.0")])


def speaker(grade: str, bios: str | None = None, when: str = "2024-01-01", evidence: str = "observed") -> Speaker:
    verdict = Verdict(grade, f"because {grade}", evidence, path="0000:00:01.0", iommu_groups=(7,))
    return Speaker(Findings(None, (verdict,)), bios, when)


def agreed(*speakers: Speaker) -> SlotAnswer:
    (slot,) = consensus(ballots(NAMES, speakers), TODAY)
    return slot


def test_one_machine_is_one_machines_word() -> None:
    slot = agreed(speaker("isolated", "P1.00"))
    assert (slot.machines, slot.disagree, slot.confidence, slot.iommu_groups) == (1, 0, "low", (7,))


def test_confidence_grows_with_machines_and_bios_versions() -> None:
    assert agreed(*[speaker("isolated", "P1.00")] * 2).confidence == "medium"
    assert agreed(*[speaker("isolated", "P1.00")] * 9).confidence == "medium"
    assert agreed(*[speaker("isolated", f"P{i % 3}.00") for i in range(5)]).confidence == "high"


def test_disagreement_is_counted_and_lowers_confidence() -> None:
    six = [speaker("isolated", f"P{i}") for i in range(6)]
    slot = agreed(*six, speaker("shared_onboard"))
    assert (slot.grade, slot.machines, slot.disagree, slot.confidence) == ("isolated", 6, 1, "medium")
    assert agreed(*six[:3], speaker("shared_onboard")).confidence == "low"


def test_an_answer_that_the_newest_report_contradicts_is_not_trusted() -> None:
    six = [speaker("isolated", f"P{i}") for i in range(6)]
    assert agreed(*six, speaker("shared_onboard", when="2024-05-01")).confidence == "low"


def test_old_reports_alone_are_trusted_less() -> None:
    old = [speaker("isolated", f"P{i}", when="2019-05-01") for i in range(6)]
    assert agreed(*old).confidence == "medium"
    assert agreed(*old, speaker("isolated", "P7")).confidence == "high"


def test_only_the_newest_report_of_a_machine_is_counted() -> None:
    earlier = replace(speaker("shared_onboard"), speaks=False)
    slot = agreed(speaker("isolated"), earlier)
    assert (slot.grade, slot.machines, slot.disagree) == ("isolated", 1, 0)


def test_platforms_that_differ_do_not_outvote_each_other() -> None:
    names = slot_map([Claim("PCIE1", "smbios", platform=p, path="0000:00:01.0") for p in ("1022:1450", "1022:15d0")])
    many, other = (replace(speaker("isolated").shown, platform=p) for p in ("1022:1450", "1022:15d0"))
    shared = replace(speaker("shared_onboard").shown, platform="1022:15d0")
    votes = [replace(speaker("isolated"), shown=many)] * 2
    (alike,) = consensus(ballots(names, [*votes, replace(speaker("isolated"), shown=other)]), TODAY)
    assert (alike.grade, alike.machines, alike.disagree) == ("isolated", 3, 0)
    (apart,) = consensus(ballots(names, [*votes, replace(speaker("isolated"), shown=shared)]), TODAY)
    assert (apart.grade, apart.machines, apart.disagree) == ("isolated", 2, 0)


def test_of_equally_many_the_weaker_grade_is_shown() -> None:
    assert agreed(speaker("isolated"), speaker("shared_onboard")).grade == "shared_onboard"


def test_a_full_and_an_empty_sibling_are_one_answer() -> None:
    slot = agreed(speaker("conditional"), speaker("shared_slots"), speaker("conditional"))
    assert (slot.grade, slot.disagree) == ("conditional", 0)


def test_what_the_kernel_showed_outweighs_any_number_of_words() -> None:
    words = [speaker("isolated", evidence="declared") for _ in range(5)]
    slot = agreed(*words, speaker("shared_onboard"))
    assert (slot.grade, slot.evidence, slot.machines, slot.disagree) == ("shared_onboard", "observed", 1, 0)
    assert agreed(*words).confidence == "low"


def test_group_numbers_are_not_shown_for_several_machines() -> None:
    assert agreed(speaker("isolated"), speaker("isolated")).iommu_groups == ()


def test_names_are_known_even_when_every_report_is_held_out() -> None:
    (slot,) = consensus(ballots(NAMES, []), TODAY)
    assert (slot.designation, slot.grade, slot.isolates, slot.confidence) == ("PCIE1", "unknown", None, None)


def test_ports_that_claim_a_slot_are_answered_without_a_name() -> None:
    shown = machine(port("0000:00:1c.0", 1, 1, slot_implemented=True), card("0000:01:00.0", 2))
    (slot,) = answer_machine(shown)
    assert (slot.designation, slot.ports, slot.grade) == (None, ("0000:00:1c.0",), "isolated")


def test_the_sentence_counts_what_is_known_and_names_the_rest() -> None:
    said = verdict_sentence(answer_machine(normalise(seed())), 1, 0)
    assert said.headline == "4 of 5 slots isolate cleanly."
    assert said.detail == "PCIE3 (x1) shares its group with onboard USB, SATA, LAN and Wi-Fi."
    assert "one machine's word" in said.why
    assert "PCIE3 and PCIE5" in said.why


def test_a_slot_that_is_not_known_is_never_counted_as_isolating() -> None:
    slots = (SlotAnswer("A", grade="isolated", isolates=True), SlotAnswer("B"))
    said = verdict_sentence(slots, 1, 0)
    assert (said.headline, said.detail) == ("1 of 2 slots isolates cleanly.", "B is not known.")
    assert verdict_sentence((SlotAnswer("A"),), 0, 1).headline.startswith("Not known")
    assert "held out" in verdict_sentence((SlotAnswer("A"),), 0, 1).why
    assert verdict_sentence((), 0, 0).headline.startswith("Not known")


def test_machines_speak_only_for_the_slots_they_show() -> None:
    def slot(name: str, machines: int) -> SlotAnswer:
        return SlotAnswer(name, grade="isolated", isolates=True, evidence="observed", machines=machines)

    assert verdict_sentence((slot("A", 3), slot("B", 3)), 3, 0).why == "3 machines say so."
    assert "not each for every slot" in verdict_sentence((slot("A", 3), slot("B", 1)), 3, 0).why
