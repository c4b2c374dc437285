"""``rebuild_answer``: from the rows of a board's reports to its answer, in one row."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from hwdb import models
from hwdb.analysis import ANALYSIS
from hwdb.analysis.answer import Findings, answer
from hwdb.analysis.board import MOST_REPORTS, BoardAnswer
from hwdb.analysis.changes import notes
from hwdb.analysis.consensus import Speaker, ballots, consensus
from hwdb.analysis.facts import BoardFacts, agreed
from hwdb.analysis.groups import groups_of
from hwdb.analysis.layouts import layout_claims, layout_for, placed_slots
from hwdb.analysis.matrix import cells
from hwdb.analysis.platform_notes import notes_for
from hwdb.analysis.port_evidence import port_evidence
from hwdb.analysis.root_buses import machine_on, verdict_on
from hwdb.analysis.sentence import verdict_sentence
from hwdb.analysis.slot_fit import shared_lanes
from hwdb.analysis.slotmap import natural, slot_map
from hwdb.identity import bios_sorted
from hwdb.intake.curated import curated_layouts, curated_notes
from hwdb.intake.filters import drop_filters, store_filters
from hwdb.intake.understand import understand
from hwdb.models.documents import pack
from hwdb.models.readings import (
    claims_of,
    counts,
    numbering_of,
    outcomes_of,
    read_document,
    settings_of,
    showing,
    sightings_of,
    speaking,
    summary_of,
    verdicts_of,
)
from hwdb.report import Cpu
from hwdb.topology.rule_sets import rule_set_of

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from sqlalchemy.orm import Session

    from hwdb.analysis.board import FirmwareSetting
    from hwdb.analysis.groups import Group
    from hwdb.analysis.layouts import Layout
    from hwdb.analysis.platform_notes import PlatformNote
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
        drop_filters(session, board_id)
        return
    whole = _answer(session, reports, now.date().isoformat())
    newest = max(report.received_at for report in reports).isoformat()
    session.add(
        models.BoardAnswer(
            board_id=board_id,
            document=pack(whole),
            machines=whole.machines,
            newest=newest,
            analysis=ANALYSIS,
            built_at=now,
        )
    )
    store_filters(session, board_id, whole, reports, newest)
    session.flush()


def _newest_first(session: Session, board_id: int) -> list[models.Report]:
    reports = session.scalars(select(models.Report).where(models.Report.board_id == board_id))
    return sorted(reports, key=lambda r: r.speaks_since, reverse=True)


def _answer(session: Session, reports: Sequence[models.Report], today: str) -> BoardAnswer:
    board = reports[0].board
    shown = showing(session, board.id)
    counted = speaking(reports, shown)
    versions = _bios_versions(reports)
    layout = layout_for(curated_layouts(), board.vendor.key, board.key)
    numbers = numbering_of(session, board.id)
    ports = port_evidence(sightings_of(session, board.id, numbers))
    named = slot_map((*claims_of(session, board.id, numbers), *(layout_claims(layout) if layout else ())), ports)
    settings = settings_of(session, reports)
    speakers = [
        _speaker(session, r, counted, versions, settings, numbers.get(r.id, {})) for r in reports if counts(r, shown)
    ]
    asked = ballots(named, speakers, ports)
    slots = consensus(asked, today)
    held_out = sum(bool(report.held_reason or report.taints) for report in reports)
    newest = counted[0] if counted else None
    summaries = (summary_of(r, counted=r in counted, shows=r.id in shown) for r in reports[:MOST_REPORTS])
    ran = {report.bios_version.version for report in counted if report.bios_version}
    facts = _facts(reports, layout)
    return BoardAnswer(
        verdict=verdict_sentence(slots, len(counted), held_out),
        slots=slots,
        machines=len(counted),
        held_out=held_out,
        reports=tuple(summaries),
        bios_versions=tuple(dict.fromkeys(version for version, _ in versions if version in ran)),
        kernels=_ordered([report.kernel_release for report in counted], natural),
        groups=_groups(session, newest, named, numbers),
        groups_from=None if newest is None else newest.public_id,
        settings=settings_of(session, counted),
        outcomes=outcomes_of(session, counted, named, numbers),
        notes=notes(asked),
        matrix=cells(asked),
        platform_notes=_platform_notes(session, reports, facts, versions),
        named=named,
        layout=placed_slots(layout) if layout else (),
        sharing=shared_lanes(layout),
        **vars(facts),
    )


def _facts(reports: Sequence[models.Report], layout: Layout | None) -> BoardFacts:
    """Return the facts of a board by its reports, its form factor by its curated layout where that has it."""
    facts = agreed(BoardFacts(r.chipset, r.socket, r.form_factor) for r in reports)
    return replace(facts, form_factor=layout.form_factor) if layout is not None and layout.form_factor else facts


def _platform_notes(
    session: Session,
    reports: Sequence[models.Report],
    facts: BoardFacts,
    versions: Sequence[tuple[str, str | None]],
) -> tuple[PlatformNote, ...]:
    board, function = reports[0].board, models.Function
    seen = select(function.vendor, function.device).where(
        function.report_id.in_([report.id for report in reports]), function.device.is_not(None)
    )
    names = {report.cpu.name for report in reports if report.cpu is not None}
    return notes_for(
        curated_notes(),
        cpus=[Cpu(name=name) for name in sorted(names)],
        chipset=facts.chipset,
        socket=facts.socket,
        vendor=board.vendor.name,
        board=board.name,
        kernels={report.kernel_release for report in reports if report.kernel_release is not None},
        bios_versions=versions,
        devices={f"{vendor}:{device}" for vendor, device in session.execute(seen.distinct())},
    )


def _bios_versions(reports: Sequence[models.Report]) -> list[tuple[str, str | None]]:
    """Return the BIOS versions of some reports, each with its date, the oldest first."""
    stated = {(bios.version, bios.date or None) for report in reports if (bios := report.bios_version) is not None}
    return bios_sorted(stated, reports[0].board.vendor.name)


def _speaker(
    session: Session,
    report: models.Report,
    counted: Sequence[models.Report],
    versions: Sequence[tuple[str, str | None]],
    settings: Sequence[FirmwareSetting],
    buses: Mapping[str, str],
) -> Speaker:
    bios = report.bios_version
    own = [(one.name, one.value) for one in settings if one.report == report.public_id]
    return Speaker(
        shown=Findings(report.platform, verdicts_of(session, report, buses)),
        bios=bios.version if bios else None,
        when=report.when,
        report=report.public_id,
        machine=report.machine_id,
        speaks=report in counted,
        bios_rank=versions.index((bios.version, bios.date or None)) if bios else None,
        rules=rule_set_of(report.kernel_release).name,
        settings=tuple((name, value) for name, value in own if name is not None and value is not None),
    )


def _ordered(values: Sequence[str | None], key: Any) -> tuple[str, ...]:
    return tuple(sorted({value for value in values if value is not None}, key=key))


def _groups(
    session: Session,
    newest: models.Report | None,
    named: Sequence[MappedSlot],
    numbers: Mapping[int, Mapping[str, str]],
) -> tuple[Group, ...]:
    """Return the groups of one report, as the example the board's page shows."""
    if newest is None:
        return ()
    understood = understand(session, read_document(newest.document))
    buses = numbers.get(newest.id, {})
    verdicts = tuple(verdict_on(verdict, buses) for verdict in understood.shown.verdicts)
    slots = answer(named, Findings(understood.shown.platform, verdicts))
    return groups_of(machine_on(understood.machine, buses), slots)
