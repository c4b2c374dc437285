"""A board's slots by BIOS version and by kernel rules, as tables. Pure functions."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from hwdb.analysis.consensus import stance
from hwdb.analysis.sentence import label
from web.pages.outline import table_slots
from web.pages.words import GRADES, NOT_STATED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from hwdb.analysis.matrix import SlotCell
    from hwdb.analysis.shapes import SlotAnswer
    from hwdb.queries.views import BoardView

# The kernels that have a rule set of hwdb.topology.rule_sets.
_KERNELS = {
    "before-5.8": "before 5.8",
    "quirks-not-enabled": "5.9 and 6.11",
    "current": "5.10 and later, or not stated",
    "reachable-sets": "pending change",
}


class Shown(NamedTuple):
    """One cell: the grade most machines show, how many do, how many show another stance, whether it is news.

    ``changed`` is whether the column before, in time, says otherwise.
    """

    grade: str
    evidence: str | None
    machines: int
    disagree: int
    changed: bool


class Row(NamedTuple):
    """A slot and its cells, None where no report shows it."""

    slot: SlotAnswer
    cells: list[Shown | None]


class Matrix(NamedTuple):
    """Slots by something.

    Attributes:
        platform: ``vvvv:dddd`` of the host bridge when it holds for one of several, else None.
        columns: Their heads, newest first.
        rows: One a slot.
    """

    platform: str | None
    columns: list[str]
    rows: list[Row]


def by_bios(board: BoardView) -> list[Matrix]:
    """Return slots by BIOS version, newest first and ``not stated`` last; a table for each platform."""
    return [
        _matrix(board, cells, platform, lambda cell: cell.bios or NOT_STATED, _newest_first(cells))
        for platform, cells in _by_platform(board.matrix)
    ]


def by_kernel(board: BoardView) -> list[Matrix]:
    """Return slots by kernel rules, for the platforms whose machines ran kernels of several rules."""
    return [
        _matrix(board, cells, platform, _kernels, columns)
        for platform, cells in _by_platform(board.matrix)
        if len(columns := [name for rules, name in reversed(_KERNELS.items()) if any(c.rules == rules for c in cells)])
        > 1
    ]


def _kernels(cell: SlotCell) -> str:
    return _KERNELS.get(cell.rules, cell.rules)


def _by_platform(cells: Iterable[SlotCell]) -> list[tuple[str | None, list[SlotCell]]]:
    """Return the cells of each platform; processors of one socket lay ports out differently."""
    parts: dict[str | None, list[SlotCell]] = {}
    for cell in cells:
        parts.setdefault(cell.platform, []).append(cell)
    if len(parts) == 1:
        return [(None, next(iter(parts.values())))]
    return [(platform or "host bridge not seen", own) for platform, own in parts.items()]


def _newest_first(cells: Sequence[SlotCell]) -> list[str]:
    """Return the versions in the order that each slot's cells have them: oldest first, so turned around."""
    after: dict[str, set[str]] = {cell.bios: set() for cell in cells if cell.bios}
    rows: dict[str, list[str]] = {}
    for cell in cells:
        if cell.bios and cell.bios not in rows.setdefault(cell.slot, []):
            rows[cell.slot].append(cell.bios)
    for row in rows.values():
        for at, version in enumerate(row):
            after[version].update(row[at + 1 :])
    newest = sorted(after, key=lambda version: len(_reach(version, after)))
    return newest + ([NOT_STATED] if any(cell.bios is None for cell in cells) else [])


def _reach(version: str, after: dict[str, set[str]]) -> set[str]:
    """Return all versions after one, also through others: no slot need be seen with all of them."""
    found: set[str] = set()
    waiting = [version]
    while waiting:
        new = after[waiting.pop()] - found
        found |= new
        waiting += new
    return found


def _matrix(
    board: BoardView,
    cells: Sequence[SlotCell],
    platform: str | None,
    column_of: Callable[[SlotCell], str],
    columns: list[str],
) -> Matrix:
    places: dict[tuple[str, str], list[SlotCell]] = {}
    for cell in cells:
        places.setdefault((cell.slot, column_of(cell)), []).append(cell)
    named = {cell.slot for cell in cells}
    rows = [
        Row(slot, _row([places.get((label(slot), column), []) for column in columns]))
        for slot in table_slots(board.slots)
        if label(slot) in named
    ]
    return Matrix(platform, columns, rows)


def _row(groups: Sequence[Sequence[SlotCell]]) -> list[Shown | None]:
    shown = [_together(cells) for cells in groups]
    return [one and one._replace(changed=_differs(one, shown[at + 1 :])) for at, one in enumerate(shown)]


def _differs(one: Shown, before: Sequence[Shown | None]) -> bool:
    last = next((other for other in before if other is not None), None)
    return last is not None and stance(last.grade) != stance(one.grade)


def _together(cells: Sequence[SlotCell]) -> Shown | None:
    """Return cells of one place as one: the grade of most machines, of as many the weaker one."""
    if not cells:
        return None
    counts: Counter[str] = Counter()
    for cell in cells:
        counts[cell.grade] += cell.machines
    order = list(GRADES)
    grade = max(counts, key=lambda one: (counts[one], order.index(one) if one in GRADES else -1))
    others = sum(cell.disagree if cell.grade == grade else _against(cell, grade) for cell in cells)
    evidence = next(cell.evidence for cell in cells if cell.grade == grade)
    return Shown(grade, evidence, counts[grade], others, changed=False)


def _against(cell: SlotCell, grade: str) -> int:
    return cell.machines if stance(cell.grade) != stance(grade) else 0
