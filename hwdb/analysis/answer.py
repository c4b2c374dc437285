"""``answer``: the slots of a board as one machine shows them: its verdicts joined with the slot map. No I/O."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hwdb.analysis.shapes import ISOLATES, SlotAnswer, Verdict
from hwdb.analysis.slotmap import MappedSlot, claims, key_of, slot_map
from hwdb.analysis.verdicts import judge, shared

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from hwdb.topology import Machine

GRADES = tuple(ISOLATES)
"""Grades from the strongest to the weakest."""

EVIDENCE = ("observed", "predicted", "likely", "declared")
"""Kinds of evidence, the strongest first."""


@dataclass(frozen=True)
class Findings:
    """What one report showed, as it is stored: enough to answer for its board once slots have names.

    Attributes:
        platform: The machine's platform.
        verdicts: About its ports and slots.
    """

    platform: str | None
    verdicts: tuple[Verdict, ...]


def findings(machine: Machine) -> Findings:
    """Return what one machine shows."""
    return Findings(machine.platform, judge(machine))


def answer_machine(machine: Machine) -> tuple[SlotAnswer, ...]:
    """Return the slots of one machine, answered from its own report alone."""
    return answer(slot_map(claims(machine)), findings(machine))


def answer(slots: Sequence[MappedSlot], shown: Findings) -> tuple[SlotAnswer, ...]:
    """Return every named slot as one report shows it, then the ports that claim a slot nobody has named."""
    names = {path: slot.designation for slot in slots for platform, path in slot.ports if platform == shown.platform}
    named = [_answer_slot(slot, shown, names) for slot in slots]
    unnamed = [
        _fill(SlotAnswer(None, ports=(v.path,)), _rename(v, names), ())
        for v in shown.verdicts
        if v.connector and v.path is not None and v.path not in names and v.designation is None
    ]
    return (*named, *sorted(unnamed, key=lambda one: one.ports))


def _answer_slot(slot: MappedSlot, shown: Findings, names: Mapping[str, str]) -> SlotAnswer:
    own = {path for platform, path in slot.ports if platform == shown.platform}
    verdicts = [v for v in shown.verdicts if v.path is not None and v.path in own and v.designation is None]
    verdicts += [v for v in shown.verdicts if v.designation and key_of(v.designation) == key_of(slot.designation)]
    bare = SlotAnswer(
        designation=slot.designation,
        kind=slot.kind,
        ports=tuple(sorted(own)) or tuple(sorted({path for _, path in slot.ports})),
        connector_lanes=slot.connector_lanes,
        electrical_lanes=slot.electrical_lanes,
        witnesses=slot.witnesses,
        conflicts=slot.conflicts,
        reason="This machine shows no port of it and no card in it.",
    )
    if not verdicts:
        return bare
    others = {path: name for path, name in names.items() if key_of(name) != key_of(slot.designation)}
    return _fill(bare, _worst(_rename(v, others) for v in verdicts), tuple(verdicts))


def _worst(verdicts: Iterable[Verdict]) -> Verdict:
    """Return the verdict that decides: by the best evidence there is, the weakest grade (a slot may be split)."""
    return min(verdicts, key=lambda v: (_rank(v.evidence), -GRADES.index(v.grade)))


def _rank(evidence: str | None) -> int:
    return EVIDENCE.index(evidence) if evidence in EVIDENCE else len(EVIDENCE)


def _fill(bare: SlotAnswer, verdict: Verdict, all_of_it: tuple[Verdict, ...]) -> SlotAnswer:
    known = verdict.grade != "unknown"
    seen = [v.occupied for v in all_of_it or (verdict,)]
    return replace(
        bare,
        location=verdict.location,
        link_max=verdict.link_max,
        link_now=verdict.link_now,
        occupied=True if True in seen else next((o for o in seen if o is not None), None),
        grade=verdict.grade,
        isolates=verdict.isolates,
        evidence=verdict.evidence,
        iommu_groups=verdict.iommu_groups,
        companions=verdict.companions,
        reason=verdict.reason,
        machines=1 if known else 0,
        confidence="low" if known else None,
    )


def _rename(verdict: Verdict, names: Mapping[str, str]) -> Verdict:
    """Say which named slots companions sit in, now that more names are known, and grade the sharing by it."""
    if verdict.grade not in {"shared_slots", "shared_onboard"}:
        return verdict
    companions = tuple(
        replace(c, slot=c.slot or next((names[path] for path in c.behind if path in names), None))
        for c in verdict.companions
    )
    if companions == verdict.companions:
        return verdict
    grade, reason = shared(companions)
    return replace(verdict, companions=companions, grade=grade, reason=reason)
