"""Whether a card would fit a slot: yes, no and why, or not known and what. No I/O; stays on the server."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from hwdb.analysis.answer import EVIDENCE
from hwdb.analysis.sentence import label
from hwdb.analysis.slotmap import key_of
from hwdb.analysis.wishes import kind_name
from hwdb.analysis.words import listing, onboard

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hwdb.analysis.layouts import Layout
    from hwdb.analysis.shapes import SlotAnswer
    from hwdb.analysis.wishes import Need, Wish

CONFIDENCE = ("high", "medium", "low", None)
"""Words of a slot's confidence, the best first."""

_DRIVES = {"m2": "an M.2 slot", "u2": "a U.2 slot", "bay": "a drive bay"}
_OTHER = {
    "pci": "a conventional PCI slot",
    "mini": "a Mini PCIe slot",
    "wlan": "a slot for Wi-Fi modules",
    "mezzanine": "a mezzanine slot",
}
# Firmware calls such slots PCIe slots; their names know better. The first that fits counts.
_BY_NAME = tuple(
    (re.compile(pattern, re.IGNORECASE), kind)
    for pattern, kind in (
        ("wlan|wi-?fi|key ?e", "wlan"),
        ("mezz|ocp|lom", "mezzanine"),
        (r"\bbay\b", "bay"),
        (r"(?<![a-z0-9])m\.?2(?![0-9])", "m2"),
        (r"(?<![a-z0-9])u\.?2(?![0-9])", "u2"),
    )
)
_STORAGE = "01"
_GPU_CONNECTOR = 16


@dataclass(frozen=True)
class SharedLanes:
    """Lanes that a slot gives up when another one is filled.

    Attributes:
        slot: Designation of the slot that loses lanes.
        others: Designations of the slots that take them.
        lanes: What is left; None when that is not known.
        sentence: The same for a reader.
    """

    slot: str
    others: tuple[str, ...]
    lanes: int | None
    sentence: str


def shared_lanes(layout: Layout | None) -> tuple[SharedLanes, ...]:
    """Return the lanes that a board's slots take from each other, by its curated layout; none are known without one."""
    slots = layout.slots if layout is not None else ()
    return tuple(
        SharedLanes(slot.designation, one.others, one.lanes, one.sentence) for slot in slots for one in slot.sharing
    )


@dataclass(frozen=True)
class Exclusion:
    """A slot that serves only while others stay empty.

    Attributes:
        slot: Place of the slot among the board's.
        others: Places of those that have to stay empty.
        lanes: Cards that need no more lanes than this are served all the same; 0 when none are.
        sentence: The same for a reader.
        grouped: Whether the others would join its group; else they take its lanes.
    """

    slot: int
    others: frozenset[int]
    lanes: int
    sentence: str
    grouped: bool


@dataclass(frozen=True)
class Fit:
    """How one card fits one slot.

    Attributes:
        refused: Why it does not, by what is known; None when nothing known speaks against it.
        nearness: How near a refused slot is to serving, 0 the nearest; None when it is no slot for such a card at all.
        unknown: What is not known and has to be for a yes, in sentences.
        cautions: What a yes depends on or leaves open, in sentences.
    """

    refused: str | None = None
    nearness: int | None = None
    unknown: tuple[str, ...] = ()
    cautions: tuple[str, ...] = ()


def fit(need: Need, slot: SlotAnswer, wish: Wish, *, conditioned: bool = False) -> Fit:
    """Return how a card fits a slot; a known fact against it weighs more than anything that is not known.

    Args:
        need: The card.
        slot: The slot.
        wish: What else is asked.
        conditioned: Whether all the slots that would join its group are among the board's, so that they can stay empty.
    """
    wrong = _wrong_kind(need, slot, wish)
    if wrong is not None:
        return Fit(refused=wrong)
    refusals = [
        r
        for r in (_refused_grade(slot, wish, conditioned=conditioned), _too_narrow(need, slot), _too_far(slot, wish))
        if r is not None
    ]
    if refusals:
        # The hardest to get over decides how near it is; all of them are said.
        return Fit(refused=_joined(sentence for _, sentence in refusals), nearness=max(rank for rank, _ in refusals))
    return Fit(unknown=tuple(_unknowns(need, slot, wish)), cautions=tuple(_cautions(need, slot)))


