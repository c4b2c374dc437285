"""Which board a report is about. No I/O."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hwdb.identity.names import is_placeholder, key_of, vendor_key, vendor_name
from hwdb.report import canonical, to_document

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

    Placeholders ("Default string") are no names, so that they never merge machines. A name goes with the vendor that
    stands beside it, if one does.
    """
    # Board and system say who made it and what it is; of two names the board's own counts.
    said = [(_stated(part.vendor), _stated(part.name)) for part in (report.board, report.system)]
    named = [both for both in said if both[1] is not None and key_of(both[1])]
    vendor = next((vendor for vendor, _ in named[:1] + said if vendor is not None), None)
    shown_vendor = vendor_name(vendor) if vendor is not None else "Unknown vendor"
    maker = vendor_key(vendor) if vendor is not None else key_of(shown_vendor)
    name = named[0][1] if named else None
    if name is not None:
        return BoardIdentity(maker, key_of(name), shown_vendor, " ".join(name.split()), known=True)
    mark = _hardware_mark(report)
    return BoardIdentity(maker, f"unidentified{mark}", shown_vendor, f"Unidentified board {mark}", known=False)


def _stated(text: str | None) -> str | None:
    return None if is_placeholder(text) else text


def _hardware_mark(report: Report) -> str:
    """Return eight hex digits that boards with the same functions on bus 0 share.

    A report that does not say what stands there has a mark of its own: silence is no likeness.
    """
    soldered = sorted(
        f"{f.address} {f.vendor}:{f.device} {f.subsystem_vendor}:{f.subsystem_device}"
        for f in report.functions
        if f.address.startswith("0000:00:") and f.vendor is not None
    )
    said = "\n".join(soldered).encode() if soldered else canonical(to_document(report))
    return hashlib.sha256(said).hexdigest()[:8]
