"""Which board a report is about. No I/O."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from hwdb.identity.hardware import hardware_mark
from hwdb.identity.machines import machine_name, without_vendor
from hwdb.identity.names import key_of, tidy
from hwdb.identity.placeholders import is_placeholder, names_no_board
from hwdb.identity.vendors import OEMS, names_only_the_vendor, stated_vendor, vendor_in, vendor_key

if TYPE_CHECKING:
    from hwdb.report import Board, Report, System

_NOBODY = "Unknown vendor"
# As long as the report format lets a name be.
_LONGEST = 200
# Whose names white boards bear, with those of their chipsets.
_CHIPSET_MAKERS = frozenset({"AMD", "Intel", "NVIDIA"})
# OpenCore writes a Macintosh's names over the board's own.
_FORGED = "Acidanthera"
_MSI_CODE = re.compile(r"(?P<retail>.*?\S)[\s(\[]+(?P<code>MS-[0-9A-Z]{4})[)\]]*", re.IGNORECASE)
_BARE_MSI_CODE = re.compile(r"MS-[0-9A-Z]{4,5}", re.IGNORECASE)
# Of 780 retail names in the data, this one stands for two boards, MS-7528 and MS-7529.
_TWO_BOARDS = frozenset({"g31m3"})
_GIGABYTE_SUFFIX = "-CF"
# "Rev X.0x", "x.x" and "Rev 1.xx" are constants of ASUS and Gigabyte; Biostar's "6.x" says something.
_REVISION = re.compile(
    r"(?:(?:rev(?:ision)?|ver(?:sion)?|fab|pcb|v)(?![a-z0-9]{3})[\s.:]*)?"
    r"(?P<revision>[0-9]{1,2}\.[0-9]{1,2}(?:\.[0-9]{1,2})?[a-z]?|[2-9]\.x{1,2}|[AX][0-9]{2}|(?:AA)?[A-Z][0-9]{5}-[0-9]{3})",
    re.IGNORECASE,
)
_MARKED_REVISION = re.compile(r"(?:rev|ver|fab|v)[\s.:]*(?P<revision>[0-9]{1,3}[a-z]?|[a-h])", re.IGNORECASE)


@dataclass(frozen=True)
class BoardIdentity:
    """A board's identity.

    Attributes:
        vendor_key, key: What tells it from all others; equal keys are one board.
        vendor, name: As people know it. Of a known board they lead back to it when a report states them.
        known: False when neither board nor system say what it is, so that it stands for this hardware only.
        code: The maker's code of the board where the name has one: ``MS-7C02``, ``0KWVT8``; several retail boards
            share one of MSI's, and several machines one of Dell's.
        named_by: What the name comes from: ``board``, ``system`` (the board's own name says nothing) or ``hardware``.
    """

    vendor_key: str
    key: str
    vendor: str
    name: str
    known: bool
    code: str | None = None
    named_by: str = "board"


class _Said(NamedTuple):
    """Who made a thing and what it is, as firmware says it of the board and of the system; None says nothing."""

    vendor: str | None
    name: str | None


def identify(report: Report) -> BoardIdentity:
    """Return the board's identity: by its own name, else by the system's, else by its soldered hardware.

    - Placeholders ("Default string") are no names, so that they never merge machines; nor are a vendor's name, names of
      chipsets and of reference designs (``names_no_board``). A name goes with the vendor that stands beside it.
    - Machines of vendors that sell whole computers (``OEMS``) go by the system's vendor, whoever built the board, and
      by system and board together: ``OptiPlex 9020 (0KWVT8)`` (``machine_name``).
    - MSI's boards are told by their retail names: ``B450 TOMAHAWK MAX`` is the same board with and without its code
      (MS-7C02). A code alone is a family (180 of 467 have several retail names) and never merges with any of them.
    - Gigabyte's ``-CF`` is dropped: of 2,170 boards that report it, 1,885 name the system the same without it.
    """
    board = _said(report.board)
    system = _said(report.system)
    seller = system.vendor or board.vendor
    if seller in OEMS:
        name, code = machine_name(seller, report.board, report.system)
        if name is not None:
            return _named(seller, name, code, "board" if code is not None else "system")
        return _unnamed(report, seller)
    # Board and system say who made it and what it is; of two names the board's own counts.
    told = board if board.name is not None or system.name is None else system
    vendor = told.vendor or board.vendor or system.vendor
    if board.name is not None:
        return _named(vendor, *_shown(vendor, board.name), "board")
    if system.name is not None:
        return _named(vendor, *_shown(vendor, _with_reference(system.name, report.board.name)), "system")
    return _unnamed(report, None if vendor in _CHIPSET_MAKERS else vendor)


def board_revision(report: Report) -> str | None:
    """Return the revision of the board, ``1.0`` or ``A01``, None where the firmware does not say one.

    Only what looks like a revision is one: vendors fill the field with constants (``Rev X.0x``, ``x.x``), versions of
    other firmware (HP's ``KBC Version 05.39``) and numbers of the single machine (Lenovo's ``SDK0J40697 WIN ...``).
    It is no part of the identity: a BIOS update writes it anew, and most boards of one name have one layout.
    """
    said = tidy(report.board.version or "")
    found = _REVISION.fullmatch(said) or _MARKED_REVISION.fullmatch(said)
    if found is None or set(found["revision"]) <= set("0."):
        return None
    return found["revision"]


def _said(part: Board | System) -> _Said:
    """Return what a part of the report says; where only the name says the vendor, the name's."""
    vendor, name = stated_vendor(part.vendor), tidy(part.name or "")
    vendor = vendor or vendor_in(name)
    if vendor is not None:
        name = "" if names_only_the_vendor(vendor, name) else without_vendor(vendor, name)
    nothing = vendor == _FORGED or not key_of(name) or is_placeholder(part.name) or names_no_board(name)
    return _Said(vendor, None if nothing else name)


def _with_reference(system: str, board: str | None) -> str:
    """Return a system's name with what its board was derived from: Kraftway's ``GEG`` is built on several boards."""
    told = tidy(board or "")
    derived = not is_placeholder(board) and names_no_board(told) and key_of(told) != key_of(system)
    return f"{system} ({told})" if derived else system


def _shown(vendor: str | None, name: str) -> tuple[str, str | None]:
    """Return a board's name as people write it, and its maker's code in it."""
    if vendor == "Gigabyte":
        return name.removesuffix(_GIGABYTE_SUFFIX).rstrip() or name, None
    told = _MSI_CODE.fullmatch(name)
    if told is not None:
        return f"{told['retail']} ({told['code'].upper()})", told["code"].upper()
    return name, name.upper() if _BARE_MSI_CODE.fullmatch(name) else None


def _named(vendor: str | None, name: str, code: str | None, named_by: str) -> BoardIdentity:
    shown, key = vendor or _NOBODY, key_of(name)
    told = _MSI_CODE.fullmatch(name)
    if vendor not in OEMS and told is not None and key_of(told["retail"]) not in _TWO_BOARDS:
        key = key_of(told["retail"])
    return BoardIdentity(vendor_key(shown), key, shown, name[:_LONGEST], known=True, code=code, named_by=named_by)


def _unnamed(report: Report, vendor: str | None) -> BoardIdentity:
    shown, mark = vendor or _NOBODY, hardware_mark(report)
    name = f"Unidentified board {mark}"
    return BoardIdentity(vendor_key(shown), f"unidentified{mark}", shown, name, known=False, named_by="hardware")
