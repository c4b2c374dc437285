"""Single facts out of plain data whose types nobody promised: the right type within its range, or None. No I/O.

The ranges are those of docs/report-format.md. A value of another type is no fact: it is left out and never guessed.
"""

from __future__ import annotations

import re
from typing import Any

NAME = 200
WORD = 64

_UNSAFE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_LARGEST = 2**31 - 1


def text_of(value: Any, longest: int = NAME) -> str | None:
    """Return text on one line, cut to a length, None when it is blank or no text."""
    if not isinstance(value, str):
        return None
    # Cut before anything else looks at it: a name is short, and a hostile one may be megabytes long.
    return _UNSAFE.sub("\ufffd", value[: 4 * longest].strip())[:longest].rstrip() or None


def whole_of(value: Any, low: int = 0, high: int = _LARGEST) -> int | None:
    """Return a whole number in a range."""
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if low <= value <= high else None


def hex_of(value: Any, digits: int) -> str | None:
    """Return a number as hex digits of a fixed width, None when it needs more."""
    number = whole_of(value, high=16**digits - 1)
    return None if number is None else f"{number:0{digits}x}"


def table_of(value: Any) -> dict[str, Any]:
    """Return an object, empty when the value is none."""
    return value if isinstance(value, dict) else {}


def tables_of(value: Any) -> list[dict[str, Any]]:
    """Return the objects of a list; one object alone is a list of one."""
    if isinstance(value, dict):
        return [value]
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
