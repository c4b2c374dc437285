"""``store_filters``: what a search asks of a board, beside the board's answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hwdb import models
from hwdb.analysis.filters import slot_facts
from hwdb.models.readings import showing, speaking

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from hwdb.analysis.board import BoardAnswer


def store_filters(
    session: Session, board_id: int, answer: BoardAnswer, reports: Sequence[models.Report], newest: str
) -> None:
    """Store what a search filters a board by, in place of what it did before.

    Args:
        session: Writes; the caller holds the board's lock.
        board_id: The board.
        answer: Its answer.
        reports: All reports of it, as for the answer.
        newest: When the newest of them came in.
    """
    counted = speaking(reports, showing(session, board_id))
    session.merge(
        models.BoardFilters(
            board_id=board_id,
            chipset=answer.chipset,
            socket=answer.socket,
            form_factor=answer.form_factor,
            slots=[list(slot) for slot in slot_facts(answer.slots)],
            machines=answer.machines,
            bios_versions=len(answer.bios_versions),
            no_override=any(report.no_override for report in counted),
            newest=newest,
        )
    )


def drop_filters(session: Session, board_id: int) -> None:
    """Forget what a board without an answer was filtered by."""
    stored = session.get(models.BoardFilters, board_id)
    if stored is not None:
        session.delete(stored)
