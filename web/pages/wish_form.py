"""The planner's form: a query string -> what was asked, field by field, and a wish if all of it can be used. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from hwdb.analysis.wishes import KINDS, MOST_NEEDS, Wish, kind_name, parse_need
from hwdb.errors import WishError

if TYPE_CHECKING:
    from werkzeug.datastructures import MultiDict

    from hwdb.analysis.wishes import Need

LANES = ("1", "2", "4", "8", "16")
"""Widths that can be asked for."""

ABOUT_THE_BOARD = ("socket", "chipset", "vendor", "form_factor")
"""Facts of a board that can be asked for, as the API spells them."""

_FEWEST_ROWS = 3
_LONGEST = 64
_LONGEST_BOARD = 200
_MOST_MACHINES = 1000
_YES = {"true", "1", "on", "yes"}
_NO = {"false", "0", "off", "no"}


class CardRow(NamedTuple):
    """One row of cards: its kind and least width as they were asked for, blank for none, and what is wrong with it."""

    kind: str = ""
    lanes: str = ""
    error: str = ""

    @property
    def need(self) -> str:
        """Return the row as the API asks for it: ``gpu:x8``."""
        return f"{self.kind}:x{self.lanes}" if self.lanes else self.kind


@dataclass(frozen=True)
class WishForm:
    """What was asked of the planner.

    Attributes:
        rows: Cards, with blank rows to fill in.
        board: The board that is asked about, by its address or in words.
        about: What is asked of other boards, by ``ABOUT_THE_BOARD``.
        min_machines: Machines that have to support each slot, as it was written.
        flags: Yes or no: ``cpu_attached``, ``no_m2``, ``lasting``, ``conditional``.
        errors: What is wrong with a field, by its name, in sentences.
        wish: What the planner is asked; None when no card is wanted or something is wrong.
    """

    rows: tuple[CardRow, ...]
    board: str
    about: dict[str, str]
    min_machines: str
    flags: dict[str, bool]
    errors: dict[str, str] = field(default_factory=dict)
    wish: Wish | None = None

    @property
    def query(self) -> dict[str, list[str]]:
        """Return what was asked as the API's parameters, what was left at its usual value left out."""
        asked = {
            "need": [row.need for row in self.rows if row.kind],
            "board": [self.board],
            **{name: [said] for name, said in self.about.items()},
            "min_machines": [self.min_machines if self.min_machines != "1" else ""],
            "cpu_attached": ["true" if self.flags["cpu_attached"] else ""],
            "m2": ["false" if self.flags["no_m2"] else ""],
            "lasting": ["true" if self.flags["lasting"] else ""],
            "allow": ["conditional" if self.flags["conditional"] else ""],
        }
        said = {name: [value for value in values if value] for name, values in asked.items()}
        return {name: values for name, values in said.items() if values}


def kinds() -> list[tuple[str, str]]:
    """Return the kinds of cards that can be asked for, each with its name."""
    return [(kind, "other card" if kind == "any" else kind_name(kind)) for kind in KINDS]


def read_form(asked: MultiDict[str, str]) -> WishForm:
    """Return what a query string asks of the planner.

    It is the form's own, in which each row is a ``card`` and its ``lanes``, or the API's, with a ``need`` a card.
    """
    rows, needs = _read_cards(asked)
    errors = {f"card-{number}": row.error for number, row in enumerate(rows, 1) if row.error}
    if len(needs) > MOST_NEEDS:
        errors["cards"] = f"{len(needs)} cards are asked for; at most {MOST_NEEDS} have a place in one plan."
    machines = _text(asked, "min_machines") or "1"
    number = int(machines) if machines.isascii() and machines.isdigit() else 0
    if not 1 <= number <= _MOST_MACHINES:
        errors["min_machines"] = f"{machines} is no number of machines from 1 to {_MOST_MACHINES}."
    about = {name: _text(asked, name) for name in ABOUT_THE_BOARD}
    flags = {
        "cpu_attached": _text(asked, "cpu_attached").casefold() in _YES,
        "no_m2": _text(asked, "m2").casefold() in _NO,
        "lasting": _text(asked, "lasting").casefold() in _YES,
        "conditional": "conditional" in asked.getlist("allow"),
    }
    wish = None
    if needs and not errors:
        wish = Wish(
            needs=tuple(needs),
            machines=number,
            cpu_attached=flags["cpu_attached"],
            m2=not flags["no_m2"],
            lasting=flags["lasting"],
            allow=("conditional",) if flags["conditional"] else (),
            **{name: said or None for name, said in about.items()},
        )
    board = asked.get("board", "").strip()[:_LONGEST_BOARD]
    return WishForm(_with_blanks(rows, asked), board, about, machines, flags, errors, wish)


def _text(asked: MultiDict[str, str], name: str) -> str:
    return asked.get(name, "").strip()[:_LONGEST]


def _read_cards(asked: MultiDict[str, str]) -> tuple[list[CardRow], list[Need]]:
    texts = [text.strip().casefold() for text in asked.getlist("need")]
    lanes = asked.getlist("lanes")
    for place, card in enumerate(asked.getlist("card")):
        width = lanes[place].strip().casefold().removeprefix("x") if place < len(lanes) else ""
        texts.append(f"{card.strip().casefold()}:x{width}" if card.strip() and width else card.strip().casefold())
    rows, needs = [], []
    for text in filter(None, texts):
        kind, _, width = text.partition(":")
        try:
            needs.append(parse_need(text))
        except WishError as error:
            rows.append(
                CardRow(kind if kind in KINDS else "", "", f"{text[:_LONGEST]} is no card to plan for: {error}.")
            )
        else:
            rows.append(CardRow(kind, width.removeprefix("x")))
    return rows, needs


def _with_blanks(rows: list[CardRow], asked: MultiDict[str, str]) -> tuple[CardRow, ...]:
    """Return the rows of cards, and as many blank ones as are asked for; who asks for nothing begins with a GPU."""
    rows = rows[:MOST_NEEDS]
    if not rows and not asked:
        rows = [CardRow("gpu", "8")]
    wanted = _text(asked, "rows")
    least = int(wanted) if wanted.isascii() and wanted.isdigit() else 0
    blank = max(min(least, MOST_NEEDS), _FEWEST_ROWS) - len(rows)
    return (*rows, *[CardRow()] * blank)
