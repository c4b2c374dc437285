"""dmidecode's text: what is read of it, what never is, and the words of its slot table."""

from __future__ import annotations

import textwrap

import pytest

from hwdb import importers, schema
from hwdb.errors import ParseError
from hwdb.importers import dmidecode
from hwdb.report import Bios, Board, Chassis, Cpu, Slot, SlotPeer, System, to_document
from tests.importers.groups import problems
from tests.importers.lspci_samples import without_indentation

TABLE = """\
# dmidecode 3.5
Getting SMBIOS data from sysfs.
SMBIOS 3.3.0 present.
Table at 0xE6CB0000.

Handle 0x0000, DMI type 0, 26 bytes
BIOS Information
	Vendor: American Megatrends Inc.
	Version: P2.00
	Release Date: 11/20/2017
	Characteristics:
		PCI is supported
	BIOS Revision: 5.12

Handle 0x0001, DMI type 1, 27 bytes
System Information
	Manufacturer: To Be Filled By O.E.M.
	Product Name: X399 Example
	Version: Not Specified
	Serial Number: SECRET-1
	UUID: 03000200-0400-0500-0006-000700080009
	Wake-up Type: Power Switch
	SKU Number: SKU 1
	Family: <BAD INDEX>

Handle 0x0002, DMI type 2, 15 bytes
Base Board Information
	Manufacturer: Example Inc.
	Product Name: X399 Example
	Version:
	Serial Number: SECRET-2
	Asset Tag: SECRET-3
	Type: Motherboard

Handle 0x0003, DMI type 3, 22 bytes
Chassis Information
	Manufacturer: Example Inc.
	Type: Desktop
	Serial Number: SECRET-4

Handle 0x0010, DMI type 4, 48 bytes
Processor Information
	Socket Designation: SP3r2
	Manufacturer: Advanced Micro Devices, Inc.
	ID: 11 0F 80 00 FF FB 8B 17
	Signature: Family 23, Model 1, Stepping 1
	Version: AMD Ryzen Threadripper 1900X 8-Core Processor
	Status: Populated, Enabled
	Upgrade: Socket SP3r2
	Serial Number: SECRET-5
	Core Count: 8
	Core Enabled: 8
	Thread Count: 16

Handle 0x0011, DMI type 4, 48 bytes
Processor Information
	Version: Not Specified
	Status: Unpopulated

Handle 0x0020, DMI type 17, 40 bytes
Memory Device
	Size: 16 GB
	Type: DDR4
	Serial Number: SECRET-6

Handle 0x0021, DMI type 17, 40 bytes
Memory Device
	Size: 8192 MB
	Type: DDR4

Handle 0x0022, DMI type 17, 40 bytes
Memory Device
	Size: No Module Installed
	Type: Unknown

Handle 0x0023, DMI type 17, 40 bytes
Memory Device
	Size: 16 MB
	Type: Flash

Handle 0x0029, DMI type 9, 17 bytes
System Slot Information
	Designation: PCIE2
	Type: x8 PCI Express 3 x16
	Current Usage: In Use
	Length: Long
	ID: 2
	Characteristics:
		3.3 V is provided
	Bus Address: 0000:43:00.0
	Data Bus Width: 11
	Peer Devices: 1
	Peer Device 1: 0000:00:01.2 (Width 4)
	PCI Express Generation: 3
	Slot Physical Width: x16
	Pitch: 20.32 mm
	Height: Full height

Handle 0x002A, DMI type 9, 17 bytes
System Slot Information
	Designation: M2_1
	Type: x4 M.2 Socket 3
	Current Usage: Available
	Bus Address: 0000:ff:00.0

Handle 0x002B, DMI type 41, 11 bytes
Onboard Device
	Reference Designation: Onboard LAN
	Type: Ethernet
	Status: Enabled
	Bus Address: 0000:03:00.0

Handle 0x002C, DMI type 11, 5 bytes
OEM Strings
	String 1: SECRET-7

Handle 0x002D, DMI type 127, 4 bytes
End Of Table

"""


def slots(text: str) -> tuple[Slot, ...]:
    return importers.parse(text, "dmidecode").slots or ()


