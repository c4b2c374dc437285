"""Taking a report out of the counts, back into them, or out of the database."""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING

from sqlalchemy import select

from hwdb import models
from hwdb.errors import NotFound, NotYours
from hwdb.identity import owner_hash
from hwdb.intake.answers import rebuild_answer
from hwdb.intake.machines import regroup_machines
from hwdb.models.readings import report_by_id
from hwdb.schema.text import excerpt

if TYPE_CHECKING:
    import datetime as dt

    from sqlalchemy.orm import Session


def hold(session: Session, public_id: str, reason: str, now: dt.datetime) -> None:
    """Keep a report out of its board's answer, with the reason readers see.

    Raises:
        NotFound: There is no such report.
    """
    _set(session, public_id, reason, now)


def release(session: Session, public_id: str, now: dt.datetime) -> None:
    """Let a held report count again, unless it is tainted.

    Raises:
        NotFound: There is no such report.
    """
    _set(session, public_id, None, now)


def withdraw(session: Session, public_id: str, now: dt.datetime) -> None:
    """Remove a report, its document and its rows; a tombstone keeps bulk imports from bringing it back.

    Raises:
        NotFound: There is no such report.
    """
    remove(session, _locked(session, public_id), now)


def withdraw_own(session: Session, public_id: str, key: str, now: dt.datetime) -> None:
    """Withdraw a report on the word of its owner: who holds the key it was submitted under.

    Raises:
        NotFound: There is no such report.
        NotYours: It was submitted under another key, or under none: then nobody holds its key.
    """
    remove(session, own(session, public_id, key), now)


def own(session: Session, public_id: str, key: str) -> models.Report:
    """Return a report, its board locked, to who holds the key it was submitted under.

    Raises:
        NotFound: There is no such report.
        NotYours: It was submitted under another key, or under none: then nobody holds its key.
    """
    report = _locked(session, public_id)
    if report.owner is None:
        raise NotYours(f"report {public_id} was submitted without a key, so no key withdraws it; ask the operator")
    # In constant time, so that how long the refusal takes tells nothing of the hash.
    if not hmac.compare_digest(report.owner, owner_hash(key)):
        raise NotYours(
            f"report {public_id} was submitted under another key; send the key it was submitted with, which"
            " hwdb-submit keeps on the machine that sent it"
        )
    return report


def remove(session: Session, report: models.Report, now: dt.datetime) -> None:
    """Take a report out for good; the caller holds its board's lock."""
    board = report.board_id
    session.merge(models.Tombstone(digest=report.digest, withdrawn_at=now))
    session.delete(report)
    session.flush()
    regroup_machines(session, board)
    rebuild_answer(session, board, now)


def _set(session: Session, public_id: str, reason: str | None, now: dt.datetime) -> None:
    report = _locked(session, public_id)
    report.held_reason = reason
    session.flush()
    rebuild_answer(session, report.board_id, now)


def _locked(session: Session, public_id: str) -> models.Report:
    """Return a report, after locking its board as every writer of a board's answer does first."""
    find = report_by_id(public_id)
    report = session.scalar(find)
    if report is not None:
        session.execute(select(models.Board.id).where(models.Board.id == report.board_id).with_for_update())
        report = session.scalar(find.execution_options(populate_existing=True))
    if report is None:
        raise NotFound(
            f"there is no report {excerpt(public_id)}, or it is withdrawn already; an id has 16 hex digits, as in the"
            " report's address"
        )
    return report
