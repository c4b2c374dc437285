"""Several reports about one machine -> one. No I/O.

``lspci`` knows the functions and ``dmidecode`` the board: each fact comes from the first report that knows it, and
every slot keeps its witness. Reports that cannot be about one machine are refused.
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from typing import TYPE_CHECKING, Any, TypeVar

from hwdb.errors import ParseError
from hwdb.importers.listing import MOST_PROBLEMS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hwdb.report import Board, Function, Provenance, Report

T = TypeVar("T")

# Facts that a report repeats for several things: those of all reports are kept, each once.
_STATEMENTS = ("slots", "settings", "outcomes")
_MOST = {"slots": 256, "settings": 128, "outcomes": 256}
# What a board is called where nobody named it is no name that two machines could differ by.
_NAMELESS = frozenset(
    {
        *("", "default string", "to be filled by o.e.m.", "to be filled by o.e.m", "not specified", "unknown", "none"),
        *("system product name", "system manufacturer", "o.e.m.", "oem", "n/a", "invalid", "base board product name"),
    }
)
_ONLY_WITHOUT_FUNCTIONS = "lists no PCI functions"
_ONLY_WITHOUT_GROUPS = "shows no IOMMU groups"
_RENUMBERED = (
    "One input puts functions into other IOMMU groups than an input before it, as another kernel or firmware setting "
    "does; its groups were left out."
)


def combine(reports: Sequence[Report], names: Sequence[str] | None = None) -> Report:
    """Return one report that holds what several say of one machine.

    Args:
        reports: At least one, the most trusted first: of two that differ in a fact the first is believed.
        names: What to call each in a sentence; their numbers when left out.

    Raises:
        ParseError: Two of them are about different machines.
    """
    if not reports:
        raise ParseError("there is nothing to combine; give at least one listing or report")
    made = reports[0]
    called = names or [f"input {number}" for number in range(1, len(reports) + 1)]
    for more, name in zip(reports[1:], called[1:], strict=True):
        _refuse_other_board(made.board, more.board, name)
        made = _both(made, more, name)
    return made


def _both(one: Report, more: Report, name: str) -> Report:
    renumbered = _are_renumbered(one.functions, more.functions)
    others = [replace(each, iommu_group=None) for each in more.functions] if renumbered else more.functions
    functions = _functions(one.functions, others, name)
    merged = _merged(replace(one, functions=()), replace(more, functions=()))
    together: dict[str, Any] = {key: _all(getattr(one, key), getattr(more, key), _MOST[key]) for key in _STATEMENTS}
    grouped = any(function.iommu_group is not None for function in functions)
    provenance = _provenance(one.provenance, more.provenance, has_functions=bool(functions), has_groups=grouped)
    if renumbered:
        said = (_RENUMBERED, *(provenance.problems or ()))
        provenance = replace(provenance, problems=said[:MOST_PROBLEMS])
    return replace(merged, functions=functions, provenance=provenance, **together)


def _are_renumbered(one: Sequence[Function], more: Sequence[Function]) -> bool:
    """Whether two reports tell of different groupings, whose numbers must not be mixed."""
    groups = {function.address: function.iommu_group for function in one}
    pairs = ((groups.get(function.address), function.iommu_group) for function in more)
    return any(None not in pair and pair[0] != pair[1] for pair in pairs)


def _functions(one: Sequence[Function], more: Sequence[Function], name: str) -> tuple[Function, ...]:
    by_address = {function.address: function for function in one}
    differ, shared = 0, 0
    for function in more:
        known = by_address.get(function.address)
        by_address[function.address] = function if known is None else _merged(known, function)
        shared += known is not None
        differ += known is not None and _contradict(known, function)
    if differ:
        raise ParseError(
            f"{name} is about another machine: {differ} of the {shared} addresses that it shares with the "
            "inputs before it hold other devices there; give each machine's inputs alone"
        )
    return tuple(by_address.values())


def _contradict(one: Function, other: Function) -> bool:
    ids = (one.vendor, one.device), (other.vendor, other.device)
    # Classes that were told by their names say less than ids.
    known = None not in ids[0] + ids[1]
    pairs = [(one.vendor, other.vendor), (one.device, other.device), *([] if known else [(one.class_, other.class_)])]
    return any(None not in pair and pair[0] != pair[1] for pair in pairs)


def _refuse_other_board(one: Board, other: Board, name: str) -> None:
    # Makers are spelled in many ways, boards are not.
    if _differ(one.name, other.name):
        raise ParseError(f"{name} is about another board than the inputs before it; give each machine's inputs alone")


def _differ(one: str | None, other: str | None) -> bool:
    """Whether two names that were given are of different things, however they are written."""
    names = [" ".join((name or "").split()).casefold() for name in (one, other)]
    return not _NAMELESS & set(names) and names[0] != names[1]


def _merged(one: T, more: T) -> T:
    """Return an object with the facts of both, field by field; what the first knows stays."""
    if not is_dataclass(one) or isinstance(one, type):
        return one
    added = {}
    for known in fields(one):
        mine, others = getattr(one, known.name), getattr(more, known.name)
        if mine is None and others is not None:
            added[known.name] = others
        elif is_dataclass(mine) and is_dataclass(others):
            added[known.name] = _merged(mine, others)
    return replace(one, **added)


def _all(one: tuple[T, ...] | None, more: tuple[T, ...] | None, most: int) -> tuple[T, ...] | None:
    """Return the statements of both, each once; None when nobody looked for any."""
    if one is None or more is None:
        return one if more is None else more
    return tuple(dict.fromkeys((*one, *more)))[:most]


def _provenance(one: Provenance, more: Provenance, *, has_functions: bool, has_groups: bool) -> Provenance:
    sources = dict.fromkeys(name for said in (one, more) for name in (said.source or "").split("+") if name)
    problems = dict.fromkeys((*(one.problems or ()), *(more.problems or ())))
    untrue = [*([_ONLY_WITHOUT_FUNCTIONS] if has_functions else []), *([_ONLY_WITHOUT_GROUPS] if has_groups else [])]
    said = [line for line in problems if not any(words in line for words in untrue)]
    return replace(
        _merged(one, more),
        source="+".join(sources)[:64] or None,
        # Only what both were submitted under covers both.
        licence=one.licence if one.licence == more.licence else None,
        problems=tuple(said[:MOST_PROBLEMS]) or None,
    )
