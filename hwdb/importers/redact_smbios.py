"""An SMBIOS table in bytes, without its serial numbers, UUIDs, asset tags and what manufacturers write there. No I/O.

Part of ``hwdb.importers.redact``. Offsets are those of DMTF DSP0134 3.7, section 7, as in ``smbios_dump``, whose
strings are the ones that stay. Nothing moves: letters of a removed string become ``x``, other bytes zero.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hwdb.importers.redact_labels import KEY
from hwdb.importers.redact_words import SERIAL, UUID

if TYPE_CHECKING:
    from hwdb.importers.removal import Removal

_TABLE_AT, _LARGEST = 0x20, 1 << 20
_END, _HEADER = 127, 4
# Offsets of the bytes that number a string which is read, by structure type.
_READ = {0: (4, 5, 8), 1: (4, 5, 6, 0x19, 0x1A), 2: (4, 5, 6), 3: (), 4: (0x07, 0x10), 9: (4,), 17: ()}
_UUID_AT, _UUID_END = 8, 24
_TYPES_WITHOUT_SECRETS = frozenset({0, 2, 3, 4, 9, 17})
_LETTER = 0x20


def without_strings(text: str, removal: Removal) -> str:
    """Return the bytes of a table, read as Latin-1, without everything that is not read from it."""
    table = bytearray(text[_TABLE_AT : _TABLE_AT + _LARGEST].encode("latin-1", "replace"))
    at = 0
    while at + _HEADER <= len(table):
        kind, length = table[at], table[at + 1]
        if length < _HEADER or at + length > len(table):
            break
        end = table.find(b"\0\0", at + length)
        end = len(table) if end < 0 else end
        _clear_structure(table, at, length, end, removal)
        at = end + 2
        if kind == _END:
            break
    rest = min(at, len(table))
    table[rest:] = bytes(len(table) - rest)
    # What stands behind the largest table is never looked at.
    return text[:_TABLE_AT] + table.decode("latin-1") + "\0" * max(0, len(text) - _TABLE_AT - _LARGEST)


def _clear_structure(table: bytearray, at: int, length: int, end: int, removal: Removal) -> None:
    kind = table[at]
    if kind == 1 and length >= _UUID_END:
        _zero(table, at + _UUID_AT, at + _UUID_END, UUID, removal)
    elif kind not in _TYPES_WITHOUT_SECRETS and kind != 1:
        # What a manufacturer's structure holds, nobody knows.
        _zero(table, at + _HEADER, at + length, KEY if kind > _END else SERIAL, removal)
    kept = {table[at + offset] for offset in _READ.get(kind, ()) if offset < length}
    start = at + length
    for number, string in enumerate(bytes(table[start:end]).split(b"\0"), start=1):
        if number not in kept and any(byte > _LETTER and byte != ord("x") for byte in string):
            table[start : start + len(string)] = bytes(byte if byte < _LETTER else ord("x") for byte in string)
            removal.counts[SERIAL] += 1
        start += len(string) + 1


def _zero(table: bytearray, start: int, end: int, kind: str, removal: Removal) -> None:
    if any(table[start:end]):
        table[start:end] = bytes(end - start)
        removal.counts[kind] += 1
