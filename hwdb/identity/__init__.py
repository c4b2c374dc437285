"""What it is, who made it and whose it is: firmware strings -> keys, names and slugs. No I/O, no database."""

from hwdb.identity.bios import bios_date, bios_is_newer, bios_order, bios_sorted
from hwdb.identity.boards import BoardIdentity, board_revision, identify
from hwdb.identity.fingerprint import machine_fingerprint
from hwdb.identity.names import key_of, searchable, slugify
from hwdb.identity.owner import owner_hash
from hwdb.identity.placeholders import is_placeholder, names_no_board
from hwdb.identity.processors import cpu_key, cpu_name, is_unknown_cpu
from hwdb.identity.vendors import vendor_key, vendor_name

__all__ = [
    "BoardIdentity",
    "bios_date",
    "bios_is_newer",
    "bios_order",
    "bios_sorted",
    "board_revision",
    "cpu_key",
    "cpu_name",
    "identify",
    "is_placeholder",
    "is_unknown_cpu",
    "key_of",
    "machine_fingerprint",
    "names_no_board",
    "owner_hash",
    "searchable",
    "slugify",
    "vendor_key",
    "vendor_name",
]