def width_of(slot: SlotAnswer) -> int | None:
    """Return the lanes wired to a slot: as stated, else as its port's link has; no more than its connector has."""
    wired = slot.electrical_lanes or (slot.link_max.width if slot.link_max else None)
    if wired is None or slot.connector_lanes is None:
        return wired
    return min(wired, slot.connector_lanes)


def conditioned(slot: SlotAnswer, found: Exclusion | None) -> bool:
    """Whether a slot isolates while the slots named stay empty: they are all that would join its group."""
    if found is None:
        return False
    return slot.grade == "conditional" or len({c.slot and key_of(c.slot) for c in slot.companions}) == len(found.others)


def exclusions(slots: Sequence[SlotAnswer], sharing: Iterable[SharedLanes], wish: Wish) -> tuple[Exclusion, ...]:
    """Return which slots of a board serve only while others stay empty."""
    places = {key_of(slot.designation): place for place, slot in enumerate(slots) if slot.designation is not None}
    found = []
    if "conditional" in wish.allow:
        for place, slot in enumerate(slots):
            others = frozenset(_stay_empty(place, slots, places))
            if slot.grade in {"conditional", "shared_slots"} and others:
                names = listing([label(slots[other]) for other in sorted(others)])
                stay = "stay" if len(others) > 1 else "stays"
                found.append(
                    Exclusion(
                        place, others, 0, f"{label(slot)} isolates only while {names} {stay} empty.", grouped=True
                    )
                )
    for one in sharing:
        place = places.get(key_of(one.slot), -1)
        others = frozenset(places[key_of(other)] for other in one.others if key_of(other) in places) - {place}
        if place >= 0 and others:
            found.append(Exclusion(place, others, one.lanes or 0, one.sentence, grouped=False))
    return tuple(found)


def _stay_empty(place: int, slots: Sequence[SlotAnswer], places: dict[str, int]) -> Iterable[int]:
    """Yield the slots that would join a slot's group: seen there, or behind another function of its port's device."""
    slot = slots[place]
    if slot.grade == "shared_slots":
        return (
            places[key_of(c.slot)] for c in slot.companions if c.slot and places.get(key_of(c.slot), place) != place
        )
    own = {_device(port) for port in slot.ports}
    others = ((i, other) for i, other in enumerate(slots) if i != place)
    # Without a port its siblings cannot be told from the rest: any of them may be one.
    return (i for i, other in others if not own or not other.ports or own & {_device(port) for port in other.ports})


def _device(path: str) -> str:
    """Return what the ports of one device, or the slots of one conventional bus, have in common."""
    head, _, last = path.rpartition("/")
    device, dot, _ = last.rpartition(".")
    return f"{head}/{device}" if dot else head


def _named(slot: SlotAnswer) -> str:
    """Return a slot's name as a sentence begins with it."""
    name = label(slot)
    return name[0].upper() + name[1:]


def _wrong_kind(need: Need, slot: SlotAnswer, wish: Wish) -> str | None:
    kind = kind_of(slot)
    if kind in _OTHER:
        return f"{_named(slot)} is {_OTHER[kind]}."
    if kind in _DRIVES and need.kind != "nvme":
        return f"{_named(slot)} is {_DRIVES[kind]}, for drives."
    if kind in _DRIVES and not wish.m2:
        return f"{_named(slot)} is {_DRIVES[kind]}, which is not to be used."
    return None


def kind_of(slot: SlotAnswer) -> str:
    """Return what kind of slot it is, by its name where that tells more; ``pcie`` where nothing tells otherwise."""
    if slot.kind not in {None, "pcie"}:
        return slot.kind or "pcie"
    return _kind_by_name(slot.designation or "")


@lru_cache(maxsize=4096)
def _kind_by_name(designation: str) -> str:
    return next((kind for pattern, kind in _BY_NAME if pattern.search(designation)), "pcie")


def takes_drives(slot: SlotAnswer) -> bool:
    """Whether a slot is made for drives."""
    return kind_of(slot) in _DRIVES


