"""Boards of whole machines: their names are codes, and people know the machine by its system's name. No I/O."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hwdb.identity.names import key_of, tidy
from hwdb.identity.placeholders import is_placeholder, names_no_board
from hwdb.identity.vendors import names_only_the_vendor

if TYPE_CHECKING:
    from hwdb.report import Board, System

_LENOVO = frozenset({"IBM", "Lenovo"})
# What Lenovo sells is ordered by machine type and, mostly, characters for the model: 10AXS11800, 8808D8U, 82YA, 10181.
_ORDER_CODE = re.compile(r"(?P<type>[0-9A-Z]{4})(?:[0-9A-Z]{3}|[0-9A-Z]{6})?|(?P<digits>[0-9]{5})(?:&[0-9]+)?")
_IN_BRACKETS = re.compile(r":?\s*-\[(?P<code>[0-9A-Z]{4,12})\]-")
# A PCI subsystem id in place of a name: 0x36A017AA.
_SUBSYSTEM = re.compile(r"0x([0-9A-Fa-f]{4})17AA")
# HP's consumer machines lead with an order number and a country: FL213AA-ACB a6561.ru.
_HP_ORDER = re.compile(r"[A-Z]{2}[0-9]{3}[A-Z]{2}[-#][A-Z0-9]{3}\s+(?=[^\s(])")
# HP spells one and the same code as 2A73 and as 2A73h.
_HP_CODE = re.compile(r"([0-9A-F]{4})[hH]")


def machine_name(vendor: str, board: Board, system: System) -> tuple[str | None, str | None]:
    """Return what a vendor's machine is called, and its board's code in it; None for what is not stated.

    The name holds both, ``OptiPlex 9020 (0KWVT8)``: one machine is built on several boards, and one board goes into
    several machines. Where they are equal, or the board says the machine's name and more, the board's name does.
    Lenovo's system names are order codes; there it is the system's version, and the machine type (the code's first four
    characters) stands for a board that is called nothing, or by a chipset's code name: ``ThinkCentre M93p (10AA)``.
    """
    code = _code(vendor, board.name, system)
    label, kind = _lenovo(vendor, system) if vendor in _LENOVO else (_label(vendor, system.name), None)
    if code is not None and label is not None:
        same = key_of(code).startswith(key_of(label))
        return (code, code) if same else (f"{label} ({code})", code)
    if code is None and label is not None and kind is not None:
        return f"{label} ({kind})", None
    return code or label or kind, code


def without_vendor(vendor: str, name: str) -> str:
    """Return a product's name without its vendor's in front: ``HP Z440 Workstation`` of HP is ``Z440 Workstation``."""
    prefix = vendor.casefold() + " "
    return name[len(prefix) :].lstrip(" -") or name if name.casefold().startswith(prefix) else name


def _label(vendor: str, text: str | None) -> str | None:
    if text is None or is_placeholder(text) or names_only_the_vendor(vendor, text):
        return None
    name = without_vendor(vendor, tidy(text))
    if vendor in {"HP", "Compaq"}:
        name = _HP_ORDER.sub("", name)
    return None if not key_of(name) or names_no_board(name) or names_only_the_vendor(vendor, name) else name


def _code(vendor: str, text: str | None, system: System) -> str | None:
    name = _label(vendor, text)
    if name is None:
        return None
    if vendor in _LENOVO:
        subsystem = _SUBSYSTEM.fullmatch(name)
        name = subsystem[1].upper() if subsystem else _IN_BRACKETS.sub("", name)
        # A board with the machine's order code as its name has none of its own.
        ordered = _is_order_code(name) and (len(name) > 7 or name == system.name)
        return None if not name or ordered else name
    if vendor == "HP":
        name = _HP_CODE.sub(r"\1", name) if _HP_CODE.fullmatch(name) else name
    return name


def _lenovo(vendor: str, system: System) -> tuple[str | None, str | None]:
    """Return the name of a Lenovo and its machine type."""
    name, version = _label(vendor, system.name), _label(vendor, system.version)
    bracketed = _IN_BRACKETS.search(name or "")
    ordered = bracketed["code"] if bracketed else name or ""
    told = _ORDER_CODE.fullmatch(ordered)
    kind = (told["type"] or told["digits"]) if told and _is_order_code(ordered) else None
    if version is not None and re.search(r"[A-Za-z]{3}", system.version or "") and not _is_order_code(version):
        return version, kind
    if name is None or (name == ordered and kind is not None):
        return None, kind
    return without_vendor("IBM", _IN_BRACKETS.sub("", name).strip(" :")) or None, kind


def _is_order_code(text: str) -> bool:
    return _ORDER_CODE.fullmatch(text) is not None and any(c.isdigit() for c in text)
