"""Which board a report is about. No I/O."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hwdb.identity.names import is_placeholder, key_of, vendor_name

if TYPE_CHECKING:
    from hwdb.report import Report


@dataclass(frozen=True)
class BoardIdentity:
    """A board's identity.

    Attributes:
        vendor_key, key: What tells it from all others; equal keys are one board.
        vendor, name: As people know it.
        known: False when neither board nor system say what it is, so that it stands for this hardware only.
    """

    vendor_key: str
    key: str
    vendor: str
    name: str
    known: bool


def identify(report: Report) -> BoardIdentity:
    """Return the board's identity: by its own name, else by the system's, else by its soldered hardware.

    Placeholders ("Default string") are no names, so that they never merge machines.
    """
    vendor = next((v for v in (report.board.vendor, report.system.vendor) if v and not is_placeholder(v)), None)
    name = next((n for n in (report.board.name, report.system.name) if n and not is_placeholder(n)), None)
    shown_vendor = vendor_name(vendor) if vendor is not None else "Unknown vendor"
    if name is not None and key_of(name):
        shown = " ".join(name.split())
        return BoardIdentity(key_of(shown_vendor), key_of(name), shown_vendor, shown, known=True)
    mark = _hardware_mark(report)
    return BoardIdentity(
        key_of(shown_vendor), f"unidentified{mark}", shown_vendor, f"Unidentified board {mark}", known=False
    )


def _hardware_mark(report: Report) -> str:
    """Return eight hex digits that boards with the same functions on bus 0 share."""
    soldered = sorted(
        f"{f.address} {f.vendor}:{f.device} {f.subsystem_vendor}:{f.subsystem_device}"
        for f in report.functions
        if f.address.startswith("0000:00:")
    )
    return hashlib.sha256("\n".join(soldered).encode()).hexdigest()[:8]
