"""Names of PCI devices, loaded from the system's pci.ids."""

from __future__ import annotations

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from hwdb.models.base import Base


class DeviceName(Base):
    """What one PCI device is called."""

    __tablename__ = "device_names"

    vendor: Mapped[str] = mapped_column(String(4), primary_key=True)
    device: Mapped[str] = mapped_column(String(4), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))


class LoadedList(Base):
    """Which version of a public list the database holds."""

    __tablename__ = "loaded_lists"

    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    version: Mapped[str] = mapped_column(String(64))
