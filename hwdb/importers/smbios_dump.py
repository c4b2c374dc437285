"""The SMBIOS table itself, as ``dmidecode --dump-bin`` writes it: an entry point and, 32 bytes on, the table. No I/O.

Offsets are those of DMTF DSP0134 3.7, section 7. The text given is the bytes of the file read as Latin-1, which keeps
each of them. Serial numbers, UUIDs, asset tags and the structures of manufacturers are in there and never decoded.
"""

from __future__ import annotations

from hwdb.errors import ParseError
from hwdb.report import Bios, Board, Chassis, Cpu, Memory, Provenance, Report, Slot, SlotPeer, System
from hwdb.smbios import Structure, slot_of, walk

ANCHORS = ("_SM_", "_SM3_")
_TABLE_AT, _LARGEST = 0x20, 1 << 20
_WANTED = frozenset({0, 1, 2, 3, 4, 9, 17})
_MOST_SLOTS, _MOST_CPUS = 256, 64
_POPULATED = 0x40
# ROM, flash and its kin, and parts of a persistent memory module are no main memory.
_NO_MEMORY = frozenset({0x08, 0x09, 0x0A, 0x0B, 0x0C, 0x1F})


def sniff(text: str) -> bool:
    """Whether the bytes begin with an entry point."""
    return text.startswith(ANCHORS) and "\0" in text[:_TABLE_AT]


def parse(text: str) -> Report:
    """Return the report of the machine whose table this is; it has no PCI functions.

    Raises:
        ParseError: There is no entry point, or no structure of the table behind it.
    """
    by_type: dict[int, list[Structure]] = {}
    if sniff(text):
        table = text[_TABLE_AT : _TABLE_AT + _LARGEST].encode("latin-1", "replace")
        for one in walk(table, _WANTED):
            by_type.setdefault(one.type, []).append(one)
    if not by_type:
        raise ParseError("no SMBIOS table stands here; dmidecode --dump-bin FILE writes one that can be read")
    first = {kind: found[0] for kind, found in by_type.items()}
    nothing = Structure(b"\0\4\0\0", b"")
    board, system = first.get(2, nothing), first.get(1, nothing)
    case = _byte(first[3], 0x05) & 0x7F if 3 in first else 0
    return Report(
        board=Board(*map(board.string, (4, 5, 6))),
        system=System(
            system.string(4), system.string(5), system.string(6), family=system.string(0x1A), sku=system.string(0x19)
        ),
        chassis=Chassis(case or None),
        bios=_bios(first.get(0, nothing)),
        cpus=tuple(_cpu(one) for one in by_type.get(4, []) if _byte(one, 0x18) & _POPULATED)[:_MOST_CPUS] or None,
        memory=Memory(sum(map(_memory, by_type.get(17, []))) or None),
        # The whole table is here: slots that are missing are not in it.
        slots=_slots(by_type.get(9, [])),
        provenance=Provenance(
            source="dmidecode",
            problems=("dmidecode lists no PCI functions: give lspci's output of the same machine beside it.",),
        ),
    )


def _bios(one: Structure) -> Bios:
    major, minor = _byte(one, 0x14), _byte(one, 0x15)
    stated = len(one) > 0x15 and 0xFF not in {major, minor}
    date = one.string(8)
    return Bios(one.string(4), one.string(5), date[:64] if date else None, f"{major}.{minor}" if stated else None)


def _cpu(one: Structure) -> Cpu:
    family, model, stepping = _signature(one)
    return Cpu(
        name=one.string(0x10),
        family=family,
        model=model,
        stepping=stepping,
        upgrade=_byte(one, 0x19) or None,
        cores=_count(one, 0x23, 0x2A),
        threads=_count(one, 0x25, 0x2E),
    )


def _signature(one: Structure) -> tuple[int | None, int | None, int | None]:
    """Return family, model and stepping of the processor id, which only x86 processors write in this way."""
    eax, maker = one.number(0x08, 4), one.string(0x07) or ""
    if not eax or not any(word in maker for word in ("Intel", "AMD", "Advanced Micro Devices")):
        return None, None, None
    family, model = eax >> 8 & 0x0F, eax >> 4 & 0x0F
    if family in {0x06, 0x0F}:
        model |= eax >> 12 & 0xF0
    return family + (eax >> 20 & 0xFF if family == 0x0F else 0), model, eax & 0x0F


def _count(one: Structure, at: int, wide: int) -> int | None:
    """Return a number of cores or threads; FFh in the older byte says that the newer word has it."""
    number = _byte(one, at)
    return (one.number(wide) if number == 0xFF else number) or None


def _memory(one: Structure) -> int:
    size = one.number(0x0C) or 0
    if size == 0xFFFF or _byte(one, 0x12) in _NO_MEMORY:
        return 0
    if size == 0x7FFF:
        return ((one.number(0x1C, 4) or 0) & 0x7FFFFFFF) << 20
    return (size & 0x7FFF) << (10 if size & 0x8000 else 20)


def _slots(found: list[Structure]) -> tuple[Slot, ...]:
    said = [slot for slot in map(slot_of, found) if slot is not None]
    for slot in said:
        if "peers" in slot:
            slot["peers"] = tuple(SlotPeer(**peer) for peer in slot["peers"])
    return tuple(Slot(**slot) for slot in said[:_MOST_SLOTS])


def _byte(one: Structure, at: int) -> int:
    """Return a byte, 0 when the structure is shorter: in these fields 0 says that it is not known."""
    return one.byte(at) or 0
