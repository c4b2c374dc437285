"""The cheapest assignment of a few cards to slots, exact and always the same. No I/O; stays on the server."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def cheapest(costs: Sequence[Sequence[int]]) -> tuple[int, ...]:
    """Return a column for each row, no column twice, with the least sum of costs.

    The Hungarian algorithm with potentials (Kuhn 1955, Munkres 1957), one row after the other: rows^2 x columns steps.

    Args:
        costs: A row for each card, a column for each place; at least as many columns as rows.
    """
    rows, columns = len(costs), len(costs[0]) if costs else 0
    of_row, of_column = [0] * (rows + 1), [0] * (columns + 1)
    # Rows and columns count from 1; column 0 is where the row that is being added starts.
    taken = [0] * (columns + 1)
    for row in range(1, rows + 1):
        taken[0] = row
        way = _shortest_way(costs, taken, of_row, of_column)
        column = way[0]
        while column:
            taken[column] = taken[way[column]]
            column = way[column]
    chosen = [0] * rows
    for column in range(1, columns + 1):
        if taken[column]:
            chosen[taken[column] - 1] = column - 1
    return tuple(chosen)


def _shortest_way(
    costs: Sequence[Sequence[int]], taken: Sequence[int], of_row: list[int], of_column: list[int]
) -> list[int]:
    """Return for each column the one before it on the way from column 0; element 0 is the free column it ends in."""
    columns = len(of_column)
    before = [0] * columns
    least: list[int | None] = [None] * columns
    passed = [False] * columns
    column = 0
    while taken[column]:
        passed[column] = True
        row, step, following = taken[column], None, 0
        for other in range(1, columns):
            if passed[other]:
                continue
            reduced = costs[row - 1][other - 1] - of_row[row] - of_column[other]
            best = least[other]
            if best is None or reduced < best:
                least[other] = best = reduced
                before[other] = column
            if step is None or best < step:
                step, following = best, other
        _raise_potentials(step or 0, taken, passed, of_row, of_column)
        least = [None if best is None else best - (step or 0) for best in least]
        column = following
    before[0] = column
    return before


def _raise_potentials(
    step: int, taken: Sequence[int], passed: Sequence[bool], of_row: list[int], of_column: list[int]
) -> None:
    for column, was_passed in enumerate(passed):
        if was_passed:
            of_row[taken[column]] += step
            of_column[column] -= step
