"""One report, with what it shows; and the reports of one owner."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import defer

from hwdb import models
from hwdb.analysis.answer import Findings, answer
from hwdb.analysis.groups import cards_of, groups_of
from hwdb.analysis.sentence import verdict_sentence
from hwdb.analysis.slotmap import slot_map
from hwdb.errors import NotFound
from hwdb.models.readings import (
    claims_of,
    machine_of,
    outcomes_of,
    read_document,
    report_by_id,
    settings_of,
    showing,
    speaking,
    summary_of,
    verdicts_of,
)
from hwdb.queries.views import OwnReport, ReportView
from hwdb.schema.text import excerpt

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

_MOST_OWN = 100


def report(session: Session, public_id: str) -> ReportView:
    """Return a report.

    Raises:
        NotFound: There is no such report.
    """
    stored = session.scalar(report_by_id(public_id))
    if stored is None:
        raise NotFound(f"there is no report {excerpt(public_id)}; it may have been withdrawn by its owner")
    named = slot_map(claims_of(session, stored.board_id))
    slots = answer(named, Findings(stored.platform, verdicts_of(session, stored)))
    machine = machine_of(session, read_document(stored.document))
    held = bool(stored.held_reason or stored.taints)
    shown = showing(session, stored.board_id)
    mates = session.scalars(select(models.Report).where(models.Report.machine_id == stored.machine_id))
    counted = stored in speaking(mates, shown)
    provenance = machine.report.provenance
    return ReportView(
        summary=summary_of(stored, counted=counted, shows=stored.id in shown),
        vendor=stored.board.vendor.name,
        vendor_slug=stored.board.vendor.slug,
        name=stored.board.name,
        slug=stored.board.slug,
        verdict=verdict_sentence(slots, 0 if held else 1, 1 if held else 0),
        slots=slots,
        groups=groups_of(machine, slots),
        cards=cards_of(machine, slots),
        taints=tuple(taint.reason for taint in stored.taints),
        problems=provenance.problems or (),
        reference=provenance.reference,
        settings=settings_of(session, [stored]),
        outcomes=outcomes_of(session, [stored], named),
        functions=len(machine.functions),
        document=json.loads(stored.document),
        history=tuple(_history(session, stored)),
    )


def _history(session: Session, stored: models.Report) -> list[str]:
    """Return the public ids of the same machine's other reports, newest first."""
    others = select(models.Report.public_id).where(
        models.Report.machine_id == stored.machine_id, models.Report.id != stored.id
    )
    return list(session.scalars(others.order_by(models.Report.received_at.desc(), models.Report.id.desc()).limit(100)))


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
    shown = {number for board_id in {one.board_id for one in own} for number in showing(session, board_id)}
    counted = _counted(session, own, shown)
    return tuple(_own(one, counted=one.id in counted, shows=one.id in shown) for one in own)


def _counted(session: Session, reports: Sequence[models.Report], shown: set[int]) -> set[int]:
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
