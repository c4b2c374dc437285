"""A search as its address says it, and in words: what filters are called, what each address without one is."""

from __future__ import annotations

import re
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlencode

from hwdb.queries import FACTS, SORTS, Wanted
from web.pages.words import count

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from werkzeug.datastructures import MultiDict

    from hwdb.queries import BoardHit, Filter, FilterValue, FoundBoards, Understood

ON_A_PAGE = 15
"""Boards on one page."""

# Of the values of a filter, so many are in sight; the rest unfolds.
_IN_SIGHT = 6
_MOST_VALUES = 40
_LONGEST = 200
_SWITCHES = ("literal", "cpu_attached", "lasting", "no_override", "bios_stated")
_NUMBERS = {"slots": (1, 16), "lanes": (1, 16), "min_machines": (0, 1000), "offset": (0, 1_000_000)}
_LANES = (1, 2, 4, 8, 16)
_FACT_WORDS = {"socket": "socket", "chipset": "chipset", "vendor": "maker", "form_factor": "form factor"}
_SORT_WORDS = {
    "match": "best match",
    "slots": "most isolated slots",
    "machines": "most machines",
    "newest": "newest report",
    "name": "name",
}


class Token(NamedTuple):
    """One thing asked for, in words, and the address of the search without it."""

    says: str
    without: str


class Values(NamedTuple):
    """The values of a filter, those in sight and those that unfold."""

    shown: tuple[FilterValue, ...]
    folded: tuple[FilterValue, ...]


def wanted_of(args: MultiDict[str, str]) -> Wanted:
    """Return the search an address asks for; what the API would refuse is left out, for a person has no use for it."""
    asked: dict[str, Any] = {"q": _word(args, "q"), "limit": ON_A_PAGE}
    for name in FACTS:
        said = (value.strip() for value in args.getlist(name))
        asked[name] = tuple(dict.fromkeys(value for value in said if value and len(value) <= _LONGEST))[:_MOST_VALUES]
    asked |= {name: True for name in _SWITCHES if _word(args, name) == "true"}
    for name, (least, most) in _NUMBERS.items():
        said_so = _word(args, name)
        if re.fullmatch("[0-9]{1,7}", said_so) and least <= int(said_so) <= most:
            asked[name] = int(said_so)
    if asked.get("lanes") not in _LANES:
        asked.pop("lanes", None)
    return Wanted(**asked, sort=_word(args, "sort") if _word(args, "sort") in SORTS else None)


def _word(args: MultiDict[str, str], name: str) -> str:
    return args.get(name, "").strip()[:_LONGEST]


def address_of(wanted: Wanted, path: str) -> str:
    """Return the address of a search, without what is as it would be anyway."""
    said: list[tuple[str, str]] = []
    for field in fields(Wanted):
        value = getattr(wanted, field.name)
        if field.name == "limit" or value == field.default:
            continue
        said += [(field.name, one) for one in value] if isinstance(value, tuple) else [(field.name, _said(value))]
    return f"{path}?{urlencode(said)}" if said else path


def _said(value: object) -> str:
    return "true" if value is True else str(value)


def understood_words(found: FoundBoards, wanted: Wanted, path: str) -> list[Token]:
    """Return the words that were taken for facts of boards, each with the search without it."""
    return [
        Token(f"{_FACT_WORDS[one.fact]} {one.value}", address_of(_without(wanted, one), path))
        for one in found.understood
    ]


def _without(wanted: Wanted, said: Understood) -> Wanted:
    words = r"[\W_]+".join(re.escape(word) for word in said.words.split())
    rest = re.sub(rf"(?<![^\W_]){words}(?![^\W_])", " ", wanted.q, count=1, flags=re.IGNORECASE)
    # A word that is spelled with accents is not found again: then all words are names.
    changed = {"literal": True} if rest == wanted.q else {"q": " ".join(rest.split())}
    return replace(wanted, offset=0, **changed)


def filter_tokens(wanted: Wanted, path: str) -> list[Token]:
    """Return the filters asked for in words, each with the search without it."""
    said: list[tuple[str, dict[str, Any]]] = []
    if wanted.slots:
        said.append((f"at least {count(wanted.slots, 'isolated slot')}", {"slots": None}))
    if wanted.lanes:
        said.append((f"a slot of {lanes_wanted(wanted.lanes)}", {"lanes": None}))
    for name, words in SWITCH_WORDS.items():
        if getattr(wanted, name):
            said.append((words, {name: False}))
    if wanted.min_machines:
        said.append((f"{count(wanted.min_machines, 'machine')} or more", {"min_machines": 0}))
    for fact in FACTS:
        values = getattr(wanted, fact)
        for value in values:
            kept = tuple(one for one in values if one != value)
            said.append((f"{_FACT_WORDS[fact]} {value}", {fact: kept}))
    return [Token(words, address_of(replace(wanted, offset=0, **change), path)) for words, change in said]


SWITCH_WORDS = {
    "cpu_attached": "wired to the CPU",
    "lasting": "also after the pending kernel change",
    "no_override": "stated: no ACS override",
    "bios_stated": "BIOS version stated",
}
"""What filters are called that are on or off."""


def lanes_wanted(lanes: int) -> str:
    """Return a least width in words: ``x8 or wider``."""
    return "x16" if lanes == 16 else f"x{lanes} or wider"


def isolated_words(hit: BoardHit, wanted: Wanted) -> str:
    """Return how many slots of a board are as asked, in a sentence; empty when nothing is asked of slots."""
    if wanted.of_slots is None:
        return ""
    asked = [f"of {lanes_wanted(wanted.lanes)}"] if wanted.lanes else []
    asked += [words for words in ("wired to the CPU",) if wanted.cpu_attached]
    said = " ".join([count(hit.isolated, "isolated slot"), ", ".join(asked)]).strip()
    more = f" Of {hit.undecided} more that is not known." if hit.undecided else ""
    return f"{said}.{more}"


def kernels_word(kernels: Sequence[str]) -> str:
    """Return the range of kernel releases by their first two numbers: ``4.20 to 6.12``."""
    short = [found[0] if (found := re.match(r"\d+\.\d+", kernel)) else kernel for kernel in kernels]
    if not short:
        return "kernel not stated"
    return f"kernel {short[0]}" if short[0] == short[-1] else f"kernels {short[0]} to {short[-1]}"


def by_name(filters: Iterable[Filter]) -> dict[str, Filter]:
    """Return filters by the name of their parameter."""
    return {one.name: one for one in filters}


def in_sight(one: Filter, wanted: Wanted) -> Values:
    """Return the values of a filter that are always shown, chosen ones among them, and the rest."""
    most = max(_IN_SIGHT, len(getattr(wanted, one.name)))
    return Values(one.values[:most], one.values[most:])


def sort_word(sort: str) -> str:
    """Return what an order of boards is called."""
    return _SORT_WORDS.get(sort, sort)


FILTERS: dict[str, Callable[..., Any]] = {
    function.__name__: function
    for function in (isolated_words, kernels_word, by_name, in_sight, sort_word, lanes_wanted)
}
"""Template filters by name."""
