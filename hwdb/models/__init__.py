"""What is stored: SQLAlchemy tables, one aggregate a module, and the engines that reach them."""

from hwdb.models.base import Base
from hwdb.models.board import BiosVersion, Board, BoardAnswer, Cpu, Vendor
from hwdb.models.device_name import DeviceName, LoadedList
from hwdb.models.report import Function, Group, Machine, Outcome, Report, Setting, Taint, Tombstone
from hwdb.models.slot import Port, Slot, SlotWitness, Verdict

__all__ = [
    "Base",
    "BiosVersion",
    "Board",
    "BoardAnswer",
    "Cpu",
    "DeviceName",
    "Function",
    "Group",
    "LoadedList",
    "Machine",
    "Outcome",
    "Port",
    "Report",
    "Setting",
    "Slot",
    "SlotWitness",
    "Taint",
    "Tombstone",
    "Vendor",
    "Verdict",
]
