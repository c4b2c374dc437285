"""The submit page, and the client's single file that it offers."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from flask import current_app, render_template, request, send_file

from hwdb import queries
from hwdb.errors import NotFound
from hwdb.importers import FORMATS
from web.database import reading
from web.pages.asked import asked
from web.pages.client import ClientFile, command, read_client

if TYPE_CHECKING:
    from flask import Blueprint, Response

_ASKED_OF_A_MACHINE = ("board_vendor", "board_name", "bios_version", "cpu")


def add(pages: Blueprint) -> None:
    """Put the page and the file on the blueprint."""
    pages.add_url_rule("/submit", "submit", _submit)
    pages.add_url_rule("/hwdb-submit.pyz", "client", _client)


def _submit() -> str:
    return submit_page()


def submit_page(problem: str | None = None, text: str = "") -> str:
    """Return the page.

    Args:
        problem: Why what was pasted could not be read, a sentence; None before anything was.
        text: What was pasted, to be corrected.
    """
    facts = {name: asked(name) for name in _ASKED_OF_A_MACHINE}
    known = None
    if any(facts.values()):
        with reading() as session:
            known = queries.known_machine(session, **facts)
    client = _client_file()
    server = request.url_root.rstrip("/")
    return render_template(
        "submit.html",
        asked=facts,
        known=known,
        client=client,
        server=server,
        command=command(server, client) if client else None,
        problem=problem,
        text=text,
        formats=FORMATS,
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
