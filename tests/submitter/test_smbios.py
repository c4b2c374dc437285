"""SMBIOS tables as they come: damaged ones are survived, and no string of another type is ever decoded."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hwdb.smbios import walk
from submitter.collect.slots import read_smbios_slots
from submitter.collect.smbios import WANTED, read_structures
from submitter.collect.tree import Tree
from tests.submitter.trees import SECRETS, slot, structure, table

if TYPE_CHECKING:
    from pathlib import Path

# (slot type byte, kind, lanes of the connector): DSP0134, section 7.10.1.
CODES = [
    (0x06, "pci", None),
    (0x12, "pci", None),
    (0x15, "m2", None),
    (0x17, "m2", None),
    (0x1F, "u2", None),
    (0x21, "mini", None),
    (0xA5, "pcie", None),
    (0xA6, "pcie", 1),
    (0xAA, "pcie", 16),
    (0xAB, "pcie", None),
    (0xB0, "pcie", 16),
    (0xB5, "pcie", 8),
    (0xB6, "pcie", 16),
    (0xB8, "pcie", None),
    (0xBB, "pcie", 4),
    (0xBD, "pcie", 16),
    (0xC3, "pcie", 16),
    (0xC4, "pcie", None),
    (0x01, None, None),
    (0xB7, None, None),
]


@pytest.mark.parametrize(("code", "kind", "lanes"), CODES)
def test_slot_types(code: int, kind: str | None, lanes: int | None) -> None:
    (found,) = read_smbios_slots(walk(slot(1, "S", code, 2, 3, (0, 0, 8)), WANTED))
    assert (found.get("kind"), found.get("connector_lanes")) == (kind, lanes)


def test_a_slot_of_smbios_2_0_has_no_address() -> None:
    body = struct.pack("<BBBBBHB", 1, 0x06, 5, 4, 4, 2, 4)
    (found,) = read_smbios_slots(walk(structure(9, 1, body, "PCI1"), WANTED))
    expected = {"witness": "smbios", "designation": "PCI1", "kind": "pci", "smbios_type": 6, "usage": "in_use", "id": 2}
    assert found == expected


def test_a_slot_of_smbios_3_7_is_read_to_its_end() -> None:
    head = struct.pack("<BBBBBHBBHBB", 1, 0xC3, 0x0B, 4, 4, 7, 4, 1, 0, 0x40, 0x1 << 3 | 3)
    peers = struct.pack("<BB", 8, 2) + struct.pack("<HBBB", 0, 0x40, 0x1 << 3 | 4, 4) + struct.pack("<HBBB", 1, 2, 0, 8)
    body = head + peers + struct.pack("<BBHB", 0, 0x0D, 2032, 1)
    (found,) = read_smbios_slots(walk(structure(9, 1, body, "PCIE7"), WANTED))
    assert (found["address"], found["slot_width"], found["slot_pitch"]) == ("0000:40:01.3", 0x0D, 2032)
    assert (found["connector_lanes"], found["electrical_lanes"]) == (16, 8)
    assert found["peers"] == [{"address": "0000:40:01.4", "lanes": 4}, {"address": "0001:02:00.0", "lanes": 8}]


def test_a_count_of_peers_that_are_not_there_is_not_believed() -> None:
    body = struct.pack("<BBBBBHBBHBB", 1, 0xB6, 0x0D, 4, 4, 7, 4, 1, 0, 0, 8) + struct.pack("<BB", 16, 255)
    (found,) = read_smbios_slots(walk(structure(9, 1, body, "PCIE1"), WANTED))
    assert found["peers"] == []


def test_an_address_of_ones_is_none() -> None:
    (found,) = read_smbios_slots(walk(slot(1, "S", 0xB6, 0x0D, 3, (0xFFFF, 0xFF, 0xFF)), WANTED))
    assert "address" not in found


def test_entries_of_the_kernel_are_taken_in_their_order(tmp_path: Path) -> None:
    for number in (10, 2, 0):
        raw = tmp_path / f"sys/firmware/dmi/entries/9-{number}/raw"
        raw.parent.mkdir(parents=True)
        raw.write_bytes(slot(number, f"PCIE{number}", 0xB6, 0x0D, 4, (0, 0, 8)))
    other = tmp_path / "sys/firmware/dmi/entries/17-0/raw"
    other.parent.mkdir()
    other.write_bytes(structure(17, 1, bytes([1]), SECRETS["memory"]))
    found = read_smbios_slots(read_structures(Tree(str(tmp_path))) or [])
    assert [one["designation"] for one in found] == ["PCIE0", "PCIE2", "PCIE10"]


def test_a_missing_terminator_does_not_let_another_types_strings_in() -> None:
    broken = slot(1, "PCIE1", 0xB6, 0x0D, 4, (0, 0, 8))[:-1]
    after = structure(17, 2, bytes(0x14) + bytes([1]), SECRETS["memory"])
    wrong_index = bytearray(broken + after)
    wrong_index[4] = 3
    assert [one.get("designation") for one in read_smbios_slots(walk(broken + after, WANTED))] == ["PCIE1"]
    assert SECRETS["memory"] not in str(read_smbios_slots(walk(bytes(wrong_index), WANTED)))


@given(
    cut=st.integers(0, 600),
    changes=st.lists(st.tuples(st.integers(0, 599), st.integers(0, 255)), max_size=12),
    removed=st.lists(st.integers(0, 599), max_size=4),
)
def test_no_damage_makes_a_secret_visible(cut: int, changes: list[tuple[int, int]], removed: list[int]) -> None:
    damaged = bytearray(table())
    for at, value in changes:
        if at < len(damaged):
            damaged[at] = value
    for at in removed:
        if at < len(damaged):
            del damaged[at]
    structures = list(walk(bytes(damaged[: len(damaged) - cut]), WANTED))
    assert {one.type for one in structures} <= WANTED
    said = str(read_smbios_slots(structures))
    assert [secret for secret in SECRETS.values() if secret in said] == []


@given(st.binary(max_size=2000))
def test_any_bytes_are_survived(whole: bytes) -> None:
    read_smbios_slots(walk(whole, WANTED))
