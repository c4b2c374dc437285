"""Many reports in one transaction, and what bulk imports have dealt with, so that the next run passes over it.

Like all of intake this flushes and leaves the commit to the edge. A batch locks its boards in one order before it
touches them, and rebuilds each board's answer once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select, text
from sqlalchemy.dialects import postgresql, sqlite

from hwdb import models
from hwdb.intake import catalogue
from hwdb.intake.accept import accept
from hwdb.intake.answers import rebuild_answer
from hwdb.report import canonical, digest, to_document

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Mapping, Sequence

    from sqlalchemy.orm import Session

    from hwdb.report import Report

STORED, KNOWN, WITHDRAWN = "stored", "known", "withdrawn"
"""What became of a report of a batch: it is new, the same document was there, or its owner took it out."""


def accept_batch(session: Session, reports: Sequence[Report], *, now: dt.datetime) -> tuple[str, ...]:
    """Store reports and rebuild the answer of each board they touch, once.

    Args:
        session: A writing session; the caller commits.
        reports: Decoded or parsed, of any boards.
        now: The moment they came in, aware.

    Returns:
        ``STORED``, ``KNOWN`` or ``WITHDRAWN`` for each report, in their order.

    Raises:
        Exception: Whatever one of them runs into; nothing of the batch is to be committed then.
    """
    shas = [digest(canonical(to_document(report))) for report in reports]
    gone = set(session.scalars(select(models.Tombstone.digest).where(models.Tombstone.digest.in_(shas))))
    there = set(session.scalars(select(models.Report.digest).where(models.Report.digest.in_(shas))))
    fresh = {sha: report for sha, report in zip(shas, reports, strict=True) if sha not in gone | there}
    catalogue.lock_boards(session, {catalogue.board_of(session, report).id for report in fresh.values()})
    created = {sha for sha, report in fresh.items() if accept(session, report, now=now, rebuild=False).created}
    touched = select(models.Report.board_id).where(models.Report.digest.in_(created)).distinct()
    for board in sorted(session.scalars(touched)):
        rebuild_answer(session, board, now)
    return tuple(_outcomes(shas, created, gone))


def _outcomes(shas: Sequence[str], created: set[str], gone: set[str]) -> list[str]:
    """Return what became of each document; of equal ones in a batch only the first is new."""
    left = set(created)
    outcomes = []
    for sha in shas:
        outcomes.append(STORED if sha in left else WITHDRAWN if sha in gone else KNOWN)
        left.discard(sha)
    return outcomes


def dealt_with(session: Session, digests: Collection[str]) -> set[str]:
    """Return those of some inputs that a bulk import has dealt with before.

    Args:
        session: Any session.
        digests: SHA-256 of the inputs' content, a few hundred at most.
    """
    found = select(models.ImportedInput.digest).where(models.ImportedInput.digest.in_(digests))
    return set(session.scalars(found))


def note_inputs(session: Session, outcomes: Mapping[str, str], now: dt.datetime) -> None:
    """Write down what became of inputs, by the digest of their content; the newest word on one stays."""
    if not outcomes:
        return
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    rows = [{"digest": key, "outcome": outcome, "imported_at": now} for key, outcome in sorted(outcomes.items())]
    statement = insert(models.ImportedInput)
    newest = {"outcome": statement.excluded.outcome, "imported_at": statement.excluded.imported_at}
    session.execute(statement.on_conflict_do_update(index_elements=["digest"], set_=newest), rows)


def give_way(session: Session) -> None:
    """Let this transaction fail rather than wait long for another's lock.

    A batch holds many rows, so that it and a submission could wait for each other. PostgreSQL ends such a circle after
    a second by failing one of the two; the batch gives up sooner, so that it is never the submission.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SET LOCAL lock_timeout = '500ms'"))
