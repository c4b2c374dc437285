"""``answer``: the slots of a board as one machine shows them: its verdicts joined with the slot map. No I/O."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hwdb.analysis.judging import judge
from hwdb.analysis.port_evidence import NOTHING, port_evidence, sightings
from hwdb.analysis.shapes import ISOLATES, SlotAnswer, Verdict
from hwdb.analysis.slotmap import MappedSlot, claims, key_of, slot_map
from hwdb.analysis.verdicts import shared

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from hwdb.analysis.port_evidence import PortEvidence
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
    return answer(named_slots(machine), findings(machine))


def named_slots(machine: Machine) -> tuple[MappedSlot, ...]:
    """Return the slot map that one machine's report makes."""
    return slot_map(claims(machine), port_evidence(sightings(machine)))


def answer(slots: Sequence[MappedSlot], shown: Findings, ports: PortEvidence = NOTHING) -> tuple[SlotAnswer, ...]:
    """Return every named slot as one report shows it, then the ports of slots that nobody has named.

    Args:
        slots: The slot map.
        shown: What the report shows.
        ports: What hangs from the board's ports on all its machines. It adds ports that say nothing of a slot, and
            takes away those that do while a soldered chip hangs from them.
    """
    names = {path: slot.designation for slot in slots for platform, path in slot.ports if platform == shown.platform}
    named = [_answer_slot(slot, shown, names) for slot in slots]
    ways = {way for path in names for way in _ports_above(path)}
    unnamed = [
        _fill(SlotAnswer(None, ports=(v.path,), witnesses=("topology",) * topology), _rename(v, names), ())
        for v in shown.verdicts
        if v.path is not None
        and v.designation is None
        and not (v.path in ways or _is_of_a_slot(v.path, names))
        # Ports of soldered chips say that they have a slot as well.
        and ((topology := (shown.platform, v.path) in ports.slots) or v.connector)
        and (shown.platform, v.path) not in ports.soldered
    ]
    return (*named, *sorted(unnamed, key=lambda one: one.ports))


def _is_of_a_slot(path: str, names: Mapping[str, str]) -> bool:
    """Whether a port is a named slot's, or of the card in it."""
    return path in names or any(port in names for port in _ports_above(path))


def _ports_above(path: str) -> Iterator[str]:
    hops = path.split("/")
    yield from ("/".join(hops[:end]) for end in range(1, len(hops)))


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
    others = {path: name for path, name in names.items() if path not in own}
    return _fill(bare, _worst(_rename(_of_one_card(v, slot, own), others) for v in verdicts), tuple(verdicts))


def _of_one_card(verdict: Verdict, slot: MappedSlot, own: AbstractSet[str]) -> Verdict:
    """Count what is behind another port of the same slot as the card: a riser may split it over several."""
    key = key_of(slot.designation)
    companions = tuple(
        c for c in verdict.companions if own.isdisjoint(c.behind) and (c.slot is None or key_of(c.slot) != key)
    )
    if companions == verdict.companions:
        return verdict
    if companions:
        grade, reason = shared(companions)
    else:
        grade = "conditional"
        reason = "Only its own card is in its group now; a card in a sibling port of the same device may join it."
    return replace(verdict, companions=companions, grade=grade, reason=reason)


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
