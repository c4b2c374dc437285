"""The pages: server-rendered, readable without JavaScript, saying what the API says and nothing more.

One module a page, with ``add``; what templates speak in are filters of ``words``, ``outline`` and ``apidocs``.
"""

from __future__ import annotations

from flask import Blueprint

from web.pages import (
    board_page,
    compare_page,
    device_page,
    edit_page,
    plan_page,
    preview_page,
    report_page,
    search_page,
    sitemap,
    submit_page,
    words_page,
)
from web.pages.apidocs import FILTERS as API_FILTERS
from web.pages.filters import FILTERS as SEARCH_FILTERS
from web.pages.functions import FILTERS as FUNCTION_FILTERS
from web.pages.outline import FILTERS as OUTLINE_FILTERS
from web.pages.plan_page import FILTERS as PLAN_FILTERS
from web.pages.words import FILTERS as WORD_FILTERS

__all__ = ["blueprint"]

_PAGES = (
    search_page,
    sitemap,
    board_page,
    compare_page,
    plan_page,
    device_page,
    report_page,
    submit_page,
    preview_page,
    edit_page,
    words_page,
)
_FILTERS = {**WORD_FILTERS, **SEARCH_FILTERS, **OUTLINE_FILTERS, **PLAN_FILTERS, **FUNCTION_FILTERS, **API_FILTERS}


def blueprint() -> Blueprint:
    """Return the pages with their templates, stylesheet and the words their templates speak in."""
    pages = Blueprint("pages", __name__, template_folder="templates", static_folder="static", static_url_path="/static")
    for page in _PAGES:
        page.add(pages)
    for name, function in _FILTERS.items():
        pages.add_app_template_filter(function, name)
    return pages
