"""Cards get slots: only such as isolate and are wide enough, each its own, and what is not known is said as such."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from hwdb.analysis import ISOLATES, Companion, Link, SlotAnswer
from hwdb.analysis.planner import Candidate, Plan, plan, suits
from hwdb.analysis.slot_fit import SharedLanes
from hwdb.analysis.wishes import Need, Wish, parse_need
from hwdb.errors import WishError

USB = Companion("0000:01:00.0", class_="0c03")
SATA = Companion("0000:01:00.1", class_="0106")


def slot(name: str | None, grade: str = "isolated", lanes: int | None = 16, **facts: Any) -> SlotAnswer:
    """Return a slot seen on two machines, named by the firmware's table."""
    known: dict[str, Any] = (
        {"evidence": "observed", "machines": 2, "confidence": "medium"} if grade != "unknown" else {}
    )
    facts = {"kind": "pcie", "witnesses": ("smbios",), **known, **facts}
    return SlotAnswer(name, electrical_lanes=lanes, grade=grade, isolates=ISOLATES[grade], **facts)


def board(*slots: SlotAnswer, name: str = "One", **facts: Any) -> Candidate:
    return Candidate("Example Inc.", "example-inc", name, name.casefold(), slots, 2, **facts)


def wish(*needs: str, **limits: Any) -> Wish:
    return Wish(tuple(parse_need(need) for need in needs), **limits)


def planned(candidate: Candidate, *needs: str, **limits: Any) -> Plan:
    (made,) = plan([candidate], wish(*needs, **limits))
    return made


def places(made: Plan) -> dict[str, str | None]:
    return {one.card: one.slot.designation for one in made.placed}


def test_every_card_gets_a_slot_of_its_own() -> None:
    made = planned(board(slot("PCIE1"), slot("PCIE2", lanes=8), slot("PCIE3", lanes=1)), "gpu:x8", "gpu:x8", "usb")
    assert places(made) == {"GPU 1": "PCIE1", "GPU 2": "PCIE2", "USB card": "PCIE3"}
    assert (made.fits, made.headline) == (True, "Every card gets a slot of its own that isolates.")
    assert made.placed[1].says == "GPU 2 goes into PCIE2 (x8): isolates, observed on 2 machines, medium confidence."
    assert (made.possible, made.unplaced, made.cautions, made.free) == ((), (), (), ())


def test_a_wide_card_gets_the_wide_slot_and_a_small_one_the_small() -> None:
    three = board(slot("PCIE1"), slot("PCIE2", lanes=8), slot("PCIE4"))
    assert places(planned(three, "usb", "gpu", "gpu")) == {"USB card": "PCIE2", "GPU 1": "PCIE1", "GPU 2": "PCIE4"}
    assert places(planned(three, "usb")) == {"USB card": "PCIE2"}


def test_a_gpu_prefers_the_processor_when_all_else_is_equal() -> None:
    two = board(slot("PCIE1", location="chipset"), slot("PCIE2", location="cpu"))
    assert places(planned(two, "gpu", "usb")) == {"GPU": "PCIE2", "USB card": "PCIE1"}


def test_confidence_comes_before_width() -> None:
    two = board(slot("PCIE1", confidence="high", machines=6), slot("PCIE2", lanes=1))
    assert places(planned(two, "usb")) == {"USB card": "PCIE1"}


@pytest.mark.parametrize(
    ("only", "reason"),
    [
        (slot("PCIE3", lanes=4, connector_lanes=16), "PCIE3 is x16 long but wired x4; x8 is asked for."),
        (slot("PCIE3", lanes=4), "PCIE3 is wired x4; x8 is asked for."),
        (slot("PCIE3", lanes=None, connector_lanes=4), "PCIE3 is x4 long; x8 is asked for."),
        (slot("PCIE3", lanes=None, link_max=Link(4)), "PCIE3 is wired x4; x8 is asked for."),
        (slot("PCIE2", "shared_onboard", companions=(USB,)), "PCIE2 shares its group with onboard USB."),
        (
            slot("PCIE2", "shared_onboard", companions=(USB, SATA)),
            "PCIE2 shares its group with onboard USB and SATA: using it would take onboard SATA away from the host.",
        ),
        (
            slot("PCIE2", "shared_slots", companions=(replace(USB, slot="PCIE5"),)),
            "PCIE2 shares its group with PCIE5: the two go to the same machine or not at all.",
        ),
        (
            slot("PCIE2", "conditional"),
            "PCIE2 isolates only while its sibling slots stay empty; `conditional` has to be allowed.",
        ),
        (slot("M2_1", kind="m2"), "No slot of this board that is known takes such a card."),
        (slot("PCI1", kind="pci"), "No slot of this board that is known takes such a card."),
        (slot("Slot 1 M.2 WLAN/BT"), "No slot of this board that is known takes such a card."),
        (slot("Mezzanine 1"), "No slot of this board that is known takes such a card."),
    ],
)
def test_a_card_without_a_slot_is_told_what_is_in_the_way(only: SlotAnswer, reason: str) -> None:
    made = planned(board(only), "gpu:x8")
    assert (made.fits, made.placed, made.possible) == (False, (), ())
    assert [one.reason for one in made.unplaced] == [reason]
    assert made.headline == "It has no slot for it."


