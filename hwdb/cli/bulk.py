"""Importing very many inputs: several processes read, this one writes, and a run that was stopped goes on."""

from __future__ import annotations

import datetime as dt
import hashlib
import sys
import time
from itertools import islice
from typing import TYPE_CHECKING, TypeAlias

import click
from sqlalchemy.exc import SQLAlchemyError

from hwdb.cli.bulk_processes import place_of, read_all
from hwdb.cli.bulk_reading import FAILED, UNREADABLE, Reading, content_of
from hwdb.cli.bulk_tally import PASSED, Tally
from hwdb.errors import HwdbError, ParseError, Withdrawn
from hwdb.intake.bulk import KNOWN, STORED, WITHDRAWN, accept_batch, dealt_with, give_way, note_inputs

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from hwdb.cli.bulk_reading import Input
    from hwdb.models.engine import Database
    from hwdb.report import Report

# One transaction: long enough to rebuild the answer of a board once for many reports, short enough that who submits
# meanwhile hardly waits.
_BATCH = 64
_LOOKED_UP = 256
_SECONDS_BETWEEN_LINES = 60
# Of an input's reports the first of these outcomes is the input's.
_RANK = (FAILED, STORED, KNOWN, WITHDRAWN)
_NO_INPUT = "0" * 64

# An input's digest with its readings, and an outcome with its reason.
_Waiting: TypeAlias = "tuple[str, tuple[Reading, ...]]"
_Outcome: TypeAlias = "tuple[str, str | None]"


class Progress:
    """A bar on a terminal, elsewhere a line now and then."""

    def __init__(self, total: int, unit: str) -> None:
        self._total, self._unit, self._done = total, unit, 0
        self._said = time.monotonic()
        self._bar = click.progressbar(
            length=total, label="Importing", show_pos=True, file=sys.stderr, hidden=not sys.stderr.isatty()
        )

    def advance(self, count: int) -> None:
        """Say that so many more inputs are dealt with."""
        self._done += count
        self._bar.update(count)
        now = time.monotonic()
        if self._bar.hidden and now - self._said >= _SECONDS_BETWEEN_LINES:
            self._said = now
            click.echo(f"{self._done:,} of {self._total:,} {self._unit} ...", err=True)

    def end(self) -> None:
        """Leave the bar as it is."""
        self._bar.render_finish()


def import_all(
    database: Database, inputs: Sequence[Input], tally: Tally, *, again: bool = False, limit: int | None = None
) -> None:
    """Store what inputs hold, and count what became of each.

    Args:
        database: Where to.
        inputs: What to read.
        tally: Where outcomes are counted.
        again: Whether what an earlier run dealt with is read once more.
        limit: The most inputs to read, those of earlier runs not counted; None for all.
    """
    progress = Progress(len(inputs) if limit is None else min(limit, len(inputs)), tally.unit)
    digests: dict[Input, str] = {}
    waiting: list[_Waiting] = []
    fresh = islice(_fresh(database, inputs, digests, tally, progress, again=again), limit)
    try:
        for one, readings in read_all(fresh):
            waiting.append((digests.pop(one), readings))
            if len(waiting) >= _BATCH or sum(len(_reports(each)) for each in waiting) >= _BATCH:
                _write(database, waiting, tally, progress)
                waiting = []
        _write(database, waiting, tally, progress)
    finally:
        progress.end()


def _fresh(
    database: Database,
    inputs: Iterable[Input],
    digests: dict[Input, str],
    tally: Tally,
    progress: Progress,
    *,
    again: bool,
) -> Iterator[Input]:
    """Yield the inputs to read, and remember the digest of each."""
    left = iter(inputs)
    while some := list(islice(left, _LOOKED_UP)):
        by_input = {}
        for one in some:
            try:
                by_input[one] = _digest(one)
            except ParseError as error:
                tally.add(Reading(one.files), UNREADABLE, str(error))
                progress.advance(1)
        with database.reading() as session:
            known = set() if again else dealt_with(session, by_input.values())
        for one, digest in by_input.items():
            if digest in known:
                tally.add(Reading(one.files), PASSED)
                progress.advance(1)
            else:
                digests[one] = digest
                yield one


