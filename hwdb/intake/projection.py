"""A report's facts as rows: taints, groups, functions, slot witnesses, verdicts, outcomes, settings.

Everything here can be deleted and made again from the stored document.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import delete

from hwdb import models
from hwdb.analysis import ANALYSIS
from hwdb.analysis.facts import facts_of
from hwdb.analysis.filters import states_no_override
from hwdb.analysis.public import plain
from hwdb.analysis.root_buses import acpi_names
from hwdb.analysis.slotmap import claims, key_of
from hwdb.identity import machine_fingerprint
from hwdb.intake import catalogue
from hwdb.intake.catalogue import port_id, slot_id

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from hwdb.analysis import Verdict
    from hwdb.intake.understand import Understood

# Rows that hang from a report, those that refer to others first.
_TABLES: tuple[Any, ...] = (
    models.Verdict,
    models.SlotWitness,
    models.Function,
    models.Group,
    models.Taint,
    models.Outcome,
    models.Setting,
)

_DETAILS = ("card", "iommu_groups", "companions", "link_max", "link_now")


def derived(session: Session, understood: Understood, board_id: int) -> dict[str, Any]:
    """Return the columns of a report's row that the present rules make of its document, as a report of this board."""
    report, machine = understood.report, understood.machine
    return {
        "board_id": board_id,
        "bios_version_id": catalogue.bios_version_id(session, board_id, report.bios),
        "cpu_id": catalogue.cpu_id(session, report.cpus),
        "fingerprint": machine_fingerprint(report, machine.platform, machine.paths),
        "platform": machine.platform,
        "analysis": ANALYSIS,
        "no_override": states_no_override(report),
        "root_buses": dict(acpi_names(machine)) or None,
        **vars(facts_of(report)),
    }


def project(session: Session, stored: models.Report, understood: Understood) -> None:
    """Write the rows of a report."""
    board, number = stored.board_id, stored.id
    machine = understood.machine
    session.add_all(_taints(number, understood))
    session.add_all(models.Group(report_id=number, number=group) for group in machine.groups)
    session.flush()
    session.add_all(_functions(number, understood))
    session.add_all(_said(number, understood))
    session.add_all(_witnesses(session, board, number, understood))
    session.add_all(
        _verdict_row(session, board, number, ordinal, understood.shown.platform, verdict)
        for ordinal, verdict in enumerate(understood.shown.verdicts)
        if verdict.path is not None or verdict.designation is not None
    )
    session.flush()
    session.expire(stored, ["taints"])


def reproject(session: Session, stored: models.Report, understood: Understood) -> None:
    """Write the rows of a report again, by the present rules."""
    for table in _TABLES:
        session.execute(delete(table).where(table.report_id == stored.id))
    session.expire(stored, ["taints"])
    project(session, stored, understood)


def _taints(number: int, understood: Understood) -> list[models.Taint]:
    """Return one row for each kind of taint; several reasons of one kind stand together."""
    reasons: dict[str, list[str]] = {}
    for taint in understood.machine.taints:
        reasons.setdefault(taint.code, []).append(taint.reason)
    return [models.Taint(report_id=number, code=code, reason=" ".join(why)) for code, why in reasons.items()]


def _functions(number: int, understood: Understood) -> list[models.Function]:
    machine = understood.machine
    return [
        models.Function(
            report_id=number,
            address=f.address,
            iommu_group=f.iommu_group,
            path=machine.paths.get(f.address),
            class_=f.class_,
            vendor=f.vendor,
            device=f.device,
            subsystem_vendor=f.subsystem_vendor,
            subsystem_device=f.subsystem_device,
            reset_methods=None if f.reset_methods is None else " ".join(f.reset_methods),
        )
        for f in machine.functions.values()
    ]


def _said(number: int, understood: Understood) -> list[models.Base]:
    """Return what the owner says: outcomes and settings."""
    report = understood.report
    outcomes: list[models.Base] = [
        models.Outcome(
            report_id=number,
            ordinal=i,
            function=o.function,
            device=o.device,
            role=o.role,
            guest=o.guest,
            result=o.result,
            note=o.note,
        )
        for i, o in enumerate(report.outcomes or ())
    ]
    settings = [
        models.Setting(report_id=number, ordinal=i, name=s.name, value=s.value, note=s.note)
        for i, s in enumerate(report.settings or ())
    ]
    return outcomes + settings


def _witnesses(session: Session, board: int, number: int, understood: Understood) -> list[models.SlotWitness]:
    return [
        models.SlotWitness(
            report_id=number,
            ordinal=ordinal,
            slot_id=slot_id(session, board, key_of(said.designation), said.designation),
            port_id=None if said.path is None else port_id(session, board, said.platform, said.path),
            designation=said.designation,
            witness=said.witness,
            kind=said.kind,
            connector_lanes=said.connector_lanes,
            electrical_lanes=said.electrical_lanes,
            void=said.void,
        )
        for ordinal, said in enumerate(claims(understood.machine))
    ]


def _verdict_row(
    session: Session, board: int, number: int, ordinal: int, platform: str | None, verdict: Verdict
) -> models.Verdict:
    named = verdict.designation
    return models.Verdict(
        report_id=number,
        ordinal=ordinal,
        port_id=None if verdict.path is None else port_id(session, board, platform, verdict.path),
        slot_id=None if named is None else slot_id(session, board, key_of(named), named),
        grade=verdict.grade,
        evidence=verdict.evidence,
        reason=verdict.reason,
        occupied=verdict.occupied,
        connector=verdict.connector,
        location=verdict.location,
        details={name: plain(getattr(verdict, name)) for name in _DETAILS},
    )
