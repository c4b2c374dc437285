"""Who a function is, by the first bytes of its configuration space (PCI Local Bus 3.0, section 6.1). No I/O."""

from __future__ import annotations

from typing import Any

from hwdb.config_space import HEADER, decode
from hwdb.report import Acs

_NOBODY = b"\xff\xff"


def facts_in(config: bytes) -> dict[str, Any]:
    """Return the facts of a hex dump by the names of a function's attributes; none where it says nothing."""
    found: dict[str, Any] = decode(config)
    if not found:
        return {}
    if "acs" in found:
        found["acs"] = Acs(**found["acs"])
    return {**_identity(config), **found}


def _identity(config: bytes) -> dict[str, str]:
    # Virtual functions show ones here; the kernel knows them by their physical function.
    if config[:2] == _NOBODY or len(config) < HEADER:
        return {}
    said = {
        "vendor": _word(config, 0x00),
        "device": _word(config, 0x02),
        "revision": f"{config[0x08]:02x}",
        "prog_if": f"{config[0x09]:02x}",
        "class_": _word(config, 0x0A),
    }
    # Bridges keep their subsystem in a capability, and functions without one say zero.
    if config[0x0E] & 0x7F == 0 and config[0x2C:0x30] not in {b"\0\0\0\0", _NOBODY * 2}:
        said.update(subsystem_vendor=_word(config, 0x2C), subsystem_device=_word(config, 0x2E))
    return said


def _word(config: bytes, at: int) -> str:
    return f"{config[at + 1]:02x}{config[at]:02x}"
