"""What may be meant by words that are still being typed: boards, devices, facts of boards."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hwdb.queries.found import NamedDevice  # noqa: TC001 (the API's schema is made by this annotation)
from hwdb.queries.named_devices import device_hits, ids_called, seen_on
from hwdb.queries.search import board_rows, facts_known, named_so
from hwdb.queries.wanted import FACTS, Wanted, compact, understand

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.orm import Session

    from hwdb.queries.filtering import Row

MOST_BOARDS = 6
MOST_DEVICES = 4
MOST_FACTS = 4

# One letter begins half of everything.
_SHORTEST = 2


@dataclass(frozen=True)
class SuggestedBoard:
    """A board that the words fit: as people know it, and as addresses spell it."""

    vendor: str
    vendor_slug: str
    name: str
    slug: str


@dataclass(frozen=True)
class SuggestedFact:
    """A fact of boards that the words begin to name.

    Attributes:
        fact: ``socket``, ``chipset``, ``vendor`` or ``form_factor``; the parameter of a search for it.
        value: As boards have it.
        boards: How many have it.
    """

    fact: str
    value: str
    boards: int


@dataclass(frozen=True)
class Suggestions:
    """What may be meant.

    Attributes:
        query: As it was asked.
        facts, boards, devices: The likeliest first, a few of each.
    """

    query: str
    facts: tuple[SuggestedFact, ...]
    boards: tuple[SuggestedBoard, ...]
    devices: tuple[NamedDevice, ...]


def suggestions(session: Session, q: str) -> Suggestions:
    """Return what may be meant by words of which the last may not be whole yet."""
    if len(compact(q)) < _SHORTEST:
        return Suggestions(q, (), (), ())
    rows = board_rows(session)
    words = understand(Wanted(q=q), facts_known(rows))
    scores = named_so(rows, words) if words.asked else {}
    best = sorted((row for row in rows if row.id in scores), key=lambda row: (-scores[row.id], -row.machines, row.id))
    devices = seen_on(session, words.ids or ids_called(session, words.rest, MOST_DEVICES - 1))
    return Suggestions(
        query=q,
        facts=_facts(rows, compact(q)),
        boards=tuple(SuggestedBoard(row.vendor, row.vendor_slug, row.name, row.slug) for row in best[:MOST_BOARDS]),
        devices=device_hits(session, devices)[:MOST_DEVICES],
    )


def _facts(rows: Iterable[Row], begun: str) -> tuple[SuggestedFact, ...]:
    counted = Counter((fact, getattr(row, fact)) for row in rows for fact in FACTS)
    found = [
        SuggestedFact(fact, value, boards)
        for (fact, value), boards in counted.items()
        if value is not None and compact(value).startswith(begun)
    ]
    found.sort(key=lambda one: (-one.boards, one.value))
    return tuple(found[:MOST_FACTS])
