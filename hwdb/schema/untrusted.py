"""Decode JSON that anybody may have written, so that nothing later has to fear its size, depth or numbers."""

from __future__ import annotations

import codecs
import json
import math
import re
from collections import Counter
from typing import Any, Never

from hwdb.errors import DocumentError
from hwdb.schema.text import REPLACEMENT, excerpt

MAX_BYTES = 4 * 1024 * 1024
MAX_DEPTH = 32
# Every double has a spelling of at most 24 characters, like -2.2250738585072014e-308.
MAX_NUMBER = 32

_MEDIA_TYPE = re.compile(r"application/(?:[a-z0-9!#$&^_.-]+\+)?json", re.IGNORECASE | re.ASCII)
_UTF8 = re.compile(r'charset="?utf-?8"?', re.IGNORECASE)

# A string, also one that never ends, or a bracket. Possessive repeats give nothing back: a document of nothing
# but quotes and backslashes costs one pass and no memory.
_TOKEN = re.compile(r'"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)|[\[\]{}]', re.DOTALL)
_SURROGATE = re.compile("[\ud800-\udfff]")
_SURROGATE_ESCAPE = re.compile(r"\\u[dD][89a-fA-F]")


def check_media_type(content_type: str | None, content_encoding: str | None = None) -> None:
    """Refuse a body that does not say it is plain JSON.

    Args:
        content_type: The ``Content-Type`` header: ``application/json`` or ``application/...+json``, with no other
            parameter than ``charset=utf-8``.
        content_encoding: The ``Content-Encoding`` header: absent, empty or ``identity``.

    Raises:
        DocumentError: Status 415, for anything else.
    """
    media_type, *parameters = [part.strip() for part in (content_type or "").split(";")]
    if not _MEDIA_TYPE.fullmatch(media_type):
        said = f"'{excerpt(media_type)}'" if media_type else "not given"
        raise DocumentError(f"The content type is {said}; send the report as application/json.", 415)
    wrong = next((p for p in parameters if p and not _UTF8.fullmatch(p)), None)
    if wrong is not None:
        raise DocumentError(
            f"The content type has the parameter '{excerpt(wrong)}'; send application/json in UTF-8 without it.", 415
        )
    encoding = (content_encoding or "").strip().lower()
    if encoding not in {"", "identity"}:
        raise DocumentError(
            f"The content encoding '{excerpt(encoding)}' is not taken; send the report uncompressed.", 415
        )


def decode(raw: bytes, limit: int = MAX_BYTES) -> object:
    """Return the plain data of a JSON document, whose text is all text that UTF-8 can write.

    Args:
        raw: UTF-8, with or without a byte order mark.
        limit: The most bytes that are looked at.

    Raises:
        DocumentError: Status 413 when it is too large; 400 when it is not UTF-8, malformed, cut off, nested deeper
            than 32, or holds a key twice, NaN, Infinity or a number that no fact of a report can be.
    """
    if len(raw) > limit:
        raise DocumentError(
            f"The document has {len(raw):,} bytes, and at most {limit:,} are taken; leave out what is not about PCI.",
            413,
        )
    text = _text(raw)
    _check_depth(text)
    try:
        document = json.loads(
            text, object_pairs_hook=_object, parse_constant=_constant, parse_int=_integer, parse_float=_float
        )
    except json.JSONDecodeError as error:
        raise DocumentError(_malformed(text, error)) from error
    # Only an escape can bring in a lone surrogate, and hardly any document has one: the others are not walked.
    return _without_surrogates(document) if _SURROGATE_ESCAPE.search(text) else document


def _text(raw: bytes) -> str:
    try:
        return raw.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        hint = " (it begins like UTF-16)" if raw[:2] in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE} else ""
        raise DocumentError(f"The document is not UTF-8 at byte {error.start}{hint}; save it as UTF-8.") from error


def _check_depth(text: str) -> None:
    # The parser recurses once a level, so depth is found before it runs and in one pass.
    depth = 0
    for token in _TOKEN.finditer(text):
        if token[0] in "[{":
            depth += 1
        elif token[0] in "]}":
            depth -= 1
        if depth > MAX_DEPTH:
            raise DocumentError(
                f"{_place(text, token.start())}: the document is nested deeper than {MAX_DEPTH} levels; "
                "a report needs no more than 5."
            )


def _place(text: str, position: int) -> str:
    line = text.count("\n", 0, position) + 1
    return f"Line {line}, column {position - text.rfind(chr(10), 0, position)}"


def _malformed(text: str, error: json.JSONDecodeError) -> str:
    place = _place(text, error.pos)
    if not text.strip():
        return f"{place}: the document is empty; send a report as JSON."
    if error.pos >= len(text.rstrip()) or error.msg.startswith("Unterminated string"):
        return f"{place}: the document ends in the middle of this; it was probably cut off, so send it whole."
    return f"{place}: this is not JSON ({error.msg.rstrip(': ')}); write the document with a JSON library."


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    document = dict(pairs)
    if len(document) < len(pairs):
        keys = Counter(key for key, _ in pairs)
        twice = next(key for key, times in keys.items() if times > 1)
        raise DocumentError(f"The key '{excerpt(twice)}' stands twice in one object; keep the one that is right.")
    return document


def _constant(text: str) -> Never:
    raise DocumentError(f"{text} is not a JSON number; leave out what is not known.")


def _integer(text: str) -> int:
    _check_length(text)
    return int(text)


def _float(text: str) -> float:
    _check_length(text)
    number = float(text)
    if math.isinf(number):
        raise DocumentError(f"The number {text} is too large for any computer; no fact of a report is.")
    return number


def _check_length(text: str) -> None:
    if len(text) > MAX_NUMBER:
        raise DocumentError(
            f"The number {excerpt(text, MAX_NUMBER)} has {len(text)} characters, and at most {MAX_NUMBER} are taken."
        )


def _without_surrogates(value: Any) -> Any:
    if isinstance(value, str):
        return _SURROGATE.sub(REPLACEMENT, value)
    if isinstance(value, list):
        return [_without_surrogates(item) for item in value]
    if isinstance(value, dict):
        return {_without_surrogates(key): _without_surrogates(item) for key, item in value.items()}
    return value
