"""Spellings of names: what is a placeholder, what two spellings have in common, how an address spells it. No I/O."""

from __future__ import annotations

import hashlib
import re
import unicodedata

# What firmware ships with when nobody filled the field in (measured on linuxhw/DMI, 65,147 machines).
_PLACEHOLDERS = frozenset(
    {
        "",
        "0",
        "all series",
        "bad index",
        "base board",
        "default string",
        "invalid",
        "n a",
        "na",
        "none",
        "not applicable",
        "not available",
        "not specified",
        "o e m",
        "oem",
        "oem mb",
        "out of spec",
        "product name",
        "system manufacturer",
        "system product name",
        "system version",
        "to be filled by o e m",
        "type2 board product name1",
        "undefined",
        "unknow",
        "unknown",
        "xxxxxx",
    }
)
_LEGAL_FORMS = frozenset(
    {"ab", "ag", "bv", "co", "company", "computer", "computers", "corp", "corporation", "electronics", "gmbh", "inc"}
    | {"incorporated", "international", "intl", "kg", "limited", "llc", "ltd", "sa", "technologies", "technology"}
)
# First words of a vendor's own spellings -> the name on the box.
_VENDORS = {
    "apple": "Apple",
    "asrock": "ASRock",
    "asrock rack": "ASRock Rack",
    "asrockrack": "ASRock Rack",
    "asus": "ASUS",
    "asustek": "ASUS",
    "biostar": "Biostar",
    "dell": "Dell",
    "ecs": "ECS",
    "elitegroup": "ECS",
    "foxconn": "Foxconn",
    "fujitsu": "Fujitsu",
    "giga byte": "Gigabyte",
    "gigabyte": "Gigabyte",
    "hewlett packard": "HP",
    "hewlett packard enterprise": "HPE",
    "hp": "HP",
    "hpe": "HPE",
    "intel": "Intel",
    "lenovo": "Lenovo",
    "micro star": "MSI",
    "msi": "MSI",
    "super micro": "Supermicro",
    "supermicro": "Supermicro",
}
_CORES = r"\d+|Dual|Triple|Quad|Six|Eight|Twelve|Sixteen"
# As long as the report format lets a name be.
_LONGEST_KEY = 200


def is_placeholder(text: str | None) -> bool:
    """Whether a firmware string says nothing: blank, ``Default string``, ``To Be Filled By O.E.M.`` and the like."""
    return text is None or _words(text) in _PLACEHOLDERS


def vendor_name(text: str) -> str:
    """Return the name people know a vendor by; its own spelling, trimmed, when it is not in the table."""
    words = _telling_words(text)
    for length in (3, 2, 1):
        known = _VENDORS.get(" ".join(words[:length]))
        if known is not None:
            return known
    return " ".join(text.split())


def vendor_key(text: str) -> str:
    """Return what a vendor's spellings have in common, without legal form: ``Foo`` and ``FOO Inc.`` are one."""
    name = vendor_name(text)
    return key_of(" ".join(_telling_words(name))) or key_of(name)


def key_of(text: str) -> str:
    """Return what two spellings of one name have in common: letters, digits and plus signs, case folded.

    A plus sign tells boards apart (X9DRi-LN4 and X9DRi-LN4+); other punctuation and blanks do not. Some letters fold
    to many: a key that grew longer than any name ends with a digest of the rest.
    """
    key = re.sub(r"[^\w+]|_", "", unicodedata.normalize("NFKC", text).casefold())
    if len(key) <= _LONGEST_KEY:
        return key
    mark = hashlib.sha256(key.encode()).hexdigest()[:16]
    return key[: _LONGEST_KEY - len(mark)] + mark


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
    # A mark may stand inside a name (FX(tm)-8350) or between two words (Core(TM)i7).
    plain = re.sub(r"(?:\((?:R|TM|tm|r)\)|[®™])(-?)", lambda mark: mark[1] or " ", text)
    plain = re.sub(rf"\s@\s.*$|\b(?:{_CORES})-Core Processor\b|\bProcessor\b|\bCPU\b", " ", plain)
    return " ".join(plain.split()) or text.strip()


def cpu_key(text: str) -> str:
    """Return what two spellings of one processor have in common."""
    shown = cpu_name(text)
    return key_of(shown) or shown


def bios_order(version: str) -> tuple[tuple[int, int, str], ...]:
    """Return a key that orders BIOS versions of one board by their numbers and letters.

    It orders what one vendor's scheme writes alike (``P2.00`` before ``P3.90``, ``F9`` before ``F12``).
    """
    parts = re.findall(r"\d{1,9}|[a-z]+", version.casefold())
    return tuple((0, int(part), "") if part[0].isdigit() else (1, 0, part) for part in parts)


def _telling_words(text: str) -> list[str]:
    return [word for word in _words(text).split() if word not in _LEGAL_FORMS]


def _words(text: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", text.casefold()))
