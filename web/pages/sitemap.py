"""What search engines read: which pages there are, and which they should leave alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response, render_template, request

from hwdb import queries
from hwdb.errors import NotFound
from web.database import reading

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Blueprint
    from sqlalchemy.orm import Session

MOST = 50_000
"""Addresses in one file (sitemaps.org, "Sitemap file limits")."""

_PAGES = ("", "words", "plan", "submit")
# Searches, comparisons and the like are endless, and what they show has pages of its own.
_ROBOTS = """User-agent: *
Disallow: {root}/?
Disallow: {root}/api/
Disallow: {root}/compare
Disallow: {root}/plan?
Disallow: {root}/submit/
Allow: {root}/
Sitemap: {site}sitemap.xml
"""


def add(pages: Blueprint) -> None:
    """Put the files on the blueprint."""
    pages.add_url_rule("/robots.txt", "robots", _robots)
    pages.add_url_rule("/sitemap.xml", "sitemap", _sitemap)
    pages.add_url_rule("/sitemap-<int:number>.xml", "sitemap_part", _part)


def _robots() -> Response:
    return Response(_ROBOTS.format(root=request.script_root, site=request.url_root), mimetype="text/plain")


def _sitemap() -> Response:
    with reading() as session:
        many = len(_PAGES) + sum(queries.addresses_known(session))
        if many <= MOST:
            return _listed(session, 0)
    parts = range(1, -(-many // MOST) + 1)
    return _xml("sitemapindex", "sitemap", ((f"sitemap-{number}.xml", None) for number in parts))


def _part(number: int) -> Response:
    with reading() as session:
        parts = -(-(len(_PAGES) + sum(queries.addresses_known(session))) // MOST)
        if not 1 <= number <= parts:
            raise NotFound(f"the list of pages has {parts} part{'' if parts == 1 else 's'}")
        return _listed(session, (number - 1) * MOST)


def _listed(session: Session, offset: int) -> Response:
    return _xml("urlset", "url", _addresses(session, offset))


def _addresses(session: Session, offset: int) -> Iterator[tuple[str, str | None]]:
    """Yield the addresses of one file below the site's root, each with its last change where that is known."""
    boards, _ = queries.addresses_known(session)
    room = MOST
    for path in _PAGES[offset : offset + room]:
        room -= 1
        yield path, None
    offset = max(0, offset - len(_PAGES))
    for one in queries.board_addresses(session, offset, room) if offset < boards else ():
        room -= 1
        yield f"boards/{one.vendor_slug}/{one.slug}", one.newest
    offset = max(0, offset - boards)
    if room:
        for ids in queries.device_addresses(session, offset, room):
            yield f"devices/{ids}", None


def _xml(root: str, item: str, listed: Iterator[tuple[str, str | None]]) -> Response:
    body = render_template("sitemap.xml", root=root, item=item, listed=listed, site=request.url_root)
    return Response(body, mimetype="application/xml")
