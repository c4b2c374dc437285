"""The devices that most machines have, of the kinds that people hand to guests."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import distinct, func, or_, select

from hwdb import models

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

# PCI Code and ID Assignment Specification, class codes: mass storage, network, display, multimedia, USB controllers.
_KINDS = ("01", "02", "03", "04", "0c03")


@dataclass(frozen=True)
class DeviceHit:
    """One PCI id in a list of devices.

    Attributes:
        id: Like ``10de:1b80``.
        vendor, device: Its halves.
        name: What the list of PCI ids calls it; None when that does not name it.
        class_: PCI class, four hex digits.
        machines: Machines on which it was seen, in reports of any kind.
    """

    id: str
    vendor: str
    device: str
    name: str | None
    class_: str
    machines: int


def common_devices(session: Session, most: int = 12) -> tuple[DeviceHit, ...]:
    """Return the devices that most machines have, most first, at most ``most`` of a kind.

    A kind is mass storage, network, display or multimedia by base class, or a USB controller. Bridges and inner parts
    of processors and chipsets, which every machine has, are left out.
    """
    function, report = models.Function, models.Report
    machines = func.count(distinct(report.machine_id))
    rows = session.execute(
        select(function.vendor, function.device, func.max(function.class_), machines)
        .join(report, report.id == function.report_id)
        .where(or_(*(function.class_.startswith(kind) for kind in _KINDS)))
        .where(function.vendor.is_not(None), function.device.is_not(None))
        .group_by(function.vendor, function.device)
        .order_by(machines.desc(), function.vendor, function.device)
    )
    taken: Counter[str] = Counter()
    chosen: list[tuple[str, str, str, int]] = []
    for vendor, device, class_, count in rows:
        kind = str(class_)
        taken[kind[:2]] += 1
        if taken[kind[:2]] <= most:
            chosen.append((str(vendor), str(device), kind, count))
    names = _names(session, chosen)
    return tuple(
        DeviceHit(f"{vendor}:{device}", vendor, device, names.get((vendor, device)), class_, count)
        for vendor, device, class_, count in chosen
    )


def _names(session: Session, chosen: Sequence[tuple[str, str, str, int]]) -> dict[tuple[str, str], str]:
    """Return what the list of PCI ids calls devices; it may call some of them nothing."""
    name = models.DeviceName
    rows = session.execute(
        select(name.vendor, name.device, name.name).where(
            name.vendor.in_({vendor for vendor, *_ in chosen}), name.device.in_({device for _, device, *_ in chosen})
        )
    )
    return {(vendor, device): said for vendor, device, said in rows}
