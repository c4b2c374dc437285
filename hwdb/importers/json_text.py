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
from hwdb.importers.posted import as_printed

MAX_CHARACTERS = 4 * 1024 * 1024
"""The most characters of JSON that are parsed: the largest report of the corpus has 300,000."""

_MAX_DEPTH = 64
_NO_BREAK = "\u00a0"
_CLOSES = {"[": "]", "{": "}"}
# A string, also one that never ends; a bracket; what the parser would take and JSON does not have; a number that no
# fact can be. Possessive repeats give nothing back, so a text of nothing but quotes costs one pass.
_TOKEN = re.compile(r'"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)|[\[\]{}]|NaN|Infinity|[0-9]{40}', re.DOTALL)


def place_of(text: str, begins: re.Pattern[str], marks: tuple[str, ...]) -> tuple[str, int] | None:
    """Return a text and where a tool's JSON begins in it, behind prose at most; None when there is none.

    Args:
        text: The text; where it was quoted or escaped by a page, what is returned is as it was printed.
        begins: What the JSON begins with.
        marks: What stands in it somewhere.
    """
    # Most texts are told by a word that is not in them.
    if not all(mark.strip('"') in text for mark in marks):
        return None
    found = _begun(text, begins, marks)
    if found is not None and ">" not in text[text.rfind("\n", 0, found) + 1 : found] and _NO_BREAK not in text:
        return text, found
    printed = as_printed(text)
    at = _begun(printed, begins, marks)
    return None if at is None else (printed, at)


def _begun(text: str, begins: re.Pattern[str], marks: tuple[str, ...]) -> int | None:
    found = begins.search(text)
    return found.start() if found and all(text.find(mark, found.start()) >= 0 for mark in marks) else None


def decode_begun(text: str, start: int, depth: int) -> tuple[Any, str | None]:
    """Return the plain data of a JSON document, and a sentence when its end is missing.

    Args:
        text: The text, possibly with prose around the document.
        start: Where the document begins.
        depth: How many objects and lists lie around one entry. Of a document that was cut off, entries are returned
            that are whole: half of one would say of what it lacks that it is not there.

    Raises:
        ParseError: As ``decode`` does; also when nothing in it had ended.
    """
    end, closed, closing = _end_of(text, start, depth)
    if not closing or not closed:
        return decode(text, start), None
    data = decode(text[:closed] + closing, start)
    line = text.count("\n", 0, end) + 1
    return data, f"The JSON ends in the middle of something on line {line}: what followed is missing."


def decode(text: str, start: int = 0) -> Any:
    """Return the plain data of the JSON document that begins at a place of a text, whatever stands after it.

    Args:
        text: The text, possibly with prose around the document.
        start: Where the document begins.

    Raises:
        ParseError: It is too large, malformed, cut off, nested too deep, or holds a number that is none of JSON's;
            with line and column.
    """
    end, _, _ = _end_of(text, start, _MAX_DEPTH)
    if end - start > MAX_CHARACTERS:
        raise _error(text, start, f"this JSON has {end - start:,} characters; at most {MAX_CHARACTERS:,} are read")
    try:
        # Only what was looked over is parsed. The hook makes 1e999 unknown instead of infinite.
        return json.loads(text[start:end], parse_float=_float)
    except json.JSONDecodeError as error:
        raise _malformed(text, start + error.pos, error) from error


def _end_of(text: str, start: int, depth: int) -> tuple[int, int, str]:
    """Return where the document ends, having found its brackets, its depth and its numbers harmless.

    Where it was cut off: also where the last object or list ended that has no more than ``depth`` around it, and what
    closes those.
    """
    closing, closed, closes = "", start, ""
    for token in _TOKEN.finditer(text, start):
        if token[0] in "[{":
            closing = _CLOSES[token[0]] + closing
            if len(closing) > _MAX_DEPTH:
                raise _error(text, token.start(), f"this JSON is nested deeper than {_MAX_DEPTH} levels")
        elif token[0] in "]}":
            closing = closing[1:]
            if not closing:
                return token.end(), token.end(), ""
            if len(closing) <= depth:
                closed, closes = token.end(), closing
        elif token[0][0] != '"':
            raise _error(text, token.start(), "this is no number that JSON has or a machine could give")
    return len(text.rstrip()), closed if closed > start else 0, closes


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
