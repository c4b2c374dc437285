"""A report's way, each stage beside the least it could cost: ``python -m benchmarks.report_path``.

Floors: parsing the same bytes with ``json.loads`` for decoding and judging, one committed INSERT of the same bytes into
the same SQLite file for accepting, one SELECT of one row for reading.
"""

from __future__ import annotations

import datetime as dt
import json
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import text

from hwdb import intake, queries, schema
from hwdb.analysis.answer import findings
from hwdb.models.engine import Database, open_database
from hwdb.report import canonical
from hwdb.topology import normalise

if TYPE_CHECKING:
    from collections.abc import Callable

STARTER = Path(__file__).resolve().parent.parent / "hwdb" / "starter" / "asrock-x399-taichi-1900x.json"
ROUNDS = 60


def best_of(job: Callable[[], object], rounds: int = ROUNDS) -> float:
    """Return the shortest run of a job, in seconds: the one that the machine disturbed least."""
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        job()
        times.append(time.perf_counter() - start)
    return min(times)


def main() -> None:
    """Print each stage, its floor and the ratio."""
    document = json.loads(STARTER.read_text(encoding="utf-8"))
    raw = canonical(document)
    report = schema.load(document).report
    parse = best_of(lambda: json.loads(raw))
    rows = [
        ("decode and check", best_of(lambda: schema.load(schema.decode(raw))), "json.loads", parse),
        ("normalise and judge", best_of(lambda: findings(normalise(report))), "json.loads", parse),
    ]
    with tempfile.TemporaryDirectory() as folder:
        database = open_database(f"sqlite:///{folder}/hwdb.sqlite3")
        numbers = iter(range(10_000))
        insert = best_of(lambda: _insert(database, raw))
        rows.append(
            ("accept a report", best_of(lambda: _accept(database, document, next(numbers))), "one INSERT", insert)
        )
        select = best_of(lambda: _select(database))
        rows.append(("read a board's answer", best_of(lambda: _read(database)), "one SELECT", select))
        database.dispose()
    print(f"{len(report.functions)} functions, {len(raw)} bytes; best of {ROUNDS}")
    for name, ours, floor_name, floor in rows:
        print(f"{name:<24}{ours * 1000:8.2f} ms   {floor_name:<12}{floor * 1000:8.3f} ms   ratio {ours / floor:7.1f}")


def _insert(database: Database, raw: bytes) -> None:
    with database.writing() as session:
        session.execute(text("CREATE TABLE IF NOT EXISTS floor (document BLOB)"))
        session.execute(text("INSERT INTO floor VALUES (:document)"), {"document": raw})
        session.commit()


def _accept(database: Database, document: dict[str, object], number: int) -> None:
    # Another kernel each time, so that it is another document of the same machine.
    changed = {**document, "kernel": {"release": f"6.{number}"}}
    with database.writing() as session:
        intake.accept(session, schema.load(changed).report, now=dt.datetime.now(dt.UTC))
        session.commit()


def _select(database: Database) -> None:
    with database.reading() as session:
        session.execute(text("SELECT document FROM board_answers LIMIT 1")).one()


def _read(database: Database) -> None:
    with database.reading() as session:
        queries.board(session, "asrock", "x399-taichi")


if __name__ == "__main__":
    main()
