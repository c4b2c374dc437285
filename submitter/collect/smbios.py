"""Structures of the SMBIOS table, of three types and no other. Strings of other types are never decoded.

The kernel shows single structures in ``/sys/firmware/dmi/entries`` (module dmi-sysfs) and the whole table in
``/sys/firmware/dmi/tables/DMI``; both need root. Layout: DMTF DSP0134, section 6.1.2.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from submitter.collect.tree import Tree

PROCESSOR, SLOT, ONBOARD_DEVICE = 4, 9, 41
WANTED = frozenset({PROCESSOR, SLOT, ONBOARD_DEVICE})
_END = 127
_HEADER = 4
_LARGEST = 1 << 20
_ENTRIES, _TABLE = "sys/firmware/dmi/entries", "sys/firmware/dmi/tables/DMI"


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

    def word(self, at: int) -> int | None:
        """Return the little-endian word at an offset, None when the structure is shorter."""
        return int.from_bytes(self._data[at : at + 2], "little") if at + 2 <= len(self._data) else None

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
        return strings[-1].decode("utf-8", "replace").strip()[:200] or None


def read_structures(tree: Tree) -> list[Structure] | None:
    """Return the wanted structures in the table's order, None when the table cannot be read."""
    names = [name for name in tree.names(_ENTRIES) or () if _entry(name) is not None]
    raw = [tree.read(f"{_ENTRIES}/{name}/raw", _LARGEST) for name in sorted(names, key=lambda name: _entry(name) or ())]
    if raw and None not in raw:
        return [one for each in raw for one in walk(each or b"")]
    table = tree.read(_TABLE, _LARGEST)
    return None if table is None else list(walk(table))


def _entry(name: str) -> tuple[int, int] | None:
    """Return (type, instance) of an entry's folder name when its type is wanted."""
    kind, _, instance = name.partition("-")
    if not (kind.isdigit() and instance.isdigit()) or int(kind) not in WANTED:
        return None
    return int(kind), int(instance)


def walk(table: bytes) -> Iterator[Structure]:
    """Yield the wanted structures of a table, however damaged; what cannot be told apart any more ends it."""
    at = 0
    while at + _HEADER <= len(table):
        kind, length = table[at], table[at + 1]
        if length < _HEADER or at + length > len(table):
            return
        end = table.find(b"\0\0", at + length)
        end = len(table) if end < 0 else end
        if kind in WANTED:
            yield Structure(table[at : at + length], table[at + length : end])
        if kind == _END:
            return
        at = end + 2
