"""Numbers of SMBIOS type 9 and what they mean, by DMTF DSP0134 3.7, section 7.10. No I/O."""

from __future__ import annotations

USAGES = {0x01: "other", 0x03: "available", 0x04: "in_use", 0x05: "unavailable"}
"""Current usage byte -> the report's word; 2 says that it is unknown."""

WIDTHS = {0x08: 1, 0x09: 2, 0x0A: 4, 0x0B: 8, 0x0C: 12, 0x0D: 16, 0x0E: 32}
"""Data bus width byte -> lanes. Smaller codes are the bits of parallel buses."""

_KINDS = {
    "m2": range(0x14, 0x18),
    "u2": (0x1F, 0x20, 0x24, 0x25),
    "mini": range(0x21, 0x24),
    "pci": (0x06, 0x0E, 0x12),
}
# First code of each generation: the code itself says no width, the five after it x1, x2, x4, x8, x16.
_PCIE = (0xA5, 0xAB, 0xB1, 0xB8, 0xBE)
_PCIE_6 = 0xC4
_LANES = (None, 1, 2, 4, 8, 16)


def kind_of(code: int | None) -> str | None:
    """Return the kind of connector of a slot type byte, None when it is no kind that a report names."""
    if code is None:
        return None
    named = next((kind for kind, codes in _KINDS.items() if code in codes), None)
    return named or ("pcie" if any(first <= code <= first + 5 for first in _PCIE) or code == _PCIE_6 else None)


def connector_lanes_of(code: int | None) -> int | None:
    """Return the length of the connector that a slot type byte states, in lanes."""
    return next((_LANES[code - first] for first in _PCIE if code is not None and first <= code <= first + 5), None)
