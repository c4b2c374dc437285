"""JSON that anybody may have pasted -> plain data, with prose around it and no fear of its depth or numbers. No I/O.

The decoder of reports (``hwdb.schema``) is stricter, since it may ask a client to write better JSON. What people paste
was written by other tools, so a key that stands twice is taken as the parser takes it: the last one counts.
"""

from __future__ import annotations

import json
import math
import re
from typing import Any

from hwdb.errors import ParseError

MAX_CHARACTERS = 8 * 1024 * 1024
"""The most characters of JSON that are parsed: the largest report of the corpus has 300,000."""

_MAX_DEPTH = 64
# A string, also one that never ends; a bracket; what the parser would take and JSON does not have; a number that no
# fact can be. Possessive repeats give nothing back, so a text of nothing but quotes costs one pass.
_TOKEN = re.compile(r'"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)|[\[\]{}]|NaN|Infinity|[0-9]{40}', re.DOTALL)


def decode(text: str, start: int = 0) -> Any:
    """Return the plain data of the JSON document that begins at a place of a text, whatever stands after it.

    Args:
        text: The text, possibly with prose around the document.
        start: Where the document begins.

    Raises:
        ParseError: It is too large, malformed, cut off, nested too deep, or holds a number that is none of JSON's;
            with line and column.
    """
    end = _end_of(text, start)
    if end - start > MAX_CHARACTERS:
        raise _error(text, start, f"this JSON has {end - start:,} characters; at most {MAX_CHARACTERS:,} are read")
    try:
        # Only what was looked over is parsed. The hook makes 1e999 unknown instead of infinite.
        return json.loads(text[start:end], parse_float=_float)
    except json.JSONDecodeError as error:
        raise _malformed(text, start + error.pos, error) from error


def _end_of(text: str, start: int) -> int:
    """Return where the document ends, having found its brackets, its depth and its numbers harmless."""
    depth = 0
    for token in _TOKEN.finditer(text, start):
        if token[0] in "[{":
            depth += 1
            if depth > _MAX_DEPTH:
                raise _error(text, token.start(), f"this JSON is nested deeper than {_MAX_DEPTH} levels")
        elif token[0] in "]}":
            depth -= 1
            if depth <= 0:
                return token.end()
        elif token[0][0] != '"':
            raise _error(text, token.start(), "this is no number that JSON has or a machine could give")
    return len(text.rstrip())


def _malformed(text: str, position: int, error: json.JSONDecodeError) -> ParseError:
    if position >= len(text.rstrip()) or error.msg.startswith("Unterminated string"):
        return _error(text, position, "the JSON ends in the middle of this; it was cut off, so give it whole")
    return _error(text, position, f"this is not JSON ({error.msg.rstrip(': ')})")


def _error(text: str, position: int, message: str) -> ParseError:
    line = text.count("\n", 0, position) + 1
    return ParseError(message, line, position - text.rfind("\n", 0, position))


def _float(text: str) -> float | None:
    number = float(text)
    return None if math.isinf(number) else number
