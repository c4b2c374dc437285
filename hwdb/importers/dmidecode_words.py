"""The words dmidecode prints for numbers of the SMBIOS table, and the numbers. No I/O.

After ``dmidecode.c`` of dmidecode 3.6, which follows DMTF DSP0134 3.7 table by table.
"""

from __future__ import annotations

_LOW_SLOTS = (
    *("Other", "Unknown", "ISA", "MCA", "EISA", "PCI", "PC Card (PCMCIA)", "VLB", "Proprietary", "Processor Card"),
    *("Proprietary Memory Card", "I/O Riser Card", "NuBus", "PCI-66", "AGP", "AGP 2x", "AGP 4x", "PCI-X", "AGP 8x"),
    *("M.2 Socket 1-DP", "M.2 Socket 1-SD", "M.2 Socket 2", "M.2 Socket 3", "MXM Type I", "MXM Type II"),
    *("MXM Type III", "MXM Type III-HE", "MXM Type IV", "MXM 3.0 Type A", "MXM 3.0 Type B"),
    *("PCI Express 2 SFF-8639", "PCI Express 3 SFF-8639", "PCI Express Mini 52-pin with bottom-side keep-outs"),
    *("PCI Express Mini 52-pin without bottom-side keep-outs", "PCI Express Mini 76-pin", "PCI Express 4 SFF-8639"),
    *("PCI Express 5 SFF-8639", "OCP NIC 3.0 Small Form Factor (SFF)", "OCP NIC 3.0 Large Form Factor (LFF)"),
    "OCP NIC Prior to 3.0",
)
_PCIE = {"": 0xA5, " 2": 0xAB, " 3": 0xB1, " 4": 0xB8, " 5": 0xBE}
_PCIE_WIDTHS = ("", " x1", " x2", " x4", " x8", " x16")
_LATE_SLOTS = {"CXL FLexbus 1.0": 0x30, "PCI Express 6+": 0xC4, "EDSFF E1": 0xC5, "EDSFF E3": 0xC6}

SLOT_TYPES = {
    **{name.lower(): code for code, name in enumerate(_LOW_SLOTS, start=1)},
    **{f"{name} (u.2)".lower(): code for code, name in enumerate(_LOW_SLOTS, start=1) if "SFF-8639" in name},
    **{
        f"pci express{generation}{width}": first + number
        for generation, first in _PCIE.items()
        for number, width in enumerate(_PCIE_WIDTHS)
    },
    **{name.lower(): code for name, code in _LATE_SLOTS.items()},
}
"""Slot type in lowercase words, without the width before it -> type 9, offset 05h."""

SLOT_WIDTHS = {
    "8-bit": 0x03,
    "16-bit": 0x04,
    "32-bit": 0x05,
    "64-bit": 0x06,
    "128-bit": 0x07,
    "x1": 0x08,
    "x2": 0x09,
    "x4": 0x0A,
    "x8": 0x0B,
    "x12": 0x0C,
    "x16": 0x0D,
    "x32": 0x0E,
}
"""The word before the type -> slot data bus width, type 9, offset 06h; also the physical width."""

USAGES = {"Other": "other", "Available": "available", "In Use": "in_use", "Unavailable": "unavailable"}
"""Current usage -> the report's word."""

_CHASSIS = (
    *("Other", "Unknown", "Desktop", "Low Profile Desktop", "Pizza Box", "Mini Tower", "Tower", "Portable", "Laptop"),
    *("Notebook", "Hand Held", "Docking Station", "All In One", "Sub Notebook", "Space-saving", "Lunch Box"),
    *("Main Server Chassis", "Expansion Chassis", "Sub Chassis", "Bus Expansion Chassis", "Peripheral Chassis"),
    *("RAID Chassis", "Rack Mount Chassis", "Sealed-case PC", "Multi-system", "CompactPCI", "AdvancedTCA", "Blade"),
    *("Blade Enclosing", "Tablet", "Convertible", "Detachable", "IoT Gateway", "Embedded PC", "Mini PC", "Stick PC"),
)
CHASSIS_TYPES = {name: code for code, name in enumerate(_CHASSIS, start=1)}
"""Chassis type -> type 3, offset 05h."""

SOCKETS = (
    *("Other", "Unknown", "Daughter Board", "ZIF Socket", "Replaceable Piggy Back", "None", "LIF Socket", "Slot 1"),
    *("Slot 2", "370-pin Socket", "Slot A", "Slot M", "Socket 423", "Socket A (Socket 462)", "Socket 478"),
    *("Socket 754", "Socket 940", "Socket 939", "Socket mPGA604", "Socket LGA771", "Socket LGA775", "Socket S1"),
    *("Socket AM2", "Socket F (1207)", "Socket LGA1366", "Socket G34", "Socket AM3", "Socket C32", "Socket LGA1156"),
    *("Socket LGA1567", "Socket PGA988A", "Socket BGA1288", "Socket rPGA988B", "Socket BGA1023", "Socket BGA1224"),
    *("Socket LGA1155", "Socket LGA1356", "Socket LGA2011", "Socket FS1", "Socket FS2", "Socket FM1", "Socket FM2"),
    *("Socket LGA2011-3", "Socket LGA1356-3", "Socket LGA1150", "Socket BGA1168", "Socket BGA1234", "Socket BGA1364"),
    *("Socket AM4", "Socket LGA1151", "Socket BGA1356", "Socket BGA1440", "Socket BGA1515", "Socket LGA3647-1"),
    *("Socket SP3", "Socket SP3r2", "Socket LGA2066", "Socket BGA1392", "Socket BGA1510", "Socket BGA1528"),
    *("Socket LGA4189", "Socket LGA1200", "Socket LGA4677", "Socket LGA1700", "Socket BGA1744", "Socket BGA1781"),
    *("Socket BGA1211", "Socket BGA2422", "Socket LGA1211", "Socket LGA2422", "Socket LGA5773", "Socket BGA5773"),
    *("Socket AM5", "Socket SP5", "Socket SP6", "Socket BGA883", "Socket BGA1190", "Socket BGA4129", "Socket LGA4710"),
    *("Socket LGA7529", "Socket BGA1964", "Socket BGA1792", "Socket BGA2049", "Socket BGA2551", "Socket LGA1851"),
    *("Socket BGA2114", "Socket BGA2833"),
)
"""Names of processor upgrades in the order of their codes, which begin with 1."""

# dmidecode calls the code of LGA1155 by the name of another socket.
UPGRADES = {**{name: code for code, name in enumerate(SOCKETS, start=1)}, "Socket BGA1155": 0x24}
"""Processor upgrade -> type 4, offset 19h, which names the socket."""
