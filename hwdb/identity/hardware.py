"""What tells unnamed boards apart: the functions soldered to their chipset. No I/O."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from hwdb.report import canonical, to_document

if TYPE_CHECKING:
    from hwdb.report import Function, Report

_ROOT_BUS = "0000:00:"
# Below device 10 hex are the processor's own functions on Intel and AMD, device 18 is AMD's data fabric: they change
# with the processor.
_FIRST_OF_CHIPSET, _DATA_FABRIC = 0x10, 0x18
_PCI_BRIDGE = "0604"
_FILLED_IN = frozenset({"0000", "ffff"})


def hardware_mark(report: Report) -> str:
    """Return eight hex digits that unnamed machines on one board share, and machines on two boards do not.

    It is made of the ids and subsystem ids of the chipset's functions on the root bus. What changes with the processor
    (the low devices of the bus) and with the cards plugged in (other buses, and PCI bridges, which firmware hides where
    nothing is behind them) is left out. A board's maker writes subsystem ids of its own there, or leaves the chipset
    maker's (8086:7270), zeros, ones or the function's own device id: these say nothing of the board, and of two boards
    with nothing else all would look alike. A report without a telling id, as of a plain listing, has the mark of its
    own document: silence is no likeness.
    """
    soldered = [f for f in report.functions if _is_of_the_chipset(f)]
    if not any(_tells_the_board(f) for f in soldered):
        return _digest(canonical(to_document(report)))
    told = sorted(f"{f.vendor}:{f.device} {f.subsystem_vendor}:{f.subsystem_device}" for f in soldered)
    return _digest("\n".join(told).encode())


def _is_of_the_chipset(function: Function) -> bool:
    if not function.address.startswith(_ROOT_BUS) or function.class_ == _PCI_BRIDGE or function.header_type == 1:
        return False
    return int(function.address[8:10], 16) >= _FIRST_OF_CHIPSET and function.address[8:10] != f"{_DATA_FABRIC:02x}"


def _tells_the_board(function: Function) -> bool:
    vendor, device = function.subsystem_vendor, function.subsystem_device
    if vendor is None or device is None or _FILLED_IN & {vendor, device}:
        return False
    return vendor != function.vendor and device != function.device


def _digest(said: bytes) -> str:
    return hashlib.sha256(said).hexdigest()[:8]
