"""``reanalyse``: all that is made from the stored documents made again, in batches, after the rules changed.

Each report carries the version of the rules it was judged by; a batch is what is behind, so that a run that was
stopped goes on where it was, and readers see old or new answers but never none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select, update

from hwdb import models
from hwdb.analysis import ANALYSIS
from hwdb.intake import catalogue
from hwdb.intake.answers import rebuild_answer
from hwdb.intake.machines import machine_for, regroup_machines
from hwdb.intake.moved import departed
from hwdb.intake.projection import derived, reproject
from hwdb.intake.understand import understand
from hwdb.models.readings import read_document

if TYPE_CHECKING:
    import datetime as dt

    from sqlalchemy.orm import Session

    from hwdb.intake.understand import Understood


def pending(session: Session, *, everything: bool = False) -> int:
    """Return how many reports were judged by older rules, or how many there are; ``everything`` marks all as behind."""
    if everything:
        session.execute(update(models.Report).values(analysis=0))
    behind = select(func.count()).select_from(models.Report).where(models.Report.analysis < ANALYSIS)
    return session.scalar(behind) or 0


def reanalyse(session: Session, now: dt.datetime, batch: int = 50) -> int:
    """Judge the next batch of reports again, and rebuild their boards' answers.

    What a report says of its board is read anew too: where the rules of names or an operator's aliases have changed,
    it moves to the board they make of it now.

    Returns:
        How many reports were judged; 0 when all are up to date. The caller commits after each batch.
    """
    behind = select(models.Report).where(models.Report.analysis < ANALYSIS)
    behind = behind.order_by(models.Report.board_id, models.Report.id).limit(batch)
    # A stored document never changes, so that it can be read before the locks are there.
    read = {report.id: (report.board_id, read_document(report.document)) for report in session.scalars(behind)}
    targets = {number: catalogue.board_of(session, report).id for number, (_, report) in read.items()}
    boards = {board for board, _ in read.values()} | set(targets.values())
    catalogue.lock_boards(session, boards)
    # Only now are they sure to stay: until the lock was there, any of them might have been withdrawn.
    present = behind.where(models.Report.id.in_(read)).execution_options(populate_existing=True)
    reports = session.scalars(present).all()
    moves = []
    for stored in reports:
        understood = understand(session, read[stored.id][1])
        if stored.board_id != targets[stored.id]:
            moves.append((stored.board_id, targets[stored.id]))
        _judge(session, stored, understood, targets[stored.id])
    departed(session, moves)
    for board in sorted(boards):
        regroup_machines(session, board)
        rebuild_answer(session, board, now)
    return len(reports)


def _judge(session: Session, stored: models.Report, understood: Understood, board: int) -> None:
    """Write a report's row and its facts anew, as a report of this board."""
    columns = derived(session, understood, board)
    if stored.board_id != board:
        stored.machine_id = machine_for(session, board, stored.owner, columns["fingerprint"])
    for name, value in columns.items():
        setattr(stored, name, value)
    session.flush()
    reproject(session, stored, understood)
