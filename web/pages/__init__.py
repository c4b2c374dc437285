"""The pages: server-rendered, readable without JavaScript, saying what the API says and nothing more."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from hwdb import queries
from web.database import reading
from web.pages.apidocs import FILTERS as API_FILTERS
from web.pages.outline import FILTERS as OUTLINE_FILTERS
from web.pages.words import CONFIDENCE, EVIDENCE, GRADES
from web.pages.words import FILTERS as WORD_FILTERS

__all__ = ["blueprint"]

# The API refuses longer searches; a page only cuts them, for a person has no use for the refusal.
_LONGEST_SEARCH = 200


def blueprint() -> Blueprint:
    """Return the pages with their templates, stylesheet and the words their templates speak in."""
    pages = Blueprint("pages", __name__, template_folder="templates", static_folder="static", static_url_path="/static")
    pages.add_url_rule("/", "search", _search)
    pages.add_url_rule("/boards/<vendor_slug>/<slug>", "board", _board)
    pages.add_url_rule("/reports/<report_id>", "report", _report)
    pages.add_url_rule("/words", "words", _words)
    for name, function in {**WORD_FILTERS, **OUTLINE_FILTERS, **API_FILTERS}.items():
        pages.add_app_template_filter(function, name)
    return pages


def _search() -> str:
    q = request.args.get("q", "").strip()[:_LONGEST_SEARCH]
    with reading() as session:
        boards = queries.search(session, q) if q else queries.recent_boards(session)
        return render_template("search.html", q=q, boards=boards, known=queries.known_boards(session))


def _board(vendor_slug: str, slug: str) -> str:
    with reading() as session:
        return render_template("board.html", board=queries.board(session, vendor_slug, slug))


def _report(report_id: str) -> str:
    with reading() as session:
        return render_template("report.html", report=queries.report(session, report_id))


def _words() -> str:
    return render_template("words.html", grades=GRADES, evidence=EVIDENCE, confidence=CONFIDENCE)
