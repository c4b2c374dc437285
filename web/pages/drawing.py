"""The drawn board: slots and what is known of their places -> plain numbers and words that a template draws. Pure.

Lengths are in units of the drawing's viewBox, which is 360 wide and stands for the 244 mm of an ATX board: one unit is
0.678 mm. Lengths of slots are true to that scale. Their order is true where a curated layout knows it; gaps never are.

Only what is known is drawn: no memory slots, since nobody tells how many there are on which side; the connectors at the
back only where the order of slots is physical; no line to a slot whose wiring is not known. Of a board whose firmware
names some slots and shows a dozen ports besides, the ports are left to the table; of one that names none, the ports are
all there is, and they are drawn. Firmware of servers calls slots by sentences ("RSC-W-66G4 SLOT1 PCI-E 4.0 X16"), which
take two lines.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hwdb.analysis.shapes import SlotAnswer
from hwdb.analysis.slotmap import key_of
from hwdb.analysis.words import word_for
from web.pages.lettering import cut, letters, lines
from web.pages.words import GRADES, generation, grade_name, grade_word, plain, short_address, wired_lanes, wiring

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from hwdb.analysis.layouts import PlacedSlot

CARD_SLOTS = frozenset({None, "pcie", "pci"})
"""Kinds of slots that a bracket at the back belongs to: drawn as bars. The others are drawn as boxes below."""

WIDTH = 360
"""Of the viewBox."""

LEFT = 46
"""Where the connectors begin, x."""

BAR = 22
"""Height of a connector. It is wider than a real one, so that its lanes can be written on it."""

# PCI Express Card Electromechanical Specification: connectors of x1, x4, x8 and x16 are 25, 39, 56 and 89 mm long; each
# lane beyond the first takes as much as the next. A conventional PCI connector is 85 mm long.
_LENGTHS = {1: 37, 2: 44, 4: 58, 8: 83, 16: 131}
_CONVENTIONAL = 125
_PITCH, _WIDE_PITCH, _PITCH_OF_MANY = 46, 54, 36
_MANY = 10
_TOP = 78
_BOX_HEIGHT, _BOX_PITCH, _BOX_GAP = 24, 30, 6
_ROOM = 308
# What fits beside a connector, above it and into a box as wide as the board, in letters of the type used there; DejaVu
# is the widest of those that browsers take for it.
_NAME, _WORD, _CARD_ROOM, _BOX_ROOM = 17, 23, 20, 27
MOST = 24
"""Slots drawn as bars. Nobody reads a drawing of more; the table has them all."""


@dataclass(frozen=True)
class DrawnSlot:
    """A slot as it is drawn: a bar for a card's slot, a box for M.2 and the like.

    Attributes:
        number: Its place in ``answers``, from 1: what ties it to its row of a table.
        answer: The slot.
        name: Its name in one or two lines, cut where it is too long.
        detail: Where it is wired to and which generation, empty when neither is known or there is no room for it.
        lanes: Like ``x16``; empty when no lanes are known.
        word: Its verdict, short enough to stand beside it.
        x, y: Upper left corner.
        wired: Units that are filled; 0 when no lanes are known.
        long: Units of the whole connector, None when only the wired lanes are known.
        width: Of a box; 0 for a bar.
        card: What is to sit in it, None for nothing.
        link: Where it leads, None for nowhere.
    """

    number: int
    answer: SlotAnswer
    name: tuple[str, ...]
    detail: str
    lanes: str
    word: str
    x: float
    y: int
    wired: int
    long: int | None
    width: float
    card: str | None
    link: str | None

    @property
    def grade(self) -> str:
        """Return its grade; one of a newer version of the rules is not known."""
        return self.answer.grade if self.answer.grade in GRADES else "unknown"

    @property
    def classes(self) -> str:
        """Return the classes of its grade and evidence."""
        evidence = self.answer.evidence
        return f"g-{self.grade} e-{evidence}" if evidence and evidence != "observed" else f"g-{self.grade}"

    @property
    def key(self) -> bool:
        """Whether the connector has the key of PCI Express near its beginning."""
        return self.answer.kind != "pci"


@dataclass(frozen=True)
class Chip:
    """A kind of soldered device that some slot shares its group with: ``LAN``, its place and width."""

    text: str
    x: float
    width: float


@dataclass(frozen=True)
class Drawing:
    """A board to draw.

    Attributes:
        bars: Slots for cards, from the top.
        boxes: M.2 and the like.
        chips: Soldered devices that slots share with.
        physical: Whether the bars stand in the order they have on the board.
        height: Of the viewBox.
        chipset: What is written on the chipset; None for no chipset to draw.
        socket: What is written on the processor.
        foot: Where the row of the chipset begins, y.
        left_out: Slots too many to draw, and ports without a name where others have one.
        has_cards: Whether cards are drawn.
    """

    bars: tuple[DrawnSlot, ...]
    boxes: tuple[DrawnSlot, ...]
    chips: tuple[Chip, ...]
    physical: bool
    height: int
    chipset: str | None
    socket: str | None
    foot: int
    left_out: int
    has_cards: bool

    @property
    def slots(self) -> tuple[DrawnSlot, ...]:
        """Return all that is drawn of slots."""
        return self.bars + self.boxes

    def wired_to(self, location: str) -> list[int]:
        """Return the middles of the bars wired to ``cpu`` or ``chipset``, y."""
        return [bar.y + BAR // 2 for bar in self.bars if bar.answer.location == location]

    @property
    def caption(self) -> str:
        """Return what the drawing shows and what it does not."""
        if self.physical:
            order = "Top to bottom as on the board; slot lengths to scale, gaps not."
        else:
            order = "Schematic, in name order: nobody has told where the slots sit."
            if all(bar.answer.designation is None for bar in self.bars):
                order = "Schematic, in the order of the ports: nobody has named a slot."
            if any(bar.wired for bar in self.bars):
                order += " Slot lengths to scale."
        said = [order]
        if any(bar.long is None and bar.wired for bar in self.bars):
            said.append("A slot whose length is not known is drawn as long as its wired lanes.")
        if self.wired_to("cpu"):
            said.append("Solid line: wired to the processor.")
        if self.wired_to("chipset"):
            said.append("Dashed line: through the chipset.")
        if self.left_out:
            said.append(f"{self.left_out} more {'is' if self.left_out == 1 else 'are'} in the table only.")
        return " ".join(said)


def drawing_of(
    slots: Sequence[SlotAnswer],
    layout: Sequence[PlacedSlot] = (),
    *,
    cards: Mapping[str, str] | None = None,
    links: Callable[[DrawnSlot], str] | None = None,
    chipset: str | None = None,
    socket: str | None = None,
) -> Drawing:
    """Return a board's drawing.

    Args:
        slots: Its slots, in the order of the table that the drawing belongs to: ``number`` counts them.
        layout: Its curated layout in physical order, empty when nobody wrote one.
        cards: What sits in which slot, by designation.
        links: Where a slot leads.
        chipset: As the board's facts have it.
        socket: The same.
    """
    listed = with_layout(slots, layout)
    shown = [slot for slot in listed if slot.designation is not None] or listed
    place = {key_of(one.designation): at for at, one in enumerate(layout)}
    bars, boxes = (tuple(s for s in _in_order(shown, place) if (s.kind in CARD_SLOTS) is bar) for bar in (True, False))
    brush = _Brush(listed, cards or {}, links, layout)
    drawn, below = brush.bars(bars[:MOST])
    drawn_boxes, foot = brush.boxes(boxes[:MOST], below + 8)
    has_chipset = chipset is not None or any(slot.location == "chipset" for slot in bars)
    chips = _chips(shown, 112 if has_chipset else LEFT)
    return Drawing(
        bars=drawn,
        boxes=drawn_boxes,
        chips=chips,
        physical=bool(bars) and all(key_of(slot.designation or "") in place for slot in bars),
        height=foot + (42 if has_chipset or chips else 4),
        chipset=cut(chipset or "chipset", 8) if has_chipset else None,
        socket=cut(socket, 12) if socket else None,
        foot=foot,
        left_out=len(listed) - len(drawn) - len(drawn_boxes),
        has_cards=bool(cards),
    )


def with_layout(slots: Sequence[SlotAnswer], layout: Sequence[PlacedSlot]) -> list[SlotAnswer]:
    """Return slots with what only their curated layout knows of them, then the slots that only it knows."""
    placed = {key_of(one.designation): one for one in layout}
    listed = [_completed(slot, placed.pop(key_of(slot.designation or ""), None)) for slot in slots]
    return [*listed, *(_completed(SlotAnswer(one.designation, one.kind), one) for one in placed.values())]


def _completed(slot: SlotAnswer, placed: PlacedSlot | None) -> SlotAnswer:
    if placed is None:
        return slot
    return replace(
        slot,
        location=slot.location or placed.location,
        connector_lanes=slot.connector_lanes or placed.connector_lanes,
        electrical_lanes=slot.electrical_lanes or placed.electrical_lanes,
    )


def _in_order(slots: Iterable[SlotAnswer], place: Mapping[str, int]) -> list[SlotAnswer]:
    return sorted(slots, key=lambda slot: _order(slot, place))


def _order(slot: SlotAnswer, place: Mapping[str, int]) -> int:
    """Return a slot's place on the board; what has none keeps its place among the others, which is that of its name."""
    return place.get(key_of(slot.designation or ""), len(place))


