"""A plan in sentences. No I/O; stays on the server."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hwdb.analysis.sentence import label
from hwdb.analysis.slot_fit import EVIDENCE_WORDS, width_of
from hwdb.analysis.words import listing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hwdb.analysis.assignment import Assigned
    from hwdb.analysis.planner import Placement, Unplaced
    from hwdb.analysis.shapes import SlotAnswer
    from hwdb.analysis.slot_fit import Fit

# These list a board's slots whole; other witnesses name those that somebody looked at.
_WHOLE_LISTS = frozenset({"smbios", "curated"})
_SIDES = {"cpu": "wired to the CPU", "chipset": "wired to the chipset"}


def headline(
    fits: bool | None,
    sure: Sequence[Placement],
    possible: Sequence[Placement],
    unplaced: Sequence[Unplaced],
) -> str:
    """Return what a plan comes to, in a sentence."""
    if unplaced:
        without = listing([f"{one.card} (x{one.lanes})" for one in unplaced])
        count = len(unplaced) + len(sure) + len(possible)
        verb = "has" if len(unplaced) == 1 else "have"
        said = f"{len(unplaced)} of {count} cards {verb} no slot: {without}." if count > 1 else "It has no slot for it."
        return f"Not known: {unplaced[0].reason[0].lower()}{unplaced[0].reason[1:]}" if fits is None else said
    if possible:
        names = listing([label(one.slot) for one in possible])
        return f"It may fit: that depends on what is not known of {names}."
    grades = {one.slot.grade for one in sure}
    now = " with today's kernels" if "isolated_legacy" in grades else ""
    hangs = " while other slots stay empty" if grades & {"conditional", "shared_slots"} else ""
    who = "The card gets" if len(sure) == 1 else "Every card gets"
    return f"{who} a slot of its own that isolates{now}{hangs}."


def says(card: str, slot: SlotAnswer, *, sure: bool) -> str:
    """Return where a card goes, and on what evidence."""
    about = [_lanes(slot), _SIDES.get(slot.location or "")]
    goes = "goes" if sure else "could go"
    where = f"{card[0].upper()}{card[1:]} {goes} into {label(slot)}{_bracketed([one for one in about if one])}"
    if slot.grade == "unknown":
        return f"{where}."
    isolates = {
        "isolated_legacy": "isolates with today's kernels",
        "conditional": "isolates while its siblings stay empty",
        "shared_slots": "isolates while the slots it shares with stay empty",
    }.get(slot.grade, "isolates")
    machines = "1 machine" if slot.machines == 1 else f"{slot.machines} machines"
    evidence = EVIDENCE_WORDS.get(slot.evidence or "", "not shown")
    on = f" on {machines}" if slot.evidence == "observed" else f" ({machines})"
    confidence = f", {slot.confidence} confidence" if slot.confidence else ""
    return f"{where}: {isolates}, {evidence}{on}{confidence}."


def _lanes(slot: SlotAnswer) -> str | None:
    width = width_of(slot)
    if width is None:
        return None if slot.connector_lanes is None else f"x{slot.connector_lanes} long"
    long = slot.connector_lanes
    return f"x{width}, x{long} long" if long is not None and long > width else f"x{width}"


def _bracketed(parts: Sequence[str]) -> str:
    return f" ({', '.join(parts)})" if parts else ""


def cautions_of(assigned: Assigned) -> tuple[str, ...]:
    """Return what the used slots depend on, each said once."""
    used = {place for place in assigned.slots if place is not None}
    said = [one.sentence for one in assigned.exclusions if one.slot in used]
    hanging = {one.slot for one in assigned.exclusions if one.grouped}
    for place, fits in zip(assigned.slots, assigned.fits, strict=True):
        if place is not None:
            # Which slots stay empty has been said by name.
            said += [one for one in fits[place].cautions if place not in hanging or "sibling ports" not in one]
    return tuple(dict.fromkeys(said))


def undecided(slots: Sequence[SlotAnswer], assigned: Assigned) -> bool:
    """Whether cards are without a slot only because more slots than those known may exist."""
    if None not in assigned.slots or any(_WHOLE_LISTS & set(slot.witnesses) for slot in slots):
        return False
    waiting = [fits for place, fits in zip(assigned.slots, assigned.fits, strict=True) if place is None]
    return not any(one.nearness is not None for fits in waiting for one in fits)


def in_the_way(slots: Sequence[SlotAnswer], assigned: Assigned, fits: Sequence[Fit]) -> tuple[str, ...]:
    """Return what keeps a card out of each slot that comes near to serving it, nearest first; at least one sentence."""
    used = {place for place in assigned.slots if place is not None}
    hung = _hung(slots, assigned)
    near = [(0, place, hung[place]) for place in sorted(hung) if fits[place].refused is None]
    near += [
        (one.nearness, place, one.refused)
        for place, one in enumerate(fits)
        if one.refused is not None and one.nearness is not None and place not in used
    ]
    taken = [label(slots[place]) for place in sorted(used) if fits[place].refused is None]
    said = [sentence for _, _, sentence in sorted(near)]
    if taken and not said:
        said.append(f"{listing(taken)} would serve and {'holds' if len(taken) == 1 else 'hold'} another card.")
    if not said:
        said.append("No slot of this board that is known takes such a card.")
    if not any(_WHOLE_LISTS & set(slot.witnesses) for slot in slots):
        said.append("The board may have slots that nobody has named; a report with its slot table would tell.")
    return tuple(said)


def _hung(slots: Sequence[SlotAnswer], assigned: Assigned) -> dict[int, str]:
    """Return why slots that would serve are not used: what they hang on, or what hangs on them, is in use."""
    used = {place: need.lanes for place, need in zip(assigned.slots, assigned.needs, strict=True) if place is not None}
    found: dict[int, str] = {}
    for one in assigned.exclusions:
        if used.get(one.slot, 0) > one.lanes:
            for other in one.others - used.keys():
                found.setdefault(other, f"{label(slots[other])} has to stay empty: {one.sentence}")
        elif one.others & used.keys():
            found.setdefault(one.slot, f"{one.sentence} Another card takes that place.")
    return found
