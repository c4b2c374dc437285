"""The SMBIOS table as bytes: what is read of it, what never is, and damage."""

from __future__ import annotations

import base64
import json
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hwdb import importers, schema
from hwdb.errors import ParseError
from hwdb.importers import smbios_dump
from hwdb.report import Bios, Board, Chassis, Cpu, Report, Slot, SlotPeer, System, to_document
from tests.conftest import CORPUS, missing
from tests.submitter.trees import structure

ENTRY = b"_SM3_\x00\x18\x03\x03\x00\x01\x00".ljust(32, b"\0")
SLOT = struct.pack("<BBBBBHBBHBB", 1, 0xB6, 0x0B, 4, 4, 2, 4, 1, 0, 0x43, 0)
PEERS = struct.pack("<BBHBBB", 8, 1, 0, 0, 0x01 << 3 | 2, 4) + struct.pack("<BBHB", 3, 0x0D, 2032, 3)
CPU = struct.pack(
    "<BBBBIIBBHHHBBHHHBBBBBBHH",
    1,
    3,
    0x6B,
    2,
    0x00800F11,
    0,
    3,
    0,
    0,
    0,
    0,
    0x41,
    0x38,
    0,
    0,
    0,
    0,
    0,
    0,
    8,
    8,
    16,
    0,
    1,
)
MEMORY = struct.pack("<HHHHHBBBBBH", 0, 0, 64, 64, 0x4000, 9, 0, 0, 0, 0x1A, 0)
TABLE = b"".join(
    [
        structure(
            0, 0, struct.pack("<BBHBBQBBBB", 1, 2, 0xF000, 3, 0xFF, 0, 3, 13, 5, 12), "AMI", "P2.00", "11/20/2017"
        ),
        structure(1, 1, struct.pack("<BBBB16sBBB", 1, 2, 0, 3, b"U" * 16, 6, 4, 5), "Maker", "X", "SECRET-1", "S", "F"),
        structure(2, 2, bytes([1, 2, 3, 4]), "Example Inc.", "X399 Example", "1.0", "SECRET-2"),
        structure(3, 3, bytes([1, 0x83, 0, 2, 0]), "Example Inc.", "SECRET-3"),
        structure(4, 4, CPU, "SP3r2", "Advanced Micro Devices, Inc.", "AMD Ryzen Threadripper 1900X"),
        structure(17, 5, MEMORY, "SECRET-4"),
        structure(17, 6, MEMORY, "SECRET-4"),
        structure(9, 7, SLOT + PEERS, "PCIE2"),
        structure(127, 8, b""),
    ]
)


def read(table: bytes) -> Report:
    return importers.parse((ENTRY + table).decode("latin-1"))


def test_a_whole_table_is_read() -> None:
    report = read(TABLE)
    assert importers.sniff((ENTRY + TABLE).decode("latin-1")).name == "dmidecode-bin"
    assert report.board == Board("Example Inc.", "X399 Example", "1.0")
    assert report.system == System("Maker", "X", family="F", sku="S")
    assert report.bios == Bios("AMI", "P2.00", "11/20/2017", "5.12")
    assert report.chassis == Chassis(3)
    assert report.memory.bytes == 32 * 2**30
    assert report.cpus == (Cpu("AMD Ryzen Threadripper 1900X", None, 23, 1, 1, None, 0x38, 8, 16),)
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
    )
    loaded = schema.load(to_document(report))
    assert (loaded.report, loaded.ignored) == (report, ())


def test_nothing_that_names_a_machine_or_its_owner_is_read() -> None:
    said = str(to_document(read(TABLE)))
    assert "SECRET" not in said
    assert "UUUU" not in said


def test_a_damaged_table_gives_what_stands_before_the_damage() -> None:
    assert read(TABLE[: TABLE.index(b"PCIE2") - 4]).board.name == "X399 Example"
    assert read(structure(9, 1, SLOT, "A") + b"\x09\x02\x00\x00").slots == (
        *(Slot("A", "smbios", "pcie", 0xB6, 16, 8, usage="in_use", address="0000:43:00.0", id=2),),
    )


@pytest.mark.parametrize("text", ["", "hello", "_SM_ is an anchor", "_SM3_\0"])
def test_what_is_no_table_is_refused(text: str) -> None:
    with pytest.raises(ParseError, match=r"^no SMBIOS table stands here"):
        importers.parse(text, "dmidecode-bin")


@given(st.binary(max_size=400), st.integers(0, len(TABLE)))
def test_any_bytes_are_survived(noise: bytes, at: int) -> None:
    for table in (noise, TABLE[:at] + noise + TABLE[at:]):
        try:
            report = smbios_dump.parse((ENTRY + table).decode("latin-1"))
        except ParseError:
            continue
        assert schema.load(to_document(report)).ignored == ()


@pytest.mark.corpus
def test_the_labs_tables_say_what_the_kernel_says() -> None:
    paths = sorted(CORPUS.glob("lab/*/groups.json"))
    if not paths:
        missing("the recorded lab", "HWDB_CORPUS names its folder")
    seen = 0
    for path in paths:
        machine = json.loads(path.read_text(encoding="utf-8"))
        whole = (machine.get("dmi_tables") or {}).get("DMI")
        if not whole:
            continue
        seen += 1
        report, dmi = read(base64.b64decode(whole)), machine["dmi"]
        assert (report.bios.version, report.bios.date) == (dmi["bios_version"], dmi["bios_date"])
        assert (report.system.vendor, report.system.name) == (dmi["sys_vendor"], dmi["product_name"])
        assert str(report.chassis.type) == dmi["chassis_type"]
        assert len(report.slots or ()) == len(machine["dmi_entries_type9"])
    assert seen > 30
