"""The slot map: which ports carry which name on one board, by all witnesses at hand. No I/O.

A pure function of what witnesses said, whichever machines they spoke from, so that a name learnt from one report names
the ports of all others without touching their verdicts.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hwdb.analysis.port_evidence import NOTHING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from hwdb.analysis.port_evidence import PortEvidence
    from hwdb.topology import Machine

# Who is believed when two witnesses give one port two names: people looking at the board before firmware tables.
# The kernel's slot numbers come last: on consumer boards they are numbers of ports and not printed anywhere.
_NUMBERS = "pci_slots"
_TRUST = (_NUMBERS, "topology", "smbios", "firmware_label", "submitter", "curated")
_FIRMWARE = (_NUMBERS, "smbios", "firmware_label")


@dataclass(frozen=True)
class Claim:
    """One witness's claim about one slot, freed from the machine it was given on.

    Attributes:
        designation: The slot's name.
        witness: Who says so.
        kind, connector_lanes, electrical_lanes: As the slot's public shape has them.
        platform: Platform of the machine, which the path belongs to.
        path: Port path, None when the witness names none.
        void: Why the claim is not believed. With a path it is of a reference board's table, and is heard where another
            witness shows a slot at that port.
    """

    designation: str
    witness: str
    kind: str | None = None
    connector_lanes: int | None = None
    electrical_lanes: int | None = None
    platform: str | None = None
    path: str | None = None
    void: str | None = None


@dataclass(frozen=True)
class MappedSlot:
    """One named slot of a board.

    Attributes:
        designation: Its name, in the spelling of the most trusted witness.
        kind, connector_lanes, electrical_lanes: By the most trusted witness that knows.
        ports: (platform, path) pairs, each a port it hangs from.
        witnesses: Who names it, most trusted first.
        conflicts: What witnesses disagree on, in sentences.
    """

    designation: str
    kind: str | None
    connector_lanes: int | None
    electrical_lanes: int | None
    ports: tuple[tuple[str | None, str], ...]
    witnesses: tuple[str, ...]
    conflicts: tuple[str, ...]


def claims(machine: Machine) -> tuple[Claim, ...]:
    """Return what the witnesses of one machine say of named slots."""
    heard = [(w, w.designation or (w.slot.designation if w.hint is not None else None)) for w in machine.slots]
    return tuple(
        Claim(
            designation=name,
            witness=w.slot.witness or "submitter",
            kind=w.slot.kind,
            connector_lanes=w.slot.connector_lanes,
            electrical_lanes=w.slot.electrical_lanes,
            platform=machine.platform,
            path=w.path or w.hint,
            void=w.void,
        )
        for w, name in heard
        if name is not None
    )


def key_of(designation: str) -> str:
    """Return what two spellings of one slot name have in common: ``PCIe 1`` and ``PCIE1``."""
    return re.sub(r"[\W_]+", "", designation.casefold()) or designation


def slot_map(said: Iterable[Claim], shown: PortEvidence = NOTHING) -> tuple[MappedSlot, ...]:
    """Return the named slots of a board, in natural order of their names, PCIe slots first.

    Args:
        said: What all witnesses say.
        shown: What hangs from the board's ports, on all machines that show it.
    """
    heard = _with_numbers(_seconded(_checked(tuple(said), shown), shown))
    by_slot: dict[str, list[Claim]] = {}
    for one in sorted(heard, key=_trust, reverse=True):
        by_slot.setdefault(key_of(one.designation), []).append(one)
    owners, conflicts = _owners(by_slot)
    slots = [
        MappedSlot(
            designation=own[0].designation,
            kind=next((t.kind for t in own if t.kind), None),
            connector_lanes=next((t.connector_lanes for t in own if t.connector_lanes), None),
            electrical_lanes=next((t.electrical_lanes for t in own if t.electrical_lanes), None),
            ports=tuple(sorted((place for place, owner in owners.items() if owner == key), key=str)),
            witnesses=tuple(dict.fromkeys(t.witness for t in own)),
            conflicts=(*conflicts.get(key, ()), *_lane_conflict(own), *_contradicted(own), *_borrowed(own)),
        )
        for key, own in by_slot.items()
    ]
    return tuple(sorted(slots, key=lambda slot: (slot.kind not in {None, "pcie"}, natural(slot.designation))))


def natural(text: str) -> tuple[tuple[int, int, str], ...]:
    """Return a sort key that puts PCIE2 before PCIE10."""
    parts = re.split(r"(\d{1,9})", text.casefold())
    return tuple((1, int(part), "") if part.isdigit() and part.isascii() else (0, 0, part) for part in parts)


def _trust(one: Claim) -> int:
    return _TRUST.index(one.witness) if one.witness in _TRUST else -1


def _checked(said: Sequence[Claim], shown: PortEvidence) -> Sequence[Claim]:
    """Void what cannot be, now that all machines are there: what one machine hides another one shows."""
    checked = list(said)
    below = _below(said)
    # Numbers are given to the ports of soldered chips as well, so they second none.
    spoken = {(one.platform, one.path, one.witness) for one in said if not one.void and one.witness != _NUMBERS}
    voices = Counter((platform, path) for platform, path, _ in spoken)
    for i, one in enumerate(said):
        place = (one.platform, one.path or "")
        if one.path is None or one.void:
            continue
        reason = shown.ways.get(place)
        if reason is None and one.witness in _FIRMWARE:
            reason = shown.soldered.get(place) if voices[place] < 2 else None
            leads_to = {path for key, path in below.get(place, ()) if key != key_of(one.designation)}
            if leads_to:
                reason = f"{one.path} leads to another slot's port, {min(leads_to)}, so it is no slot of its own."
        if reason is not None:
            checked[i] = replace(one, path=None, void=reason)
    return checked


def _below(said: Iterable[Claim]) -> Mapping[tuple[str | None, str], Collection[tuple[str, str]]]:
    """Return the slots, by key and path, that are named below a port."""
    below: dict[tuple[str | None, str], set[tuple[str, str]]] = {}
    for one in said:
        if one.path is None or one.void or one.witness == _NUMBERS:
            continue
        hops = one.path.split("/")
        for end in range(1, len(hops)):
            below.setdefault((one.platform, "/".join(hops[:end])), set()).add((key_of(one.designation), one.path))
    return below


def _seconded(said: Sequence[Claim], shown: PortEvidence) -> Sequence[Claim]:
    """Hear a reference board's rows where another witness shows a slot there, and let topology second all names.

    A row keeps its name and its port then; its lanes are those of the reference board.
    """
    names = _names(one for one in said if not one.void)
    heard = [one for one in said if one.path is None or not one.void]
    for one in said:
        if one.path is None or not one.void:
            continue
        place = (one.platform, one.path)
        printed = names.get(place, {})
        cards = not printed and place in (shown.slots | shown.graphics)
        # A number of the kernel tells that a slot is there, and not what is printed beside it.
        if cards or key_of(one.designation) in printed or (place in names and not printed):
            heard.append(replace(one, connector_lanes=None, electrical_lanes=None))
            heard += [Claim(one.designation, "topology", platform=one.platform, path=one.path)] * cards
    for place, printed in names.items():
        if place in shown.slots and len(printed) == 1:
            heard += [Claim(name, "topology", platform=place[0], path=place[1]) for name in printed.values()]
    return heard


def _names(said: Iterable[Claim]) -> Mapping[tuple[str | None, str], Mapping[str, str]]:
    """Return the names of each port that any witness names, by their keys; none where only numbers are given."""
    names: dict[tuple[str | None, str], dict[str, str]] = {}
    for one in said:
        if one.path is not None:
            own = names.setdefault((one.platform, one.path), {})
            if one.witness != _NUMBERS:
                own.setdefault(key_of(one.designation), one.designation)
    return names


def _borrowed(own: Sequence[Claim]) -> tuple[str, ...]:
    """Return that a slot's name is known from a reference board's table alone."""
    copied = [one.path is not None and one.void is not None for one in own if one.witness not in {"topology", _NUMBERS}]
    if not copied or not all(copied):
        return ()
    return ("Its name is from the table of AMD's reference board; another may be printed beside it.",)


def _with_numbers(said: Sequence[Claim]) -> Sequence[Claim]:
    """Let numbers of the kernel second the names that others give; they name slots only where nobody else does.

    A number adds a port only to a slot of its own name (``SLOT3`` and 3) to which nobody else gives one.
    """
    named = sorted((one for one in said if one.witness != _NUMBERS), key=_trust, reverse=True)
    if not named:
        return said
    keys = {key_of(one.designation) for one in named}
    ported = {(key_of(one.designation), one.platform) for one in named if one.path is not None}
    by_place: dict[tuple[str | None, str | None], dict[str, str]] = {}
    for one in named:
        by_place.setdefault((one.platform, one.path), {}).setdefault(key_of(one.designation), one.designation)
    kept = list(named)
    for one in said:
        if one.witness != _NUMBERS:
            continue
        key = key_of(one.designation)
        names = {} if one.path is None else by_place.get((one.platform, one.path), {})
        if names:
            kept.append(one if key in names else replace(one, designation=next(iter(names.values()))))
        elif key in keys and (key, one.platform) not in ported:
            kept.append(one)
    return kept


def _contradicted(own: Sequence[Claim]) -> tuple[str, ...]:
    """Return why witnesses are not believed where another one names the slot's port; elsewhere a verdict says it."""
    return tuple(
        dict.fromkeys(
            one.void
            for one in own
            if one.void
            and one.path is None
            and any(other.path is not None and other.witness != one.witness for other in own)
        )
    )


