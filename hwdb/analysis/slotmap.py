"""The slot map: which ports carry which name on one board, by all witnesses at hand. No I/O.

A pure function of what witnesses said, whichever machines they spoke from, so that a name learnt from one report names
the ports of all others without touching their verdicts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hwdb.topology import Machine

# Who is believed when two witnesses give one port two names: people looking at the board before firmware tables.
# The kernel's slot numbers come last: on consumer boards they are numbers of ports and not printed anywhere.
_NUMBERS = "pci_slots"
_TRUST = (_NUMBERS, "topology", "smbios", "firmware_label", "submitter", "curated")


@dataclass(frozen=True)
class Claim:
    """One witness's claim about one slot, freed from the machine it was given on.

    Attributes:
        designation: The slot's name.
        witness: Who says so.
        kind, connector_lanes, electrical_lanes: As the slot's public shape has them.
        platform: Platform of the machine, which the path belongs to.
        path: Port path, None when the witness names none.
        void: Why the path is not believed.
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
    return tuple(
        Claim(
            designation=w.designation,
            witness=w.slot.witness or "submitter",
            kind=w.slot.kind,
            connector_lanes=w.slot.connector_lanes,
            electrical_lanes=w.slot.electrical_lanes,
            platform=machine.platform,
            path=w.path,
            void=w.void,
        )
        for w in machine.slots
        if w.designation is not None
    )


def key_of(designation: str) -> str:
    """Return what two spellings of one slot name have in common: ``PCIe 1`` and ``PCIE1``."""
    return re.sub(r"[\W_]+", "", designation.casefold()) or designation


def slot_map(said: Iterable[Claim]) -> tuple[MappedSlot, ...]:
    """Return the named slots of a board, in natural order of their names, PCIe slots first."""
    by_slot: dict[str, list[Claim]] = {}
    for one in sorted(_with_numbers(tuple(said)), key=_trust, reverse=True):
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
            conflicts=(*conflicts.get(key, ()), *_lane_conflict(own), *_contradicted(own)),
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
            if one.void and any(other.path is not None and other.witness != one.witness for other in own)
        )
    )


def _owners(
    by_slot: dict[str, list[Claim]],
) -> tuple[dict[tuple[str | None, str], str], dict[str, list[str]]]:
    """Give each port to the slot of its most trusted witness; equally trusted contradictions give it to none."""
    named: dict[tuple[str | None, str], dict[str, Claim]] = {}
    for key, own in by_slot.items():
        for one in own:
            if one.path is not None and one.void is None:
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
