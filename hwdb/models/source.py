"""Where reports came from: the redacted text of a paste, and the inputs that bulk imports have gone through."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from hwdb.models.base import Base, UtcDateTime


class SourceText(Base):
    """The text a report was parsed from, redacted and compressed; only its holder and moderators are shown it."""

    __tablename__ = "source_texts"

    report_id: Mapped[int] = mapped_column(ForeignKey("reports.id", ondelete="CASCADE"), primary_key=True)
    format: Mapped[str | None] = mapped_column(String(64))
    text: Mapped[bytes] = mapped_column(LargeBinary)


class ImportedInput(Base):
    """An input that a bulk import has dealt with, known by its content, so that the next run passes over it."""

    __tablename__ = "imported_inputs"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    outcome: Mapped[str] = mapped_column(String(32))
    imported_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
