"""What untrusted text becomes before it is kept or quoted."""

from __future__ import annotations

import re

REPLACEMENT = "\ufffd"
_UNSAFE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_UNSAFE_IN_NOTE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


def clean(text: str, *, lines: bool = False) -> str:
    """Return the text stripped at its ends, with U+FFFD for every control character, NUL and lone surrogate.

    Args:
        text: Anything.
        lines: Whether newline and tab mean something here, as in a note; line ends become newlines.
    """
    if lines:
        return _UNSAFE_IN_NOTE.sub(REPLACEMENT, text.replace("\r\n", "\n").strip())
    return _UNSAFE.sub(REPLACEMENT, text.strip())


def excerpt(text: str, length: int = 40) -> str:
    """Return the beginning of untrusted text, printable, for a sentence or a log line."""
    start = "".join(c if c.isprintable() else REPLACEMENT for c in text[:length])
    return start + "..." if len(text) > length else start
