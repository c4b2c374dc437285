"""``reanalyse``: verdicts and answers rebuilt from the stored documents, in batches, after the rules changed.

Each report carries the version of the rules it was judged by; a batch is what is behind, so that a run that was
stopped goes on where it was, and readers see old or new answers but never none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select, update

from hwdb import models
from hwdb.analysis import ANALYSIS
from hwdb.identity import machine_fingerprint
from hwdb.intake.answers import rebuild_answer
from hwdb.intake.machines import regroup_machines
from hwdb.intake.projection import reproject
from hwdb.intake.understand import understand
from hwdb.models.readings import read_document

if TYPE_CHECKING:
    import datetime as dt

    from sqlalchemy.orm import Session


def pending(session: Session, *, everything: bool = False) -> int:
    """Return how many reports were judged by older rules, or how many there are; ``everything`` marks all as behind."""
    if everything:
        session.execute(update(models.Report).values(analysis=0))
    behind = select(func.count()).select_from(models.Report).where(models.Report.analysis < ANALYSIS)
    return session.scalar(behind) or 0


def reanalyse(session: Session, now: dt.datetime, batch: int = 50) -> int:
    """Judge the next batch of reports again, and rebuild their boards' answers.

    Returns:
        How many reports were judged; 0 when all are up to date. The caller commits after each batch.
    """
    behind = select(models.Report).where(models.Report.analysis < ANALYSIS)
    behind = behind.order_by(models.Report.board_id, models.Report.id).limit(batch)
    boards = sorted(set(session.scalars(behind.with_only_columns(models.Report.board_id))))
    # Boards are locked in one order, as no other writer holds more than one of them.
    session.execute(select(models.Board.id).where(models.Board.id.in_(boards)).order_by("id").with_for_update())
    # Only now are they sure to stay: until the lock was there, any of them might have been withdrawn.
    reports = session.scalars(behind.where(models.Report.board_id.in_(boards))).all()
    for report in reports:
        understood = understand(session, read_document(report.document))
        machine = understood.machine
        report.platform = machine.platform
        report.fingerprint = machine_fingerprint(understood.report, machine.platform, machine.paths)
        report.analysis = ANALYSIS
        reproject(session, report, understood)
    for board in boards:
        regroup_machines(session, board)
        rebuild_answer(session, board, now)
    return len(reports)
