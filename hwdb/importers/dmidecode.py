"""dmidecode's text: board, system, chassis, firmware, processors, memory and the firmware's table of slots. No I/O.

    Handle 0x0029, DMI type 9, 17 bytes
    System Slot Information
            Designation: PCIE2
            Type: x8 PCI Express
            Current Usage: In Use
            Bus Address: 0000:43:00.0

Whole tables, quiet ones (``-q``) and excerpts (``-t slot``) are read. Serial numbers, UUIDs, asset tags and what
manufacturers write into strings of their own are never looked at: only the fields named here are.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hwdb.errors import ParseError
from hwdb.importers.dmidecode_words import CHASSIS_TYPES, SLOT_TYPES, SLOT_WIDTHS, UPGRADES, USAGES
from hwdb.importers.listing import MOST_PROBLEMS
from hwdb.importers.lspci_line import full_address
from hwdb.importers.posted import lines
from hwdb.report import Bios, Board, Chassis, Cpu, Memory, Provenance, Report, Slot, SlotPeer, System
from hwdb.smbios import WIDTHS, connector_lanes_of, kind_of

if TYPE_CHECKING:
    from collections.abc import Iterator

_TITLES = {
    "BIOS Information": 0,
    "System Information": 1,
    "Base Board Information": 2,
    "Chassis Information": 3,
    "Processor Information": 4,
    "System Slot Information": 9,
    "Memory Device": 17,
}
_TITLE = re.compile(
    r"(?:BIOS|System|Board|Chassis|Processor|Slot)\W{1,9}(?:nbsp;)?Information|Memory\W{1,9}(?:nbsp;)?Device"
)
# Every field that is read, and no other.
_FIELDS = {
    0: frozenset({"Vendor", "Version", "Release Date", "BIOS Revision"}),
    1: frozenset({"Manufacturer", "Product Name", "Version", "SKU Number", "Family"}),
    2: frozenset({"Manufacturer", "Product Name", "Version"}),
    3: frozenset({"Type"}),
    4: frozenset({"Version", "Signature", "Status", "Upgrade", "Core Count", "Thread Count"}),
    9: frozenset(
        {"Designation", "Type", "Current Usage", "ID", "Bus Address", "Slot Physical Width", "Pitch", "Peer Devices"}
    ),
    17: frozenset({"Size", "Type"}),
}
_HANDLE = re.compile(r"\s*+Handle 0x[0-9A-Fa-f]{1,8}\b")
_FIELD = re.compile(r"\s*+([A-Z][A-Za-z0-9 /.()-]{1,39}+):(?:\s++|\Z)")
_PEER = re.compile(r"\s*+Peer Device [0-9]{1,3}:\s++(\S{7,16}) \(Width ([0-9]{1,3})\)")
_FAMILY = re.compile(r"Family ([0-9]{1,4}), Model ([0-9]{1,4}), Stepping ([0-9]{1,4})")
_WIDTH = re.compile(r"(x[0-9]{1,2}|[0-9]{1,3}-bit)(?: |\Z)")
_PITCH = re.compile(r"([0-9]{1,3})\.([0-9]{2}) mm")
_SIZE = re.compile(r"([0-9]{1,9}) ?(k|M|G|T|P)i?B")
_UNITS = {unit: 1024**power for power, unit in enumerate("kMGTP", start=1)}
# What dmidecode prints where the table has nothing, or is damaged.
_NOTHING = frozenset({"not specified", "<bad index>", "<out of spec>", "not present"})
_NO_MEMORY = ("ROM", "Flash", "EEPROM", "FEPROM", "EPROM", "Logical non-volatile device")
_LONGEST, _LONGEST_SHORT = 200, 64
_MOST_STRUCTURES, _MOST_SLOTS, _MOST_CPUS, _MOST_PEERS, _LARGEST = 4096, 256, 64, 32, 2**53


class _Structure:
    """One structure of the table: its type, and the fields of it that are read."""

    def __init__(self, kind: int) -> None:
        self.kind = kind
        self.fields: dict[str, str] = {}
        self.peers: list[SlotPeer] = []
        self.indented = False

    def text(self, field: str, longest: int = _LONGEST) -> str | None:
        """Return a text of the table, None where it has none."""
        said = self.fields.get(field, "").strip()
        return said[:longest].rstrip() or None if said.lower() not in _NOTHING else None

    def number(self, field: str, highest: int = 0xFFFF) -> int | None:
        """Return a whole number."""
        said = self.fields.get(field, "")
        return int(said) if re.fullmatch(r"[0-9]{1,6}", said) and int(said) <= highest else None

    def read(self, line: str) -> None:
        """Take one line of the structure; of fields that stand twice the first counts."""
        peer = _PEER.match(line) if self.kind == 9 else None
        address = full_address(peer[1]) if peer else None
        if peer and address and len(self.peers) < _MOST_PEERS:
            self.peers.append(SlotPeer(address, min(int(peer[2]), 255)))
        known = _FIELD.match(line)
        if known is not None and known[1] in _FIELDS[self.kind]:
            self.fields.setdefault(known[1], line[known.end() : known.end() + 4 * _LONGEST].strip())
            self.indented = self.indented or line[0].isspace()

    def ends_at(self, line: str) -> bool:
        """Whether a line is the title of a structure that is not read, where no handle stands above it (``-q``)."""
        return self.indented and not line[0].isspace()


def sniff(text: str) -> bool:
    """Whether a structure is there that dmidecode prints, with a field of its own."""
    # Most texts are told by a word that is not in them.
    return _TITLE.search(text) is not None and any(len(one.fields) > 1 for one in _structures(text))


def parse(text: str) -> Report:
    """Return the report of the machine whose table a text prints; it has no PCI functions.

    Raises:
        ParseError: There is no structure of the table.
    """
    by_type: dict[int, list[_Structure]] = {}
    for one in _structures(text):
        by_type.setdefault(one.kind, []).append(one)
    if not any(one.fields for known in by_type.values() for one in known):
        raise ParseError("no table of dmidecode stands here; it has lines like 'Base Board Information'")
    first = {kind: known[0] for kind, known in by_type.items()}
    chassis, bios = first.get(3, _Structure(3)), first.get(0, _Structure(0))
    slots = tuple(_slot(one) for one in by_type.get(9, ()) if one.fields)
    return Report(
        board=_board(first.get(2, _Structure(2))),
        system=_system(first.get(1, _Structure(1))),
        chassis=Chassis(CHASSIS_TYPES.get(chassis.fields.get("Type", ""))),
        bios=Bios(
            bios.text("Vendor"),
            bios.text("Version"),
            bios.text("Release Date", _LONGEST_SHORT),
            bios.text("BIOS Revision", _LONGEST_SHORT),
        ),
        cpus=_cpus(by_type.get(4, [])),
        memory=Memory(_memory(by_type.get(17, []))),
        slots=slots[:_MOST_SLOTS] if slots or _is_whole(by_type) else None,
        provenance=Provenance(source="dmidecode", problems=tuple(_problems(by_type)[:MOST_PROBLEMS])),
    )


def _problems(by_type: dict[int, list[_Structure]]) -> list[str]:
    said = ["dmidecode lists no PCI functions: give lspci's output of the same machine beside it."]
    if 9 not in by_type:
        said.append("The table names no slots.")
    if 2 not in by_type:
        said.append("The table names no board.")
    return said


def _is_whole(by_type: dict[int, list[_Structure]]) -> bool:
    """Whether a table was printed, and not a part of it: then slots that are missing are not in it."""
    return {0, 1, 4, 17} <= by_type.keys()


def _structures(text: str) -> Iterator[_Structure]:
    """Yield the structures whose type is read, as far as a machine can have them."""
    current: _Structure | None = None
    count = 0
    for _, line in lines(text):
        title = line.strip()
        begun = _TITLES.get(title)
        if not title:
            # A blank line ends a structure, but a paste may have one after every line.
            continue
        if begun is None and not _HANDLE.match(line) and not (current is not None and current.ends_at(line)):
            if current is not None:
                current.read(line)
            continue
        if current is not None:
            yield current
            count += 1
        current = None if begun is None or count >= _MOST_STRUCTURES else _Structure(begun)
    if current is not None:
        yield current


def _board(one: _Structure) -> Board:
    return Board(one.text("Manufacturer"), one.text("Product Name"), one.text("Version"))


def _system(one: _Structure) -> System:
    return System(
        vendor=one.text("Manufacturer"),
        name=one.text("Product Name"),
        version=one.text("Version"),
        family=one.text("Family"),
        sku=one.text("SKU Number"),
    )


def _cpus(structures: list[_Structure]) -> tuple[Cpu, ...] | None:
    made = [_cpu(one) for one in structures if one.fields and "Unpopulated" not in one.fields.get("Status", "")]
    return tuple(made[:_MOST_CPUS]) or None


def _cpu(one: _Structure) -> Cpu:
    signature = _FAMILY.search(one.fields.get("Signature", ""))
    family, model, stepping = (int(number) for number in signature.groups()) if signature else (None, None, None)
    return Cpu(
        name=one.text("Version"),
        family=family,
        model=model,
        stepping=stepping,
        upgrade=UPGRADES.get(one.fields.get("Upgrade", "")),
        cores=one.number("Core Count"),
        threads=one.number("Thread Count"),
    )


def _memory(structures: list[_Structure]) -> int | None:
    sizes = (
        _SIZE.fullmatch(one.fields.get("Size", "")) for one in structures if one.fields.get("Type") not in _NO_MEMORY
    )
    total = sum(int(size[1]) * _UNITS[size[2]] for size in sizes if size)
    return total if 0 < total <= _LARGEST else None


def _slot(one: _Structure) -> Slot:
    width, code = _type(one.fields.get("Type", ""))
    physical = SLOT_WIDTHS.get(one.fields.get("Slot Physical Width", ""))
    usage, pitch = one.fields.get("Current Usage", ""), _PITCH.fullmatch(one.fields.get("Pitch", ""))
    hundredths = int(pitch[1]) * 100 + int(pitch[2]) if pitch else 0
    return Slot(
        designation=one.text("Designation"),
        witness="smbios",
        kind=kind_of(code),
        smbios_type=code,
        connector_lanes=WIDTHS.get(physical or 0) or connector_lanes_of(code),
        electrical_lanes=WIDTHS.get(width or 0),
        usage=USAGES.get(usage),
        id=one.number("ID"),
        address=full_address(one.fields.get("Bus Address", "")),
        slot_width=physical,
        slot_pitch=hundredths or None,
        peers=tuple(one.peers) if one.peers or one.fields.get("Peer Devices") == "0" else None,
    )


def _type(words: str) -> tuple[int | None, int | None]:
    """Return the data bus width byte and the slot type byte of words like ``x8 PCI Express 3 x16``."""
    said = " ".join(words.split())
    width = _WIDTH.match(said)
    kind = said[width.end() :] if width else said
    # Older versions name the generation in words.
    code = SLOT_TYPES.get(kind.lower().replace(" gen ", " "))
    return (SLOT_WIDTHS.get(width[1]) if width else None), code
