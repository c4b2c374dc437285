"""A report's page, and its document as a file."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from flask import Response, render_template, request

from hwdb import queries, schema
from hwdb.analysis.facts import facts_of
from hwdb.errors import NotFound
from hwdb.report import canonical
from web.database import reading
from web.pages.drawing import drawing_of
from web.pages.functions import card_name
from web.pages.outline import held_by, table_slots

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask import Blueprint
    from sqlalchemy.orm import Session

    from hwdb.analysis.layouts import PlacedSlot
    from web.pages.drawing import Drawing


class _Why(NamedTuple):
    """Two functions that somebody asks about, and what is said of them; ``problem`` when nothing can be."""

    one: str
    other: str
    says: str | None
    problem: str | None


def add(pages: Blueprint) -> None:
    """Put the page and the document on the blueprint."""
    pages.add_url_rule("/reports/<report_id>", "report", _report)
    pages.add_url_rule("/reports/<report_id>.json", "report_document", _document)


def _report(report_id: str) -> str:
    with reading() as session:
        report = queries.report(session, report_id)
        board = queries.board(session, report.vendor_slug, report.slug)
        return render_template(
            "report.html", report=report, why=_why(session, report_id), drawing=_drawing(report, board.layout)
        )


def _drawing(report: queries.ReportView, layout: Sequence[PlacedSlot]) -> Drawing | None:
    """Return this machine's cards in their slots, None when no slot has a name."""
    slots = table_slots(report.slots)
    if not any(slot.designation for slot in slots):
        return None
    facts = facts_of(schema.load(report.document).report)
    held = {slot.designation: held_by(slot, report).names for slot in slots if slot.designation is not None}
    return drawing_of(
        slots,
        layout,
        cards={name: card_name(names[0]) for name, names in held.items() if name and names},
        links=lambda one: f"#slot-{one.number}",
        chipset=facts.chipset,
        socket=facts.socket,
    )


def _why(session: Session, report_id: str) -> _Why:
    """Answer ``?why=01:00.0&why=02:00.0``; the two fields of the form bear one name."""
    one, other = [*(text.strip()[:40] for text in request.args.getlist("why")[:2]), "", ""][:2]
    if not one or not other:
        problem = "Name two functions by their addresses, like 01:00.0." if one or other else None
        return _Why(one, other, None, problem)
    try:
        return _Why(one, other, queries.why(session, report_id, one, other), None)
    except NotFound as error:
        return _Why(one, other, None, f"{str(error)[:1].upper()}{str(error)[1:]}.")


def _document(report_id: str) -> Response:
    with reading() as session:
        document = queries.report(session, report_id).document
    name = f"hwdb-report-{report_id}.json"
    headers = {"Content-Disposition": f"attachment; filename={name}"}
    # Canonical, as it was stored: its SHA-256 begins with the report's id.
    return Response(canonical(document), content_type="application/json", headers=headers)