def _digest(one: Input) -> str:
    """Return what tells an input from all others: its content, wherever it stands, and its machine where it has one."""
    told = [hashlib.sha256(content_of(file)).hexdigest() for file in one.files]
    told += [] if one.machine is None else [one.machine]
    return told[0] if len(told) == 1 else hashlib.sha256("\n".join(told).encode()).hexdigest()


def _write(database: Database, waiting: Sequence[_Waiting], tally: Tally, progress: Progress) -> None:
    """Store a batch in one transaction, or, when that fails, its reports one by one."""
    if not waiting:
        return
    try:
        done = _stored(database, waiting)
    except Exception:  # noqa: BLE001 (whichever report it was: the others are stored without it)
        done = [outcome for one in waiting for outcome in _stored_apart(database, one)]
    _count(waiting, done, tally)
    progress.advance(len(waiting))


def _stored(database: Database, waiting: Sequence[_Waiting]) -> list[_Outcome]:
    reports = [report for one in waiting for report in _reports(one)]
    now = dt.datetime.now(dt.UTC)
    with database.writing() as session:
        give_way(session)
        done: list[_Outcome] = [(outcome, None) for outcome in accept_batch(session, reports, now=now)]
        note_inputs(session, _outcomes(waiting, done), now)
        session.commit()
    return done


def _stored_apart(database: Database, one: _Waiting) -> list[_Outcome]:
    done = [_stored_alone(database, report) for report in _reports(one)]
    _note(database, _outcomes([one], done))
    return done


def _stored_alone(database: Database, report: Report) -> _Outcome:
    try:
        with database.writing() as session:
            (outcome,) = accept_batch(session, [report], now=dt.datetime.now(dt.UTC))
            session.commit()
    except Withdrawn:
        return WITHDRAWN, None
    except HwdbError as error:
        return FAILED, str(error)
    except SQLAlchemyError as error:
        # A database that takes nothing at all ends the run here, and it is not the report's fault.
        _note(database, {_NO_INPUT: FAILED}, keep=False)
        # What the driver says may quote values, so its words are left out.
        return FAILED, f"the database refuses it: {type(error).__name__}"
    except Exception as error:  # noqa: BLE001 (one report that the rules stumble over stops no other)
        return FAILED, f"{type(error).__name__} while it was judged, {place_of(error)}"
    return outcome, None


def _note(database: Database, outcomes: Mapping[str, str], *, keep: bool = True) -> None:
    with database.writing() as session:
        note_inputs(session, outcomes, dt.datetime.now(dt.UTC))
        if keep:
            session.commit()


def _reports(one: _Waiting) -> list[Report]:
    return [report for reading in one[1] for report in reading.reports]


def _outcomes(waiting: Sequence[_Waiting], done: Sequence[_Outcome]) -> dict[str, str]:
    """Return the outcome of each input that is not to be read by the next run, by its digest."""
    left = iter(done)
    outcomes = {}
    for digest, readings in waiting:
        found = [word for reading in readings for word, _ in _of(reading, left)]
        outcome = next((word for word in _RANK if word in found), found[0])
        if outcome != FAILED:
            outcomes[digest] = outcome
    return outcomes


def _of(reading: Reading, left: Iterator[_Outcome]) -> list[_Outcome]:
    """Return what became of a reading's reports, or why it has none."""
    if reading.outcome is not None:
        return [(reading.outcome, reading.reason)]
    return list(islice(left, len(reading.reports)))


def _count(waiting: Sequence[_Waiting], done: Sequence[_Outcome], tally: Tally) -> None:
    left = iter(done)
    for _, readings in waiting:
        for reading in readings:
            found = dict(reversed(_of(reading, left)))
            outcome = next((word for word in _RANK if word in found), next(iter(found)))
            tally.add(reading, outcome, found[outcome])
    tally.stored += sum(word == STORED for word, _ in done)
