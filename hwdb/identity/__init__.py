"""What it is, who made it and whose it is: firmware strings -> keys, names and slugs. No I/O, no database."""

from hwdb.identity.boards import BoardIdentity, identify
from hwdb.identity.fingerprint import machine_fingerprint
from hwdb.identity.names import bios_order, cpu_key, cpu_name, is_placeholder, searchable, slugify, vendor_name
from hwdb.identity.owner import owner_hash

__all__ = [
    "BoardIdentity",
    "bios_order",
    "cpu_key",
    "cpu_name",
    "identify",
    "is_placeholder",
    "machine_fingerprint",
    "owner_hash",
    "searchable",
    "slugify",
    "vendor_name",
]
