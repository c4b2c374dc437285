"""``cells``: what a board's slots show, by platform, BIOS version and kernel rules. No I/O; stays on the server."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hwdb.analysis.consensus import majority, observed_best, stance
from hwdb.analysis.sentence import label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hwdb.analysis.consensus import Ballot, Vote


@dataclass(frozen=True)
class SlotCell:
    """What machines of one platform, BIOS version and kernel rule set show of one slot.

    Attributes:
        slot: The slot's name or port.
        platform: ``vendor:device`` of the host bridge, None when not seen.
        bios: Version, None when not stated.
        rules: Name of the kernel's rule set.
        grade, isolates, evidence: As most of them show it; of as many the weaker grade.
        machines: How many show that grade.
        disagree: How many show another stance.
        newest: ISO date of the newest of them.
    """

    slot: str
    platform: str | None
    bios: str | None
    rules: str
    grade: str
    isolates: bool | None
    evidence: str | None
    machines: int
    disagree: int
    newest: str


def cells(asked: Sequence[Ballot]) -> tuple[SlotCell, ...]:
    """Return the matrix of slots by platform, BIOS version and kernel rules, in the order of slots and versions."""
    made: list[SlotCell] = []
    for ballot in asked:
        heard = observed_best(ballot.votes)
        places: dict[tuple[str, int, str], list[Vote]] = {}
        for vote in heard:
            speaker = vote.speaker
            rank = -1 if speaker.bios_rank is None else speaker.bios_rank
            places.setdefault((speaker.shown.platform or "", rank, speaker.rules), []).append(vote)
        made += [_cell(label(ballot.bare), places[place]) for place in sorted(places)]
    return tuple(made)


def _cell(slot: str, votes: Sequence[Vote]) -> SlotCell:
    # One machine may have reported several times from one BIOS: its newest report speaks.
    newest = list({vote.speaker.machine: vote for vote in reversed(votes)}.values())
    grades = [vote.slot.grade for vote in newest]
    grade = majority(newest)
    shown = next(vote for vote in newest if vote.slot.grade == grade)
    return SlotCell(
        slot=slot,
        platform=shown.speaker.shown.platform,
        bios=shown.speaker.bios,
        rules=shown.speaker.rules,
        grade=grade,
        isolates=shown.slot.isolates,
        evidence=shown.slot.evidence,
        machines=grades.count(grade),
        disagree=sum(stance(one) != stance(grade) for one in grades),
        newest=votes[0].speaker.when,
    )
