"""Secrets in JSON, and in a Python dict as printed, which the key before them tells. No I/O.

Part of ``hwdb.importers.redact``. Only strings and long numbers change, each to a string, so that what was JSON
is JSON.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hwdb.importers.redact_labels import kind_of_key, may_be_read
from hwdb.importers.removal import REMOVED

if TYPE_CHECKING:
    from hwdb.importers.removal import Removal

# Where an object or an array of something begins.
_START = re.compile(r"\{\s{0,1000}(?=[\"'])|\[\s{0,1000}\{\s{0,1000}(?=[\"'])|\[\s{0,1000}(?=[\"'])")
# A string that ends on its line, or goes on to the end of the text; a bracket, a colon, a comma, a number.
_TOKEN = re.compile(
    r"\"(?:[^\"\\\n]++|\\.)*+(?:\"|(?=\n)|\\?\Z)|'(?:[^'\\\n]++|\\.)*+(?:'|(?=\n)|\\?\Z)|[\[\]{}:,]"
    r"|(?<![\w.+-])[0-9]{5,}+(?![\w.])",
    re.DOTALL,
)
_AFTER_KEY = re.compile(r"\s{0,1000}:")
_DEEPEST = 64


def without_keyed(text: str, removal: Removal) -> str:
    """Return a text without the values of the keys that call them secrets; a text without JSON as it is."""
    begun = _START.search(text)
    if begun is None:
        return text
    made: list[str] = [text[: begun.start()]]
    at = begun.start()
    walk = _Walk()
    for token in _TOKEN.finditer(text, begun.start()):
        kind = walk.take(token[0], is_key=token[0][0] in "\"'" and _AFTER_KEY.match(text, token.end()) is not None)
        if kind is not None:
            made += [text[at : token.start()], _instead(token[0], kind, removal)]
            at = token.end()
    return "".join([*made, text[at:]])


class _Walk:
    """Knows at each token whether a key above it calls it a secret."""

    def __init__(self) -> None:
        self._kinds: list[str | None] = []
        self._kind: str | None = None

    def take(self, said: str, *, is_key: bool) -> str | None:
        """Take the next token; return the kind of secret it is, None for none."""
        above = self._kinds[-1] if self._kinds else None
        if said in {"{", "["}:
            self._kinds = [*self._kinds[-_DEEPEST:], self._kind or above]
            self._kind = None
        elif said in {"}", "]"}:
            self._kinds = self._kinds[:-1]
            self._kind = None
        elif said == ",":
            self._kind = None
        elif is_key:
            self._kind = kind_of_key(said[1:-1])
        elif said != ":":
            return self._kind or above
        return None


def _instead(token: str, kind: str, removal: Removal) -> str:
    if token[0] not in "\"'":
        return f'"{removal.take(kind, token)}"'
    ends = len(token) > 1 and token[-1] == token[0]
    said = token[1:-1] if ends else token[1:]
    if len(said) < 2 or may_be_read(said):
        return token
    return f"{token[0]}{removal.take(kind, said, REMOVED)}{token[0] if ends else ''}"
