"""What the bytes of a function's configuration space say. No I/O.

This module imports nothing: the client reads it at every start, and importers read hex dumps by it.

Offsets are those of the PCI Local Bus Specification 3.0 (chapter 6) and of PCI Express 6.0 (chapter 7). A user without
privileges reads the first 64 bytes only, so every fact beyond is left out, which means unknown.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

HEADER = 64
"""Bytes that anyone may read."""
_CONVENTIONAL, _WHOLE = 256, 4096
_HAS_CAPABILITIES = 0x10
_PCI_EXPRESS, _ADVANCED_FEATURES = 0x10, 0x13
_AER, _ACS, _SRIOV = 0x0001, 0x000D, 0x0010

# Device/port type (PCIe 6.0, section 7.5.3.2).
_PORT_TYPES = {
    0: "endpoint",
    1: "legacy_endpoint",
    4: "root_port",
    5: "upstream_port",
    6: "downstream_port",
    7: "pcie_to_pci_bridge",
    8: "pci_to_pcie_bridge",
    9: "rc_integrated_endpoint",
    10: "rc_event_collector",
}
# Link speed codes (section 7.5.3.6) in MT/s per lane.
_SPEEDS = {1: 2500, 2: 5000, 3: 8000, 4: 16000, 5: 32000, 6: 64000}


def decode(config: bytes) -> dict[str, Any]:
    """Return the facts in a function's configuration space, by the keys of the report format.

    Args:
        config: As many bytes as could be read. Fewer than a header, or all ones (the function sleeps or is gone),
            say nothing.
    """
    header = config[:HEADER]
    if len(header) < HEADER or header == b"\xff" * HEADER:
        return {}
    facts: dict[str, Any] = {"header_type": header[0x0E] & 0x7F, "multifunction": bool(header[0x0E] & 0x80)}
    if facts["header_type"] in {1, 2}:
        facts.update(secondary_bus=header[0x19], subordinate_bus=header[0x1A])
    if not header[0x06] & _HAS_CAPABILITIES:
        return {**facts, **_without_pcie()}
    if len(config) < _CONVENTIONAL:
        return facts
    capabilities = dict(_capabilities(config, 0x14 if facts["header_type"] == 2 else 0x34))
    if _ADVANCED_FEATURES in capabilities:
        facts["flr"] = bool(_byte(config, capabilities[_ADVANCED_FEATURES] + 3) & 0x02)
    if _PCI_EXPRESS not in capabilities:
        return {**facts, **_without_pcie()}
    facts.update(_pcie(config, capabilities[_PCI_EXPRESS], known_flr=facts.get("flr", False)))
    if len(config) >= _WHOLE:
        facts.update(_extended(config))
    return facts


def _without_pcie() -> dict[str, Any]:
    """A function without the PCIe capability has no extended space, so neither ACS nor AER (section 7.9.1)."""
    return {"port_type": "conventional", "acs": {"present": False}, "aer": False}


def _capabilities(config: bytes, pointer: int) -> Iterator[tuple[int, int]]:
    """Yield (id, offset) of each capability; a list that runs in a circle ends where it meets itself."""
    at, seen = config[pointer] & 0xFC, set()
    while at >= HEADER and at not in seen:
        seen.add(at)
        yield config[at], at
        at = config[at + 1] & 0xFC


def _pcie(config: bytes, at: int, *, known_flr: bool) -> dict[str, Any]:
    flags, device, link = _word(config, at + 2), _dword(config, at + 4), _dword(config, at + 0x0C)
    status = _word(config, at + 0x12)
    facts: dict[str, Any] = {"flr": known_flr or bool(device & 1 << 28)}
    port_type = _PORT_TYPES.get(flags >> 4 & 0x0F)
    if port_type is not None:
        facts["port_type"] = port_type
    if port_type in {"rc_integrated_endpoint", "rc_event_collector"}:
        return facts
    facts.update(link_port_number=link >> 24, link_width_max=link >> 4 & 0x3F, link_width=status >> 4 & 0x3F)
    for key, code in (("link_speed_max", link & 0x0F), ("link_speed", status & 0x0F)):
        if code in _SPEEDS:
            facts[key] = _SPEEDS[code]
    if port_type in {"root_port", "downstream_port"}:
        facts["slot_implemented"] = bool(flags & 0x100)
        if facts["slot_implemented"]:
            facts["physical_slot_number"] = _dword(config, at + 0x14) >> 19
    return facts


def _extended(config: bytes) -> dict[str, Any]:
    found = dict(_extended_capabilities(config))
    facts: dict[str, Any] = {"aer": _AER in found, "acs": {"present": _ACS in found}}
    if _ACS in found:
        facts["acs"].update(capability=_word(config, found[_ACS] + 4), control=_word(config, found[_ACS] + 6))
    if _SRIOV in found:
        facts["sriov_total_vfs"] = _word(config, found[_SRIOV] + 0x0E)
        facts["sriov_num_vfs"] = _word(config, found[_SRIOV] + 0x10)
    return facts


def _extended_capabilities(config: bytes) -> Iterator[tuple[int, int]]:
    """Yield (id, offset) of each extended capability (section 7.9.3), the first of each id being the last to come."""
    at, found = _CONVENTIONAL, []
    seen: set[int] = set()
    while at >= _CONVENTIONAL and at not in seen:
        seen.add(at)
        header = _dword(config, at)
        # An empty list is all zeroes; all ones is a space that does not answer.
        if header in {0, 0xFFFFFFFF}:
            break
        found.append((header & 0xFFFF, at))
        at = header >> 20 & 0xFFC
    return iter(reversed(found))


def _byte(config: bytes, at: int) -> int:
    return config[at] if at < len(config) else 0


def _word(config: bytes, at: int) -> int:
    return int.from_bytes(config[at : at + 2], "little")


def _dword(config: bytes, at: int) -> int:
    return int.from_bytes(config[at : at + 4], "little")
