"""Text for a terminal: nothing that came from firmware or a server may steer it."""

from __future__ import annotations

import sys


def printable(text: str) -> str:
    """Return text in which every control and formatting character, such as escape or a change of direction, is U+FFFD.

    Line breaks stay.
    """
    return "".join(c if c.isprintable() or c == "\n" else "\ufffd" for c in text)


def show(text: str = "") -> None:
    """Print text to standard output; letters that its encoding lacks are printed as question marks."""
    _write(sys.stdout, text)


def note(text: str) -> None:
    """Print a remark to standard error, so that standard output holds nothing but what was asked for."""
    _write(sys.stderr, text)


def _write(stream: object, text: str) -> None:
    encoding = getattr(stream, "encoding", None) or "ascii"
    print(printable(text).encode(encoding, "replace").decode(encoding), file=stream)  # type: ignore[call-overload]  # a text stream
