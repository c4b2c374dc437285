"""Boards: who makes them, what they are called, the BIOS versions and processors seen, and the board's answer."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hwdb.models.base import Base, UtcDateTime, one_of

ALIAS_KINDS = ("alias", "merge", "split")
"""What an operator can say of boards: a spelling is that board, two boards are one, one revision is its own board."""


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


class BoardAlias(Base):
    """An operator's word that what one identity names is another board; never deleted, only undone.

    ``vendor_key`` and ``key`` are the identity a report states (``hwdb.identity.identify``), ``revision`` the board
    revision it must state too, None for any. ``board_id`` is the board such reports belong to.
    """

    __tablename__ = "board_aliases"
    __table_args__ = (
        CheckConstraint(one_of("kind", ALIAS_KINDS), name="kind"),
        Index("ix_board_aliases_vendor_key_key", "vendor_key", "key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    vendor_key: Mapped[str] = mapped_column(String(200))
    key: Mapped[str] = mapped_column(String(255))
    revision: Mapped[str | None] = mapped_column(String(200))
    board_id: Mapped[int] = mapped_column(ForeignKey("boards.id"), index=True)
    says: Mapped[str] = mapped_column(Text)
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    undone_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)

    board: Mapped[Board] = relationship()


class MovedBoard(Base):
    """Where the reports of a board went that has none left: its old address leads there."""

    __tablename__ = "moved_boards"

    board_id: Mapped[int] = mapped_column(ForeignKey("boards.id"), primary_key=True)
    to_board_id: Mapped[int] = mapped_column(ForeignKey("boards.id"), index=True)


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


class BoardFilters(Base):
    """What a search filters and sorts a board by, from its answer: a search reads this row of every board.

    ``slots`` holds one list for each slot that isolates or may (``hwdb.analysis.filters.SlotFacts``). ``bios_versions``
    counts the versions that counted machines state, ``no_override`` says whether one of them states that no ACS
    override was on.
    """

    __tablename__ = "board_filters"

    board_id: Mapped[int] = mapped_column(ForeignKey("boards.id", ondelete="CASCADE"), primary_key=True)
    chipset: Mapped[str | None] = mapped_column(String(64))
    socket: Mapped[str | None] = mapped_column(String(64))
    form_factor: Mapped[str | None] = mapped_column(String(64))
    slots: Mapped[list[Any]] = mapped_column(JSON)
    machines: Mapped[int] = mapped_column(Integer)
    bios_versions: Mapped[int] = mapped_column(Integer)
    no_override: Mapped[bool] = mapped_column(Boolean)
    newest: Mapped[str] = mapped_column(String(64))