class _Brush:
    """Places slots, with all that is the same for every one of them."""

    def __init__(
        self,
        listed: Sequence[SlotAnswer],
        cards: Mapping[str, str],
        links: Callable[[DrawnSlot], str] | None,
        layout: Sequence[PlacedSlot],
    ) -> None:
        self._numbers = {id(slot): number for number, slot in enumerate(listed, 1)}
        self._cards, self._links = {key_of(name): text for name, text in cards.items()}, links
        self._layout = {key_of(one.designation): one for one in layout}

    def bars(self, slots: Sequence[SlotAnswer]) -> tuple[tuple[DrawnSlot, ...], int]:
        """Return bars from the top down, and where the next thing begins.

        A bar needs 32 for its two lines of text, 44 for a name of two lines, 18 more for a card above it.
        """
        short = all(len(lines(_name(slot), _NAME)) == 1 for slot in slots)
        pitch = _PITCH_OF_MANY if len(slots) > _MANY else _PITCH
        pitch = _WIDE_PITCH if self._cards or not short else pitch
        first = _TOP + 18 + (pitch - BAR) // 2
        made = tuple(self._bar(slot, first + at * pitch) for at, slot in enumerate(slots))
        return made, _TOP + 18 + len(slots) * pitch

    def boxes(self, slots: Sequence[SlotAnswer], top: int) -> tuple[tuple[DrawnSlot, ...], int]:
        """Return boxes in rows of as many as their names leave room for, and where the next thing begins."""
        texts = [self._box_text(slot) for slot in slots]
        longest = max(
            (letters(text) + letters(_lanes(slot)) for text, slot in zip(texts, slots, strict=True)), default=0
        )
        in_row = 3 if longest <= 8 else 2 if longest <= 12 else 1
        width = (_ROOM - _BOX_GAP * (in_row - 1)) / in_row
        made = tuple(
            self._drawn(
                slot,
                name=(cut(text, _BOX_ROOM - letters(_lanes(slot))),),
                x=round(LEFT + at % in_row * (width + _BOX_GAP), 1),
                y=top + at // in_row * _BOX_PITCH,
                width=round(width, 1),
            )
            for at, (text, slot) in enumerate(zip(texts, slots, strict=True))
        )
        return made, top + -(-len(slots) // in_row) * _BOX_PITCH

    def _box_text(self, slot: SlotAnswer) -> str:
        card = self._cards.get(key_of(slot.designation or ""))
        return f"{_name(slot)}: {card}" if card else _name(slot)

    def _bar(self, slot: SlotAnswer, y: int) -> DrawnSlot:
        name = lines(_name(slot), _NAME)
        detail = self._detail(slot)
        fits = len(name) == 1 and letters(name[0]) + letters(detail) * 0.85 <= _NAME + 3
        if not fits:
            # Where it is wired to is a line to the left as well; the generation is in the table.
            detail = ""
        return self._drawn(slot, name=name, detail=detail, x=LEFT, y=y)

    def _detail(self, slot: SlotAnswer) -> str:
        placed = self._layout.get(key_of(slot.designation or ""))
        number = generation(slot.link_max.speed if slot.link_max else None) or (placed.generation if placed else None)
        said = " · ".join(part for part in (wiring(slot) or "", f"gen {number}" if number else "") if part)
        return said if letters(_name(slot)) <= 6 or number is None else wiring(slot) or f"gen {number}"

    def _drawn(
        self, slot: SlotAnswer, *, name: tuple[str, ...], x: float, y: int, detail: str = "", width: float = 0
    ) -> DrawnSlot:
        wired = wired_lanes(slot)
        drawn = DrawnSlot(
            number=self._numbers[id(slot)],
            answer=slot,
            name=name,
            detail=detail,
            lanes=_lanes(slot),
            word=_word(slot),
            x=x,
            y=y,
            wired=_CONVENTIONAL if slot.kind == "pci" else _length(wired or slot.connector_lanes),
            long=_long(slot, wired),
            width=width,
            card=_card(self._cards.get(key_of(slot.designation or ""))),
            link=None,
        )
        return drawn if self._links is None else replace(drawn, link=self._links(drawn))


def _length(lanes: int | None) -> int:
    """Return the length of a connector, 0 when it is not known."""
    return _LENGTHS[max(step for step in _LENGTHS if step <= max(lanes, 1))] if lanes else 0


def _long(slot: SlotAnswer, wired: int | None) -> int | None:
    """Return the length of the whole connector, None when it is not known; none is longer than x16."""
    if slot.kind == "pci":
        return _CONVENTIONAL
    if slot.connector_lanes:
        return _length(max(slot.connector_lanes, wired or 0))
    return _length(16) if (wired or 0) >= 16 else None


def _lanes(slot: SlotAnswer) -> str:
    lanes = wired_lanes(slot) or slot.connector_lanes
    return f"x{lanes}" if lanes else ""


def _card(text: str | None) -> str | None:
    return cut(text, _CARD_ROOM) if text else None


def _name(slot: SlotAnswer) -> str:
    if slot.designation is not None:
        return " ".join(plain(slot.designation).split()) or "a slot"
    path = short_address(slot.ports[0]) if slot.ports else ""
    return path if letters(path) > _NAME - 5 else f"port {path}".rstrip()


def _word(slot: SlotAnswer) -> str:
    """Return the verdict in as many letters as fit beside a slot."""
    word = plain(grade_word(slot))
    if letters(word) <= _WORD:
        return word
    others = {companion.slot for companion in slot.companions if companion.slot}
    return f"shared with {len(others)} slots" if len(others) > 1 else grade_name(slot.grade)


def _chips(slots: Iterable[SlotAnswer], start: float) -> tuple[Chip, ...]:
    """Return the kinds of soldered devices that slots share with, as many as fit in a row."""
    shared = (c for slot in slots if slot.grade == "shared_onboard" for c in slot.companions if c.slot is None)
    words = dict.fromkeys(word_for(companion.class_) for companion in shared)
    chips: list[Chip] = []
    x = start
    for word in words:
        text = "other" if word == "other devices" else word
        width = 14 + 7 * letters(text)
        if x + width > WIDTH - 6:
            break
        chips.append(Chip(text, x, width))
        x += width + 5
    return tuple(chips)
