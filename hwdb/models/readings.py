"""Rows and stored documents back to the values the analysis speaks in."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from sqlalchemy import select

from hwdb import schema
from hwdb.analysis.board import DeviceOutcome, FirmwareSetting, ReportSummary
from hwdb.analysis.port_evidence import Sighting
from hwdb.analysis.root_buses import RootBuses, numbering, path_on, verdict_on
from hwdb.analysis.shapes import Verdict
from hwdb.analysis.slotmap import Claim
from hwdb.models.device_name import DeviceName
from hwdb.models.documents import restore
from hwdb.models.report import Function, Group, Outcome, Report, Setting, Taint
from hwdb.models.slot import SlotWitness
from hwdb.models.slot import Verdict as VerdictRow
from hwdb.pciids import named
from hwdb.topology import normalise

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

    from hwdb.analysis.slotmap import MappedSlot
    from hwdb.pciids import NameOf
    from hwdb.report import Report as Document
    from hwdb.topology import Machine


NEWCOMER = 0
"""What ``numbering_of`` calls a report that is not stored; databases count rows from 1."""

_ID = re.compile("[0-9a-f]{16}")


def report_by_id(public_id: str) -> Select[Report]:
    """Return the statement that finds a report by its public id.

    What can be no id finds nothing, and is not sent to the database: PostgreSQL takes no NUL in text.
    """
    return select(Report).where(Report.public_id == (public_id if _ID.fullmatch(public_id) else None))


def read_document(stored: bytes) -> Document:
    """Return the report of a stored document, upgraded to the current format."""
    return schema.load(json.loads(stored)).report


def machine_of(session: Session, report: Document) -> Machine:
    """Return the machine a report describes, its devices called what the loaded list of PCI ids calls them."""
    return normalise(named(report, _name_of(session, report)))


def _name_of(session: Session, report: Document) -> NameOf:
    """Return the names of all devices in a report, read in one query."""
    wanted = {(f.vendor, f.device) for f in report.functions if f.vendor and f.device}
    rows = session.execute(
        select(DeviceName.vendor, DeviceName.device, DeviceName.name).where(
            DeviceName.vendor.in_({vendor for vendor, _ in wanted}),
            DeviceName.device.in_({device for _, device in wanted}),
        )
    )
    names = {(vendor, device): name for vendor, device, name in rows}
    return lambda vendor, device: names.get((vendor, device))


def numbering_of(
    session: Session, board_id: int | None, newcomer: RootBuses | None = None
) -> Mapping[int, Mapping[str, str]]:
    """Return, by the id of its report, how each machine's root buses are renumbered to be the board's.

    The oldest report of a board keeps its numbers.

    Args:
        session: Reads only.
        board_id: None for a board without reports.
        newcomer: A machine whose report is not stored, answered for by ``NEWCOMER``.
    """
    rows = session.execute(
        select(Report.id, Report.platform, Report.root_buses)
        .where(Report.board_id == board_id, Report.root_buses.is_not(None))
        .order_by(Report.id)
    )
    machines = [(number, RootBuses(platform, names)) for number, platform, names in rows if names]
    return numbering(machines if newcomer is None else [*machines, (NEWCOMER, newcomer)])


def verdicts_of(session: Session, report: Report, buses: Mapping[str, str]) -> tuple[Verdict, ...]:
    """Return what a report was concluded to show, in its board's numbering of root buses, from ``numbering_of``."""
    rows = session.scalars(select(VerdictRow).where(VerdictRow.report_id == report.id).order_by(VerdictRow.ordinal))
    verdicts = (
        restore(
            Verdict,
            {
                "grade": row.grade,
                "reason": row.reason,
                "evidence": row.evidence,
                "path": row.port.path if row.port else None,
                "designation": row.slot.designation if row.slot else None,
                "occupied": row.occupied,
                "connector": row.connector,
                "location": row.location,
                **row.details,
            },
        )
        for row in rows
    )
    return tuple(verdict_on(verdict, buses) for verdict in verdicts)


def claims_of(session: Session, board_id: int, numbers: Mapping[int, Mapping[str, str]]) -> tuple[Claim, ...]:
    """Return what all witnesses of a board say of its slots.

    Reports held back by an operator and those from inside a virtual machine, whose slots are not the board's, are not
    heard. An ACS override leaves the names of slots alone, so such reports are.
    """
    virtual = select(Taint.report_id).where(Taint.code == "virtual_machine")
    rows = session.execute(
        select(SlotWitness, Report.platform)
        .join(Report, Report.id == SlotWitness.report_id)
        .where(Report.board_id == board_id, Report.held_reason.is_(None), Report.id.not_in(virtual))
        .order_by(SlotWitness.report_id, SlotWitness.ordinal)
    )
    said = (
        Claim(
            designation=row.designation,
            witness=row.witness,
            kind=row.kind,
            connector_lanes=row.connector_lanes,
            electrical_lanes=row.electrical_lanes,
            platform=platform,
            path=path_on(row.port.path, numbers.get(row.report_id, {})) if row.port else None,
            void=row.void,
        )
        for row, platform in rows
    )
    # Many machines say the same; each saying is heard once.
    return tuple(dict.fromkeys(said))


