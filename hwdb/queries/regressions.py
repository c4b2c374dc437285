"""Regressions: slots that isolated until a BIOS version, over all boards."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from hwdb import models
from hwdb.analysis.board import ReportSummary  # noqa: TC001 (answers are read back by this annotation)
from hwdb.analysis.changes import BoardNote  # noqa: TC001 (the same)
from hwdb.models.documents import unpack

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@dataclass(frozen=True)
class Regression:
    """One slot of one board that a BIOS version took the isolation from.

    Attributes:
        vendor, vendor_slug, name, slug: Its board.
        note: What is so and who shows it.
        seen: ISO date the newest of those reports came in.
    """

    vendor: str
    vendor_slug: str
    name: str
    slug: str
    note: BoardNote
    seen: str


@dataclass(frozen=True)
class _Answer:
    """The part of a board's stored answer that is needed here."""

    reports: tuple[ReportSummary, ...] = ()
    notes: tuple[BoardNote, ...] = ()


def regressions(session: Session, limit: int = 50) -> tuple[Regression, ...]:
    """Return the regressions that are known, the newest first.

    It reads every answer, as a plan does: regressions are few, and nobody asks for them often.
    """
    rows = session.execute(
        select(
            models.Vendor.name, models.Vendor.slug, models.Board.name, models.Board.slug, models.BoardAnswer.document
        )
        .join(models.Board, models.Board.id == models.BoardAnswer.board_id)
        .join(models.Vendor, models.Vendor.id == models.Board.vendor_id)
        .where(models.Board.known)
    )
    found = [
        Regression(vendor, vendor_slug, name, slug, note, note_date(note, answer.reports))
        for vendor, vendor_slug, name, slug, document in rows
        for answer in [unpack(_Answer, document)]
        for note in answer.notes
        if note.kind == "regression"
    ]
    found.sort(key=lambda one: (one.seen, one.vendor_slug, one.slug, one.note.slot), reverse=True)
    return tuple(found[:limit])


def note_date(note: BoardNote, reports: tuple[ReportSummary, ...]) -> str:
    """Return when the newest report that shows a note came in; that of the board's newest when it is not listed."""
    shown = [report.received for report in reports if report.id in note.reports]
    return max(shown or [report.received for report in reports], default="")