def test_the_nearest_miss_is_told_first_and_counts_what_is_met() -> None:
    made = planned(
        board(slot("PCIE1"), slot("PCIE2", "shared_onboard", companions=(USB,)), slot("PCIE3", lanes=4)),
        *("gpu", "gpu", "any:x4"),
    )
    assert places(made) == {"GPU 1": "PCIE1", "card": "PCIE3"}
    assert made.headline == "1 of 3 cards has no slot: GPU 2 (x8)."
    (without,) = made.unplaced
    assert (without.card, without.lanes, without.reason) == ("GPU 2", 8, "PCIE2 shares its group with onboard USB.")
    narrow = planned(board(slot("PCIE1", "shared_onboard", companions=(USB,)), slot("PCIE3", lanes=4)), "gpu")
    assert [narrow.unplaced[0].reason, *narrow.unplaced[0].others] == [
        "PCIE3 is wired x4; x8 is asked for.",
        "PCIE1 shares its group with onboard USB.",
    ]


def test_slots_that_hold_other_cards_are_named() -> None:
    made = planned(board(slot("PCIE1")), "gpu", "gpu")
    assert made.unplaced[0].reason == "PCIE1 would serve and holds another card."


def test_what_is_not_known_is_no_reason_against_a_board() -> None:
    silent = slot("PCIE4", "unknown", reason="A report with a card in it would tell.")
    for only, said in [
        (silent, "How PCIE4 is grouped is not known. A report with a card in it would tell."),
        (slot("PCIE4", lanes=None), "How many lanes are wired to PCIE4 is not known; x8 is asked for."),
        (slot(None, ports=("0000:00:03.1",)), "Which slot hangs from port 0000:00:03.1 is not known."),
    ]:
        made = planned(board(only), "gpu")
        assert (made.fits, made.placed, made.unplaced) == (None, (), ())
        assert made.possible[0].unknown == (said,)
    # Any slot has one lane.
    assert planned(board(slot("PCIE4", lanes=None)), "usb").fits is True


def test_few_machines_are_too_little_known_and_no_miss() -> None:
    made = planned(board(slot("PCIE1", machines=1)), "gpu", machines=2)
    assert made.fits is None
    assert made.possible[0].unknown == ("1 machine supports what is said of PCIE1; 2 are asked for.",)
    assert planned(board(slot("PCIE1", machines=2)), "gpu", machines=2).fits is True


def test_the_side_of_a_slot_can_be_asked_for() -> None:
    fits = {
        side: planned(board(slot("PCIE1", location=side)), "gpu", cpu_attached=True).fits
        for side in ("cpu", "chipset", None)
    }
    assert fits == {"cpu": True, "chipset": False, None: None}


def test_boards_that_fit_come_first_then_those_of_which_too_little_is_known() -> None:
    boards = [
        board(slot("PCIE1", lanes=4), name="Narrow"),
        board(slot("PCIE1", "unknown"), name="Unknown"),
        board(slot("PCIE1", lanes=None), name="Width"),
        board(slot("PCIE1", confidence="low", machines=1), name="Low"),
        board(slot("PCIE1"), name="Good"),
        board(name="Bare"),
    ]
    made = plan(boards, wish("gpu"))
    assert [(one.name, one.fits) for one in made] == [
        ("Good", True),
        ("Low", True),
        ("Width", None),
        ("Unknown", None),
        ("Bare", None),
        ("Narrow", False),
    ]


def test_a_board_whose_slots_nobody_listed_whole_may_have_more() -> None:
    one = slot("PCIE1", witnesses=("submitter",))
    made = planned(board(one), "gpu", "gpu")
    assert (made.fits, len(made.unplaced)) == (None, 1)
    assert made.unplaced[0].others == (
        "The board may have slots that nobody has named; a report with its slot table would tell.",
    )
    assert planned(board(slot("PCIE1", witnesses=("smbios",))), "gpu", "gpu").fits is False


@pytest.mark.parametrize(
    ("evidence", "words"),
    [
        ("predicted", "worked out from the ports, not observed"),
        ("likely", "likely by ids seen on other machines, not observed"),
        ("declared", "its owner says so, not observed"),
    ],
)
def test_what_was_not_observed_is_not_called_so(evidence: str, words: str) -> None:
    made = planned(board(slot("PCIE1", evidence=evidence)), "gpu")
    assert made.placed[0].slot.evidence == evidence
    assert words in made.placed[0].says
    assert made.cautions == (f"PCIE1: {words}.",)
    both = board(slot("PCIE1", evidence=evidence), slot("PCIE2"))
    assert places(planned(both, "gpu")) == {"GPU": "PCIE2"}


def test_a_slot_that_a_kernel_change_would_end_says_so_or_is_left_out() -> None:
    only = board(slot("PCIE1", "isolated_legacy"))
    made = planned(only, "gpu")
    assert (made.fits, made.headline) == (True, "The card gets a slot of its own that isolates with today's kernels.")
    assert made.cautions == ("PCIE1 isolates with today's kernels; a pending kernel change would end it.",)
    assert planned(only, "gpu", lasting=True).fits is False


