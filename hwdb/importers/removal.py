"""What a redaction has taken out of a text, and what it may not take. No I/O.

Part of ``hwdb.importers.redact``, which says what the whole of it promises.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

REMOVED = "{removed}"
"""What stands where something was removed.

No importer takes a word in braces for a value, an address, a group or a decoration before one.
"""

REMOVED_NAME = "removed"
"""What stands where a name was removed from a prompt or an address of mail, whose form has to stay."""

_PLACEHOLDERS = frozenset(
    {
        *("", "-", "--", "---", "none", "null", "unknown", "n/a", "na", "not specified", "not provided", "not present"),
        *("not available", "not applicable", "default string", "no asset tag", "no asset information", "invalid"),
        *("to be filled by o.e.m.", "to be filled by o.e.m", "o.e.m.", "oem", "empty", "not settable", "filter"),
        *("system serial number", "chassis serial number", "base board serial number", "chassis asset tag"),
        *("asset tag", "asset-1234567890", "redacted", "scrubbed", "true", "false", "yes", "no", "no asset tag set"),
        *("<bad index>", "<out of spec>", "[no_such_device]", "unspecified", REMOVED, REMOVED_NAME),
    }
)
_FILLING = frozenset("xX*#.-_:<>() \t")


class Removal:
    """Takes secrets out one by one.

    Args:
        kept: Words that the report read from the text holds: they are facts, whatever they look like.
    """

    def __init__(self, kept: Collection[str] = frozenset()) -> None:
        self.counts: Counter[str] = Counter()
        self._kept = kept

    def keeps(self, word: str) -> bool:
        """Whether the report holds a word."""
        return word in self._kept

    def take(self, kind: str, secret: str, instead: str = REMOVED) -> str:
        """Return what stands instead of a secret; the secret itself where it says nothing, as "Not Specified" does."""
        if secret == instead or says_nothing(secret):
            return secret
        self.counts[kind] += 1
        return instead

    def take_unless_kept(self, kind: str, word: str, instead: str = REMOVED) -> str:
        """Return what stands instead of a word that only looks like a secret; the word when it is a fact."""
        return word if word in self._kept else self.take(kind, word, instead)


def says_nothing(value: str) -> bool:
    """Whether a value stands for a missing one, or was made illegible already."""
    # A long value is none of these, and is not to be copied to find out.
    if len(value) > 64:
        return False
    plain = value.strip().strip("\"'<>()[]").strip()
    return value in {REMOVED, REMOVED_NAME} or plain.lower() in _PLACEHOLDERS or set(plain) <= _FILLING
