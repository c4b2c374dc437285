"""``notes``: what a board's slots depend on: processor, BIOS, kernel, settings, other cards. No I/O; on the server.

A cause is claimed only where the evidence carries it: the same machine shows both sides, or two machines agree on each
side, with equal platform, kernel rules and population, and nobody contradicts. Everything else only says that machines
differ.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hwdb.analysis.consensus import observed_best, stance
from hwdb.analysis.sentence import label
from hwdb.analysis.words import listing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from hwdb.analysis.consensus import Ballot, Vote

_SAYS = {"yes": "isolates", "no": "does not isolate", "siblings": "isolates only while sibling slots stay empty"}


@dataclass(frozen=True)
class BoardNote:
    """Something a reader of a board should know beside the grades.

    Attributes:
        kind: ``regression`` or ``fixed`` (a BIOS version changed it), ``bios``, ``kernel``, ``platform``, ``setting``,
            ``population`` (it differs with these), ``one_report`` or ``machines`` (it differs, nothing explains it).
        slot: The slot's name or port.
        text: One or two sentences.
        reports: Public ids of the reports that show it.
    """

    kind: str
    slot: str
    text: str
    reports: tuple[str, ...]


def populations(asked: Sequence[Ballot]) -> dict[str, frozenset[str]]:
    """Return which slots each report shows filled, by its public id."""
    filled: dict[str, set[str]] = {}
    for ballot in asked:
        for vote in ballot.votes:
            held = filled.setdefault(vote.speaker.report, set())
            if vote.slot.occupied:
                held.add(label(ballot.bare))
    return {report: frozenset(held) for report, held in filled.items()}


def notes(asked: Sequence[Ballot]) -> tuple[BoardNote, ...]:
    """Return what the slots of a board depend on, regressions first."""
    filled = populations(asked)
    found = [note for ballot in asked for note in _notes_on(label(ballot.bare), ballot.votes, filled)]
    return tuple(sorted(found, key=lambda note: note.kind != "regression"))


def _notes_on(slot: str, votes: Sequence[Vote], filled: Mapping[str, frozenset[str]]) -> list[BoardNote]:
    heard = observed_best(votes)
    if _unanimous(heard):
        return []
    for kind, name, by in (("platform", "host bridge", _platform), ("kernel", "kernel rules", _rules)):
        parts = _split(heard, by)
        if len(parts) > 1 and all(_unanimous(part) for part in parts.values()):
            return [_differs(kind, slot, name, parts)]
    alike = _split(heard, lambda vote: f"{_platform(vote)} {_rules(vote)}").values()
    return [_by_bios(slot, part, filled) or _unexplained(slot, part, filled) for part in alike if not _unanimous(part)]


def _platform(vote: Vote) -> str:
    return vote.speaker.shown.platform or "not seen"


def _rules(vote: Vote) -> str:
    return vote.speaker.rules


def _split(votes: Iterable[Vote], by: Callable[[Vote], str]) -> dict[str, list[Vote]]:
    parts: dict[str, list[Vote]] = {}
    for vote in votes:
        parts.setdefault(by(vote), []).append(vote)
    return parts


def _of_report(values: Mapping[str, str]) -> Callable[[Vote], str]:
    return lambda vote: values[vote.speaker.report]


def _unanimous(votes: Sequence[Vote]) -> bool:
    return len({stance(vote.slot.grade) for vote in votes}) < 2


def _differs(kind: str, slot: str, name: str, parts: Mapping[str, Sequence[Vote]]) -> BoardNote:
    said = [f"with {name} {value} it {_SAYS[stance(v[0].slot.grade)]}" for value, v in parts.items()]
    return BoardNote(kind, slot, f"{slot}: {listing(said)}.", _ids(v for part in parts.values() for v in part))


def _by_bios(slot: str, votes: Sequence[Vote], filled: Mapping[str, frozenset[str]]) -> BoardNote | None:
    """Return what a BIOS version changed, or between which two it differs; None when no version divides the votes.

    Reports that state no version speak for neither side.
    """
    ranked = sorted((v for v in votes if v.speaker.bios_rank is not None), key=lambda v: v.speaker.bios_rank or 0)
    before, after = _divided(ranked)
    if not after:
        return None
    old, new = stance(before[-1].slot.grade), stance(after[0].slot.grade)
    versions = before[-1].speaker.bios, after[0].speaker.bios
    ids = _ids([*before, *after])
    proof = _proof(before, after, filled)
    if proof is None:
        return _weak(slot, before, after, ids)
    if old == "yes":
        text = (
            f"Since BIOS {versions[1]} {slot} {_SAYS[new]}; {versions[0]} was the last version that was good. {proof}"
        )
        return BoardNote("regression", slot, text, ids)
    if new == "yes":
        text = f"BIOS {versions[1]} made {slot} isolate; up to {versions[0]} it {_SAYS[old]}. {proof}"
        return BoardNote("fixed", slot, text, ids)
    text = f"Since BIOS {versions[1]} {slot} {_SAYS[new]}; up to {versions[0]} it {_SAYS[old]}. {proof}"
    return BoardNote("bios", slot, text, ids)


def _divided(ranked: Sequence[Vote]) -> tuple[Sequence[Vote], Sequence[Vote]]:
    """Return the votes up to a BIOS version and those after it, where the version alone tells their stances apart."""
    for at in range(1, len(ranked)):
        before, after = ranked[:at], ranked[at:]
        if before[-1].speaker.bios_rank != after[0].speaker.bios_rank and _unanimous(before) and _unanimous(after):
            return before, after
    return ranked, ()


def _proof(before: Sequence[Vote], after: Sequence[Vote], filled: Mapping[str, frozenset[str]]) -> str | None:
    """Return why the BIOS is the cause: one machine on both sides, or two on each, equally populated."""
    sides = [{(v.speaker.machine, filled[v.speaker.report]) for v in side} for side in (before, after)]
    if sides[0] & sides[1]:
        return "The same machine showed both."
    for population in {held for _, held in sides[0]}:
        machines = [len({machine for machine, held in side if held == population}) for side in sides]
        if min(machines) >= 2:
            return f"{machines[0]} machines with older and {machines[1]} with newer versions agree."
    return None


def _weak(slot: str, before: Sequence[Vote], after: Sequence[Vote], ids: tuple[str, ...]) -> BoardNote:
    for side, others in ((before, after), (after, before)):
        if len({v.speaker.machine for v in side}) == 1 and len({v.speaker.machine for v in others}) > 1:
            return _one(slot, side[0])
    text = (
        f"{slot} differs between BIOS {before[-1].speaker.bios}, where it {_SAYS[stance(before[-1].slot.grade)]}, and"
        f" {after[0].speaker.bios}, where it {_SAYS[stance(after[0].slot.grade)]}. Too few machines show it to call the"
        " BIOS the cause."
    )
    return BoardNote("bios", slot, text, ids)


def _unexplained(slot: str, votes: Sequence[Vote], filled: Mapping[str, frozenset[str]]) -> BoardNote:
    """Return what else tells the votes apart: a setting, what is plugged in elsewhere, or nothing."""
    setting = _by_setting(slot, votes)
    if setting is not None:
        return setting
    others = sorted({name for v in votes for name in filled[v.speaker.report]} - {slot})
    for name in others:
        parts = _split(votes, _of_report({r: "filled" if name in held else "empty" for r, held in filled.items()}))
        if len(parts) > 1 and all(_unanimous(part) for part in parts.values()):
            full, empty = stance(parts["filled"][0].slot.grade), stance(parts["empty"][0].slot.grade)
            text = f"{slot} {_SAYS[empty]} on machines where {name} is empty, and {_SAYS[full]} where it is filled."
            return BoardNote("population", slot, text, _ids(votes))
    machines = _split(votes, lambda v: stance(v.slot.grade))
    counts = {said: len({v.speaker.machine for v in part}) for said, part in machines.items()}
    for said, part in machines.items():
        if counts[said] == 1 < sum(counts.values()) - 1:
            return _one(slot, part[0])
    how = [f"on {n} {'machine' if n == 1 else 'machines'} it {_SAYS[what]}" for what, n in counts.items()]
    text = f"Machines differ on {slot}: {listing(how)}; nothing reported explains it."
    return BoardNote("machines", slot, text, _ids(votes))


def _by_setting(slot: str, votes: Sequence[Vote]) -> BoardNote | None:
    """Return the firmware setting that every report states and that alone tells their stances apart."""
    stated = {vote.speaker.report: dict(vote.speaker.settings) for vote in votes}
    everywhere = set.intersection(*(set(values) for values in stated.values()))
    for name in sorted(everywhere):
        parts = _split(votes, _of_report({report: said[name] for report, said in stated.items()}))
        if len(parts) > 1 and all(_unanimous(part) for part in parts.values()):
            how = [f"with {value} it {_SAYS[stance(part[0].slot.grade)]}" for value, part in parts.items()]
            return BoardNote("setting", slot, f"{slot} goes with the setting {name}: {listing(how)}.", _ids(votes))
    return None


def _one(slot: str, vote: Vote) -> BoardNote:
    bios = f" (BIOS {vote.speaker.bios})" if vote.speaker.bios else ""
    text = f"One report differs on {slot}: there{bios} it {_SAYS[stance(vote.slot.grade)]}."
    return BoardNote("one_report", slot, text, (vote.speaker.report,))


def _ids(votes: Iterable[Vote]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(vote.speaker.report for vote in votes))
