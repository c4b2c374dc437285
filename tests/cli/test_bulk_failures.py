"""A bulk import goes on past whatever one of its inputs does."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from hwdb.cli.bulk import import_all
from hwdb.cli.bulk_tally import Tally
from tests.cli.inputs_that_fail import Crashing, Deadly, Good, Hungry, Refused
from tests.cli.listings import lspci
from tests.store import row_counts

if TYPE_CHECKING:
    from pathlib import Path

    from hwdb.models.engine import Database

COUNT = 40


def inputs(folder: Path, bad: dict[int, type[Good]]) -> list[Any]:
    """Return inputs of which those at some places are bad, each of a file of its own."""
    made = []
    for number in range(COUNT):
        path = folder / f"{number}.txt"
        path.write_text(lspci(f"{number:04x}"))
        made.append(bad.get(number, Good)((str(path),)))
    return made


def imported(database: Database, given: list[Any]) -> Tally:
    tally = Tally("files")
    import_all(database, given, tally)
    return tally


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (Crashing, "ZeroDivisionError in inputs_that_fail.py, line N"),
        (Hungry, "MemoryError in inputs_that_fail.py, line N"),
        (Deadly, "the process that read it was ended"),
        (Refused, None),
    ],
)
def test_one_bad_input_stops_no_other(tmp_path: Path, database: Database, bad: type[Good], reason: str | None) -> None:
    given = inputs(tmp_path, {3: bad, 25: bad})
    tally = imported(database, given)
    assert tally.outcomes == Counter(stored=COUNT - 2, failed=2)
    assert sum(tally.reasons["failed"].values()) == 2
    assert reason is None or list(tally.reasons["failed"]) == [reason]
    counts = row_counts(database)
    assert (counts["reports"], counts["imported_inputs"]) == (COUNT - 2, COUNT - 2)
    # What failed is tried again: the next release may know better.
    assert imported(database, given).outcomes == Counter(passed=COUNT - 2, failed=2)


def test_a_limit_counts_what_is_read_in_this_run(tmp_path: Path, database: Database) -> None:
    given = inputs(tmp_path, {})
    for _ in range(2):
        import_all(database, given, tally := Tally("files"), limit=15)
        assert tally.outcomes["stored"] == 15
    assert row_counts(database)["reports"] == 30


def test_the_tally_tells_the_commonest_reasons_first() -> None:
    from hwdb.cli.bulk_reading import Reading

    tally = Tally("machines")
    for number in range(14):
        for _ in range(number):
            tally.add(Reading(("a", "b")), "unreadable", "x" * number)
    lines = tally.lines()
    assert lines[0] == "91 machines, 0 reports stored."
    assert [line.split()[0] for line in lines[1:]] == ["91", *map(str, range(13, 3, -1)), "6"]
    assert lines[-1].endswith("other reasons")