def _owners(
    by_slot: dict[str, list[Claim]],
) -> tuple[dict[tuple[str | None, str], str], dict[str, list[str]]]:
    """Give each port to the slot of its most trusted witness; equally trusted contradictions give it to none."""
    named: dict[tuple[str | None, str], dict[str, Claim]] = {}
    for key, own in by_slot.items():
        for one in own:
            if one.path is not None:
                named.setdefault((one.platform, one.path), {}).setdefault(key, one)
    owners: dict[tuple[str | None, str], str] = {}
    conflicts: dict[str, list[str]] = {}
    for place, rivals in named.items():
        ranked: Sequence[Claim] = sorted(rivals.values(), key=_trust, reverse=True)
        if len(ranked) == 1 or _trust(ranked[0]) > _trust(ranked[1]):
            owners[place] = key_of(ranked[0].designation)
        for key, one in rivals.items():
            others = ", ".join(f"{r.designation} ({r.witness})" for r in ranked if r is not one)
            if others:
                conflicts.setdefault(key, []).append(f"Port {place[1]} is named {others} as well.")
    return owners, conflicts


def _lane_conflict(own: Sequence[Claim]) -> tuple[str, ...]:
    said = {t.witness: t.electrical_lanes for t in own if t.electrical_lanes is not None}
    if len(set(said.values())) < 2:
        return ()
    return ("Witnesses differ on its lanes: " + ", ".join(f"x{lanes} ({who})" for who, lanes in said.items()) + ".",)
