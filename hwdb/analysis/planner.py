"""``plan``: boards for a wish, each with a slot for every card, or what is in the way. No I/O; stays on the server.

A slot is used only where it isolates, by what machines showed or, said as such, by a prediction or an owner's word.
What is not known is no reason against a board: such boards come after those that fit, and before those that do not.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hwdb.analysis.assignment import assign
from hwdb.analysis.plan_words import cautions_of, headline, in_the_way, says, undecided
from hwdb.analysis.shapes import SlotAnswer
from hwdb.analysis.wishes import card_names

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hwdb.analysis.assignment import Assigned
    from hwdb.analysis.slot_fit import SharedLanes
    from hwdb.analysis.wishes import Wish


_RANKS = (True, None, False)


@dataclass(frozen=True)
class Candidate:
    """A board as the planner sees it.

    Attributes:
        vendor, name: As people know them.
        vendor_slug, slug: As addresses spell them.
        slots: Its answer, slot by slot.
        machines: Machines counted.
        chipset, socket, form_factor: None is unknown.
        sharing: Lanes its slots take from each other.
    """

    vendor: str
    vendor_slug: str
    name: str
    slug: str
    slots: tuple[SlotAnswer, ...]
    machines: int = 0
    chipset: str | None = None
    socket: str | None = None
    form_factor: str | None = None
    sharing: tuple[SharedLanes, ...] = ()


@dataclass(frozen=True)
class Placement:
    """One card in one slot.

    Attributes:
        card: What the card is called here, like ``GPU 1``.
        kind, lanes: As it was asked for.
        slot: The slot, with its grade, evidence, machines and confidence.
        says: Where it goes and on what evidence, a sentence.
        unknown: What is not known and decides whether it works, in sentences; empty for a placement that is sure.
    """

    card: str
    kind: str
    lanes: int
    slot: SlotAnswer
    says: str
    unknown: tuple[str, ...]


@dataclass(frozen=True)
class Unplaced:
    """One card without a slot.

    Attributes:
        card, kind, lanes: As in a placement.
        reason: What is in the way at the slot that comes nearest, a sentence.
        others: The same for other slots, nearest first.
    """

    card: str
    kind: str
    lanes: int
    reason: str
    others: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Plan:
    """One board for a wish.

    Attributes:
        vendor, vendor_slug, name, slug: The board.
        machines: Machines of it that are counted.
        chipset, socket, form_factor: As its answer has them.
        fits: Whether every card has a slot; None when that hangs on what is not known.
        headline: The same in a sentence.
        placed: Cards in slots that are known to serve.
        possible: Cards in slots that serve if what is not known turns out well.
        unplaced: Cards without a slot.
        cautions: What the plan depends on, in sentences.
        free: Designations of further slots that isolate.
    """

    vendor: str
    vendor_slug: str
    name: str
    slug: str
    machines: int
    chipset: str | None
    socket: str | None
    form_factor: str | None
    fits: bool | None
    headline: str
    placed: tuple[Placement, ...]
    possible: tuple[Placement, ...]
    unplaced: tuple[Unplaced, ...]
    cautions: tuple[str, ...]
    free: tuple[str, ...]


def plan(boards: Iterable[Candidate], wish: Wish) -> tuple[Plan, ...]:
    """Return a plan for each board that is of the kind wished for, the best first.

    Boards that fit come first, then those that may, then those that miss, nearest first. No board's plan depends on
    another board.

    Args:
        boards: Candidates, in any order; of one whose socket (chipset, form factor) is asked for and not known, nothing
            is said: ``suits`` tells.
        wish: What is wished for.
    """
    return tuple(one.explained() for one in ranked(boards, wish))


@dataclass(frozen=True)
class Ranked:
    """A board's place among others, before its plan is put into words.

    Attributes:
        fits: As in the plan.
        known: Whether any slot of it could serve, by what is known or for all that is known.
        board, assigned, wish: What the plan is made of.
    """

    fits: bool | None
    known: bool
    board: Candidate
    assigned: Assigned
    wish: Wish

    def explained(self) -> Plan:
        """Return the plan."""
        return _planned(self.board, self.assigned, self.wish)


def ranked(boards: Iterable[Candidate], wish: Wish) -> list[Ranked]:
    """Return what ``plan`` puts into words, in the same order: of thousands of boards only a few are shown."""
    found = []
    for board in boards:
        if suits(board, wish):
            assigned = assign(board.slots, board.sharing, wish)
            fits = _fits(board, assigned)
            known = fits is not None or any(place is not None for place in assigned.slots)
            found.append(Ranked(fits, known, board, assigned, wish))
    found.sort(key=lambda one: (_RANKS.index(one.fits), one.assigned.cost, one.board.vendor_slug, one.board.slug))
    return found


def suits(board: Candidate, wish: Wish) -> bool | None:
    """Whether a board is of the kind wished for; None when a fact that is asked for is not known of it."""
    if wish.vendor is not None and _word(wish.vendor) not in {_word(board.vendor), board.vendor_slug}:
        return False
    asked = (
        (wish.socket, board.socket),
        (wish.chipset, board.chipset),
        (wish.form_factor, board.form_factor),
    )
    facts = [(_word(word), known) for word, known in asked if word is not None]
    if any(known is not None and _word(known) != word for word, known in facts):
        return False
    return None if any(known is None for _, known in facts) else True


def _word(text: str) -> str:
    return " ".join(text.casefold().split())


def _fits(board: Candidate, assigned: Assigned) -> bool | None:
    if undecided(board.slots, assigned):
        return None
    if None in assigned.slots:
        return False
    used = zip(assigned.slots, assigned.fits, strict=True)
    return None if any(fits[place].unknown for place, fits in used if place is not None) else True


def _planned(board: Candidate, assigned: Assigned, wish: Wish) -> Plan:
    sure: list[Placement] = []
    possible: list[Placement] = []
    unplaced: list[Unplaced] = []
    names = card_names(wish.needs)
    for name, need, place, fits in zip(names, wish.needs, assigned.slots, assigned.fits, strict=True):
        if place is None:
            reason, *others = in_the_way(board.slots, assigned, fits)
            unplaced.append(Unplaced(name, need.kind, need.lanes, reason, tuple(others)))
            continue
        slot, unknown = board.slots[place], fits[place].unknown
        sentence = says(name, slot, sure=not unknown)
        (possible if unknown else sure).append(Placement(name, need.kind, need.lanes, slot, sentence, unknown))
    fits_all = _fits(board, assigned)
    return Plan(
        vendor=board.vendor,
        vendor_slug=board.vendor_slug,
        name=board.name,
        slug=board.slug,
        machines=board.machines,
        chipset=board.chipset,
        socket=board.socket,
        form_factor=board.form_factor,
        fits=fits_all,
        headline=headline(fits_all, sure, possible, unplaced),
        placed=tuple(sure),
        possible=tuple(possible),
        unplaced=tuple(unplaced),
        cautions=cautions_of(assigned),
        free=_free(board, assigned),
    )


def _free(board: Candidate, assigned: Assigned) -> tuple[str, ...]:
    """Return the slots that isolate and are not used; one that has to stay empty is not free."""
    used = set(assigned.slots)
    closed = {other for one in assigned.exclusions if one.slot in used and one.grouped for other in one.others}
    return tuple(
        slot.designation
        for place, slot in enumerate(board.slots)
        if slot.designation is not None and slot.isolates and place not in used | closed
    )
