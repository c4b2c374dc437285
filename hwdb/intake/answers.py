"""``rebuild_answer``: from the rows of a board's reports to its answer, in one row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from hwdb import models
from hwdb.analysis import ANALYSIS
from hwdb.analysis.answer import Findings, answer
from hwdb.analysis.board import MOST_REPORTS, BoardAnswer
from hwdb.analysis.consensus import Speaker, consensus
from hwdb.analysis.groups import groups_of
from hwdb.analysis.sentence import verdict_sentence
from hwdb.analysis.slotmap import natural, slot_map
from hwdb.identity import bios_order
from hwdb.intake.understand import understand
from hwdb.models.documents import pack
from hwdb.models.readings import (
    claims_of,
    outcomes_of,
    read_document,
    settings_of,
    showing,
    speaking,
    summary_of,
    verdicts_of,
)

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from hwdb.analysis.groups import Group
    from hwdb.analysis.slotmap import MappedSlot


def rebuild_answer(session: Session, board_id: int, now: dt.datetime) -> None:
    """Make a board's answer from all its reports and store it; the caller holds the board's lock.

    A board without reports has no answer.
    """
    reports = _newest_first(session, board_id)
    session.flush()
    stored = session.get(models.BoardAnswer, board_id)
    if stored is not None:
        session.delete(stored)
        session.flush()
    if not reports:
        return
    whole = _answer(session, reports)
    session.add(
        models.BoardAnswer(
            board_id=board_id,
            document=pack(whole),
            machines=whole.machines,
            newest=max(report.received_at for report in reports).isoformat(),
            analysis=ANALYSIS,
            built_at=now,
        )
    )
    session.flush()


def _newest_first(session: Session, board_id: int) -> list[models.Report]:
    reports = session.scalars(select(models.Report).where(models.Report.board_id == board_id))
    return sorted(reports, key=lambda r: r.speaks_since, reverse=True)


def _answer(session: Session, reports: Sequence[models.Report]) -> BoardAnswer:
    shown = showing(session, reports[0].board_id)
    counted = speaking(reports, shown)
    speakers = [
        Speaker(
            shown=Findings(report.platform, verdicts_of(session, report)),
            bios=report.bios_version.version if report.bios_version else None,
            when=report.when,
        )
        for report in counted
    ]
    named = slot_map(claims_of(session, reports[0].board_id))
    slots = consensus(named, speakers)
    held_out = sum(bool(report.held_reason or report.taints) for report in reports)
    newest = counted[0] if counted else None
    summaries = (summary_of(r, counted=r in counted, shows=r.id in shown) for r in reports[:MOST_REPORTS])
    return BoardAnswer(
        verdict=verdict_sentence(slots, len(counted), held_out),
        slots=slots,
        machines=len(counted),
        held_out=held_out,
        reports=tuple(summaries),
        bios_versions=_ordered([speaker.bios for speaker in speakers], bios_order),
        kernels=_ordered([report.kernel_release for report in counted], natural),
        groups=_groups(session, newest, named),
        groups_from=None if newest is None else newest.public_id,
        settings=settings_of(session, counted),
        outcomes=outcomes_of(session, counted, named),
    )


def _ordered(values: Sequence[str | None], key: Any) -> tuple[str, ...]:
    return tuple(sorted({value for value in values if value is not None}, key=key))


def _groups(session: Session, newest: models.Report | None, named: Sequence[MappedSlot]) -> tuple[Group, ...]:
    """Return the groups of one report, as the example the board's page shows."""
    if newest is None:
        return ()
    understood = understand(session, read_document(newest.document))
    return groups_of(understood.machine, answer(named, understood.shown))
