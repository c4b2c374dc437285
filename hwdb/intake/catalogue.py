"""Vendors, boards, BIOS versions and processors: found, or added when they are new.

Two submissions may add the same one at once: rows are inserted with ON CONFLICT DO NOTHING and read back, so that
whoever comes second finds the first one's row instead of an error.
"""

from __future__ import annotations

import hashlib
from itertools import count
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from hwdb import models
from hwdb.identity import board_revision, cpu_key, cpu_name, identify, is_placeholder, is_unknown_cpu, slugify
from hwdb.models.aliases import led, revision_key

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from hwdb.identity import BoardIdentity
    from hwdb.report import Bios, Cpu, Report

# As long as the report format lets a designation be, and the column is wide.
_LONGEST_KEY = 200


def lock_board(session: Session, report: Report) -> models.Board:
    """Return the board a report belongs to, locked until the transaction ends; add it when it is new.

    SQLite has no row locks and needs none: a writing transaction there holds the only write lock from its start.
    """
    board = board_of(session, report)
    while True:
        lock_boards(session, {board.id})
        # While this one waited for the lock, an operator may have said that the board is another.
        now = board_of(session, report)
        if now.id == board.id:
            return board
        board = now


def lock_boards(session: Session, ids: set[int]) -> None:
    """Lock boards until the transaction ends, in one order, so that two writers of several do not wait in a circle."""
    session.execute(select(models.Board.id).where(models.Board.id.in_(ids)).order_by(models.Board.id).with_for_update())


def board_of(session: Session, report: Report) -> models.Board:
    """Return the board a report belongs to: its own, or what operators say its name stands for; add it when new."""
    identity = identify(report)
    aliased = led(session, identity.vendor_key, identity.key, revision_key(board_revision(report))).board
    return aliased or own_board(session, identity)


def own_board(session: Session, identity: BoardIdentity) -> models.Board:
    """Return the board of an identity, whatever operators say of it; add it when it is new."""
    vendor = _vendor(session, identity)
    find = select(models.Board).where(models.Board.vendor_id == vendor.id, models.Board.key == identity.key)
    board = session.scalar(find)
    for slug in _slugs(identity.name):
        if board is not None:
            break
        insert_missing(
            session,
            models.Board,
            vendor_id=vendor.id,
            key=identity.key,
            name=identity.name,
            slug=slug,
            known=identity.known,
        )
        board = session.scalar(find)
    if board is None:  # pragma: no cover - count() never ends
        raise AssertionError
    return board


def _vendor(session: Session, identity: BoardIdentity) -> models.Vendor:
    find = select(models.Vendor).where(models.Vendor.key == identity.vendor_key)
    vendor = session.scalar(find)
    for slug in _slugs(identity.vendor):
        if vendor is not None:
            break
        insert_missing(session, models.Vendor, key=identity.vendor_key, name=identity.vendor, slug=slug)
        vendor = session.scalar(find)
    if vendor is None:  # pragma: no cover - count() never ends
        raise AssertionError
    return vendor


def _slugs(name: str) -> Any:
    """Yield slugs for a name: names that differ in punctuation only are told apart by a number."""
    slug = slugify(name)
    yield slug
    yield from (f"{slug}-{number}" for number in count(2))


def bios_version_id(session: Session, board_id: int, bios: Bios) -> int | None:
    """Return the row of a report's BIOS version, None when it is not stated."""
    if bios.version is None or is_placeholder(bios.version):
        return None
    return _ensure(session, models.BiosVersion, board_id=board_id, version=bios.version, date=bios.date or "")


def cpu_id(session: Session, cpus: tuple[Cpu, ...] | None) -> int | None:
    """Return the row of a report's processor, None when it is not stated."""
    name = next((cpu.name for cpu in cpus or () if cpu.name and not is_unknown_cpu(cpu.name)), None)
    if name is None:
        return None
    key = cpu_key(name)
    insert_missing(session, models.Cpu, key=key, name=cpu_name(name))
    return session.scalar(select(models.Cpu.id).where(models.Cpu.key == key))


def port_id(session: Session, board_id: int, platform: str | None, path: str) -> int:
    """Return the row of a port."""
    return _ensure(session, models.Port, board_id=board_id, platform=platform or "", path=path)


def slot_id(session: Session, board_id: int, key: str, designation: str) -> int:
    """Return the row of a named slot; the first spelling stays."""
    if len(key) > _LONGEST_KEY:
        # Some letters fold to several: a key longer than any designation is told by its digest.
        key = hashlib.sha256(key.encode()).hexdigest()
    insert_missing(session, models.Slot, board_id=board_id, key=key, designation=designation)
    found = session.scalar(select(models.Slot.id).where(models.Slot.board_id == board_id, models.Slot.key == key))
    return _there(found)


def insert_missing(session: Session, table: type[models.Base], **values: Any) -> None:
    """Insert a row unless one with the same unique values is there."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    session.execute(insert(table).values(**values).on_conflict_do_nothing())


def _ensure(session: Session, table: Any, **values: Any) -> int:
    insert_missing(session, table, **values)
    return _there(session.scalar(select(table.id).filter_by(**values)))


def _there(found: int | None) -> int:
    if found is None:  # pragma: no cover - the row was inserted one line above
        raise AssertionError
    return found
