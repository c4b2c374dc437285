"""Reports: the document itself, whose machine it is of, and its facts as rows."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    String,
    Text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hwdb.models.base import Base, UtcDateTime
from hwdb.models.board import BiosVersion, Board, Cpu


class Machine(Base):
    """One machine of a board, however often it reports."""

    __tablename__ = "machines"

    id: Mapped[int] = mapped_column(primary_key=True)
    board_id: Mapped[int] = mapped_column(ForeignKey("boards.id"), index=True)


class Report(Base):
    """A report as it was received, and what is asked of it most.

    ``document`` is the truth; everything else is rebuilt from it. ``owner`` is the hash of the submitter's key,
    ``root_buses`` its root buses with their ACPI paths, where it states any.
    """

    __tablename__ = "reports"
    __table_args__ = (
        CheckConstraint("length(digest) = 64", name="digest_length"),
        CheckConstraint("length(public_id) = 16", name="public_id_length"),
        Index("ix_reports_board_id_fingerprint", "board_id", "fingerprint"),
        Index("ix_reports_board_id_owner", "board_id", "owner"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(16), unique=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    board_id: Mapped[int] = mapped_column(ForeignKey("boards.id"))
    machine_id: Mapped[int] = mapped_column(ForeignKey("machines.id"), index=True)
    bios_version_id: Mapped[int | None] = mapped_column(ForeignKey("bios_versions.id"), index=True)
    cpu_id: Mapped[int | None] = mapped_column(ForeignKey("cpus.id"), index=True)
    owner: Mapped[str | None] = mapped_column(String(64), index=True)
    fingerprint: Mapped[str | None] = mapped_column(String(64))
    document: Mapped[bytes] = mapped_column(LargeBinary)
    format: Mapped[int] = mapped_column(Integer)
    analysis: Mapped[int] = mapped_column(Integer, index=True)
    platform: Mapped[str | None] = mapped_column(String(9))
    collected: Mapped[str | None] = mapped_column(String(64))
    received_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    kernel_release: Mapped[str | None] = mapped_column(String(200))
    source: Mapped[str | None] = mapped_column(String(64))
    licence: Mapped[str | None] = mapped_column(String(64))
    held_reason: Mapped[str | None] = mapped_column(Text)
    chipset: Mapped[str | None] = mapped_column(String(64))
    socket: Mapped[str | None] = mapped_column(String(64))
    form_factor: Mapped[str | None] = mapped_column(String(64))
    no_override: Mapped[bool | None] = mapped_column(Boolean)
    root_buses: Mapped[dict[str, str | None] | None] = mapped_column(JSON(none_as_null=True))

    board: Mapped[Board] = relationship()
    bios_version: Mapped[BiosVersion | None] = relationship(lazy="joined")
    cpu: Mapped[Cpu | None] = relationship(lazy="joined")
    taints: Mapped[list[Taint]] = relationship(lazy="selectin", passive_deletes="all", order_by="Taint.code")

    @property
    def when(self) -> str:
        """When its facts were true, as far as it says, and not after it came in; ISO text in UTC, so that it sorts."""
        received = self.received_at.isoformat(timespec="microseconds")
        return min(_in_utc(self.collected), received) if self.collected else received

    @property
    def speaks_since(self) -> tuple[str, int]:
        """Sort key by which the newest report of a machine speaks for it."""
        return self.when, self.id


class Taint(Base):
    """Why a report's groups prove nothing about its board."""

    __tablename__ = "taints"

    report_id: Mapped[int] = mapped_column(ForeignKey("reports.id", ondelete="CASCADE"), primary_key=True)
    code: Mapped[str] = mapped_column(String(32), primary_key=True)
    reason: Mapped[str] = mapped_column(Text)


class Group(Base):
    """One IOMMU group of one report."""

    __tablename__ = "groups"

    report_id: Mapped[int] = mapped_column(ForeignKey("reports.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


class Function(Base):
    """One PCI function of one report. ``reset_methods`` is in the kernel's order, blank for none, None if not told."""

    __tablename__ = "functions"
    __table_args__ = (
        ForeignKeyConstraint(["report_id", "iommu_group"], ["groups.report_id", "groups.number"], ondelete="CASCADE"),
        Index("ix_functions_vendor_device", "vendor", "device"),
    )

    report_id: Mapped[int] = mapped_column(ForeignKey("reports.id", ondelete="CASCADE"), primary_key=True)
    address: Mapped[str] = mapped_column(String(16), primary_key=True)
    iommu_group: Mapped[int | None]
    path: Mapped[str | None] = mapped_column(String(255))
    class_: Mapped[str | None] = mapped_column("class", String(4))
    vendor: Mapped[str | None] = mapped_column(String(4))
    device: Mapped[str | None] = mapped_column(String(4))
    subsystem_vendor: Mapped[str | None] = mapped_column(String(4))
    subsystem_device: Mapped[str | None] = mapped_column(String(4))
    reset_methods: Mapped[str | None] = mapped_column(Text)


class Outcome(Base):
    """What one device of one machine is used for, and whether that works."""

    __tablename__ = "outcomes"

    report_id: Mapped[int] = mapped_column(ForeignKey("reports.id", ondelete="CASCADE"), primary_key=True)
    ordinal: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    function: Mapped[str | None] = mapped_column(String(16))
    device: Mapped[str | None] = mapped_column(String(200))
    role: Mapped[str | None] = mapped_column(String(64))
    guest: Mapped[str | None] = mapped_column(String(200))
    result: Mapped[str | None] = mapped_column(String(64))
    note: Mapped[str | None] = mapped_column(Text)


class Setting(Base):
    """One firmware setting of one machine."""

    __tablename__ = "settings"

    report_id: Mapped[int] = mapped_column(ForeignKey("reports.id", ondelete="CASCADE"), primary_key=True)
    ordinal: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str | None] = mapped_column(String(200))
    value: Mapped[str | None] = mapped_column(String(200))
    note: Mapped[str | None] = mapped_column(Text)


class Tombstone(Base):
    """A withdrawn document: its digest stays, so that no bulk import brings it back."""

    __tablename__ = "tombstones"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    withdrawn_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)


def _in_utc(stated: str) -> str:
    """Return an ISO date as it is, and a date and time as of UTC, which is meant where no zone is stated."""
    if len(stated) <= len("2024-05-31"):
        return stated
    moment = dt.datetime.fromisoformat(stated.upper())
    # At the ends of the calendar there is no other zone to go to.
    if moment.tzinfo is not None and dt.MINYEAR < moment.year < dt.MAXYEAR:
        moment = moment.astimezone(dt.UTC)
    return moment.replace(tzinfo=dt.UTC).isoformat(timespec="microseconds")
