"""What firmware gets wrong in its slot table (SMBIOS type 9), and how that shows. No I/O.

Two thirds of the tables in the wild say something about the vendor's reference board or nothing at all (65,147 public
dmidecode outputs, linuxhw/DMI). Only what is wrong for a reason that can be named is doubted here.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from hwdb.topology.address import address_of, parse_address

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from hwdb.report import Slot
    from hwdb.topology.machine import Machine
    from hwdb.topology.slot_witness import SlotWitness

# The table of Intel's reference board in AMI's firmware sources: 17,704 of the 65,147 outputs carry it unedited, under
# 170 vendors, boards with AMD processors among them.
REFERENCE_NAMES = ("J6B2", "J6B1", "J6D1", "J7B1", "J8B4", "J8D1", "J8B3", "J9B1")
REFERENCE_ADDRESSES = frozenset(f"0000:00:{hop}" for hop in ("01.0", "1c.3", "1c.4", "1c.5", "1c.6", "1c.7", "1e.0"))
_REFERENCE_NAME = re.compile(r"J\d[A-Z]\d\Z")
_MANY = 3
"""So many rows of the reference table, or equal addresses, are no coincidence."""

# AMD's reference boards hide behind ordinary names. The same rows stand under Gigabyte, MSI and early ASUS firmware
# (linuxhw/DMI): of sockets AM5, TR4 and sTRX4, in this order. The ports are the processor's own and live, but the names
# are the reference board's, and what hangs there is the board's affair: an x4 port may be a slot, an M.2 or a LAN chip.
AMD_LISTS = (
    {"PCIE1": "00:01.1", "J3502": "00:01.2", "PCIE3": "00:02.2", "PCIE4": "00:02.1"},
    {
        "U1": "00:01.2",
        "PCIE1": "00:01.3",
        "PCIE3": "00:03.1",
        "PCIE4": "02:03.0",
        "PCIE6": "02:04.0",
        "J47": "02:01.0",
        "U3600": "40:01.1",
        "U3601": "40:01.2",
        "PCIE5": "40:01.3",
        "PCIE7": "40:03.1",
    },
    {
        "PCIE1": "40:01.3",
        "PCIE3": "40:03.1",
        "PCIE4": "42:05.0",
        "PCIE5": "00:01.3",
        "PCIE6": "42:02.0",
        "PCIE7": "20:03.1",
        "J3601": "00:01.2",
    },
)
_PAIRS = 2
"""Rows that give a name of one of AMD's lists the list's own address: two are no coincidence."""

# What makers write into the table beside slots: readers of SIM cards, fans, a soldered LAN chip.
_NO_SLOT = re.compile(r"(?:sim ?card(?: slot)?|(?:\w+ )?fan|rtl ?\d{4}\w*)", re.IGNORECASE)

# A slot split in four has a quarter of the lanes at each port; with fewer, the port is another slot's.
MOST_WAYS = 4
_WIDEST = 32
"""Lanes of the widest link; a sleeping port reads as all ones."""


class Doubt(NamedTuple):
    """Why a row of the table is not believed.

    Attributes:
        reason: A sentence.
        phantom: Whether the row is about another board, so that not even its name is believed.
        live: Address of a port that may hold a slot all the same, so that another witness can second the row.
    """

    reason: str
    phantom: bool = False
    live: str | None = None


def table_doubts(machine: Machine, slots: Sequence[Slot]) -> Mapping[int, Doubt]:
    """Return which rows of the firmware's table are not believed, by their place among the statements."""
    rows = {i: slot for i, slot in enumerate(slots) if slot.witness == "smbios" and slot.port is None}
    doubts = _reference_rows(rows)
    doubts.update(_amd_rows({i: slot for i, slot in rows.items() if i not in doubts}))
    doubts.update({i: Doubt(f"{_row(slot)} is no slot.", True) for i, slot in rows.items() if _is_no_slot(slot)})
    doubts.update(_one_address({i: slot for i, slot in rows.items() if i not in doubts}))
    domains = {parse_address(a).domain for a in machine.functions} if rows else set()
    for i, slot in rows.items():
        reason = None if i in doubts else _useless(machine, slot.address, domains)
        if reason is not None:
            doubts[i] = Doubt(reason)
    return doubts


