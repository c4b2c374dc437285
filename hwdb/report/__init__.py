"""The Report: the one document every source narrows to. No I/O, no database, no decoding of untrusted input.

``document`` holds the dataclasses, ``parts`` the smaller facts they are made of, ``encode`` the canonical bytes.
"""

from hwdb.report.document import FORMAT, Function, Report, Slot
from hwdb.report.encode import canonical, digest, to_document
from hwdb.report.parts import (
    Acs,
    Bios,
    Board,
    Chassis,
    Cpu,
    Iommu,
    IommuGroup,
    Kernel,
    Memory,
    Outcome,
    Provenance,
    RootBus,
    Setting,
    SlotPeer,
    System,
    Virtualization,
)

__all__ = [
    "FORMAT",
    "Acs",
    "Bios",
    "Board",
    "Chassis",
    "Cpu",
    "Function",
    "Iommu",
    "IommuGroup",
    "Kernel",
    "Memory",
    "Outcome",
    "Provenance",
    "Report",
    "RootBus",
    "Setting",
    "Slot",
    "SlotPeer",
    "System",
    "Virtualization",
    "canonical",
    "digest",
    "to_document",
]