def test_disagreement_and_short_connectors_are_said() -> None:
    made = planned(board(slot("PCIE1", lanes=8, connector_lanes=8, disagree=1)), "gpu")
    assert made.cautions == (
        "1 of 3 machines show otherwise for PCIE1.",
        "PCIE1 is x8 long: a longer GPU goes in only where its end is open.",
    )


def test_a_conditional_slot_keeps_its_siblings_empty() -> None:
    pair = (
        slot("PCIE1", "conditional", ports=("0000:00:01.0",)),
        slot("PCIE2", "conditional", ports=("0000:00:01.1",)),
    )
    far = slot("PCIE3", ports=("0000:00:1b.0",), confidence="low")
    assert planned(board(*pair), "gpu").fits is False
    one = planned(board(*pair, far), "gpu", "gpu", allow=("conditional",))
    assert places(one) == {"GPU 1": "PCIE1", "GPU 2": "PCIE3"}
    assert (one.cautions, one.free) == (("PCIE1 isolates only while PCIE2 stays empty.",), ())
    three = planned(board(*pair, far), "gpu", "gpu", "gpu", allow=("conditional",))
    assert (three.fits, len(three.placed)) == (False, 2)
    assert "PCIE2" in three.unplaced[0].reason
    assert "empty" in three.unplaced[0].reason


def test_slots_that_were_seen_together_serve_one_at_a_time() -> None:
    pair = (
        slot("PCIE1", "shared_slots", companions=(replace(USB, slot="PCIE2"),)),
        slot("PCIE2", "shared_slots", companions=(replace(USB, slot="PCIE1"),)),
    )
    one = planned(board(*pair), "gpu", allow=("conditional",))
    assert (one.fits, places(one)) == (True, {"GPU": "PCIE1"})
    assert one.cautions == ("PCIE1 isolates only while PCIE2 stays empty.",)
    assert planned(board(*pair), "gpu", "gpu", allow=("conditional",)).fits is False
    # What else joins it is not among the board's slots, so it cannot be kept empty.
    assert planned(board(pair[0]), "gpu", allow=("conditional",)).fits is False


def test_shared_lanes_are_counted_once() -> None:
    two = board(
        slot("PCIE1"),
        slot("PCIE2", lanes=8),
        sharing=(SharedLanes("PCIE1", ("PCIE2",), 8, "PCIE1 has 8 lanes while PCIE2 is filled."),),
    )
    both = planned(two, "gpu:x8", "gpu:x8")
    assert (both.fits, both.cautions) == (True, ("PCIE1 has 8 lanes while PCIE2 is filled.",))
    made = planned(two, "gpu:x16", "gpu:x8")
    assert (made.fits, places(made)) == (False, {"GPU 1": "PCIE1"})
    assert made.unplaced[0].reason == "PCIE2 has to stay empty: PCIE1 has 8 lanes while PCIE2 is filled."
    assert planned(two, "gpu:x16").fits is True


def test_drives_go_into_drive_slots_first() -> None:
    both = board(slot("PCIE1", lanes=4), slot("M2_1", kind="m2", lanes=4))
    assert places(planned(both, "nvme", "usb")) == {"NVMe drive": "M2_1", "USB card": "PCIE1"}
    assert places(planned(both, "nvme", m2=False)) == {"NVMe drive": "PCIE1"}


def test_boards_of_another_kind_are_left_out_and_unknown_ones_are_not_taken_for_them() -> None:
    one = board(slot("PCIE1"), socket="AM4", chipset="X570")
    for asked, answer in [
        ({"socket": "am4"}, True),
        ({"socket": "AM5"}, False),
        ({"socket": "AM4", "form_factor": "laptop"}, None),
        ({"vendor": "EXAMPLE INC."}, True),
        ({"vendor": "example-inc"}, True),
        ({"vendor": "ASRock"}, False),
        ({"socket": "AM5", "form_factor": "laptop"}, False),
    ]:
        assert suits(one, wish("gpu", **asked)) is answer, asked
        assert len(plan([one], wish("gpu", **asked))) == (answer is True)


def test_a_wish_is_read_or_refused_in_a_sentence() -> None:
    assert [parse_need(text) for text in ("gpu:x8", "GPU:8", " usb ", "gpu", "nvme")] == [
        *(Need("gpu", 8), Need("gpu", 8), Need("usb", 1), Need("gpu", 8), Need("nvme", 4)),
    ]
    for text in ("", "gpu:", "gpu:x3", "gpu:x", "tv", "gpu x8", "gpu:x8\x00", "\uff47pu"):
        with pytest.raises(WishError, match="like gpu:x8"):
            parse_need(text)


def test_a_board_of_slots_that_all_hang_on_each_other_is_planned_at_once() -> None:
    many = board(*(slot(f"PCIE{i}", "conditional", ports=(f"0000:00:01.{i % 8}",)) for i in range(64)))
    made = planned(many, *["gpu"] * 16, allow=("conditional",))
    assert (len(made.placed), len(made.unplaced)) == (1, 15)
