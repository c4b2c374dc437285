"""The search page, which is the start page."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from flask import render_template, request, url_for

from hwdb import queries
from web.database import reading
from web.pages.filters import ON_A_PAGE, SWITCH_WORDS, address_of, filter_tokens, understood_words, wanted_of

if TYPE_CHECKING:
    from flask import Blueprint

    from hwdb.queries import FoundBoards, Wanted


def add(pages: Blueprint) -> None:
    """Put the page on the blueprint."""
    pages.add_url_rule("/", "search", _search)


def _search() -> str:
    wanted = wanted_of(request.args)
    # Whoever names nothing wants a board that serves them, not the one that was reported last.
    sort = wanted.sort or (None if wanted.q else "slots")
    with reading() as session:
        found = queries.find_boards(session, replace(wanted, sort=sort))
    return render_template("search.html", **told(found, wanted, url_for("pages.search")))


def told(found: FoundBoards, wanted: Wanted, path: str) -> dict[str, Any]:
    """Return what the page of a search tells: what was found, and the addresses of searches near it."""
    turned = {
        "before": replace(wanted, offset=max(0, wanted.offset - ON_A_PAGE)) if wanted.offset else None,
        "after": replace(wanted, offset=wanted.offset + ON_A_PAGE) if found.total > wanted.offset + ON_A_PAGE else None,
    }
    return {
        "found": found,
        "wanted": wanted,
        "understood": understood_words(found, wanted, path),
        "asked": filter_tokens(wanted, path),
        "switches": SWITCH_WORDS,
        "sorts": queries.SORTS,
        "pages": {name: one and address_of(one, path) for name, one in turned.items()},
        "literally": address_of(replace(wanted, literal=True, offset=0), path),
        "words_only": address_of(queries.Wanted(q=wanted.q), path),
    }
