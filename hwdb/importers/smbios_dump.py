"""The SMBIOS table itself, as ``dmidecode --dump-bin`` writes it: an entry point and, 32 bytes on, the table. No I/O.

Offsets are those of DMTF DSP0134 3.7, section 7. The text given is the bytes of the file read as Latin-1, which keeps
each of them. Serial numbers, UUIDs, asset tags and the structures of manufacturers are in there and never decoded.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hwdb.errors import ParseError
from hwdb.importers.smbios_codes import USAGES, WIDTHS, connector_lanes_of, kind_of
from hwdb.report import Bios, Board, Chassis, Cpu, Memory, Provenance, Report, Slot, SlotPeer, System

if TYPE_CHECKING:
    from collections.abc import Iterator

ANCHORS = ("_SM_", "_SM3_")
_TABLE_AT, _HEADER, _END, _LARGEST = 0x20, 4, 127, 1 << 20
_WANTED = frozenset({0, 1, 2, 3, 4, 9, 17})
_LONGEST, _MOST_SLOTS, _MOST_CPUS, _MOST_PEERS = 200, 256, 64, 32
_POPULATED = 0x40
# ROM, flash and its kin, and parts of a persistent memory module are no main memory.
_NO_MEMORY = frozenset({0x08, 0x09, 0x0A, 0x0B, 0x0C, 0x1F})
_PEER = 5


class _Structure:
    """One structure: its formatted area and its strings."""

    def __init__(self, data: bytes, strings: bytes) -> None:
        self.kind = data[0]
        self._data = data
        self._strings = strings

    def __len__(self) -> int:
        return len(self._data)

    def byte(self, at: int) -> int:
        """Return the byte at an offset, 0 when the structure is shorter, as those of older versions are."""
        return self._data[at] if at < len(self._data) else 0

    def number(self, at: int, size: int = 2) -> int | None:
        """Return the little-endian number at an offset, None when the structure is shorter."""
        return int.from_bytes(self._data[at : at + size], "little") if at + size <= len(self._data) else None

    def text(self, at: int) -> str | None:
        """Return the string the byte at an offset names, None when there is none.

        A string set whose end is missing runs into the next structure, which may hold serial numbers; it begins with
        bytes that are no text.
        """
        number = self.byte(at)
        strings = self._strings.split(b"\0")[:number]
        if not number or len(strings) < number or any(min(string, default=32) < 32 for string in strings):
            return None
        return strings[-1].decode("utf-8", "replace").strip()[:_LONGEST].rstrip() or None


def sniff(text: str) -> bool:
    """Whether the bytes begin with an entry point."""
    return text.startswith(ANCHORS) and "\0" in text[:_TABLE_AT]


def parse(text: str) -> Report:
    """Return the report of the machine whose table this is; it has no PCI functions.

    Raises:
        ParseError: There is no entry point, or no structure of the table behind it.
    """
    by_type: dict[int, list[_Structure]] = {}
    if sniff(text):
        table = text[_TABLE_AT : _TABLE_AT + _LARGEST].encode("latin-1", "replace")
        for one in _structures(table):
            by_type.setdefault(one.kind, []).append(one)
    if not by_type:
        raise ParseError("no SMBIOS table stands here; dmidecode --dump-bin FILE writes one that can be read")
    first = {kind: found[0] for kind, found in by_type.items()}
    nothing = _Structure(b"\0\4\0\0", b"")
    board, system = first.get(2, nothing), first.get(1, nothing)
    case = first[3].byte(0x05) & 0x7F if 3 in first else 0
    return Report(
        board=Board(board.text(4), board.text(5), board.text(6)),
        system=System(system.text(4), system.text(5), system.text(6), family=system.text(0x1A), sku=system.text(0x19)),
        chassis=Chassis(case or None),
        bios=_bios(first.get(0, nothing)),
        cpus=tuple(_cpu(one) for one in by_type.get(4, []) if one.byte(0x18) & _POPULATED)[:_MOST_CPUS] or None,
        memory=Memory(sum(map(_memory, by_type.get(17, []))) or None),
        # The whole table is here: slots that are missing are not in it.
        slots=tuple(_slot(one) for one in by_type.get(9, []) if len(one) >= 0x0C)[:_MOST_SLOTS],
        provenance=Provenance(
            source="dmidecode",
            problems=("dmidecode lists no PCI functions: give lspci's output of the same machine beside it.",),
        ),
    )


def _structures(table: bytes) -> Iterator[_Structure]:
    """Yield the structures that are read; what cannot be told apart any more ends a damaged table."""
    at = 0
    while at + _HEADER <= len(table):
        kind, length = table[at], table[at + 1]
        if length < _HEADER or at + length > len(table):
            return
        end = table.find(b"\0\0", at + length)
        end = len(table) if end < 0 else end
        if kind in _WANTED:
            yield _Structure(table[at : at + length], table[at + length : end])
        if kind == _END:
            return
        at = end + 2


def _bios(one: _Structure) -> Bios:
    major, minor = one.byte(0x14), one.byte(0x15)
    stated = len(one) > 0x15 and 0xFF not in {major, minor}
    date = one.text(8)
    return Bios(one.text(4), one.text(5), date[:64] if date else None, f"{major}.{minor}" if stated else None)


def _cpu(one: _Structure) -> Cpu:
    family, model, stepping = _signature(one)
    return Cpu(
        name=one.text(0x10),
        family=family,
        model=model,
        stepping=stepping,
        upgrade=one.byte(0x19) or None,
        cores=_count(one, 0x23, 0x2A),
        threads=_count(one, 0x25, 0x2E),
    )


def _signature(one: _Structure) -> tuple[int | None, int | None, int | None]:
    """Return family, model and stepping of the processor id, which only x86 processors write in this way."""
    eax, maker = one.number(0x08, 4), one.text(0x07) or ""
    if not eax or not any(word in maker for word in ("Intel", "AMD", "Advanced Micro Devices")):
        return None, None, None
    family, model = eax >> 8 & 0x0F, eax >> 4 & 0x0F
    if family in {0x06, 0x0F}:
        model |= eax >> 12 & 0xF0
    return family + (eax >> 20 & 0xFF if family == 0x0F else 0), model, eax & 0x0F


def _count(one: _Structure, at: int, wide: int) -> int | None:
    """Return a number of cores or threads; FFh in the older byte says that the newer word has it."""
    number = one.byte(at)
    return (one.number(wide) if number == 0xFF else number) or None


def _memory(one: _Structure) -> int:
    size = one.number(0x0C) or 0
    if size == 0xFFFF or one.byte(0x12) in _NO_MEMORY:
        return 0
    if size == 0x7FFF:
        return ((one.number(0x1C, 4) or 0) & 0x7FFFFFFF) << 20
    return (size & 0x7FFF) << (10 if size & 0x8000 else 20)


def _slot(one: _Structure) -> Slot:
    code, count = one.byte(0x05), _peers_of(one)
    # Physical width and pitch of SMBIOS 3.4 stand behind the peers.
    after = 0x13 + _PEER * count
    physical = one.byte(after + 1) or None
    return Slot(
        designation=one.text(4),
        witness="smbios",
        kind=kind_of(code),
        smbios_type=code,
        connector_lanes=WIDTHS.get(physical or 0) or connector_lanes_of(code),
        electrical_lanes=WIDTHS.get(one.byte(6)),
        usage=USAGES.get(one.byte(7)),
        id=one.number(9),
        address=_address(one, 0x0D),
        slot_width=physical,
        slot_pitch=one.number(after + 2) or None,
        peers=_peers(one, count) if len(one) > 0x12 else None,
    )


def _peers_of(one: _Structure) -> int:
    """Return how many peer groups are really there, whatever the structure counts."""
    return min(one.byte(0x12), max(0, len(one) - 0x13) // _PEER)


def _peers(one: _Structure, count: int) -> tuple[SlotPeer, ...]:
    places = [(_address(one, at), one.byte(at + 4)) for at in range(0x13, 0x13 + _PEER * count, _PEER)]
    return tuple(SlotPeer(address, lanes) for address, lanes in places if address is not None)[:_MOST_PEERS]


def _address(one: _Structure, at: int) -> str | None:
    """Return an address, None where the table ends before it or is filled with ones."""
    segment, rest = one.number(at), one.number(at + 2)
    if segment is None or rest is None or (segment, rest) == (0xFFFF, 0xFFFF):
        return None
    return f"{segment:04x}:{rest & 0xFF:02x}:{rest >> 11:02x}.{rest >> 8 & 7}"
