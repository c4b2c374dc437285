"""A board's answer as text for forums: Markdown, BBCode, and the snippet of its badge. Pure functions.

Names come in with reports and are hostile: in each of these languages they stay text.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from web.pages.drawing import with_layout
from web.pages.outline import table_slots
from web.pages.words import count, grade_word, lanes_rest, lanes_word, plain, short_address, span, wiring

if TYPE_CHECKING:
    from hwdb.analysis.shapes import SlotAnswer
    from hwdb.queries.views import BoardView

_MOST = 24
# CommonMark: a backslash before ASCII punctuation makes it a letter. Left alone is what begins nothing where a name
# stands, in the middle of a line, once brackets are letters: full stops, hyphens, slashes, round brackets.
_MARKDOWN = re.compile(r"[\\`*_\[\]<>#|~&:@$^]")
# GitHub and others make links of bare words.
_WWW = re.compile(r"\b(www)\.", re.IGNORECASE)
_TAGS = str.maketrans("[]", "()")
_COLUMNS = ("slot", "lanes", "wired to", "verdict", "seen on")


def one_line(text: str) -> str:
    """Return text in one line, without the characters that turn its direction and without unseen ones."""
    shown = "".join(" " if unicodedata.category(letter) in {"Cc", "Zl", "Zp"} else letter for letter in plain(text))
    return " ".join(shown.split())


def in_markdown(text: str) -> str:
    """Return text that Markdown shows as it is: no link, no tag, no emphasis, no cell of a table."""
    return _WWW.sub(r"\1\\.", _MARKDOWN.sub(r"\\\g<0>", one_line(text)))


def in_bbcode(text: str) -> str:
    """Return text that BBCode shows as text. BBCode has no way to write a bracket, so brackets become round ones."""
    return one_line(text).translate(_TAGS).replace("://", ": //")


def markdown(board: BoardView, url: str) -> str:
    """Return a board's answer as Markdown: the verdict, a table of its slots, its address."""
    rows = [_COLUMNS, *(tuple(in_markdown(cell) for cell in _cells(slot)) for slot in _slots(board))]
    widths = [max(len(row[at]) for row in rows) for at in range(len(_COLUMNS))]
    lines = [f"| {' | '.join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))} |" for row in rows]
    lines.insert(1, f"|{'|'.join('-' * (width + 2) for width in widths)}|")
    says = (
        f"**{in_markdown(f'{board.vendor} {board.name}')}**: {in_markdown(_verdict(board))} {in_markdown(_seen(board))}"
    )
    return "\n\n".join([says, *(["\n".join(lines)] if len(rows) > 1 else []), url]) + "\n"


def bbcode(board: BoardView, url: str) -> str:
    """Return a board's answer as BBCode: the verdict, its slots in a list, its address."""
    says = f"[b]{in_bbcode(f'{board.vendor} {board.name}')}[/b]: {in_bbcode(_verdict(board))} {in_bbcode(_seen(board))}"
    items = ["[*]" + in_bbcode(", ".join(part for part in _cells(slot) if part)) for slot in _slots(board)]
    return "\n".join([says, *(["[list]", *items, "[/list]"] if items else []), f"[url]{url}[/url]", ""])


def badge_text(board: BoardView) -> str:
    """Return the verdict as a badge says it, like ``4 of 5 slots isolate``."""
    said = board.verdict.headline.split(":")[0].rstrip(".").replace(" cleanly", "")
    return said[:1].lower() + said[1:]


def badge_grade(board: BoardView) -> str:
    """Return the grade whose colour a badge has: whether any slot isolates, none does, or nobody knows."""
    said = badge_text(board)
    if said.startswith("not known"):
        return "unknown"
    return "shared_onboard" if said.startswith("0 ") else "isolated"


def badge_markdown(board: BoardView, url: str) -> str:
    """Return the badge with its link, for a README."""
    alt = in_markdown(f"{board.name}: {badge_text(board)}")
    return f"[![{alt}]({url}/badge.svg)]({url})"


def _slots(board: BoardView) -> list[SlotAnswer]:
    listed = table_slots(with_layout(board.slots, board.layout))
    named = [slot for slot in listed if slot.designation is not None]
    return (named or listed)[:_MOST]


def _cells(slot: SlotAnswer) -> tuple[str, ...]:
    name = slot.designation or f"port {', '.join(short_address(port) for port in slot.ports)}"
    lanes = f"{lanes_word(slot) or ''}{lanes_rest(slot)}".strip() or "not known"
    return name, lanes, wiring(slot) or "not known", grade_word(slot), _seen_on(slot)


def _seen_on(slot: SlotAnswer) -> str:
    if not slot.machines:
        return "no report"
    how = "" if slot.evidence == "observed" else f", {slot.evidence}"
    return f"{slot.machines} of {slot.machines + slot.disagree}{how}"


def _verdict(board: BoardView) -> str:
    return " ".join(part for part in (board.verdict.headline, board.verdict.detail) if part)


def _seen(board: BoardView) -> str:
    if not board.machines:
        return "No machine is counted."
    bios = f", BIOS {span(board.bios_versions)}" if board.bios_versions else ""
    return f"{count(board.machines, 'machine')}{bios}."
