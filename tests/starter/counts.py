"""What a database knows of slots, in numbers: ``python -m tests.starter.counts`` for the configured one."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hwdb import queries
from hwdb.models.engine import open_database

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

_VERDICTS = {True: "isolate", False: "share their group", None: "isolate only while others stay empty"}


@dataclass(frozen=True)
class Counts:
    """The numbers.

    Attributes:
        machines, boards: Machines that count, and boards.
        held_out: Reports that are kept and not counted.
        answering: Boards of which at least one named slot has a grade other than ``unknown``.
        slots: Named slots by what their grade means for a buyer.
        unknown: Named slots of grade ``unknown``.
    """

    machines: int
    boards: int
    held_out: int
    answering: tuple[str, ...]
    slots: Mapping[str, int]
    unknown: int

    def __str__(self) -> str:
        said = ", ".join(f"{self.slots[verdict]} {verdict}" for verdict in _VERDICTS.values())
        return (
            f"{self.machines} machines of {self.boards} boards; {self.held_out} reports are kept and not counted.\n"
            f"{len(self.answering)} boards answer for slots by name: {said}; {self.unknown} named slots are not known."
        )


def count(session: Session) -> Counts:
    """Return what the boards of a database answer."""
    hits = queries.recent_boards(session, queries.known_boards(session))
    boards = [queries.board(session, hit.vendor_slug, hit.slug) for hit in hits]
    named = {f"{b.vendor_slug}/{b.slug}": [slot for slot in b.slots if slot.designation] for b in boards}
    known = [slot for slots in named.values() for slot in slots if slot.grade != "unknown"]
    return Counts(
        machines=sum(board.machines for board in boards),
        boards=len(boards),
        held_out=sum(board.held_out for board in boards),
        answering=tuple(sorted(b for b, slots in named.items() if any(slot.grade != "unknown" for slot in slots))),
        slots=Counter(_VERDICTS[slot.isolates] for slot in known),
        unknown=sum(map(len, named.values())) - len(known),
    )


def main() -> None:
    """Print the numbers of the configured database."""
    with open_database().reading() as session:
        print(count(session))


if __name__ == "__main__":
    main()
