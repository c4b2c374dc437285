"""One report, with what it shows; and the reports of one owner."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import defer

from hwdb import models
from hwdb.analysis.answer import Findings, answer
from hwdb.analysis.board import BoardAnswer
from hwdb.analysis.groups import cards_of, groups_of
from hwdb.analysis.root_buses import machine_on
from hwdb.analysis.sentence import verdict_sentence
from hwdb.models.documents import unpack
from hwdb.models.readings import (
    machine_of,
    numbering_of,
    outcomes_of,
    read_document,
    settings_of,
    showing,
    speaking,
    summary_of,
    verdicts_of,
)
from hwdb.queries.reasons import group_reasons, stored_report
from hwdb.queries.views import OwnReport, ReportView
from hwdb.topology import checked

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

    from hwdb.analysis.board import ReportSummary


_MOST_OWN = 100
_MOST_OTHERS = 100


def report(session: Session, public_id: str) -> ReportView:
    """Return a report.

    Raises:
        NotFound: There is no such report.
        Withdrawn: There was one, and its owner took it back.
    """
    stored = stored_report(session, public_id)
    told = _answered(session, stored.board_id)
    named = () if told is None else told.named
    numbers = numbering_of(session, stored.board_id)
    buses = numbers.get(stored.id, {})
    slots = answer(named, Findings(stored.platform, verdicts_of(session, stored, buses)))
    machine = checked(machine_of(session, read_document(stored.document)))
    held = bool(stored.held_reason or stored.taints)
    summary, *others = _with_others(session, stored)
    return ReportView(
        summary=summary,
        vendor=stored.board.vendor.name,
        vendor_slug=stored.board.vendor.slug,
        name=stored.board.name,
        slug=stored.board.slug,
        verdict=verdict_sentence(slots, 0 if held else 1, 1 if held else 0),
        slots=slots,
        groups=groups_of(machine_on(machine, buses), slots),
        cards=cards_of(machine_on(machine, buses), slots),
        taints=tuple(taint.reason for taint in stored.taints),
        problems=machine.report.provenance.problems or (),
        reference=machine.report.provenance.reference,
        settings=settings_of(session, [stored]),
        outcomes=outcomes_of(session, [stored], named, numbers),
        functions=len(machine.functions),
        document=json.loads(stored.document),
        history=tuple(one.id for one in others),
        reasons=group_reasons(machine),
        doubts=machine.doubts,
        others=tuple(others),
        platform_notes=() if told is None else told.platform_notes,
    )


def _with_others(session: Session, stored: models.Report) -> list[ReportSummary]:
    """Return a report's summary, then those of the other reports of its machine, the last to arrive first."""
    shown = showing(session, stored.board_id)
    mates = list(session.scalars(_without_documents().where(models.Report.machine_id == stored.machine_id)))
    speakers = {one.id for one in speaking(mates, shown)}
    others = [one for one in sorted(mates, key=_arrival, reverse=True) if one.id != stored.id][:_MOST_OTHERS]
    return [summary_of(one, counted=one.id in speakers, shows=one.id in shown) for one in (stored, *others)]


def _answered(session: Session, board_id: int) -> BoardAnswer | None:
    """Return what a board answers, with the slot map it was made with."""
    document = session.scalar(select(models.BoardAnswer.document).where(models.BoardAnswer.board_id == board_id))
    return None if document is None else unpack(BoardAnswer, document)


def _arrival(report: models.Report) -> tuple[dt.datetime, int]:
    return report.received_at, report.id


def own_reports(session: Session, owner: str) -> tuple[OwnReport, ...]:
    """Return the reports submitted under one key, newest first, at most 100.

    Args:
        session: Reads only.
        owner: What is kept of the key, from ``owner_hash``.
    """
    own = list(
        session.scalars(
            _without_documents()
            .where(models.Report.owner == owner)
            .order_by(models.Report.received_at.desc(), models.Report.id.desc())
            .limit(_MOST_OWN)
        )
    )
    shown: dict[int, bool] = {}
    for board_id in {one.board_id for one in own}:
        shown.update(showing(session, board_id))
    counted = _counted(session, own, shown)
    return tuple(_own(one, counted=one.id in counted, shows=one.id in shown) for one in own)


def _counted(session: Session, reports: Sequence[models.Report], shown: Mapping[int, bool]) -> set[int]:
    """Return the ids of the reports that speak for the machines of some reports."""
    machines = {one.machine_id for one in reports}
    mates = session.scalars(_without_documents().where(models.Report.machine_id.in_(machines)))
    return {one.id for one in speaking(mates, shown)}


def _without_documents() -> Select[models.Report]:
    """Return a statement for reports whose documents stay where they are: a list shows none of them."""
    return select(models.Report).options(defer(models.Report.document))


def _own(one: models.Report, *, counted: bool, shows: bool) -> OwnReport:
    summary = summary_of(one, counted=counted, shows=shows)
    return OwnReport(
        id=one.public_id,
        vendor=one.board.vendor.name,
        vendor_slug=one.board.vendor.slug,
        name=one.board.name,
        slug=one.board.slug,
        received=one.received_at.isoformat(timespec="seconds"),
        counted=counted,
        held=summary.held,
    )
