"""Structures of this machine's SMBIOS table, of three types and no other.

The kernel shows single structures in ``/sys/firmware/dmi/entries`` (module dmi-sysfs) and the whole table in
``/sys/firmware/dmi/tables/DMI``; both need root.
"""

from __future__ import annotations

from hwdb.smbios import SLOT, Structure, walk

TYPE_CHECKING = False
if TYPE_CHECKING:
    from submitter.collect.tree import Tree

PROCESSOR, ONBOARD_DEVICE = 4, 41
WANTED = frozenset({PROCESSOR, SLOT, ONBOARD_DEVICE})
_LARGEST = 1 << 20
_ENTRIES, _TABLE = "sys/firmware/dmi/entries", "sys/firmware/dmi/tables/DMI"


def read_structures(tree: Tree) -> list[Structure] | None:
    """Return the wanted structures in the table's order, None when the table cannot be read."""
    names = [name for name in tree.names(_ENTRIES) or () if _entry(name) is not None]
    raw = [tree.read(f"{_ENTRIES}/{name}/raw", _LARGEST) for name in sorted(names, key=lambda name: _entry(name) or ())]
    if raw and None not in raw:
        return [one for each in raw for one in walk(each or b"", WANTED)]
    table = tree.read(_TABLE, _LARGEST)
    return None if table is None else list(walk(table, WANTED))


def _entry(name: str) -> tuple[int, int] | None:
    """Return (type, instance) of an entry's folder name when its type is wanted."""
    kind, _, instance = name.partition("-")
    if not (kind.isdigit() and instance.isdigit()) or int(kind) not in WANTED:
        return None
    return int(kind), int(instance)
