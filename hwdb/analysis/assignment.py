"""Which card goes into which slot of one board: the best assignment by a stated order. No I/O; stays on the server.

Better is, in this order: fewer cards without a slot, fewer slots of which something is not known, fewer that hang on
others staying empty, higher confidence, better evidence, more machines, GPUs on the processor, slots that outlast the
pending kernel change, the least sufficient width, drives in M.2 slots, and last the board's own order of slots.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from hwdb.analysis.answer import EVIDENCE
from hwdb.analysis.matching import cheapest
from hwdb.analysis.slot_fit import CONFIDENCE, Exclusion, Fit, conditioned, exclusions, fit, takes_drives, width_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hwdb.analysis.shapes import SlotAnswer
    from hwdb.analysis.slot_fit import SharedLanes
    from hwdb.analysis.wishes import Need, Wish

# Each criterion is a digit of one number, so that sums compare like tuples: 16 cards of at most 255 fit 12 bits.
_BITS = 12
_CRITERIA = 12
_MOST = 255
_NO_SLOT = 1 << (_BITS * _CRITERIA)
_FORBIDDEN = _NO_SLOT << _BITS
_SIDES = ("cpu", None, "chipset")
# Slots that hang on each other are tried both ways; where more do than on any real board, not to the end.
_MOST_TRIES = 200


class Assigned(NamedTuple):
    """The best assignment for one board.

    Attributes:
        needs: The cards.
        slots: For each card the place of its slot, None for a card without one.
        fits: For each card, how it fits each slot.
        exclusions: Which slots hang on others.
        cost: The less the better, comparable between boards.
    """

    needs: tuple[Need, ...]
    slots: tuple[int | None, ...]
    fits: tuple[tuple[Fit, ...], ...]
    exclusions: tuple[Exclusion, ...]
    cost: int


class _Tried(NamedTuple):
    cost: int
    columns: tuple[int, ...]


def assign(slots: Sequence[SlotAnswer], sharing: Sequence[SharedLanes], wish: Wish) -> Assigned:
    """Return the best assignment of a wish's cards to a board's slots."""
    hanging = exclusions(slots, sharing, wish)
    by_slot = {one.slot: one for one in hanging if one.grouped}
    alike: dict[Need, tuple[Fit, ...]] = {
        need: tuple(
            fit(need, slot, wish, conditioned=conditioned(slot, by_slot.get(place))) for place, slot in enumerate(slots)
        )
        for need in dict.fromkeys(wish.needs)
    }
    # The same cards in another order are the same wish.
    order = sorted(range(len(wish.needs)), key=lambda i: (wish.needs[i].kind, -wish.needs[i].lanes, i))
    needs = [wish.needs[i] for i in order]
    row_of = {
        need: [_cost(need, slot, fits[place], by_slot.get(place), place) for place, slot in enumerate(slots)]
        for need, fits in alike.items()
    }
    best = _best(needs, [row_of[need] for need in needs], hanging)
    chosen = _in_order(needs, [column if column < len(slots) else None for column in best.columns])
    placed: dict[int, int | None] = dict(zip(order, chosen, strict=True))
    return Assigned(
        needs=wish.needs,
        slots=tuple(placed[i] for i in range(len(order))),
        fits=tuple(alike[need] for need in wish.needs),
        exclusions=hanging,
        # Which of several equal slots of a board is taken says nothing about the board.
        cost=best.cost >> _BITS,
    )


def _in_order(needs: Sequence[Need], columns: list[int | None]) -> list[int | None]:
    """Give cards that are alike their slots in the board's order, those without one last."""
    for need in set(needs):
        rows = [row for row, other in enumerate(needs) if other == need]
        own = sorted((columns[row] for row in rows), key=lambda column: (column is None, column or 0))
        for row, column in zip(rows, own, strict=True):
            columns[row] = column
    return columns


def _cost(need: Need, slot: SlotAnswer, how: Fit, hangs: Exclusion | None, place: int) -> int:
    if how.refused is not None:
        return _FORBIDDEN
    width = width_of(slot)
    digits = (
        bool(how.unknown),
        len(how.unknown),
        hangs is not None or slot.grade == "conditional",
        CONFIDENCE.index(slot.confidence) if slot.confidence in CONFIDENCE else len(CONFIDENCE),
        EVIDENCE.index(slot.evidence) if slot.evidence in EVIDENCE else len(EVIDENCE),
        _MOST - min(slot.machines, _MOST),
        _SIDES.index(slot.location) if need.kind == "gpu" and slot.location in _SIDES else 0,
        slot.grade == "isolated_legacy",
        # Squared doublings, so that of two cards in two slots the wider card gets the wider slot.
        (width.bit_length() - need.lanes.bit_length()) ** 2 if width is not None else _MOST,
        need.kind == "nvme" and not takes_drives(slot),
        min(place, _MOST),
    )
    number = 0
    for digit in digits:
        number = (number << _BITS) + int(digit)
    return number


def _best(needs: Sequence[Need], rows: Sequence[Sequence[int]], hanging: Sequence[Exclusion]) -> _Tried:
    """Return the cheapest assignment that keeps to all exclusions; the last columns stand for no slot.

    One that is broken is kept in two ways: its slot goes to no card that needs the lanes, or the slots it hangs on stay
    empty. Both are tried, unless even without the other exclusions they cost more than what was found.
    """
    found: _Tried | None = None
    waiting = [[list(row) for row in rows]]
    tries = 0
    while waiting and (found is None or tries < _MOST_TRIES):
        costs = waiting.pop()
        tried, tries = _solve(costs), tries + 1
        if found is not None and tried.cost >= found.cost:
            continue
        broken = next((one for one in hanging if _is_broken(one, needs, tried.columns)), None)
        if broken is None:
            found = tried
            continue
        waiting.append(
            [
                _without(row, {broken.slot}) if need.lanes > broken.lanes else row
                for need, row in zip(needs, costs, strict=True)
            ]
        )
        waiting.append([_without(row, broken.others) for row in costs])
    return found or _solve([[_FORBIDDEN] * len(row) for row in rows])


def _without(row: Sequence[int], slots: frozenset[int] | set[int]) -> list[int]:
    return [_FORBIDDEN if place in slots else cost for place, cost in enumerate(row)]


def _is_broken(one: Exclusion, needs: Sequence[Need], columns: Sequence[int]) -> bool:
    wants = any(column == one.slot and need.lanes > one.lanes for need, column in zip(needs, columns, strict=True))
    return wants and not one.others.isdisjoint(columns)


def _solve(rows: Sequence[Sequence[int]]) -> _Tried:
    costs = [[*row, *([_NO_SLOT] * len(rows))] for row in rows]
    columns = cheapest(costs)
    return _Tried(sum(costs[row][column] for row, column in enumerate(columns)), columns)
