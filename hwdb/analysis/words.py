"""Words for things a buyer knows: USB, SATA, LAN, Wi-Fi. No I/O."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hwdb.analysis.shapes import Companion

# PCI class and subclass -> the word on the box (class codes: PCI Code and ID Assignment Specification).
_WORDS = {
    "0101": "IDE",
    "0104": "RAID",
    "0106": "SATA",
    "0107": "SAS",
    "0108": "NVMe",
    "0200": "LAN",
    "0280": "Wi-Fi",
    "0300": "graphics",
    "0302": "graphics",
    "0380": "graphics",
    "0401": "audio",
    "0403": "audio",
    "0501": "memory",
    "0703": "modem",
    "0700": "serial port",
    "0805": "SD card reader",
    "0880": "system peripheral",
    "0c00": "FireWire",
    "0c03": "USB",
    "0c04": "Fibre Channel",
    "0c05": "SMBus",
    "0d11": "Bluetooth",
    "1080": "security processor",
}
_BASES = {"01": "storage", "02": "network", "03": "graphics", "04": "multimedia", "10": "security processor"}


def word_for(class_: str | None) -> str:
    """Return the buyer's word for a class code, ``other devices`` when there is none."""
    if class_ is None:
        return "other devices"
    return _WORDS.get(class_) or _BASES.get(class_[:2], "other devices")


def listing(words: Sequence[str]) -> str:
    """Join words as a sentence does: ``USB, SATA and LAN``."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"


def onboard(companions: Iterable[Companion]) -> str:
    """Name the kinds of soldered companions once each, in the order they appear."""
    words = dict.fromkeys(word_for(c.class_) for c in companions if c.slot is None)
    ordered = [word for word in words if word != "other devices"]
    return listing([*ordered, *(["other devices"] if "other devices" in words else [])])