def test_a_whole_table_is_read() -> None:
    report = importers.parse(TABLE)
    assert importers.sniff(TABLE).name == "dmidecode"
    assert report.functions == ()
    assert report.board == Board("Example Inc.", "X399 Example")
    assert report.system == System(vendor="To Be Filled By O.E.M.", name="X399 Example", sku="SKU 1")
    assert report.bios == Bios("American Megatrends Inc.", "P2.00", "11/20/2017", "5.12")
    assert report.chassis == Chassis(3)
    assert report.memory.bytes == 24 * 2**30
    assert report.cpus == (
        Cpu(
            name="AMD Ryzen Threadripper 1900X 8-Core Processor",
            family=23,
            model=1,
            stepping=1,
            upgrade=0x38,
            cores=8,
            threads=16,
        ),
    )
    assert report.slots == (
        Slot(
            "PCIE2",
            "smbios",
            "pcie",
            smbios_type=0xB6,
            connector_lanes=16,
            electrical_lanes=8,
            usage="in_use",
            address="0000:43:00.0",
            id=2,
            slot_width=0x0D,
            slot_pitch=2032,
            peers=(SlotPeer("0000:00:01.2", 4),),
        ),
        Slot("M2_1", "smbios", "m2", 0x17, None, 4, usage="available", address="0000:ff:00.0"),
    )
    assert problems(report) == ("dmidecode lists no PCI functions: give lspci's output of the same machine beside it.",)


def test_nothing_that_names_a_machine_or_its_owner_is_read() -> None:
    said = str(to_document(importers.parse(TABLE)))
    assert "SECRET" not in said
    assert "03000200" not in said


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(TABLE.replace("\n", "\r\n"), id="CRLF"),
        pytest.param(textwrap.indent(TABLE, "> "), id="quoted"),
        pytest.param(TABLE.expandtabs(8), id="blanks for tabs"),
        pytest.param(without_indentation(TABLE), id="indentation lost"),
        pytest.param(TABLE.replace("\n", "\n\n"), id="a blank line after each"),
        pytest.param(f"$ sudo dmidecode\n{TABLE}What now?\n", id="prose"),
        pytest.param("".join(x for x in TABLE.splitlines(keepends=True) if "Handle" not in x), id="without handles"),
    ],
)
def test_a_table_is_read_however_it_was_pasted(text: str) -> None:
    report, whole = importers.parse(text), importers.parse(TABLE)
    assert importers.sniff(text).name == "dmidecode"
    assert to_document(report) == to_document(whole)


@pytest.mark.parametrize(
    ("words", "kind", "code", "connector", "wired"),
    [
        ("x16 PCI Express", "pcie", 0xA5, None, 16),
        ("x4 PCI Express x16", "pcie", 0xAA, 16, 4),
        ("x16 PCI Express 2 x16", "pcie", 0xB0, 16, 16),
        ("x8 PCI Express Gen 3", "pcie", 0xB1, None, 8),
        ("x16 PCI Express 4 x16", "pcie", 0xBD, 16, 16),
        ("x16 PCI Express 5 x16", "pcie", 0xC3, 16, 16),
        ("x1 M.2 Socket 1-SD", "m2", 0x15, None, 1),
        ("x4 PCI Express 3 SFF-8639", "u2", 0x20, None, 4),
        ("x4 PCI Express 4 SFF-8639 (U.2)", "u2", 0x24, None, 4),
        ("PCI Express Mini 52-pin without bottom-side keep-outs", "mini", 0x22, None, None),
        ("32-bit PCI", "pci", 0x06, None, None),
        ("64-bit PCI-X", "pci", 0x12, None, None),
        ("x16 <OUT OF SPEC>", None, None, None, 16),
        ("Other", None, 0x01, None, None),
    ],
)
def test_words_become_the_tables_numbers(
    words: str, kind: str | None, code: int | None, connector: int | None, wired: int | None
) -> None:
    (slot,) = slots(f"System Slot Information\n\tDesignation: SLOT1\n\tType: {words}\n\tID: 7\n")
    assert (slot.kind, slot.smbios_type, slot.connector_lanes, slot.electrical_lanes) == (kind, code, connector, wired)
    assert (slot.id, slot.usage, slot.address, slot.peers) == (7, None, None, None)


def test_a_table_without_slots_is_told_from_an_excerpt() -> None:
    bare = TABLE[: TABLE.index("Handle 0x0029")]
    assert importers.parse(bare).slots == ()
    assert problems(importers.parse(bare))[1] == "The table names no slots."
    assert importers.parse(bare[: bare.index("Handle 0x0010")]).slots is None


def test_of_several_boards_the_first_counts() -> None:
    more = TABLE + "Handle 0x0099, DMI type 2, 15 bytes\nBase Board Information\n\tProduct Name: Riser\n"
    assert importers.parse(more).board.name == "X399 Example"


@pytest.mark.parametrize("text", ["", "hello", "System Information\n", "Memory Device: none\nType: DDR4\n"])
def test_prose_is_no_table(text: str) -> None:
    assert not dmidecode.sniff(text)
    with pytest.raises(ParseError, match=r"^no table of dmidecode stands here"):
        importers.parse(text, "dmidecode")


def test_the_schema_takes_every_fact_as_it_is() -> None:
    report = importers.parse(TABLE)
    loaded = schema.load(to_document(report))
    assert (loaded.report, loaded.ignored) == (report, ())
