"""Boards: who makes them, what they are called, the BIOS versions and processors seen, and the board's answer."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Boolean, ForeignKey, Integer, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hwdb.models.base import Base, UtcDateTime


class Vendor(Base):
    """A maker of boards."""

    __tablename__ = "vendors"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(200), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    slug: Mapped[str] = mapped_column(String(96), unique=True)


class Board(Base):
    """A board model. ``known`` is false for hardware that no string identifies, which is never merged with other."""

    __tablename__ = "boards"
    __table_args__ = (UniqueConstraint("vendor_id", "key"), UniqueConstraint("vendor_id", "slug"))

    id: Mapped[int] = mapped_column(primary_key=True)
    vendor_id: Mapped[int] = mapped_column(ForeignKey("vendors.id"))
    key: Mapped[str] = mapped_column(String(255))
    name: Mapped[str] = mapped_column(String(255))
    slug: Mapped[str] = mapped_column(String(96))
    known: Mapped[bool] = mapped_column(Boolean)

    vendor: Mapped[Vendor] = relationship(lazy="joined", innerjoin=True)


class BiosVersion(Base):
    """A BIOS of one board; a version string alone is not unique, so the date belongs to it (blank if not stated)."""

    __tablename__ = "bios_versions"
    __table_args__ = (UniqueConstraint("board_id", "version", "date"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    board_id: Mapped[int] = mapped_column(ForeignKey("boards.id"))
    version: Mapped[str] = mapped_column(String(200))
    date: Mapped[str] = mapped_column(String(64))


class Cpu(Base):
    """A processor model."""

    __tablename__ = "cpus"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(200), unique=True)
    name: Mapped[str] = mapped_column(String(200))


class BoardAnswer(Base):
    """The board's answer, whole in one row: a read costs the same however many reports there are."""

    __tablename__ = "board_answers"

    board_id: Mapped[int] = mapped_column(ForeignKey("boards.id", ondelete="CASCADE"), primary_key=True)
    document: Mapped[bytes] = mapped_column(LargeBinary)
    machines: Mapped[int] = mapped_column(Integer)
    newest: Mapped[str] = mapped_column(String(64), index=True)
    analysis: Mapped[int] = mapped_column(Integer, index=True)
    built_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
