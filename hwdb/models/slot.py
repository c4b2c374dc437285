"""Ports and slots of boards, who names them, and what each report concludes about them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, Boolean, CheckConstraint, ForeignKey, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hwdb.analysis.answer import EVIDENCE, GRADES
from hwdb.models.base import Base, one_of


class Port(Base):
    """A port within (board, platform); ``platform`` is blank where no report shows the host bridge."""

    __tablename__ = "ports"
    __table_args__ = (UniqueConstraint("board_id", "platform", "path"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    board_id: Mapped[int] = mapped_column(ForeignKey("boards.id"))
    platform: Mapped[str] = mapped_column(String(9))
    path: Mapped[str] = mapped_column(String(255))


class Slot(Base):
    """A named slot of a board."""

    __tablename__ = "slots"
    __table_args__ = (UniqueConstraint("board_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    board_id: Mapped[int] = mapped_column(ForeignKey("boards.id"))
    key: Mapped[str] = mapped_column(String(200))
    designation: Mapped[str] = mapped_column(String(200))


class SlotWitness(Base):
    """One witness's word on one slot, from one report."""

    __tablename__ = "slot_witnesses"

    report_id: Mapped[int] = mapped_column(ForeignKey("reports.id", ondelete="CASCADE"), primary_key=True)
    ordinal: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    slot_id: Mapped[int] = mapped_column(ForeignKey("slots.id"), index=True)
    port_id: Mapped[int | None] = mapped_column(ForeignKey("ports.id"), index=True)
    designation: Mapped[str] = mapped_column(String(200))
    witness: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str | None] = mapped_column(String(64))
    connector_lanes: Mapped[int | None] = mapped_column(Integer)
    electrical_lanes: Mapped[int | None] = mapped_column(Integer)
    void: Mapped[str | None] = mapped_column(Text)

    port: Mapped[Port | None] = relationship(lazy="joined")


class Verdict(Base):
    """What one report shows of one port, or of a slot whose port it does not show."""

    __tablename__ = "verdicts"
    __table_args__ = (
        CheckConstraint(one_of("grade", GRADES), name="grade"),
        CheckConstraint(one_of("evidence", EVIDENCE), name="evidence"),
        CheckConstraint("port_id IS NOT NULL OR slot_id IS NOT NULL", name="about_something"),
    )

    report_id: Mapped[int] = mapped_column(ForeignKey("reports.id", ondelete="CASCADE"), primary_key=True)
    ordinal: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    port_id: Mapped[int | None] = mapped_column(ForeignKey("ports.id"), index=True)
    slot_id: Mapped[int | None] = mapped_column(ForeignKey("slots.id"), index=True)
    grade: Mapped[str] = mapped_column(String(32))
    evidence: Mapped[str | None] = mapped_column(String(32))
    reason: Mapped[str] = mapped_column(Text)
    occupied: Mapped[bool | None] = mapped_column(Boolean)
    connector: Mapped[bool | None] = mapped_column(Boolean)
    location: Mapped[str | None] = mapped_column(String(16))
    details: Mapped[dict[str, Any]] = mapped_column(JSON)

    port: Mapped[Port | None] = relationship(lazy="joined")
    slot: Mapped[Slot | None] = relationship(lazy="joined")
