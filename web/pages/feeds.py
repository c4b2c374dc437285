"""Atom feeds (RFC 4287): what is new on a board, and the regressions of all boards."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

from flask import Response, render_template, url_for

from hwdb.queries.regressions import note_date
from web.pages.cached import cached, in_xml
from web.pages.share import one_line
from web.pages.words import source_word

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hwdb.analysis.board import ReportSummary
    from hwdb.analysis.changes import BoardNote
    from hwdb.queries.regressions import Regression
    from hwdb.queries.views import BoardView

_MOST = 50
_NEVER = "1970-01-01"


class Entry(NamedTuple):
    """One entry: its address, which is its id as well, when it was, and what it says."""

    id: str
    link: str
    title: str
    day: str
    says: str


def board_feed(board: BoardView) -> Response:
    """Return the newest reports of a board and what its slots turned out to depend on."""
    page = url_for("pages.board", vendor_slug=board.vendor_slug, slug=board.slug, _external=True)
    name = f"{board.vendor} {board.name}"
    entries = [_of_note(note, name, page, note_date(note, board.reports)) for note in board.notes]
    entries += [_of_report(report) for report in board.reports[:_MOST]]
    return _feed(f"{name}: {board.verdict.headline}", page, f"{page}/feed.atom", entries)


def regressions_feed(found: Sequence[Regression]) -> Response:
    """Return the newest regressions."""
    entries = []
    for one in found:
        page = url_for("pages.board", vendor_slug=one.vendor_slug, slug=one.slug, _external=True)
        entries.append(_of_note(one.note, f"{one.vendor} {one.name}", page, one.seen))
    start = url_for("pages.search", _external=True)
    own = url_for("pages.regressions", _external=True)
    return _feed("Slots that isolated until a BIOS version", start, own, entries)


def _of_note(note: BoardNote, board: str, page: str, day: str) -> Entry:
    # A note has no number of its own: the same words on the same slot are the same entry.
    mark = sha256(f"{note.kind}\n{note.slot}\n{note.text}".encode()).hexdigest()[:16]
    what = {"regression": "Regression", "fixed": "Fixed"}.get(note.kind, "Note")
    return Entry(f"{page}#note-{mark}", f"{page}#notes", one_line(f"{what}: {board}, {note.slot}"), day, note.text)


def _of_report(report: ReportSummary) -> Entry:
    page = url_for("pages.report", report_id=report.id, _external=True)
    told = [
        report.cpu or "processor not stated",
        f"BIOS {report.bios}" if report.bios else "BIOS not stated",
        f"kernel {report.kernel}" if report.kernel else "kernel not stated",
    ]
    if report.held:
        counts = f"Held out: {report.held}"
    else:
        counts = "It is counted." if report.counted else "A newer report of this machine counts."
    came = source_word(report.source)
    return Entry(page, page, one_line(f"Report: {', '.join(told)}"), report.received, f"Came as: {came}. {counts}")


def _feed(title: str, page: str, own: str, entries: Sequence[Entry]) -> Response:
    ordered = sorted(entries, key=lambda entry: entry.day, reverse=True)[:_MOST]
    xml = render_template(
        "feed.xml",
        title=one_line(title),
        page=page,
        own=own,
        updated=_moment(ordered[0].day if ordered else _NEVER),
        entries=[(entry, _moment(entry.day), one_line(entry.says)) for entry in ordered],
    )
    return cached(in_xml(xml).encode(), "application/atom+xml; charset=utf-8")


def _moment(day: str) -> str:
    """Return an ISO day, with or without a time, as RFC 3339 wants a moment; the time of day is not kept of it."""
    return f"{(day or _NEVER)[:10]}T00:00:00Z"
