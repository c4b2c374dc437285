"""The pages: server-rendered, readable without JavaScript, saying what the API says and nothing more."""

from __future__ import annotations

from io import BytesIO

from flask import Blueprint, Response, current_app, render_template, request, send_file

from hwdb import queries
from hwdb.errors import NotFound
from web.database import reading
from web.pages.apidocs import FILTERS as API_FILTERS
from web.pages.client import ClientFile, command, read_client
from web.pages.outline import FILTERS as OUTLINE_FILTERS
from web.pages.words import CONFIDENCE, EVIDENCE, GRADES
from web.pages.words import FILTERS as WORD_FILTERS

__all__ = ["blueprint"]

# The API refuses longer searches; a page only cuts them, for a person has no use for the refusal.
_LONGEST_SEARCH = 200
_ASKED_OF_A_MACHINE = ("board_vendor", "board_name", "bios_version", "cpu")


def blueprint() -> Blueprint:
    """Return the pages with their templates, stylesheet and the words their templates speak in."""
    pages = Blueprint("pages", __name__, template_folder="templates", static_folder="static", static_url_path="/static")
    pages.add_url_rule("/", "search", _search)
    pages.add_url_rule("/boards/<vendor_slug>/<slug>", "board", _board)
    pages.add_url_rule("/reports/<report_id>", "report", _report)
    pages.add_url_rule("/words", "words", _words)
    pages.add_url_rule("/submit", "submit", _submit)
    pages.add_url_rule("/hwdb-submit.pyz", "client", _client)
    for name, function in {**WORD_FILTERS, **OUTLINE_FILTERS, **API_FILTERS}.items():
        pages.add_app_template_filter(function, name)
    return pages


def _search() -> str:
    q = _asked("q")
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


def _submit() -> str:
    asked = {name: _asked(name) for name in _ASKED_OF_A_MACHINE}
    known = None
    if any(asked.values()):
        with reading() as session:
            known = queries.known_machine(session, **asked)
    client = _client_file()
    server = request.url_root.rstrip("/")
    return render_template(
        "submit.html",
        asked=asked,
        known=known,
        client=client,
        server=server,
        command=command(server, client) if client else None,
    )


def _client() -> Response:
    client = _client_file()
    if client is None:
        raise NotFound(
            "the client is not on this server yet; its operator builds it with `make submitter`, or names it in"
            " HWDB_SUBMITTER"
        )
    return send_file(
        BytesIO(client.content), "application/zip", as_attachment=True, download_name=client.name, etag=client.sha256
    )


def _client_file() -> ClientFile | None:
    return read_client(current_app.config["HWDB_SUBMITTER"])


def _asked(name: str) -> str:
    """Return a query parameter as a page takes it."""
    return request.args.get(name, "").strip()[:_LONGEST_SEARCH]
