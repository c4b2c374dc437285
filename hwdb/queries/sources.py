"""The text a report was read from, for those who may see it."""

from __future__ import annotations

import hmac
import zlib
from typing import TYPE_CHECKING

from sqlalchemy import select

from hwdb import models
from hwdb.errors import NotFound, NotYours
from hwdb.models.readings import report_by_id
from hwdb.schema.text import excerpt

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def own_source(session: Session, public_id: str, owner: str) -> str:
    """Return the redacted text of a report to who holds its key.

    Args:
        session: Reads only.
        public_id: The report's id.
        owner: What is kept of the key, from ``owner_hash``.

    Raises:
        NotFound: There is no such report, or it came without a text.
        NotYours: It was submitted under another key, or under none.
    """
    report = _report(session, public_id)
    if report.owner is None or not hmac.compare_digest(report.owner, owner):
        raise NotYours(
            f"the text of report {public_id} is shown to who submitted it; send the key it was submitted under"
        )
    return _text(session, report)


def moderated_source(session: Session, public_id: str) -> str:
    """Return the redacted text of a report to a moderator.

    Raises:
        NotFound: There is no such report, or it came without a text.
    """
    return _text(session, _report(session, public_id))


def _report(session: Session, public_id: str) -> models.Report:
    report = session.scalar(report_by_id(public_id))
    if report is None:
        raise NotFound(f"there is no report {excerpt(public_id)}; it may have been withdrawn by its owner")
    return report


def _text(session: Session, report: models.Report) -> str:
    kept = session.scalar(select(models.SourceText.text).where(models.SourceText.report_id == report.id))
    if kept is None:
        raise NotFound(f"report {report.public_id} came without a text: as a document, or by a bulk import")
    return zlib.decompress(kept).decode()