def _reference_rows(rows: Mapping[int, Slot]) -> dict[int, Doubt]:
    """Doubt the reference board's rows: with its names they are about no slot at all, renamed they keep the name."""
    copied = {i for i, slot in rows.items() if _is_copied(slot)}
    phantom = copied if len(copied) >= _MANY else set()
    claimed = {slot.address for slot in rows.values()} & REFERENCE_ADDRESSES
    doubts = {i: Doubt(f"{_row(rows[i])} is of Intel's reference board, not of this one.", True) for i in phantom}
    for i, slot in rows.items():
        if i not in phantom and slot.address in REFERENCE_ADDRESSES and (i in copied or len(claimed) >= _MANY):
            doubts[i] = Doubt(f"The firmware gives {slot.address}, copied from the table of Intel's reference board.")
    return doubts


def _amd_rows(rows: Mapping[int, Slot]) -> dict[int, Doubt]:
    """Doubt the rows of a table that is one of AMD's lists, as far as it is: two of its pairs, or its telling names.

    No board has J3502 or U3600 printed beside a slot. Empty slots have a placeholder for an address, and some programs
    leave the addresses out.
    """
    for listed in AMD_LISTS:
        named = {i: name for i, slot in rows.items() if (name := (slot.designation or "").strip()) in listed}
        pairs = [i for i, name in named.items() if rows[i].address == f"0000:{listed[name]}"]
        telling = any(not name.startswith("PCIE") for name in named.values())
        if len(pairs) >= _PAIRS or (telling and len(named) >= _MANY):
            return {
                i: Doubt(
                    f"{_row(rows[i])} is of AMD's reference board, and need not be a slot of this one.",
                    phantom=True,
                    live=rows[i].address or (f"0000:{listed[name]}" if rows[i].usage == "in_use" else None),
                )
                for i, name in named.items()
            }
    return {}


def _is_no_slot(slot: Slot) -> bool:
    return _NO_SLOT.fullmatch((slot.designation or "").strip()) is not None


def _is_copied(slot: Slot) -> bool:
    name = (slot.designation or "").strip()
    if slot.address in REFERENCE_ADDRESSES:
        return name in REFERENCE_NAMES or _REFERENCE_NAME.match(name) is not None
    # Some programs leave the addresses of the table out.
    return slot.address is None and name in REFERENCE_NAMES


def _row(slot: Slot) -> str:
    return slot.designation or "" if slot.address is None else f"{slot.designation} at {slot.address}"


def _one_address(rows: Mapping[int, Slot]) -> dict[int, Doubt]:
    """Doubt a table that gives one address to all of its slots."""
    given = {i: slot.address for i, slot in rows.items() if slot.address is not None}
    if len(given) < _MANY or len(set(given.values())) > 1:
        return {}
    return {i: Doubt(f"The firmware gives {address} to each of its slots.") for i, address in given.items()}


def _useless(machine: Machine, text: str | None, domains: Collection[int]) -> str | None:
    """Return why an address is none of this machine's ports, None when it may be one."""
    address = address_of(text)
    if address is None:
        return None
    if address.bus == 0xFF or address[:3] == (0, 0, 0) or address == (0, 0, 0x1F, 7):
        return f"The firmware gives {address}, which stands for no address at all."
    if address.domain not in {0, *domains}:
        return f"The firmware gives {address}, in a PCI domain that this machine does not have."
    intel_chipset = address[:3] == (0, 0, 0x1C)
    if intel_chipset and (machine.platform or "").startswith("1022:") and text not in machine.functions:
        return f"The firmware gives {address}, a port of Intel's chipsets, and this machine is AMD's."
    return None


def distrust(machine: Machine, witness: SlotWitness) -> str | None:
    """Return why the port a row of the table names cannot be the slot's, None when it may be."""
    slot, port = witness.slot, witness.port
    if slot.witness != "smbios" or slot.port is not None or port is None:
        return None
    if slot.usage == "available" and not witness.mixed and machine.below(port, witness.device):
        return f"The firmware calls the slot empty, but something is behind the port it names, {witness.path or port}."
    wired = machine.functions[port].link_width_max or 0
    if witness.device is None and 0 < wired <= _WIDEST and (slot.electrical_lanes or 0) > MOST_WAYS * wired:
        return (
            f"The firmware says x{slot.electrical_lanes}, but the port it names has x{wired}. A slot may be split in "
            f"{MOST_WAYS}, and not in more."
        )
    return None
