"""What somebody wants of a search: words, filters, an order; and the words that are filters themselves."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hwdb.analysis.filters import SlotsWanted
from hwdb.identity import searchable

if TYPE_CHECKING:
    from collections.abc import Mapping

SORTS = ("match", "slots", "machines", "newest", "name")
"""Orders of the boards found: those that fit the words best, with the most slots that isolate as asked, ..."""

FACTS = ("socket", "chipset", "vendor", "form_factor")
"""Facts of a board that words can name, the most telling first."""

# "LGA 2011 3" is one socket in three words.
_LONGEST_PHRASE = 4
_PCI_ID = re.compile(r"(?<![0-9a-f])([0-9a-f]{4}):([0-9a-f]{4})(?![0-9a-f])", re.IGNORECASE)


@dataclass(frozen=True)
class Wanted:
    """A search for boards; several values of one fact are alternatives, all else must hold together.

    Attributes:
        q: Words: of names, facts and devices, PCI ids among them.
        literal: Whether no word is taken for a fact or a device: all must be in the board's name.
        socket, chipset, vendor, form_factor: Facts of the board, any of each.
        slots: How many slots must isolate; None for no matter, unless something else is asked of slots.
        lanes, cpu_attached, lasting: What is asked of those slots, as in ``SlotsWanted``.
        no_override: Only boards of which a counted machine states that no ACS override was on.
        bios_stated: Only boards of which a counted machine states its BIOS version.
        min_machines: Machines that must be counted.
        sort: One of ``SORTS``; None for ``match`` where there are words, ``slots`` where all of them are facts,
            else ``newest``.
        offset, limit: Which of the boards found are returned.
    """

    q: str = ""
    literal: bool = False
    socket: tuple[str, ...] = ()
    chipset: tuple[str, ...] = ()
    vendor: tuple[str, ...] = ()
    form_factor: tuple[str, ...] = ()
    slots: int | None = None
    lanes: int | None = None
    cpu_attached: bool = False
    lasting: bool = False
    no_override: bool = False
    bios_stated: bool = False
    min_machines: int = 0
    sort: str | None = None
    offset: int = 0
    limit: int = 50

    @property
    def of_slots(self) -> SlotsWanted | None:
        """What is asked of slots; None when nothing is."""
        if not (self.slots or self.lanes or self.cpu_attached or self.lasting):
            return None
        return SlotsWanted(max(self.slots or 0, 1), self.lanes, self.cpu_attached, self.lasting)


@dataclass(frozen=True)
class Understood:
    """Words of a search that name a fact of boards.

    Attributes:
        words: As a search compares them.
        fact: ``socket``, ``chipset``, ``vendor`` or ``form_factor``.
        value: The fact, as boards have it.
    """

    words: str
    fact: str
    value: str


@dataclass(frozen=True)
class Words:
    """What the words of a search come to.

    Attributes:
        asked: All of them but PCI ids, as a search compares them.
        facts: Those that name a fact.
        rest: Those that do not.
        ids: PCI ids, like ``10de:1b80``.
    """

    asked: str
    facts: tuple[Understood, ...]
    rest: tuple[str, ...]
    ids: tuple[str, ...]


def compact(value: str) -> str:
    """Return what spellings of a fact have in common: ``lga20113`` for LGA2011-3 and LGA 2011-3."""
    return searchable(value).replace(" ", "")


def understand(wanted: Wanted, known: Mapping[str, tuple[str, str]]) -> Words:
    """Return which words of a search name a fact, which are PCI ids and which are neither.

    Args:
        wanted: The search.
        known: Facts of the boards there are: what ``compact`` makes of each -> its kind and value.
    """
    if wanted.literal:
        asked = searchable(wanted.q)
        return Words(asked, (), tuple(asked.split()), ())
    ids = tuple(dict.fromkeys(f"{one[1]}:{one[2]}".casefold() for one in _PCI_ID.finditer(wanted.q)))
    asked = searchable(_PCI_ID.sub(" ", wanted.q))
    words, facts, rest, place = asked.split(), [], [], 0
    while place < len(words):
        for length in range(_LONGEST_PHRASE, 0, -1):
            phrase = words[place : place + length]
            fact = known.get("".join(phrase))
            if fact is not None:
                facts.append(Understood(" ".join(phrase), *fact))
                break
        else:
            length = 1
            rest.append(words[place])
        place += length
    return Words(asked, tuple(facts), tuple(rest), ids)
