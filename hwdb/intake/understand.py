"""From a report to what it shows, with names from the database."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hwdb.analysis.answer import Findings, findings
from hwdb.models.readings import machine_of
from hwdb.topology import checked

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from hwdb.report import Report
    from hwdb.topology import Machine


@dataclass(frozen=True)
class Understood:
    """A report, the machine it describes and what that machine shows."""

    report: Report
    machine: Machine
    shown: Findings


def understand(session: Session, report: Report) -> Understood:
    """Name a report's devices, normalise it, hold its groups against the kernel's rules and judge it."""
    machine = checked(machine_of(session, report))
    return Understood(report, machine, findings(machine))
