"""Boards side by side, as rows of cells: what differs, and which cell is the best of those known. Pure functions."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from hwdb.analysis.words import listing, onboard
from web.pages.outline import shelves, strip_slots
from web.pages.words import CONFIDENCE, EVIDENCE, count, span, wired_lanes

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hwdb.analysis.groups import Group
    from hwdb.analysis.shapes import SlotAnswer
    from hwdb.queries.views import BoardView

_WIDTHS = (("x16 wired", 16), ("x8 or wider", 8), ("x4 or wider", 4))
_ONBOARD = (("USB controllers", "USB"), ("SATA controllers", "SATA"), ("LAN", "LAN"), ("Audio", "audio"))
# More lines than this make a column that nobody compares; the board's page has all of them.
_MOST_LINES = 4
_MOST_NAMES = 3


class Cell(NamedTuple):
    """What one board has in one row.

    Attributes:
        known: Whether anything is known of it.
        main: The answer: a number, or words.
        rest: What follows a number on its line.
        sub: What has to be said beside it.
        lines: More than one answer, a line each.
        levels: Confidences with the slots that have them.
        rank: By which it is better than others; None where no answer is better than another.
        best: Whether no known cell of the row is better and one is worse.
    """

    known: bool
    main: str = ""
    rest: str = ""
    sub: str = ""
    lines: tuple[str, ...] = ()
    levels: tuple[tuple[str, str], ...] = ()
    rank: int | None = None
    best: bool = False


class Row(NamedTuple):
    """One property of all boards; ``differs`` is None where nothing can, with fewer than two boards."""

    name: str
    cells: tuple[Cell, ...]
    differs: bool | None


class Band(NamedTuple):
    """Rows that belong together."""

    name: str
    rows: list[Row]


NOTHING = Cell(known=False)
"""Of a board about which nothing in the row is known."""


def bands(boards: Sequence[BoardView]) -> list[Band]:
    """Return the rows in which boards are compared."""
    return [
        Band("Slots that isolate", _slot_rows(boards)),
        Band("Other things to pass, as one machine of each has them", _other_rows(boards)),
        Band("Evidence", _evidence_rows(boards)),
        Band("Board", _board_rows(boards)),
    ]


def leaders(boards: Sequence[BoardView], found: Sequence[Band]) -> list[str]:
    """Return which board alone has the most slots that isolate, of all and of those that take a graphics card."""
    rows = {row.name: row.cells for row in found[0].rows}
    most, wide = (_alone_best(boards, rows[name]) for name in ("All", "x8 or wider"))
    if most is not None and most == wide:
        return [f"{most} has the most slots known to isolate, and the most of x8 or wider."]
    said = ((most, "slots known to isolate"), (wide, "slots of x8 or wider known to isolate"))
    return [f"{name} has the most {what}." for name, what in said if name is not None]


def _alone_best(boards: Sequence[BoardView], cells: Sequence[Cell]) -> str | None:
    """Return the name of the board whose cell is the best, None when several are or none is."""
    best = [f"{board.vendor} {board.name}" for board, cell in zip(boards, cells, strict=True) if cell.best]
    return best[0] if len(best) == 1 else None


def _row(name: str, boards: Sequence[BoardView], cell: Callable[[BoardView], Cell]) -> Row:
    cells = [cell(board) for board in boards]
    ranks = {one.rank for one in cells if one.known and one.rank is not None}
    if len(ranks) > 1:
        best = max(ranks)
        cells = [one._replace(best=one.known and one.rank == best) for one in cells]
    known = [one._replace(best=False, rank=None) for one in cells if one.known]
    # One answer beside nothing is a difference; the same answer beside nothing is the same where it is known.
    differs = len(set(known)) > 1 or len(known) == 1
    return Row(name, tuple(cells), differs if len(boards) > 1 else None)


def _slot_rows(boards: Sequence[BoardView]) -> list[Row]:
    rows = [_row("All", boards, partial(_counted, holds=_isolates, of_all=True))]
    rows += [
        _row(name, boards, partial(_counted, holds=partial(_wide, lanes=lanes), lacks="lanes"))
        for name, lanes in _WIDTHS
    ]
    rows.append(_row("Wired to the CPU", boards, partial(_counted, holds=_at_cpu, lacks="wiring")))
    rows.append(_row("After the pending kernel change", boards, _lasting))
    if any(slot.grade == "conditional" for board in boards for slot in strip_slots(board.slots)):
        rows.append(_row("More, while other slots stay empty", boards, _on_condition))
    rows.append(_row("Shared", boards, _shared))
    return rows


def _isolates(slot: SlotAnswer) -> bool | None:
    """Whether a slot isolates without a condition; None when that is not known."""
    return None if slot.grade == "unknown" else slot.isolates is True


def _wide(slot: SlotAnswer, lanes: int) -> bool | None:
    """Whether a slot isolates and has so many lanes wired."""
    wired = wired_lanes(slot)
    return _both(slot, None if wired is None else wired >= lanes)


def _at_cpu(slot: SlotAnswer) -> bool | None:
    """Whether a slot isolates and is wired to the processor."""
    return _both(slot, None if slot.location is None else slot.location == "cpu")


def _both(slot: SlotAnswer, other: bool | None) -> bool | None:
    """Whether a slot isolates and something else holds; what is not known decides only where nothing speaks against."""
    isolates = _isolates(slot)
    if isolates is False or other is False:
        return False
    return None if isolates is None or other is None else True


def _counted(
    board: BoardView,
    holds: Callable[[SlotAnswer], bool | None],
    *,
    of_all: bool = False,
    sub: str = "",
    lacks: str = "",
) -> Cell:
    """Return how many slots something holds for, and for which of them it is not known.

    Args:
        board: Whose slots.
        holds: What is counted; None for a slot of which it is not known.
        of_all: Whether to say of how many.
        sub: What else is to be said.
        lacks: What is missing of a slot that isolates and of which ``holds`` is not known.
    """
    slots = strip_slots(board.slots)
    answers = [(slot, holds(slot)) for slot in slots]
    if all(answer is None for _, answer in answers):
        return NOTHING
    sure = sum(answer is True for _, answer in answers)
    unsure = [slot for slot, answer in answers if answer is None]
    silent = [slot for slot in unsure if slot.grade == "unknown"]
    lacking = [slot for slot in unsure if slot.grade != "unknown"]
    said = (sub, _names(silent, "not known"), _names(lacking, f"{lacks} not known", ": "))
    return Cell(
        known=True,
        main=str(sure) if sure or not unsure else "none known",
        rest=f" of {len(slots)}" if of_all else "",
        sub="; ".join(part for part in said if part),
        rank=sure,
    )


def _names(slots: Sequence[SlotAnswer], what: str, joined: str = " ") -> str:
    """Return some slots by name with what is so of them, empty for none."""
    if not slots:
        return ""
    names = [_name(slot) for slot in slots]
    named = listing(names) if len(names) <= _MOST_NAMES else f"{len(names)} slots"
    return f"{named}{joined}{what}" if what else named


def _name(slot: SlotAnswer) -> str:
    return slot.designation or f"port {', '.join(slot.ports)}"


def _lasting(board: BoardView) -> Cell:
    ending = [slot for slot in strip_slots(board.slots) if slot.grade == "isolated_legacy"]
    sub = _names(ending, "only with today's kernels")
    return _counted(board, lambda slot: _both(slot, slot.grade != "isolated_legacy"), sub=sub)


def _on_condition(board: BoardView) -> Cell:
    slots = [slot for slot in strip_slots(board.slots) if slot.grade == "conditional"]
    return _counted(board, _hangs, sub=_names(slots, ""))


def _hangs(slot: SlotAnswer) -> bool | None:
    """Whether a slot isolates on a condition; None when that is not known."""
    return None if slot.grade == "unknown" else slot.grade == "conditional"


def _shared(board: BoardView) -> Cell:
    slots = strip_slots(board.slots)
    shared = [slot for slot in slots if slot.grade.startswith("shared")]
    if shared:
        return _listed([f"{_name(slot)} with {_with_whom(slot)}" for slot in shared])
    if all(slot.grade == "unknown" for slot in slots):
        return NOTHING
    unknown = [slot for slot in slots if slot.grade == "unknown"]
    return Cell(known=True, main="none", sub=_names(unknown, "not known"))


def _with_whom(slot: SlotAnswer) -> str:
    if slot.grade == "shared_slots":
        return listing(sorted({one.slot for one in slot.companions if one.slot})) or "another slot"
    return onboard(slot.companions)


def _listed(lines: Sequence[str]) -> Cell:
    more = f"and {len(lines) - _MOST_LINES} more" if len(lines) > _MOST_LINES else ""
    return Cell(known=True, lines=tuple(lines[:_MOST_LINES]), sub=more)


def _other_rows(boards: Sequence[BoardView]) -> list[Row]:
    rows = [_row("M.2 slots", boards, _m2)]
    rows += [_row(f"{name} alone in a group", boards, partial(_alone, kind=kind)) for name, kind in _ONBOARD]
    return rows


def _m2(board: BoardView) -> Cell:
    answers = [_isolates(slot) for slot in board.slots if slot.kind == "m2"]
    if all(answer is None for answer in answers):
        return NOTHING
    sure, unsure = answers.count(True), answers.count(None)
    return Cell(
        known=True, main=str(sure), rest=f" of {len(answers)}", sub=f"{unsure} not known" if unsure else "", rank=sure
    )


def _alone(board: BoardView, kind: str) -> Cell:
    """Return how many devices of a kind, in no named slot, have a group of their own."""
    if not board.groups:
        return NOTHING
    own = [group for group in shelves(board.groups, board.slots).own if _kind(group) == kind]
    predicted = any(group.evidence != "observed" for group in board.groups)
    return Cell(known=True, main=str(len(own)), sub="predicted" if predicted else "", rank=len(own))


def _kind(group: Group) -> str:
    """Return what the one device in a group is called, by its first function that is no bridge."""
    return next(member.kind for member in group.members if not member.bridge)


def _evidence_rows(boards: Sequence[BoardView]) -> list[Row]:
    return [
        _row("Machines counted", boards, _machines),
        _row("Confidence", boards, _confidence),
        _row("Known by", boards, _known_by),
        _row("BIOS", boards, lambda board: _stated(span(board.bios_versions) if board.bios_versions else None)),
        _row("Kernels", boards, lambda board: _stated(span(board.kernels) if board.kernels else None)),
        _row("Notes", boards, _notes),
    ]


def _machines(board: BoardView) -> Cell:
    held = f"{count(board.held_out, 'report')} held out" if board.held_out else ""
    return Cell(known=True, main=str(board.machines), sub=held, rank=board.machines)


def _confidence(board: BoardView) -> Cell:
    by_level: dict[str, list[SlotAnswer]] = {}
    for slot in strip_slots(board.slots):
        if slot.confidence is not None:
            by_level.setdefault(slot.confidence, []).append(slot)
    if not by_level:
        return NOTHING
    levels = [level for level in CONFIDENCE if level in by_level]
    alone = len(levels) == 1
    weakest = max(list(CONFIDENCE).index(level) for level in levels)
    return Cell(
        known=True,
        levels=tuple((level, "" if alone else _names(by_level[level], "")) for level in levels),
        rank=-weakest,
    )


def _known_by(board: BoardView) -> Cell:
    kinds = [slot.evidence for slot in strip_slots(board.slots) if slot.evidence is not None]
    if not kinds:
        return NOTHING
    found = [kind for kind in EVIDENCE if kind in kinds]
    return Cell(known=True, main=found[0]) if len(found) == 1 else _listed([f"{kinds.count(k)} {k}" for k in found])


def _notes(board: BoardView) -> Cell:
    if not board.machines:
        return NOTHING
    return _listed([note.text for note in board.notes]) if board.notes else Cell(known=True, main="none")


def _board_rows(boards: Sequence[BoardView]) -> list[Row]:
    return [
        _row("Socket", boards, lambda board: _stated(board.socket)),
        _row("Chipset", boards, lambda board: _stated(board.chipset)),
        _row("Form factor", boards, lambda board: _stated(board.form_factor)),
        _row("Named slots for cards, M.2", boards, _slots),
    ]


def _stated(text: str | None) -> Cell:
    return Cell(known=True, main=text) if text else NOTHING


def _slots(board: BoardView) -> Cell:
    named = [slot for slot in board.slots if slot.designation is not None]
    if not named:
        return NOTHING
    cards = sum(slot.kind in {None, "pcie", "pci"} for slot in named)
    return Cell(known=True, main=f"{cards}, {sum(slot.kind == 'm2' for slot in named)}")
