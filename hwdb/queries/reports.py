"""One report, with what it shows."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from sqlalchemy import select

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
    settings_of,
    showing,
    speaking,
    summary_of,
    verdicts_of,
)
from hwdb.queries.views import ReportView
from hwdb.schema.text import excerpt

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

_ID = re.compile("[0-9a-f]{16}")


def report(session: Session, public_id: str) -> ReportView:
    """Return a report.

    Raises:
        NotFound: There is no such report.
    """
    # PostgreSQL takes no NUL in text, so what can be no id is not asked for.
    asked = public_id if _ID.fullmatch(public_id) else None
    stored = session.scalar(select(models.Report).where(models.Report.public_id == asked))
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
