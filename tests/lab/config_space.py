"""Real vendor ids in emulated devices, which QEMU has no option for: written into the memory of a QEMU of our own.

QEMU keeps the configuration space of a device in a buffer that the device's object points to, and the object also
points to its own ``id=`` text. The firmware has then run with QEMU's ids, the kernel has not looked yet.
"""

from __future__ import annotations

import re
import struct
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# Objects and buffers are on the heap or, when large, in maps of their own; larger maps are the guest's memory.
_LARGEST_MAP = 64 << 20
# How far behind its id= text a device's object points to its configuration space, at most.
_OBJECT = 192 * 8
_STRETCH = 4096
_SPACE = 4096
_ACS = 0x000D
# Where no device that QEMU emulates keeps anything.
_FREE = 0xFC0
MARK = "hwdb-"
"""What the ``id=`` of a device to be rewritten starts with, so that one search finds them all."""


class NotRewritten(Exception):
    """A device's configuration space was not found, or may not be written."""


@dataclass(frozen=True)
class Rewrite:
    """What a device shall say it is.

    Attributes:
        emulated: ``vvvv:dddd`` as QEMU emulates it.
        ids: ``vvvv:dddd`` to write.
        subsystem: The same for the subsystem ids, which bridges do not have.
        class_: Base class, subclass and programming interface, six hex digits.
        revision: Revision byte.
        acs: What an ACS capability offers and has switched on; QEMU gives one to ``pcie-root-port`` only.
        acs_apart: Whether its registers have four bytes each, as in Intel's 100 and 200 series.
    """

    emulated: str
    ids: str
    subsystem: str | None = None
    class_: str | None = None
    revision: int | None = None
    acs: int | None = None
    acs_apart: bool = False

    def bytes_at(self, space: bytes) -> dict[int, bytes]:
        """Return what to write over a configuration space, by offset."""
        written = {0x00: _pair(self.ids)}
        if self.revision is not None:
            written[0x08] = bytes([self.revision])
        if self.class_ is not None:
            written[0x09] = bytes.fromhex(self.class_)[::-1]
        if self.subsystem is not None:
            written[0x2C] = _pair(self.subsystem)
        if self.acs is not None:
            written |= _acs_at(space, self.acs, "<II" if self.acs_apart else "<HH")
        return written


@cache
def may_be_written() -> bool:
    """Whether the memory of a child may be written here: Yama and containers can forbid it."""
    with subprocess.Popen([sys.executable, "-I", "-S", "-c", "input()"], stdin=subprocess.PIPE) as child:
        try:
            with Path(f"/proc/{child.pid}/mem").open("r+b", buffering=0):
                return True
        except OSError:
            return False
        finally:
            child.kill()


def rewrite(pid: int, wanted: Mapping[str, Rewrite]) -> None:
    """Change devices of a stopped QEMU, by their ``id=``, which starts with ``MARK``.

    Raises:
        NotRewritten: One of them was not found exactly once.
    """
    with Path(f"/proc/{pid}/mem").open("r+b", buffering=0) as memory:
        maps = []
        for start, end in _maps(pid):
            memory.seek(start)
            # A map may have gone since it was listed.
            with suppress(OSError):
                maps.append((start, memory.read(end - start)))
        found = _configuration_spaces(maps, {name: _pair(change.emulated) for name, change in wanted.items()})
        for name, change in wanted.items():
            if len(found[name]) != 1:
                raise NotRewritten(f"the configuration space of {name} was found {len(found[name])} times")
            space = min(found[name])
            memory.seek(space)
            for offset, data in change.bytes_at(memory.read(_SPACE)).items():
                memory.seek(space + offset)
                memory.write(data)


def _acs_at(space: bytes, bits: int, registers: str) -> dict[int, bytes]:
    """Return what makes the list of extended capabilities (PCIe 6.0, section 7.6.3) have ACS with these bits."""
    last, at = 0, 0x100
    while at:
        (header,) = struct.unpack_from("<I", space, at)
        if header & 0xFFFF in {0, _ACS}:
            break
        last, at = at, header >> 20
    # Behind the last one; an empty list begins with a header of zeros.
    written = {last: struct.pack("<I", _FREE << 20 | struct.unpack_from("<I", space, last)[0] & 0xFFFFF)}
    at, linked = (at, {}) if at else (_FREE, written)
    following = struct.unpack_from("<I", space, at)[0] & 0xFFF00000
    return {**linked, at: struct.pack("<I", following | 1 << 16 | _ACS) + struct.pack(registers, bits, bits)}


def _maps(pid: int) -> Iterator[tuple[int, int]]:
    for line in Path(f"/proc/{pid}/maps").read_text(encoding="utf-8").splitlines():
        found = re.match(r"(\w+)-(\w+) rw-p \S+ \S+ \d+\s*(.*)", line)
        if found is None:
            continue
        start, end = int(found[1], 16), int(found[2], 16)
        if found[3] == "[heap]" or (not found[3] and end - start <= _LARGEST_MAP):
            yield start, end


def _configuration_spaces(maps: list[tuple[int, bytes]], emulated: Mapping[str, bytes]) -> dict[str, set[int]]:
    """Return the addresses that an object with this id= text points to and where the emulated ids stand."""
    texts = {
        start + match.start(): match[0][:-1].decode()
        for start, data in maps
        for match in re.finditer(re.escape(MARK.encode()) + rb"\w+\0", data)
    }
    found: dict[int, dict[str, set[int]]] = {}
    for pointer, text in _pointers(maps, frozenset(texts)):
        name = texts[text]
        words = _read(maps, pointer, _OBJECT) if name in emulated else b""
        for offset, (target,) in enumerate(struct.iter_unpack("<Q", words[: len(words) & ~7])):
            if _read(maps, target, 4) == emulated[name]:
                found.setdefault(offset, {}).setdefault(name, set()).add(target)
    # The distance is the same in every object; at another one stands a neighbour on the heap that has the same ids.
    own = max(found.values(), key=len, default={})
    return {name: own.get(name, set()) for name in emulated}


def _pointers(maps: list[tuple[int, bytes]], targets: frozenset[int]) -> Iterator[tuple[int, int]]:
    """Yield where a pointer to one of these addresses stands, and the address."""
    for start, data in maps:
        words = memoryview(data)[: len(data) & ~7].cast("Q")
        # Most of the memory holds none: whole stretches are passed over without a loop of our own.
        for first in range(0, len(words), _STRETCH):
            stretch = words[first : first + _STRETCH]
            if not targets.isdisjoint(stretch):
                yield from ((start + 8 * (first + i), word) for i, word in enumerate(stretch) if word in targets)


def _read(maps: list[tuple[int, bytes]], address: int, size: int) -> bytes:
    for start, data in maps:
        if start <= address < start + len(data):
            return data[address - start : address - start + size]
    return b""


def _pair(ids: str) -> bytes:
    return struct.pack("<HH", *(int(part, 16) for part in ids.split(":")))
