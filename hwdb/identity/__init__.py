"""Who made it and what is it: vendor, board, BIOS and CPU strings -> keys, names and slugs. No I/O, no database."""

from hwdb.identity.boards import BoardIdentity, identify
from hwdb.identity.fingerprint import machine_fingerprint
from hwdb.identity.names import bios_order, cpu_name, is_placeholder, searchable, slugify, vendor_name

__all__ = [
    "BoardIdentity",
    "bios_order",
    "cpu_name",
    "identify",
    "is_placeholder",
    "machine_fingerprint",
    "searchable",
    "slugify",
    "vendor_name",
]
