"""What is stored: SQLAlchemy tables, one aggregate a module, and the engines that reach them."""

from hwdb.models.base import Base
from hwdb.models.board import (
    ALIAS_KINDS,
    BiosVersion,
    Board,
    BoardAlias,
    BoardAnswer,
    BoardFilters,
    Cpu,
    MovedBoard,
    Vendor,
)
from hwdb.models.device_name import DeviceName, LoadedList
from hwdb.models.report import Function, Group, Machine, Outcome, Report, Setting, Taint, Tombstone
from hwdb.models.slot import Port, Slot, SlotWitness, Verdict
from hwdb.models.source import ImportedInput, SourceText

__all__ = [
    "ALIAS_KINDS",
    "Base",
    "BiosVersion",
    "Board",
    "BoardAlias",
    "BoardAnswer",
    "BoardFilters",
    "Cpu",
    "DeviceName",
    "Function",
    "Group",
    "ImportedInput",
    "LoadedList",
    "Machine",
    "MovedBoard",
    "Outcome",
    "Port",
    "Report",
    "Setting",
    "Slot",
    "SlotWitness",
    "SourceText",
    "Taint",
    "Tombstone",
    "Vendor",
    "Verdict",
]
