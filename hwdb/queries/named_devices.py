"""Devices that words of a search name, by their PCI ids or by what the list of PCI ids calls them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, exists, func, or_, select

from hwdb import models
from hwdb.queries.found import NamedDevice

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.orm import Session

MOST = 12
"""Devices looked up for one search."""

# Two letters are in half of all names.
_TELLING = 3


def ids_called(session: Session, words: Sequence[str], most: int = MOST) -> tuple[str, ...]:
    """Return the PCI ids of devices that a report shows and whose name holds all the words, at most one over ``most``.

    Words may stand for a part of a word of the name: ``1080`` for ``GTX1080``.
    """
    if not any(len(word) >= _TELLING for word in words):
        return ()
    named, function = models.DeviceName, models.Function
    found = session.execute(
        select(named.vendor, named.device)
        .where(
            *(func.lower(named.name).contains(word, autoescape=True) for word in words),
            exists().where(function.vendor == named.vendor, function.device == named.device),
        )
        # The shorter name holds least beside the words.
        .order_by(func.length(named.name), named.vendor, named.device)
        .limit(most + 1)
    )
    return tuple(f"{vendor}:{device}" for vendor, device in found)


def seen_on(session: Session, ids: Sequence[str]) -> dict[str, dict[int, int]]:
    """Return for each PCI id on how many machines of which board it was seen; one never seen is left out."""
    if not ids:
        return {}
    function, report = models.Function, models.Report
    pairs = (one.split(":") for one in ids)
    itself = or_(*(and_(function.vendor == vendor, function.device == device) for vendor, device in pairs))
    rows = session.execute(
        select(function.vendor, function.device, report.board_id, func.count(report.machine_id.distinct()))
        .join(report, report.id == function.report_id)
        .where(itself)
        .group_by(function.vendor, function.device, report.board_id)
    )
    seen: dict[str, dict[int, int]] = {}
    for vendor, device, board, machines in rows:
        seen.setdefault(f"{vendor}:{device}", {})[board] = machines
    return seen


def device_hits(session: Session, seen: Mapping[str, Mapping[int, int]]) -> tuple[NamedDevice, ...]:
    """Return devices with their names, most machines first."""
    if not seen:
        return ()
    named = models.DeviceName
    pairs = (one.split(":") for one in seen)
    itself = or_(*(and_(named.vendor == vendor, named.device == device) for vendor, device in pairs))
    names = (
        {f"{row.vendor}:{row.device}": row.name for row in session.scalars(select(named).where(itself))} if seen else {}
    )
    hits = (NamedDevice(one, names.get(one), sum(boards.values())) for one, boards in seen.items())
    return tuple(sorted(hits, key=lambda hit: (-hit.machines, hit.id)))
