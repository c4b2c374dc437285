"""A badge: a board's verdict as a small SVG image for other people's pages."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from flask import Response, render_template

from web.pages.cached import cached, in_xml
from web.pages.share import badge_grade, badge_text, one_line

if TYPE_CHECKING:
    from hwdb.queries.views import BoardView

_LONGEST_NAME = 40
# Of the light scheme of style.css: a badge stands on a page whose scheme it cannot know.
_COLOURS = {"isolated": "#0b7a73", "shared_onboard": "#bb3a22", "unknown": "#66727f"}
# 11 pixels of a sans serif type, by the breadth of the letter; textLength makes it so with any font.
_NARROW, _BROAD, _LETTER = frozenset("ijlI.,:;'|!()[] ftr1"), frozenset("MWmw@%"), 6.4


def badge(board: BoardView) -> Response:
    """Return the badge of a board, to be embedded anywhere and kept for an hour."""
    name, says = one_line(board.name), badge_text(board)
    name = name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…"
    left, right = breadth(name), breadth(says)
    svg = render_template(
        "badge.svg", name=name, says=says, left=left, right=right, colour=_COLOURS[badge_grade(board)]
    )
    return cached(in_xml(svg).encode(), "image/svg+xml")


def breadth(text: str) -> int:
    """Return about how many pixels a text takes at 11 pixels."""
    return round(sum(map(_breadth, text)))


def _breadth(letter: str) -> float:
    if unicodedata.combining(letter):
        return 0
    if unicodedata.east_asian_width(letter) in "WF":
        return 11
    return 3.6 if letter in _NARROW else 9.5 if letter in _BROAD else _LETTER
