"""``consensus``: what many machines of one board show, slot by slot. No I/O; stays on the server."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from hwdb.analysis.answer import EVIDENCE, GRADES, Findings, answer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hwdb.analysis.shapes import SlotAnswer
    from hwdb.analysis.slotmap import MappedSlot

# Both say "only while the sibling ports are empty": one sees them empty, the other filled.
_SAME_STANCE = {"conditional": "siblings", "shared_slots": "siblings"}
_MANY_MACHINES, _MANY_BIOS = 5, 3


@dataclass(frozen=True)
class Speaker:
    """The newest counted report of one machine.

    Attributes:
        shown: Its findings.
        bios: BIOS version, None when not stated.
        when: ISO date its facts were true or, if not stated, it was received; orders machines.
    """

    shown: Findings
    bios: str | None
    when: str


class _Vote(NamedTuple):
    speaker: Speaker
    slot: SlotAnswer


def consensus(slots: Sequence[MappedSlot], speakers: Sequence[Speaker]) -> tuple[SlotAnswer, ...]:
    """Return the board's slots, each with the grade most machines support by the best evidence there is.

    Confidence is about machines and BIOS versions: ``high`` from five machines over three BIOS versions, ``medium``
    from two machines, ``low`` for one, for a declared answer and wherever machines disagree.
    """
    named: dict[str, list[_Vote]] = {slot.designation: [] for slot in slots}
    unnamed: dict[tuple[str, ...], list[_Vote]] = {}
    for speaker in sorted(speakers, key=lambda s: s.when, reverse=True):
        for one in answer(slots, speaker.shown):
            votes = unnamed.setdefault(one.ports, []) if one.designation is None else named[one.designation]
            votes.append(_Vote(speaker, one))
    # With no speaker at all (every report is held out) the names are still known.
    silent = answer(slots, Findings(None, ()))
    return (
        *(_combine(named[bare.designation or ""]) or bare for bare in silent),
        *filter(None, (_combine(unnamed[ports]) for ports in sorted(unnamed))),
    )


def _combine(votes: Sequence[_Vote]) -> SlotAnswer | None:
    """Combine what machines say of one slot, newest first; None when none says anything."""
    known = [vote for vote in votes if vote.slot.grade != "unknown"]
    if not known:
        return votes[0].slot if votes else None
    best = min((vote.slot.evidence or "declared" for vote in known), key=EVIDENCE.index)
    heard = [vote for vote in known if vote.slot.evidence == best]
    counts = Counter(vote.slot.grade for vote in heard)
    # Of grades that equally many machines support the weaker one is shown.
    grade = max(counts, key=lambda g: (counts[g], GRADES.index(g)))
    supporters = [vote for vote in heard if vote.slot.grade == grade]
    disagree = sum(_stance(vote.slot.grade) != _stance(grade) for vote in heard)
    newest = supporters[0].slot
    return replace(
        newest,
        ports=tuple(sorted({port for vote in votes for port in vote.slot.ports})),
        occupied=next((vote.slot.occupied for vote in votes if vote.slot.occupied is not None), None),
        # Group numbers mean nothing beyond the machine they are from.
        iommu_groups=newest.iommu_groups if len(known) == 1 else (),
        machines=len(supporters),
        disagree=disagree,
        confidence=_confidence(supporters, disagree, best),
    )


def _stance(grade: str) -> str:
    return _SAME_STANCE.get(grade) or ("yes" if grade.startswith("isolated") else "no")


def _confidence(supporters: Sequence[_Vote], disagree: int, evidence: str) -> str:
    if len(supporters) < 2 or disagree or evidence == "declared":
        return "low"
    versions = {vote.speaker.bios for vote in supporters} - {None}
    return "high" if len(supporters) >= _MANY_MACHINES and len(versions) >= _MANY_BIOS else "medium"
