"""A report corrected by its owner: a new document under the same key, and the one before taken out if they say so."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from sqlalchemy import select

from hwdb import models
from hwdb.intake import catalogue
from hwdb.intake.accept import accept
from hwdb.intake.moderate import own, remove
from hwdb.models.readings import report_by_id

if TYPE_CHECKING:
    import datetime as dt

    from sqlalchemy.orm import Session

    from hwdb.intake.accept import Accepted
    from hwdb.report import Report


def replace_own(
    session: Session, public_id: str, report: Report, key: str, now: dt.datetime, *, withdraw: bool
) -> Accepted:
    """Store a corrected report beside the one it corrects, or in its place, on the word of its owner.

    The text that the one before was read from goes with the new one. Nothing is taken out when the new document was
    there already.

    Args:
        session: A writing session; the caller commits.
        public_id: Of the report that is corrected.
        report: The whole new report.
        key: The key it was submitted under.
        now: The moment the correction came in, aware.
        withdraw: Whether the one before is taken out; else both stay, and the newest of a machine speaks for it.

    Raises:
        NotFound: There is no such report.
        NotYours: It was submitted under another key, or under none.
        Withdrawn: The new document was withdrawn by its owner before.
    """
    _lock_both(session, public_id, report)
    before = own(session, public_id, key)
    kept = session.scalar(select(models.SourceText.text).where(models.SourceText.report_id == before.id))
    text = None if kept is None else zlib.decompress(kept).decode()
    accepted = accept(session, report, now=now, key=key, text=text)
    if withdraw and accepted.created:
        remove(session, before, now)
    return accepted


def _lock_both(session: Session, public_id: str, report: Report) -> None:
    """Lock the board the report was on and the one it goes to, in the order that all who lock several keep."""
    before = session.scalar(report_by_id(public_id))
    if before is not None:
        catalogue.lock_boards(session, {before.board_id, catalogue.board_of(session, report).id})
