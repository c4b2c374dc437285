"""Boards against the filters of a search: which pass, and what each value of each filter would leave."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from hwdb.analysis.filters import SlotFacts, SlotsWanted, fitting
from hwdb.queries.found import Filter, FilterValue
from hwdb.queries.wanted import FACTS, compact

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from hwdb.queries.wanted import Wanted

MOST_VALUES = 40
"""Values listed with a filter; a search by words finds boards with the others."""

# Values offered for filters that take a number.
_NUMBERS = {"slots": (1, 2, 3, 4), "lanes": (4, 8, 16), "min_machines": (2, 5, 10)}
_SWITCHES = ("cpu_attached", "lasting", "no_override", "bios_stated")
_YES = "true"


class Row(NamedTuple):
    """A board as a search sees it."""

    id: int
    vendor: str
    vendor_slug: str
    name: str
    slug: str
    chipset: str | None
    socket: str | None
    form_factor: str | None
    slots: list[SlotFacts]
    machines: int
    bios_versions: int
    no_override: bool
    newest: str


class Filtered(NamedTuple):
    """Boards that pass all filters, how many more may, and the filters with their values."""

    boards: list[Row]
    left_out: int
    filters: tuple[Filter, ...]


def filtered(rows: Iterable[Row], wanted: Wanted) -> Filtered:
    """Return the rows that pass, and what every value of every filter leaves with the other filters as they are."""
    facts = {fact: frozenset(compact(value) for value in getattr(wanted, fact)) for fact in FACTS}
    counts: dict[str, Counter[str | None]] = {name: Counter() for name in (*FACTS, *_NUMBERS, *_SWITCHES)}
    passed, left_out = [], 0
    for row in rows:
        missed = _missed(row, wanted, facts)
        if not missed:
            passed.append(row)
        elif False not in missed.values():
            left_out += 1
        if len(missed) < 2:
            _count(row, wanted, next(iter(missed), None), counts)
    return Filtered(passed, left_out, tuple(_filter(name, counted, wanted) for name, counted in counts.items()))


def _missed(row: Row, wanted: Wanted, facts: Mapping[str, frozenset[str]]) -> dict[str, bool | None]:
    """Return the filters that a board does not pass; None for those of which it is not known whether it does."""
    missed: dict[str, bool | None] = {}
    for fact, values in facts.items():
        own = getattr(row, fact) if values else ""
        if values and (own is None or compact(own) not in values):
            missed[fact] = None if own is None else False
    if wanted.of_slots is not None:
        sure, perhaps = fitting(row.slots, wanted.of_slots)
        if sure < wanted.of_slots.least:
            missed["slots"] = None if sure + perhaps >= wanted.of_slots.least else False
    shown = {"no_override": row.no_override, "bios_stated": row.bios_versions > 0}
    missed |= {name: False for name, passes in shown.items() if getattr(wanted, name) and not passes}
    return missed if row.machines >= wanted.min_machines else {**missed, "min_machines": False}


def _count(row: Row, wanted: Wanted, only: str | None, counts: dict[str, Counter[str | None]]) -> None:
    """Count a board that passes all filters, or all but ``only``, for the values it has."""
    for fact in FACTS if only is None else (only,) if only in FACTS else ():
        counts[fact][getattr(row, fact)] += 1
    if only in {None, "slots"}:
        _count_slots(row, wanted, counts)
    if only in {None, "min_machines"}:
        for number in _NUMBERS["min_machines"]:
            counts["min_machines"][str(number)] += row.machines >= number
    if only in {None, "no_override"}:
        counts["no_override"][_YES] += row.no_override
    if only in {None, "bios_stated"}:
        counts["bios_stated"][_YES] += row.bios_versions > 0


def _count_slots(row: Row, wanted: Wanted, counts: dict[str, Counter[str | None]]) -> None:
    asked = wanted.of_slots or SlotsWanted()
    most = _sure(row.slots, asked)
    for number in _NUMBERS["slots"]:
        counts["slots"][str(number)] += most >= number
    for lanes in _NUMBERS["lanes"]:
        counts["lanes"][str(lanes)] += _sure(row.slots, asked._replace(lanes=lanes)) >= asked.least
    counts["cpu_attached"][_YES] += _sure(row.slots, asked._replace(cpu=True)) >= asked.least
    counts["lasting"][_YES] += _sure(row.slots, asked._replace(lasting=True)) >= asked.least


def _sure(slots: Sequence[SlotFacts], asked: SlotsWanted) -> int:
    """Return how many slots are surely as asked: what ``fitting`` says first, several times as fast."""
    _, lanes, cpu, lasting = asked
    return sum(
        isolates is True and (wired or 0) >= (lanes or 0) and (not cpu or at == "cpu") and (lasts or not lasting)
        for isolates, lasts, wired, at in slots
    )


def _filter(name: str, counted: Counter[str | None], wanted: Wanted) -> Filter:
    unknown = counted.pop(None, 0)
    found = [FilterValue(str(value), boards) for value, boards in counted.items()]
    if name not in FACTS:
        return Filter(name, tuple(found) or _none(name), 0, unknown)
    found.sort(key=lambda one: (-one.boards, one.value.casefold()))
    asked = {compact(value): FilterValue(value, 0) for value in getattr(wanted, name)}
    asked |= {compact(one.value): one for one in found if compact(one.value) in asked}
    others = [one for one in found if compact(one.value) not in asked]
    return Filter(name, (*asked.values(), *others[:MOST_VALUES]), len(others[MOST_VALUES:]), unknown)


def _none(name: str) -> tuple[FilterValue, ...]:
    return tuple(FilterValue(str(value), 0) for value in _NUMBERS.get(name, (_YES,)))
