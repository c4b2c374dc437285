"""Small machines as the texts people keep of them, told apart by their card and their board."""

from __future__ import annotations

LISTING = """\
IOMMU Group 0:
	00:00.0 Host bridge [0600]: Advanced Micro Devices, Inc. [AMD] Root Complex [1022:1480]
IOMMU Group 1:
	00:01.1 PCI bridge [0604]: Advanced Micro Devices, Inc. [AMD] GPP Bridge [1022:1483]
IOMMU Group 2:
	01:00.0 VGA compatible controller [0300]: NVIDIA Corporation Card [10de:{card}] (rev a1)
"""

PROSE = "I bought this board last week and it boots. More on the weekend, when the second card has come.\n"

_LSPCI = """\
00:00.0 Host bridge [0600]: Advanced Micro Devices, Inc. [AMD] Root Complex [1022:1480]
	Subsystem: ASUSTeK Computer Inc. Device [1043:8808]
{group0}
00:01.1 PCI bridge [0604]: Advanced Micro Devices, Inc. [AMD] GPP Bridge [1022:1483] (prog-if 00 [Normal decode])
	Bus: primary=00, secondary=01, subordinate=01, sec-latency=0
{group1}	Capabilities: [58] Express (v2) Root Port (Slot+), MSI 00
		LnkCap:	Port #0, Speed 16GT/s, Width x16, ASPM L1, Exit Latency L1 <64us

01:00.0 VGA compatible controller [0300]: NVIDIA Corporation Card [10de:{card}] (rev a1) (prog-if 00 [VGA controller])
{group2}	Capabilities: [78] Express (v2) Legacy Endpoint, MSI 00
	Kernel driver in use: vfio-pci

"""

_DMIDECODE = """\
# dmidecode 3.3
Getting SMBIOS data from sysfs.
SMBIOS 3.3.0 present.

Handle 0x0000, DMI type 0, 26 bytes
BIOS Information
	Vendor: American Megatrends Inc.
	Version: {bios}
	Release Date: 01/02/2021

Handle 0x0002, DMI type 2, 15 bytes
Base Board Information
	Manufacturer: Example Inc.
	Product Name: {board}

Handle 0x0009, DMI type 9, 17 bytes
System Slot Information
	Designation: PCIEX16_1
	Type: x16 PCI Express 4
	Current Usage: In Use
	Bus Address: 0000:00:01.1

"""


def listing(card: str = "1b80") -> str:
    """Return the listing of a wiki's script."""
    return LISTING.format(card=card)


def lspci(card: str = "1b80", *, groups: bool = True) -> str:
    """Return what ``lspci -vvnn`` prints as root."""
    shown = {f"group{number}": f"\tIOMMU group: {number}\n" if groups else "" for number in range(3)}
    return _LSPCI.format(card=card, **shown)


def dmidecode(board: str = "Board One", bios: str = "F1") -> str:
    """Return what ``dmidecode`` prints."""
    return _DMIDECODE.format(board=board, bios=bios)
