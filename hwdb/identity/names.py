"""Spellings of names: what two spellings have in common, how a search compares and an address spells them. No I/O."""

from __future__ import annotations

import hashlib
import re
import unicodedata

# As long as the report format lets a name be.
_LONGEST_KEY = 200


def words_of(text: str) -> str:
    """Return a text's words of letters and digits, case folded, one blank between them."""
    return " ".join(re.findall(r"[^\W_]+", text.casefold()))


def printable(text: str) -> str:
    """Return a text in one line without control characters, damaged letters and padding."""
    return " ".join("".join(c if c.isprintable() and c != "\ufffd" else " " for c in text).split())


def tidy(text: str) -> str:
    """Return a product's name without what firmware pads it with: blanks, dots (``G31M-S.  ``), quotes."""
    return printable(text).strip(" .'\"")


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
    return words_of("".join(c for c in plain if not unicodedata.combining(c)))


def slugify(text: str) -> str:
    """Return a name as an address spells it: ``x399-taichi``; ``board`` when no ASCII letter or digit is left."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii")
    return re.sub(r"[^a-z0-9]+", "-", plain.casefold()).strip("-")[:80].strip("-") or "board"
