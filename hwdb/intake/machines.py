"""Which machine a report is of: reports share one when they share a key or a fingerprint."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import String, bindparam, delete, or_, select, update

from hwdb import models

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def machine_for(session: Session, board_id: int, owner: str | None, fingerprint: str | None) -> int:
    """Return the machine of a new report of a board, joining machines that it shows to be one.

    The caller holds the board's lock.
    """
    report = models.Report
    # Comparing with NULL matches nothing, so a report without a key or without functions joins by the other alone.
    owned = report.owner == bindparam("owner", owner, String)
    alike = report.fingerprint == bindparam("fingerprint", fingerprint, String)
    same = or_(owned, alike)
    found = sorted(session.scalars(select(report.machine_id).where(report.board_id == board_id, same).distinct()))
    if not found:
        machine = models.Machine(board_id=board_id)
        session.add(machine)
        session.flush()
        return machine.id
    first, *others = found
    if others:
        session.execute(update(report).where(report.machine_id.in_(others)).values(machine_id=first))
        session.execute(delete(models.Machine).where(models.Machine.id.in_(others)))
    return first


def split_machine(session: Session, machine_id: int) -> None:
    """Tell the reports of a machine apart again after one that joined them is gone.

    The caller holds the board's lock.
    """
    reports = list(session.scalars(select(models.Report).where(models.Report.machine_id == machine_id)))
    if not reports:
        session.execute(delete(models.Machine).where(models.Machine.id == machine_id))
    for component in _components(reports)[1:]:
        machine = models.Machine(board_id=component[0].board_id)
        session.add(machine)
        session.flush()
        for report in component:
            report.machine_id = machine.id
    session.flush()


def _components(reports: list[models.Report]) -> list[list[models.Report]]:
    """Group reports that are connected by shared keys and fingerprints, oldest group first."""
    components: list[tuple[set[tuple[str, str]], list[models.Report]]] = []
    for report in sorted(reports, key=lambda r: r.id):
        marks = {(name, value) for name, value in (("o", report.owner), ("f", report.fingerprint)) if value}
        members = [report]
        for known in [c for c in components if c[0] & marks]:
            components.remove(known)
            marks |= known[0]
            members = known[1] + members
        components.append((marks, members))
    return sorted((members for _, members in components), key=lambda members: min(r.id for r in members))
