"""The text a report was read from, kept for its holder: redacted before it is stored, whoever brings it."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from hwdb import models
from hwdb.importers.redact import redact

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def keep_source(session: Session, report: models.Report, text: str) -> None:
    """Keep the text of a paste beside its report, without serials, addresses and names of people and hosts."""
    # A lone surrogate cannot be encoded, and a NUL is no letter of a listing.
    kept = redact(text).replace("\x00", "\ufffd").encode("utf-8", errors="replace")
    session.add(models.SourceText(report_id=report.id, format=report.source, text=zlib.compress(kept, 9)))
    session.flush()
