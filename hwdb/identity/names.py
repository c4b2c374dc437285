"""Spellings of names: what is a placeholder, what two spellings have in common, how an address spells it. No I/O."""

from __future__ import annotations

import re
import unicodedata

# What firmware ships with when nobody filled the field in (measured on linuxhw/DMI, 65,147 machines).
_PLACEHOLDERS = frozenset(
    {
        "",
        "0",
        "base board",
        "default string",
        "n a",
        "na",
        "none",
        "not applicable",
        "not available",
        "not specified",
        "o e m",
        "oem",
        "product name",
        "system manufacturer",
        "system product name",
        "system version",
        "to be filled by o e m",
        "type2 board product name1",
        "undefined",
        "unknown",
        "xxxxxx",
    }
)
_LEGAL_FORMS = frozenset(
    {"ab", "ag", "bv", "co", "company", "computer", "computers", "corp", "corporation", "electronics", "gmbh", "inc"}
    | {"incorporated", "international", "intl", "kg", "limited", "llc", "ltd", "sa", "technologies", "technology"}
)
# First word of a vendor's own spellings -> the name on the box.
_VENDORS = {
    "apple": "Apple",
    "asrock": "ASRock",
    "asrockrack": "ASRock Rack",
    "asus": "ASUS",
    "asustek": "ASUS",
    "biostar": "Biostar",
    "dell": "Dell",
    "fujitsu": "Fujitsu",
    "gigabyte": "Gigabyte",
    "hewlett packard": "HP",
    "hp": "HP",
    "hpe": "HPE",
    "intel": "Intel",
    "lenovo": "Lenovo",
    "micro star": "MSI",
    "msi": "MSI",
    "supermicro": "Supermicro",
}


def is_placeholder(text: str | None) -> bool:
    """Whether a firmware string says nothing: blank, ``Default string``, ``To Be Filled By O.E.M.`` and the like."""
    return text is None or _words(text) in _PLACEHOLDERS


def vendor_name(text: str) -> str:
    """Return the name people know a vendor by; its own spelling, trimmed, when it is not in the table."""
    words = [word for word in _words(text).split() if word not in _LEGAL_FORMS]
    for length in (2, 1):
        known = _VENDORS.get(" ".join(words[:length]))
        if known is not None:
            return known
    return " ".join(text.split())


def key_of(text: str) -> str:
    """Return what two spellings of one name have in common: letters, digits and plus signs, case folded.

    A plus sign tells boards apart (X9DRi-LN4 and X9DRi-LN4+); other punctuation and blanks do not.
    """
    return re.sub(r"[^\w+]|_", "", unicodedata.normalize("NFKC", text).casefold())


def searchable(text: str) -> str:
    """Return a name as a search compares it: words of letters and digits, case folded, accents dropped."""
    plain = unicodedata.normalize("NFKD", text)
    return _words("".join(c for c in plain if not unicodedata.combining(c)))


def slugify(text: str) -> str:
    """Return a name as an address spells it: ``x399-taichi``; ``board`` when no ASCII letter or digit is left."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii")
    return re.sub(r"[^a-z0-9]+", "-", plain.casefold()).strip("-")[:80].strip("-") or "board"


def cpu_name(text: str) -> str:
    """Return a processor's name without trademark signs, clock rate and filler words."""
    plain = re.sub(r"\((?:R|TM|tm|r)\)|®|™", " ", text)
    plain = re.sub(r"\s@\s.*$|\b\d+-Core Processor\b|\bProcessor\b|\bCPU\b", " ", plain)
    return " ".join(plain.split()) or text.strip()


def bios_order(version: str) -> tuple[tuple[int, int, str], ...]:
    """Return a key that orders BIOS versions of one board by their numbers and letters.

    It orders what one vendor's scheme writes alike (``P2.00`` before ``P3.90``, ``F9`` before ``F12``).
    """
    parts = re.findall(r"\d{1,9}|[a-z]+", version.casefold())
    return tuple((0, int(part), "") if part[0].isdigit() else (1, 0, part) for part in parts)


def _words(text: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", text.casefold()))
