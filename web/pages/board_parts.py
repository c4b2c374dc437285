"""What a board's page is made of, from its view. Pure functions, used as template filters."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from hwdb.analysis.words import listing
from web.pages.by_version import by_bios, by_kernel
from web.pages.drawing import drawing_of, with_layout
from web.pages.outline import Gap, not_known, shelves, table_slots
from web.pages.share import badge_grade, badge_markdown, badge_text, bbcode, markdown
from web.pages.trees import tree

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hwdb.analysis.groups import Group
    from hwdb.analysis.shapes import SlotAnswer
    from hwdb.queries.views import BoardView
    from web.pages.drawing import Drawing, DrawnSlot

MOST_ROWS = 30
"""Rows of onboard devices on a board's page; a server has hundreds of functions, and its report's page shows them."""

MOST_MEMBERS = 24
"""Members of one group on a board's page; the same."""


class Onboard(NamedTuple):
    """Groups of soldered devices.

    Attributes:
        groups: Those shown, each with whether one device is alone in it.
        left_out: How many are not shown.
    """

    groups: list[tuple[Group, bool]]
    left_out: int


def board_slots(board: BoardView) -> list[SlotAnswer]:
    """Return the slots of a board in the order of its table, with what its curated layout knows of them."""
    return table_slots(with_layout(board.slots, board.layout))


def drawing_for(board: BoardView) -> Drawing:
    """Return the drawing of a board, each slot leading to its row of the table."""
    return drawing_of(board_slots(board), board.layout, links=_row, chipset=board.chipset, socket=board.socket)


def _row(slot: DrawnSlot) -> str:
    return f"#slot-{slot.number}"


def slot_groups(board: BoardView) -> list[Group]:
    """Return the groups that decided a slot, large ones first."""
    shelf = shelves(board.groups, board.slots)
    return [*shelf.large, *shelf.small]


def onboard_groups(board: BoardView) -> Onboard:
    """Return the groups of soldered devices: those alone in theirs, then those that share."""
    shelf = shelves(board.groups, board.slots)
    found = [*((group, True) for group in shelf.own), *((group, False) for group in shelf.shared)]
    return Onboard(found[:MOST_ROWS], max(len(found) - MOST_ROWS, 0))


def gaps_of(board: BoardView) -> list[Gap]:
    """Return what is not known of a board, things of which the same is said together: boards have 20 such slots."""
    together: dict[tuple[str, str], list[str]] = {}
    for gap in not_known(board):
        together.setdefault((gap.says, gap.wanted), []).append(gap.what)
    return [Gap(listing(what), says, wanted) for (says, wanted), what in together.items()]


def slots_in_words(board: BoardView) -> str:
    """Return how many slots of which kind a board has, as far as they have names: ``5 PCIe, 3 M.2``."""
    kinds = [slot.kind for slot in board.slots if slot.designation is not None]
    words = (("pcie", "PCIe"), ("pci", "PCI"), ("m2", "M.2"), ("u2", "U.2"), ("mini", "Mini PCIe"))
    said = [f"{kinds.count(kind)} {word}" for kind, word in words if kind in kinds]
    return listing(said) + (" slots" if said else "")


def lane_notes(board: BoardView) -> list[tuple[str, str]]:
    """Return what a curated layout says of slots in sentences: lanes they share, and what else a buyer should know."""
    shared = [(one.slot, one.sentence) for one in board.sharing]
    return [*shared, *((placed.designation, placed.note) for placed in board.layout if placed.note)]


def first_members(group: Group) -> Group:
    """Return a group cut to what a board's page shows of it."""
    return replace(group, members=group.members[:MOST_MEMBERS])


def kept_out(groups: Sequence[Group]) -> int:
    """Return how many members of groups a board's page leaves out."""
    return sum(max(len(group.members) - MOST_MEMBERS, 0) for group in groups)


FILTERS: dict[str, Callable[..., Any]] = {
    function.__name__: function
    for function in (
        badge_grade,
        badge_markdown,
        badge_text,
        bbcode,
        board_slots,
        by_bios,
        by_kernel,
        drawing_for,
        first_members,
        gaps_of,
        kept_out,
        lane_notes,
        markdown,
        onboard_groups,
        slot_groups,
        slots_in_words,
        tree,
    )
}
"""Template filters by name."""
