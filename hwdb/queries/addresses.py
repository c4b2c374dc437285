"""Everything that has an address of its own: for a search engine's list of pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import func, select

from hwdb import models

if TYPE_CHECKING:
    from sqlalchemy import Select
    from sqlalchemy.orm import Session


class BoardAddress(NamedTuple):
    """A board's address, and the day its newest report came in (ISO)."""

    vendor_slug: str
    slug: str
    newest: str


def board_addresses(session: Session, offset: int = 0, limit: int | None = None) -> tuple[BoardAddress, ...]:
    """Return the addresses of boards that can be named, in the order they became known."""
    filters = models.BoardFilters
    rows = session.execute(
        select(models.Vendor.slug, models.Board.slug, filters.newest)
        .join(models.Board, models.Board.vendor_id == models.Vendor.id)
        .join(filters, filters.board_id == models.Board.id)
        .where(models.Board.known)
        .order_by(models.Board.id)
        .offset(offset)
        .limit(limit)
    )
    return tuple(BoardAddress(vendor, slug, newest[:10]) for vendor, slug, newest in rows)


def device_addresses(session: Session, offset: int = 0, limit: int | None = None) -> tuple[str, ...]:
    """Return the PCI ids of all devices that a report lists, in their order."""
    rows = session.execute(_devices().order_by("vendor", "device").offset(offset).limit(limit))
    return tuple(f"{vendor}:{device}" for vendor, device in rows)


def addresses_known(session: Session) -> tuple[int, int]:
    """Return how many boards can be named, and how many devices a report lists."""
    boards = session.scalar(
        select(func.count())
        .select_from(models.BoardFilters)
        .join(models.Board, models.Board.id == models.BoardFilters.board_id)
        .where(models.Board.known)
    )
    devices = session.scalar(select(func.count()).select_from(_devices().subquery()))
    return boards or 0, devices or 0


def _devices() -> Select[str | None, str | None]:
    function = models.Function
    told = function.vendor.is_not(None) & function.device.is_not(None)
    return select(function.vendor, function.device).where(told).distinct()
