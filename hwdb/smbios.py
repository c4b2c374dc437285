"""SMBIOS tables: structures told apart, and what a system slot (type 9) says. No I/O.

By DMTF DSP0134 3.7, sections 6.1.2 and 7.10. This module imports nothing: the client reads it at every start. A
structure's strings are only decoded when somebody asks for one, so that serial numbers of other types never are.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from typing import Any

SLOT = 9
USAGES = {0x01: "other", 0x03: "available", 0x04: "in_use", 0x05: "unavailable"}
"""Current usage byte -> the report's word; 2 says that it is unknown."""

WIDTHS = {0x08: 1, 0x09: 2, 0x0A: 4, 0x0B: 8, 0x0C: 12, 0x0D: 16, 0x0E: 32}
"""Data bus width byte -> lanes. Smaller codes are the bits of parallel buses."""

_KINDS = {
    "m2": range(0x14, 0x18),
    "u2": (0x1F, 0x20, 0x24, 0x25),
    "mini": range(0x21, 0x24),
    "pci": (0x06, 0x0E, 0x12),
}
# First code of each generation: the code itself says no width, the five after it x1, x2, x4, x8, x16.
_PCIE = (0xA5, 0xAB, 0xB1, 0xB8, 0xBE)
_PCIE_6 = 0xC4
_LANES = (None, 1, 2, 4, 8, 16)
_END, _HEADER = 127, 4
# The shortest slot, of SMBIOS 2.0, and one of 3.5 without peers. A longer one than that and its peers is damaged.
_SHORTEST_SLOT, _LONGEST_SLOT, _PEER = 0x0C, 0x18, 5
_LONGEST_STRING, _MOST_PEERS = 200, 32


class Structure:
    """One SMBIOS structure.

    Args:
        data: Its formatted area, header included.
        rest: The bytes after it: its string set, without the two NULs at the end.
    """

    def __init__(self, data: bytes, rest: bytes) -> None:
        self.type = data[0]
        self._data = data
        self._rest = rest

    def __len__(self) -> int:
        return len(self._data)

    def byte(self, at: int) -> int | None:
        """Return the byte at an offset, None when the structure is shorter, as those of older versions are."""
        return self._data[at] if at < len(self._data) else None

    def number(self, at: int, size: int = 2) -> int | None:
        """Return the little-endian number at an offset, None when the structure is shorter."""
        return int.from_bytes(self._data[at : at + size], "little") if at + size <= len(self._data) else None

    def string(self, at: int) -> str | None:
        """Return the string that the byte at an offset names, None when there is none.

        A string set whose end is missing runs into the next structure, which may hold serial numbers. The next
        structure begins with its type and length, so the set is taken to end at the first byte that is no text.
        """
        number = self.byte(at)
        if not number:
            return None
        strings = self._rest.split(b"\0")[:number]
        if len(strings) < number or any(min(string, default=32) < 32 for string in strings):
            return None
        return strings[-1].decode("utf-8", "replace").strip()[:_LONGEST_STRING].rstrip() or None


def walk(table: bytes, wanted: Collection[int]) -> Iterator[Structure]:
    """Yield the structures of the wanted types; where a damaged table cannot be told apart any more, it ends."""
    at = 0
    while at + _HEADER <= len(table):
        kind, length = table[at], table[at + 1]
        if length < _HEADER or at + length > len(table):
            return
        end = table.find(b"\0\0", at + length)
        end = len(table) if end < 0 else end
        if kind in wanted:
            yield Structure(table[at : at + length], table[at + length : end])
        if kind == _END:
            return
        at = end + 2


def kind_of(code: int | None) -> str | None:
    """Return the kind of connector of a slot type byte, None when it is no kind that a report names."""
    if code is None:
        return None
    named = next((kind for kind, codes in _KINDS.items() if code in codes), None)
    return named or ("pcie" if any(first <= code <= first + 5 for first in _PCIE) or code == _PCIE_6 else None)


def connector_lanes_of(code: int | None) -> int | None:
    """Return the length of the connector that a slot type byte states, in lanes."""
    return next((_LANES[code - first] for first in _PCIE if code is not None and first <= code <= first + 5), None)


def slot_of(one: Structure) -> dict[str, Any] | None:
    """Return what a type 9 structure says, by the keys of a report's slot; None when it is none.

    The address is as the table says it, placeholders included.
    """
    if one.type != SLOT or len(one) < _SHORTEST_SLOT:
        return None
    kind, peers = one.byte(0x05), _peers(one)
    # Width and pitch of SMBIOS 3.4 stand behind the peers.
    after = 0x13 + _PEER * _peer_count(one)
    whole = len(one) <= _LONGEST_SLOT + _PEER * (one.byte(0x12) or 0)
    physical = one.byte(after + 1)
    said = {
        "witness": "smbios",
        "designation": one.string(0x04) if whole else None,
        "kind": kind_of(kind),
        "smbios_type": kind,
        "connector_lanes": WIDTHS.get(physical or 0) or connector_lanes_of(kind),
        "electrical_lanes": WIDTHS.get(one.byte(0x06) or 0),
        "usage": USAGES.get(one.byte(0x07) or 0),
        "id": one.number(0x09),
        "address": address_at(one, 0x0D),
        "slot_width": physical or None,
        "slot_pitch": one.number(after + 2) or None,
        "peers": peers if one.byte(0x12) is not None else None,
    }
    return {key: fact for key, fact in said.items() if fact is not None}


def _peer_count(one: Structure) -> int:
    """Return how many peer groups are really there, whatever the structure counts."""
    return min(one.byte(0x12) or 0, max(0, len(one) - 0x13) // _PEER)


def _peers(one: Structure) -> list[dict[str, Any]]:
    places = range(0x13, 0x13 + _PEER * _peer_count(one), _PEER)
    found = [{"address": address_at(one, at), "lanes": one.byte(at + 4)} for at in places]
    return [peer for peer in found if peer["address"] is not None][:_MOST_PEERS]


def address_at(one: Structure, at: int) -> str | None:
    """Return the address whose segment, bus and device.function stand at an offset.

    None where the structure ends before it or it is filled with ones.
    """
    segment, bus, function = one.number(at), one.byte(at + 2), one.byte(at + 3)
    if segment is None or bus is None or function is None or (segment, bus, function) == (0xFFFF, 0xFF, 0xFF):
        return None
    return f"{segment:04x}:{bus:02x}:{function >> 3:02x}.{function & 7}"
