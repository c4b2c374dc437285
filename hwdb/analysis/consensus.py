"""``consensus``: what many machines of one board show, slot by slot. No I/O; stays on the server."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from hwdb.analysis.answer import EVIDENCE, GRADES, Findings, answer
from hwdb.analysis.port_evidence import NOTHING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hwdb.analysis.port_evidence import PortEvidence
    from hwdb.analysis.shapes import SlotAnswer
    from hwdb.analysis.slotmap import MappedSlot

# Both say "only while the sibling ports are empty": one sees them empty, the other filled.
_SAME_STANCE = {"conditional": "siblings", "shared_slots": "siblings"}
_MANY_MACHINES, _MANY_BIOS, _RECENT_YEARS = 5, 3, 3
_LEVELS = ("low", "medium", "high")


@dataclass(frozen=True)
class Speaker:
    """One report that counts.

    Attributes:
        shown: Its findings.
        bios: BIOS version, None when not stated.
        when: ISO date its facts were true or, if not stated, it was received; orders reports.
        report: Its public id.
        machine: Which machine it is of; reports of one machine share it.
        speaks: Whether it is the newest of its machine, which is the one that counts.
        bios_rank: Place of its BIOS among the board's versions, the oldest first; None when not stated.
        rules: Name of the kernel's rule set (``hwdb.topology.rule_sets``).
        settings: Firmware settings its owner states, name and value.
    """

    shown: Findings
    bios: str | None
    when: str
    report: str = ""
    machine: int = 0
    speaks: bool = True
    bios_rank: int | None = None
    rules: str = "current"
    settings: tuple[tuple[str, str], ...] = ()


class Vote(NamedTuple):
    """What one report shows of one slot."""

    speaker: Speaker
    slot: SlotAnswer


class Ballot(NamedTuple):
    """All that reports show of one slot, newest first; ``bare`` is the slot where nobody says anything."""

    bare: SlotAnswer
    votes: tuple[Vote, ...]


def ballots(
    slots: Sequence[MappedSlot], speakers: Iterable[Speaker], ports: PortEvidence = NOTHING
) -> tuple[Ballot, ...]:
    """Return what reports show of each named slot of a board, then of each port of a slot that nobody has named."""
    named: dict[str, list[Vote]] = {slot.designation: [] for slot in slots}
    unnamed: dict[tuple[str, ...], list[Vote]] = {}
    for speaker in sorted(speakers, key=lambda s: s.when, reverse=True):
        for one in answer(slots, speaker.shown, ports):
            votes = unnamed.setdefault(one.ports, []) if one.designation is None else named[one.designation]
            votes.append(Vote(speaker, one))
    # With no speaker at all (every report is held out) the names are still known.
    silent = answer(slots, Findings(None, ()))
    return (
        *(Ballot(bare, tuple(named[bare.designation or ""])) for bare in silent),
        *(Ballot(unnamed[ports][0].slot, tuple(unnamed[ports])) for ports in sorted(unnamed)),
    )


def consensus(asked: Iterable[Ballot], today: str) -> tuple[SlotAnswer, ...]:
    """Return the board's slots, each with the grade most machines support by the best evidence there is.

    Only the newest report of a machine is counted. Platforms that agree are counted together; where they do not, the
    one with the most machines answers and ``hwdb.analysis.changes`` tells of the others.

    Confidence counts machines and BIOS versions: ``high`` from five machines over three versions, ``medium`` from two
    machines. It is one level lower when a machine disagrees, and when no supporter reported in the last three years;
    one machine, a declared answer, and an answer that the newest report contradicts are ``low``.

    Args:
        asked: From ``ballots``.
        today: ISO date from which the years are counted.
    """
    oldest = f"{int(today[:4]) - _RECENT_YEARS:04}{today[4:]}"
    return tuple(_combine(ballot, oldest) for ballot in asked)


def stance(grade: str) -> str:
    """Return what a grade says: ``yes``, ``no``, or ``siblings`` (only while sibling ports are empty)."""
    return _SAME_STANCE.get(grade) or ("yes" if grade.startswith("isolated") else "no")


def observed_best(votes: Iterable[Vote]) -> tuple[Vote, ...]:
    """Return the votes that say something, by the best evidence among them."""
    known = [vote for vote in votes if vote.slot.grade != "unknown"]
    if not known:
        return ()
    best = min((vote.slot.evidence or "declared" for vote in known), key=EVIDENCE.index)
    return tuple(vote for vote in known if vote.slot.evidence == best)


def _combine(ballot: Ballot, oldest: str) -> SlotAnswer:
    votes = [vote for vote in ballot.votes if vote.speaker.speaks]
    heard = _one_platform(observed_best(votes))
    if not heard:
        return votes[0].slot if votes else ballot.bare
    grade = majority(heard)
    supporters = [vote for vote in heard if vote.slot.grade == grade]
    disagree = sum(stance(vote.slot.grade) != stance(grade) for vote in heard)
    newest = supporters[0].slot
    return replace(
        newest,
        ports=tuple(sorted({port for vote in votes for port in vote.slot.ports})),
        occupied=next((vote.slot.occupied for vote in votes if vote.slot.occupied is not None), None),
        # Group numbers mean nothing beyond the machine they are from.
        iommu_groups=newest.iommu_groups if sum(vote.slot.grade != "unknown" for vote in votes) == 1 else (),
        machines=len(supporters),
        disagree=disagree,
        confidence=_confidence(supporters, heard, disagree, oldest),
    )


def _one_platform(heard: Sequence[Vote]) -> Sequence[Vote]:
    """Return the votes of all platforms when these agree, else of the platform with the most machines."""
    by_platform: dict[str | None, list[Vote]] = {}
    for vote in heard:
        by_platform.setdefault(vote.speaker.shown.platform, []).append(vote)
    if len({stance(majority(votes)) for votes in by_platform.values()}) < 2:
        return heard
    return max(by_platform.values(), key=lambda votes: (len(votes), votes[0].speaker.when))


def majority(votes: Sequence[Vote]) -> str:
    """Return the grade that most votes give, of as many the weaker one."""
    counts = Counter(vote.slot.grade for vote in votes)
    return max(counts, key=lambda grade: (counts[grade], GRADES.index(grade)))


def _confidence(supporters: Sequence[Vote], heard: Sequence[Vote], disagree: int, oldest: str) -> str:
    contradicted = stance(heard[0].slot.grade) != stance(supporters[0].slot.grade)
    if len(supporters) < 2 or supporters[0].slot.evidence == "declared" or contradicted:
        return "low"
    versions = {vote.speaker.bios for vote in supporters} - {None}
    level = 2 if len(supporters) >= _MANY_MACHINES and len(versions) >= _MANY_BIOS else 1
    level -= bool(disagree) + (supporters[0].speaker.when < oldest)
    return _LEVELS[max(level, 0)]
