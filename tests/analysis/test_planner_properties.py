"""What holds for every plan, whatever the board and the wish."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from hwdb.analysis import ISOLATES, SlotAnswer
from hwdb.analysis.planner import Candidate, Plan, plan
from hwdb.analysis.slot_fit import width_of
from hwdb.analysis.wishes import KINDS, Need, Wish
from tests.analysis.test_planner import USB, board

GRADES = tuple(ISOLATES)
SLOTS = st.builds(
    SlotAnswer,
    designation=st.none() | st.sampled_from(["PCIE1", "PCIE2", "PCIE3", "M2_1", "SLOT 4"]),
    kind=st.sampled_from([None, "pcie", "m2", "pci"]),
    ports=st.sampled_from([(), ("0000:00:01.0",), ("0000:00:01.1",), ("0000:00:03.1",)]),
    location=st.sampled_from([None, "cpu", "chipset"]),
    connector_lanes=st.sampled_from([None, 4, 16]),
    electrical_lanes=st.sampled_from([None, 1, 4, 8, 16]),
    grade=st.sampled_from(GRADES),
    evidence=st.sampled_from(["observed", "predicted", "declared"]),
    machines=st.integers(0, 3),
    confidence=st.sampled_from(["high", "medium", "low"]),
    companions=st.sampled_from([(), (USB,), (replace(USB, slot="PCIE1"),), (replace(USB, slot="PCIE3"),)]),
).map(lambda one: replace(one, isolates=ISOLATES[one.grade]))
BOARDS = st.lists(SLOTS, max_size=6, unique_by=lambda one: one.designation or one.ports).map(lambda s: board(*s))
WISHES = st.builds(
    Wish,
    needs=st.lists(st.builds(Need, st.sampled_from(KINDS), st.sampled_from([1, 4, 8, 16])), min_size=1, max_size=4).map(
        tuple
    ),
    machines=st.integers(1, 2),
    cpu_attached=st.booleans(),
    lasting=st.booleans(),
    m2=st.booleans(),
    allow=st.sampled_from([(), ("conditional",)]),
)


@given(BOARDS, WISHES)
def test_no_plan_promises_what_its_slots_do_not_hold(one: Candidate, asked: Wish) -> None:
    (made,) = plan([one], asked)
    used = [placement.slot for placement in (*made.placed, *made.possible)]
    assert len({id(each) for each in used}) == len(used)
    assert all(any(each is own for own in one.slots) for each in used)
    assert len(used) + len(made.unplaced) == len(asked.needs)
    conditions = {"conditional", "shared_slots"} if asked.allow else set()
    for placement in made.placed:
        assert placement.slot.isolates or placement.slot.grade in conditions
        assert placement.lanes == 1 or (width_of(placement.slot) or 0) >= placement.lanes
        assert placement.slot.machines >= asked.machines
        assert placement.slot.designation is not None
    for placement in made.possible:
        assert placement.unknown
        assert placement.slot.isolates is not False or placement.slot.grade in conditions
        assert (width_of(placement.slot) or 16) >= placement.lanes
    assert (made.fits is True) == (not made.possible and not made.unplaced)
    assert all(one.reason for one in made.unplaced)


@given(BOARDS, WISHES)
def test_slots_that_hang_on_each_other_are_never_used_together(one: Candidate, asked: Wish) -> None:
    (made,) = plan([one], asked)
    used = [placement.slot for placement in (*made.placed, *made.possible)]
    for first in used:
        for second in used:
            if first is not second and first.grade == "conditional":
                devices = [{port[:-2] for port in each.ports} for each in (first, second)]
                assert devices[0].isdisjoint(devices[1])
                assert all(devices)
            if first is not second and first.grade == "shared_slots":
                assert second.designation not in {c.slot for c in first.companions}


def value(made: Plan) -> tuple[Any, ...]:
    """Return what makes one plan as good as another."""
    used = [placement.slot for placement in made.placed]
    tallied = sorted((str(s.confidence), str(s.evidence), s.machines, s.grade) for s in used)
    return made.fits, len(made.placed), len(made.possible), len(made.unplaced), tallied


@given(BOARDS, WISHES, st.randoms(use_true_random=False))
def test_the_order_of_cards_changes_nothing(one: Candidate, asked: Wish, chance: Any) -> None:
    needs = list(asked.needs)
    chance.shuffle(needs)
    (made,) = plan([one], asked)
    (other,) = plan([one], replace(asked, needs=tuple(needs)))
    assert value(made) == value(other)


@given(st.lists(BOARDS, max_size=4), WISHES)
def test_another_board_changes_no_plan(boards: list[Candidate], asked: Wish) -> None:
    boards = [replace(each, slug=f"board-{i}") for i, each in enumerate(boards)]
    together = {made.slug: made for made in plan(boards, asked)}
    assert together == {each.slug: plan([each], asked)[0] for each in boards}
    ranks = [(True, None, False).index(made.fits) for made in plan(boards, asked)]
    assert ranks == sorted(ranks)


def brute(one: Candidate, asked: Wish) -> int:
    """Return how many cards can be placed at most, by trying everything; without slots that hang on each other."""
    open_to = [
        {i for i, each in enumerate(one.slots) if not planned_out(replace(one, slots=(each,)), need, asked)}
        for need in asked.needs
    ]

    def most(left: list[set[int]], used: frozenset[int]) -> int:
        if not left:
            return 0
        without = most(left[1:], used)
        return max([without, *(1 + most(left[1:], used | {i}) for i in left[0] - used)])

    return most(open_to, frozenset())


def planned_out(alone: Candidate, need: Need, asked: Wish) -> bool:
    (made,) = plan([alone], replace(asked, needs=(need,)))
    return bool(made.unplaced)


@given(BOARDS, WISHES)
def test_no_card_is_left_out_that_could_be_placed(one: Candidate, asked: Wish) -> None:
    asked = replace(asked, allow=())
    (made,) = plan([one], asked)
    assert len(made.placed) + len(made.possible) == brute(one, asked)
