"""Which machine a report is of: reports share one when they share a key or a fingerprint."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any

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


def regroup_machines(session: Session, board_id: int) -> None:
    """Tell the machines of a board apart anew, after a report that joined two is gone or marks have changed.

    The oldest report of a machine keeps its row. The caller holds the board's lock.
    """
    taken: set[int] = set()
    for component in _components(session, board_id):
        machine_id = component[0].machine_id
        if machine_id in taken:
            machine = models.Machine(board_id=board_id)
            session.add(machine)
            session.flush()
            machine_id = machine.id
        taken.add(machine_id)
        strays = [report.id for report in component if report.machine_id != machine_id]
        session.execute(update(models.Report).where(models.Report.id.in_(strays)).values(machine_id=machine_id))
    unused = models.Machine.board_id == board_id, models.Machine.id.not_in(taken)
    session.execute(delete(models.Machine).where(*unused))


def _components(session: Session, board_id: int) -> list[list[Any]]:
    """Group a board's reports that are connected by shared keys and fingerprints, oldest group first."""
    report = models.Report
    marked = select(report.id, report.machine_id, report.owner, report.fingerprint)
    by_mark: dict[tuple[str, str], list[Any]] = {}
    alone: list[list[Any]] = []
    for row in session.execute(marked.where(report.board_id == board_id)):
        known = {id(by_mark[mark]): by_mark[mark] for mark in _marks(row) if mark in by_mark}
        group, *others = known.values() or [[]]
        joining = [row, *chain.from_iterable(others)]
        group += joining
        by_mark.update((mark, group) for member in joining for mark in _marks(member))
        if not _marks(row):
            alone.append(group)
    groups = [*alone, *{id(group): group for group in by_mark.values()}.values()]
    return sorted((sorted(group, key=lambda r: r.id) for group in groups), key=lambda group: group[0].id)


def _marks(report: Any) -> list[tuple[str, str]]:
    """Return what tells a report's machine: its key and its hardware, as far as they are known."""
    return [(name, value) for name in ("owner", "fingerprint") if (value := getattr(report, name)) is not None]
