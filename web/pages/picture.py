"""The picture of a board that link previews show: 1200 x 630, the drawn board beside its verdict, as a PNG."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

import resvg_py
from flask import render_template

from web.pages.board_parts import drawing_for
from web.pages.cached import cached, in_xml
from web.pages.share import one_line
from web.pages.words import count

if TYPE_CHECKING:
    from flask import Response

    from hwdb.queries.views import BoardView

WIDTH, HEIGHT = 1200, 630

# A drawing of many slots is made smaller until it fits; below this nobody could read it.
_ROOM_WIDE, _ROOM_HIGH = 540, 582
_TITLE, _LINE, _FINE = 26, 42, 58
_FONTS = ("SourceSansPro-Regular.ttf", "SourceSansPro-Semibold.ttf")


def picture(board: BoardView) -> Response:
    """Return the picture of a board."""
    return cached(render(in_xml(card(board))), "image/png")


def card(board: BoardView) -> str:
    """Return the picture as SVG."""
    drawing = drawing_for(board)
    scale = min(_ROOM_WIDE / 360, _ROOM_HIGH / drawing.height) if drawing.slots else 0
    said = one_line(f"{board.verdict.headline} {board.verdict.detail}")
    return render_template(
        "card.svg",
        drawing=drawing,
        scale=round(scale, 3),
        left=round(360 * scale) + 72 if scale else 60,
        title=wrapped(one_line(f"{board.vendor} {board.name}"), _TITLE if scale else 48, 2),
        says=wrapped(said, _LINE if scale else 72, 7),
        fine=wrapped(_facts(board), _FINE if scale else 90, 2),
    )


@lru_cache(maxsize=64)
def render(svg: str) -> bytes:
    """Return an SVG as PNG; the fonts are those of a package, so that it looks the same on every machine."""
    return resvg_py.svg_to_bytes(
        svg_string=svg,
        width=WIDTH,
        height=HEIGHT,
        skip_system_fonts=True,
        font_files=list(_font_files()),
        font_family="Source Sans Pro",
        sans_serif_family="Source Sans Pro",
    )


@lru_cache(maxsize=1)
def _font_files() -> tuple[str, ...]:
    folder = files("font_source_sans_pro") / "files"
    return tuple(str(folder / name) for name in _FONTS)


def wrapped(text: str, room: int, most: int) -> list[str]:
    """Return text in lines of at most so many letters, at most so many lines, the rest cut off visibly."""
    lines = [""]
    for word in text.split():
        part = word if len(word) <= room else f"{word[: room - 1]}…"
        if len(lines[-1]) + 1 + len(part) <= room:
            lines[-1] = f"{lines[-1]} {part}".strip()
        else:
            lines.append(part)
    if len(lines) > most:
        lines[most - 1] = f"{lines[most - 1][: room - 1]}…"
    return lines[:most]


def _facts(board: BoardView) -> str:
    counted = f"{count(board.machines, 'machine')} counted" if board.machines else "no machine counted"
    return one_line(" · ".join(part for part in (board.chipset, board.socket, board.form_factor, counted) if part))