def sightings_of(session: Session, board_id: int, numbers: Mapping[int, Mapping[str, str]]) -> tuple[Sighting, ...]:
    """Return what the machines of a board show of its ports.

    Ports are told apart within a platform, so a report that does not show its own tells nothing; nor does a laptop,
    nor those whose witnesses ``claims_of`` does not hear.
    """
    virtual = select(Taint.report_id).where(Taint.code == "virtual_machine")
    portable = Report.form_factor.in_(("laptop", "handheld"))
    rows = session.execute(
        select(
            Report.id,
            Report.machine_id,
            Report.platform,
            Function.path,
            Function.class_,
            Function.vendor,
            Function.device,
            Function.subsystem_vendor,
            Function.subsystem_device,
        )
        .join(Report, Report.id == Function.report_id)
        .where(Report.board_id == board_id, Report.held_reason.is_(None), Report.id.not_in(virtual))
        .where(Report.platform.is_not(None), portable.is_not(True))
    )
    seen = (
        Sighting(machine, platform, path_on(path, numbers.get(report, {})), *function)
        for report, machine, platform, path, *function in rows
        if path is not None
    )
    # Reports of one machine show the same.
    return tuple(dict.fromkeys(seen))


def showing(session: Session, board_id: int) -> dict[int, bool]:
    """Return the ids of a board's reports that show anything, each with whether it was seen or said.

    The kernel's groups were seen, an owner's word on a slot was said; the rest is predicted.
    """
    verdicts = select(VerdictRow.report_id, VerdictRow.evidence).where(VerdictRow.grade != "unknown")
    of_board = Report.board_id == board_id
    shown: dict[int, bool] = {}
    said = verdicts.join(Report, Report.id == VerdictRow.report_id).where(of_board).distinct()
    for number, evidence in session.execute(said):
        shown[number] = shown.get(number, False) or evidence in {"observed", "declared"}
    grouped = session.scalars(select(Report.id).where(of_board, Report.id.in_(select(Group.report_id))))
    return {**shown, **dict.fromkeys(grouped, True)}


def counts(report: Report, shown: Mapping[int, bool]) -> bool:
    """Whether a report may speak for its machine: neither held nor tainted, and showing anything."""
    return report.held_reason is None and not report.taints and report.id in shown


def speaking(reports: Iterable[Report], shown: Mapping[int, bool]) -> list[Report]:
    """Return the report that speaks for each machine, newest first.

    It is the machine's newest that is neither held nor tainted and shows anything: one made with the IOMMU off does
    not silence what the same machine showed before, nor does what could be predicted of it.

    Args:
        reports: Of one board, in any order.
        shown: From ``showing``.
    """
    newest: dict[int, Report] = {}
    for report in sorted(reports, key=lambda r: (shown.get(r.id, False), r.speaks_since), reverse=True):
        if counts(report, shown):
            newest.setdefault(report.machine_id, report)
    return sorted(newest.values(), key=lambda r: r.speaks_since, reverse=True)


def summary_of(report: Report, *, counted: bool, shows: bool) -> ReportSummary:
    """Return a report as a board's list shows it."""
    held = report.held_reason or " ".join(taint.reason for taint in report.taints) or None
    if held is None and not shows:
        held = "It shows no IOMMU groups, so it is in no count."
    return ReportSummary(
        id=report.public_id,
        collected=report.collected,
        received=report.received_at.date().isoformat(),
        cpu=report.cpu.name if report.cpu else None,
        bios=report.bios_version.version if report.bios_version else None,
        kernel=report.kernel_release,
        source=report.source,
        counted=counted,
        held=held,
    )


def settings_of(session: Session, reports: Iterable[Report]) -> tuple[FirmwareSetting, ...]:
    """Return the firmware settings of some reports."""
    ids = {report.id: report.public_id for report in reports}
    rows = session.scalars(
        select(Setting).where(Setting.report_id.in_(ids)).order_by(Setting.report_id.desc(), Setting.ordinal)
    )
    return tuple(FirmwareSetting(row.name, row.value, row.note, ids[row.report_id]) for row in rows)


def outcomes_of(
    session: Session,
    reports: Iterable[Report],
    slots: Sequence[MappedSlot],
    numbers: Mapping[int, Mapping[str, str]],
) -> tuple[DeviceOutcome, ...]:
    """Return the outcomes of some reports, each with the slot its device sits in."""
    by_id = {report.id: report for report in reports}
    is_function = (Function.report_id == Outcome.report_id) & (Function.address == Outcome.function)
    is_device = (DeviceName.vendor == Function.vendor) & (DeviceName.device == Function.device)
    rows = session.execute(
        select(Outcome, Function.vendor, Function.device, DeviceName.name)
        .outerjoin(Function, is_function)
        .outerjoin(DeviceName, is_device)
        .where(Outcome.report_id.in_(by_id))
        .order_by(Outcome.report_id.desc(), Outcome.ordinal)
    )
    names = {place: slot.designation for slot in slots for place in slot.ports}
    held: dict[int, dict[str, str | None]] = {}
    for report in by_id.values():
        held[report.id] = {
            address: verdict.designation or names.get((report.platform, verdict.path or ""))
            for verdict in verdicts_of(session, report, numbers.get(report.id, {}))
            for address in verdict.card
        }
    return tuple(
        DeviceOutcome(
            device=row.device or name,
            function=row.function,
            device_id=f"{vendor}:{device}" if vendor and device else None,
            slot=held[row.report_id].get(row.function or ""),
            role=row.role,
            guest=row.guest,
            result=row.result,
            note=row.note,
            report=by_id[row.report_id].public_id,
        )
        for row, vendor, device, name in rows
    )