def _refused_grade(slot: SlotAnswer, wish: Wish, *, conditioned: bool) -> tuple[int, str] | None:
    name = _named(slot)
    if slot.grade == "isolated_legacy" and wish.lasting:
        return 1, f"{name} isolates with today's kernels only; a pending kernel change would end it."
    if slot.grade == "conditional" and "conditional" not in wish.allow:
        return 1, f"{name} isolates only while its sibling slots stay empty; `conditional` has to be allowed."
    if slot.grade == "shared_slots" and not ("conditional" in wish.allow and conditioned):
        names = listing(sorted({str(c.slot) for c in slot.companions if c.slot})) or "another slot"
        return 2, f"{name} shares its group with {names}: the two go to the same machine or not at all."
    if slot.grade == "shared_onboard":
        return 3, _with_onboard(slot)
    return None


def _with_onboard(slot: SlotAnswer) -> str:
    said = f"{_named(slot)} shares its group with onboard {onboard(slot.companions)}"
    disks = onboard(c for c in slot.companions if (c.class_ or "")[:2] == _STORAGE)
    return f"{said}: using it would take onboard {disks} away from the host." if disks else f"{said}."


def _too_narrow(need: Need, slot: SlotAnswer) -> tuple[int, str] | None:
    name, width, long = _named(slot), width_of(slot), slot.connector_lanes
    if width is not None and width < need.lanes:
        wired = f"x{long} long but wired x{width}" if long is not None and long > width else f"wired x{width}"
        return 0, f"{name} is {wired}; x{need.lanes} is asked for."
    if width is None and long is not None and long < need.lanes:
        return 0, f"{name} is x{long} long; x{need.lanes} is asked for."
    return None


def _too_far(slot: SlotAnswer, wish: Wish) -> tuple[int, str] | None:
    if wish.cpu_attached and slot.location == "chipset":
        return 1, f"{_named(slot)} is wired to the chipset."
    return None


def _unknowns(need: Need, slot: SlotAnswer, wish: Wish) -> Iterable[str]:
    name = label(slot)
    if slot.designation is None:
        yield f"Which slot hangs from port {', '.join(slot.ports)} is not known."
    if slot.grade == "unknown":
        yield f"How {name} is grouped is not known. {slot.reason or 'A report with a card in it would tell.'}"
    elif slot.machines < wish.machines:
        seen = f"{slot.machines} machine{' supports' if slot.machines == 1 else 's support'}"
        yield f"{seen} what is said of {name}; {wish.machines} are asked for."
    # Any slot has one lane.
    if width_of(slot) is None and need.lanes > 1:
        yield f"How many lanes are wired to {name} is not known; x{need.lanes} is asked for."
    if wish.cpu_attached and slot.location is None:
        yield f"Whether {name} is wired to the CPU is not known."


def _cautions(need: Need, slot: SlotAnswer) -> Iterable[str]:
    name = _named(slot)
    if slot.grade == "isolated_legacy":
        yield f"{name} isolates with today's kernels; a pending kernel change would end it."
    if slot.evidence in EVIDENCE[1:]:
        yield f"{name}: {EVIDENCE_WORDS[slot.evidence]}."
    if slot.grade == "conditional":
        yield f"{name} isolates only while its sibling ports stay empty."
    if slot.disagree:
        yield f"{slot.disagree} of {slot.machines + slot.disagree} machines show otherwise for {name}."
    if need.kind == "nvme" and not takes_drives(slot):
        yield f"{name} takes an M.2 drive only on an adapter card."
    if need.kind == "gpu" and slot.connector_lanes is not None and slot.connector_lanes < _GPU_CONNECTOR:
        yield f"{name} is x{slot.connector_lanes} long: a longer {kind_name('gpu')} goes in only where its end is open."


EVIDENCE_WORDS = {
    "observed": "observed",
    "predicted": "worked out from the ports, not observed",
    "likely": "likely by ids seen on other machines, not observed",
    "declared": "its owner says so, not observed",
}
"""How a plan speaks of each kind of evidence."""


def _joined(sentences: Iterable[str]) -> str:
    return " ".join(sentences)
