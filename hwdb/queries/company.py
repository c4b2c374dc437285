"""Where the functions with one PCI id sit and who shares their groups, read once for all reports that list them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import aliased

from hwdb import models
from hwdb.analysis.words import word_for
from hwdb.models.documents import unpack

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

# VFIO lets host bridges and bridges be (docs/how-verdicts-work.md), so that they are nobody's company.
BRIDGES = ("0600", "0604", "0607", "0609")
"""Classes that VFIO lets be in a group."""


class Seen(NamedTuple):
    """One function with the id asked for, in one report."""

    function: models.Function
    report: models.Report
    slot: str | None

    @property
    def counts(self) -> bool:
        """Whether its report is neither held nor tainted."""
        return self.report.held_reason is None and not self.report.taints

    @property
    def grouped(self) -> bool:
        """Whether it says anything that it is alone in its group or not; of bridges it does not."""
        return self.function.iommu_group is not None and self.function.class_ not in BRIDGES


@dataclass(frozen=True)
class _NamedSlot:
    designation: str = ""
    ports: tuple[tuple[str | None, str], ...] = ()


@dataclass(frozen=True)
class _SlotMap:
    """The part of a board's stored answer that names its ports, each on one platform."""

    named: tuple[_NamedSlot, ...] = ()


class SlotNames:
    """The slots in which functions sit, on the boards and in the reports that list one device."""

    def __init__(self, session: Session, itself: ColumnElement[bool]) -> None:
        reports = select(models.Function.report_id).where(itself)
        boards = select(models.Report.board_id).where(models.Report.id.in_(reports))
        answer = models.BoardAnswer
        self._ports = {
            board: [(*place, slot.designation) for slot in unpack(_SlotMap, document).named for place in slot.ports]
            for board, document in session.execute(
                select(answer.board_id, answer.document).where(answer.board_id.in_(boards))
            )
        }
        # A listing without a tree shows no ports; its verdicts are about slots, and say which card sits there.
        verdict = models.Verdict
        self._cards = {
            (report, address): designation
            for report, details, designation in session.execute(
                select(verdict.report_id, verdict.details, models.Slot.designation)
                .join(models.Slot, models.Slot.id == verdict.slot_id)
                .where(verdict.report_id.in_(reports))
            )
            for address in details.get("card") or ()
        }

    def of(self, report: models.Report, address: str, path: str | None) -> str | None:
        """Return the designation of the slot a function sits in, None when no slot is known for it."""
        stated = self._cards.get((report.id, address))
        if stated is not None or path is None:
            return stated
        above = [
            (port, name)
            for platform, port, name in self._ports.get(report.board_id, ())
            if platform == report.platform and path.startswith((f"{port}/", f"{port}."))
        ]
        return max(above, key=lambda one: len(one[0]))[1] if above else None


class Company:
    """Who else is in the group of a function: not its own device, not the rest of its card, no bridges."""

    def __init__(self, session: Session, itself: ColumnElement[bool], names: SlotNames) -> None:
        own, other = models.Function, aliased(models.Function)
        rows = session.execute(
            select(other.report_id, other.iommu_group, other.address, other.path, other.class_)
            .join(own, (own.report_id == other.report_id) & (own.iommu_group == other.iommu_group))
            .where(itself)
            .distinct()
            .order_by(other.report_id, other.address)
        )
        self._names = names
        self._groups: dict[tuple[int, int | None], list[tuple[str, str | None, str | None]]] = {}
        for report, group, address, path, class_ in rows:
            if class_ not in BRIDGES:
                self._groups.setdefault((report, group), []).append((address, path, class_))

    def of(self, one: Seen) -> tuple[str, ...]:
        """Return what shares a function's group, in words."""
        members = self._groups.get((one.report.id, one.function.iommu_group), ())
        mine = one.function.address.rpartition(".")[0]
        strangers = (
            class_
            for address, path, class_ in members
            if address.rpartition(".")[0] != mine
            and not (one.slot is not None and self._names.of(one.report, address, path) == one.slot)
        )
        return tuple(dict.fromkeys(word_for(class_) for class_ in strangers))
