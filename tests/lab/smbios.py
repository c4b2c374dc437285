"""SMBIOS structures, byte by byte (DSP0134 3.6), for QEMU's ``-smbios file=``, which takes one structure a file.

QEMU 7 writes no type 9 by itself, and its types 0 and 3 say that the machine is virtual.
"""

from __future__ import annotations

import struct

# System Slot type (table 47): PCI Express by generation and lanes; each generation starts with "length not said".
_FIRST_OF_GENERATION = {1: 0xA5, 2: 0xAB, 3: 0xB1, 4: 0xB8}
_LANES = (None, 1, 2, 4, 8, 16)
M2_SOCKET_3 = 0x17
# Slot data bus width (table 48).
_WIDTHS = {1: 0x08, 2: 0x09, 4: 0x0A, 8: 0x0B, 16: 0x0D}
_AVAILABLE, _IN_USE = 3, 4
_LONG = 4
PRIVATE = "PRIVATE"
"""What every guest's serial numbers, asset tags and names begin with: it may turn up in no report."""


def pcie(generation: int, lanes: int | None) -> int:
    """Return the type byte of a PCI Express slot."""
    return _FIRST_OF_GENERATION[generation] + _LANES.index(lanes)


def slot(
    number: int, designation: str, kind: int, *, lanes: int, address: str = "0000:ff:1f.7", filled: bool = False
) -> bytes:
    """Return a type 9 structure of version 2.6; ``lanes`` are those wired.

    Without an address it says what firmware says of a slot it has no device for.
    """
    usage = _IN_USE if filled else _AVAILABLE
    body = bytes([1, kind, _WIDTHS[lanes], usage, _LONG]) + struct.pack("<HBB", number, 0x04, 0x01)
    return _structure(9, 0x900 + number, body + _address(address), designation)


def onboard(number: int, name: str, kind: int, address: str) -> bytes:
    """Return a type 41 structure: a soldered device and what the board's maker calls it."""
    return _structure(41, 0x2900 + number, bytes([1, 0x80 | kind, number]) + _address(address), name)


def bios(vendor: str, version: str, date: str) -> bytes:
    """Return a type 0 structure without the bit that says "virtual machine"."""
    pci_is_supported = 1 << 7
    body = struct.pack("<BBHBBQBBBBBB", 1, 2, 0xF000, 3, 0xFF, pci_is_supported, 0x03, 0x0D, 5, 12, 0xFF, 0xFF)
    return _structure(0, 0x000, body, vendor, version, date)


def chassis(vendor: str, kind: int) -> bytes:
    """Return a type 3 structure: 3 is a desktop."""
    unknown = 2
    body = bytes([1, kind, 0, 2, 3, *[unknown] * 4, 0, 0, 0, 0, 0, 0, 0, 0])
    return _structure(3, 0x300, body, vendor, f"{PRIVATE}-chassis", f"{PRIVATE}-tag")


def _address(address: str) -> bytes:
    segment, bus, device = address.split(":")
    number, function = device.split(".")
    return struct.pack("<HBB", int(segment, 16), int(bus, 16), int(number, 16) << 3 | int(function, 16))


def _structure(kind: int, handle: int, body: bytes, *texts: str) -> bytes:
    header = struct.pack("<BBH", kind, 4 + len(body), handle)
    return header + body + b"".join(text.encode() + b"\0" for text in texts) + b"\0"
