"""Documents that somebody may send to break the service, and what each must be answered.

The schema tests read them with ``hwdb.schema``; the API tests post the same to a running service on two engines.
"""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass, field
from typing import Any

JSON = {"Content-Type": "application/json"}
LIMIT = 4 * 1024 * 1024


@dataclass(frozen=True)
class Hostile:
    """One document and the answer it must get.

    Attributes:
        name: What is wrong with it, for the test's name.
        body: The bytes to post.
        headers: The headers to post them with.
        status: The HTTP status that refuses it; None when it is accepted and cleaned.
        place: What the answer's detail must contain: where it is wrong.
    """

    name: str
    body: bytes
    headers: dict[str, str] = field(default_factory=lambda: dict(JSON))
    status: int | None = None
    place: str = ""


def report(**parts: Any) -> bytes:
    """Return a small report as JSON, with parts of it replaced; non-ASCII text is escaped."""
    function = {"address": "0000:00:00.0", "iommu_group": 0, "vendor": "1022", "device": "1480", "class": "0600"}
    board = {"vendor": "Example Inc.", "name": "Board One"}
    return json.dumps({"format": 1, "functions": [function], "board": board, **parts}).encode()


def _function(**facts: Any) -> bytes:
    return report(functions=[{"address": "0000:01:00.0", "iommu_group": 1, **facts}])


_MINIMAL = report()
_OPEN = _MINIMAL.removesuffix(b"}")

_MALFORMED = (
    Hostile("empty", b"", status=400, place="empty"),
    Hostile("blank", b" \n ", status=400, place="empty"),
    Hostile("malformed", b'{"format": 1,\n "functions": nothing}', status=400, place="Line 2, column 15"),
    Hostile("truncated", _MINIMAL[:-20], status=400, place="cut off"),
    Hostile("truncated in an escape", b'{"format": "\\', status=400, place="cut off"),
    Hostile("two documents", _MINIMAL + _MINIMAL, status=400, place="Line 1, column"),
    Hostile("raw control character", _MINIMAL.replace(b"One", b"\x00"), status=400, place="Line 1, column"),
    Hostile("no JSON at all", b"00:00.0 Host bridge: Intel", status=400, place="Line 1, column"),
    Hostile("200,000 brackets", b"[" * 200_000, status=400, place="Line 1, column 33"),
    Hostile("200,000 objects", b'{"a":' * 200_000, status=400, place="Line 1, column 161"),
    Hostile("brackets behind a string", b'{"[[[[": ' + b"[" * 40, status=400, place="Line 1, column 41"),
    Hostile("escaped quotes without end", b'"' + b'\\"' * (LIMIT // 2 - 1), status=400, place="cut off"),
    Hostile("4 MB of quotes", b'"' * LIMIT, status=400, place="Line 1, column 3"),
    Hostile("5,000-digit integer", _OPEN + b', "x": ' + b"9" * 5000 + b"}", status=400, place="5000 characters"),
    Hostile("NaN", _OPEN + b', "x": NaN}', status=400, place="NaN"),
    Hostile("Infinity", _OPEN + b', "x": Infinity}', status=400, place="Infinity"),
    Hostile("minus Infinity", _OPEN + b', "x": [-Infinity]}', status=400, place="-Infinity"),
    Hostile("1e999", _OPEN + b', "x": 1e999}', status=400, place="1e999"),
    Hostile("duplicate key", _OPEN + b', "format": 1}', status=400, place="'format'"),
    Hostile("duplicate key deep down", _OPEN + b', "x": [{"y": 1, "y": 2}]}', status=400, place="'y'"),
    Hostile("bad UTF-8", b'{"a": "\xff"}', status=400, place="byte 7"),
    Hostile("overlong UTF-8", b'{"a": "\xc0\x80"}', status=400, place="byte 7"),
    Hostile("surrogate in UTF-8", b'{"a": "\xed\xa0\x80"}', status=400, place="byte 7"),
    Hostile("UTF-16", _MINIMAL.decode().encode("utf-16"), status=400, place="UTF-16"),
    Hostile("UTF-16 without mark", _MINIMAL.decode().encode("utf-16-le"), status=400, place="Line 1, column 2"),
)

_WRONG_SIZE = (
    Hostile("a byte too large", _MINIMAL.ljust(LIMIT + 1), status=413, place="4,194,305"),
    Hostile("too large and malformed", b"[" * (LIMIT + 1), status=413, place="4,194,304"),
)

_WRONG_MEDIA = tuple(
    Hostile(f"content type {value or 'empty'}", _MINIMAL, {"Content-Type": value}, status=415, place="content type")
    for value in (
        "text/plain",
        "text/json",
        "application/jsonp",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/json; charset=latin-1",
        "application/json; charset=utf-16",
        "application/json; profile=x",
        "application/json, text/html",
    )
) + tuple(
    Hostile(name, body, {**JSON, "Content-Encoding": encoding}, status=415, place="uncompressed")
    for name, encoding, body in (
        ("gzip", "gzip", gzip.compress(_MINIMAL, mtime=0)),
        ("gzip bomb", "gzip", gzip.compress(b"[" * (64 * 1024 * 1024), mtime=0)),
        ("brotli", "br", _MINIMAL),
        ("two encodings", "identity, deflate", _MINIMAL),
    )
)

_NOT_A_REPORT = (
    Hostile("a list", b"[]", status=422, place="object"),
    Hostile("a string", b'"report"', status=422, place="object"),
    Hostile("null", b"null", status=422, place="object"),
    Hostile("an empty object", b"{}", status=422, place="f"),
    Hostile("no functions", b'{"format": 1}', status=422, place="functions"),
    Hostile("null functions", report(functions=None), status=422, place="functions"),
    Hostile("functions as an object", report(functions={}), status=422, place="functions"),
    Hostile("a function as text", report(functions=["0000:00:00.0"]), status=422, place="functions[0]"),
    Hostile("a function without address", report(functions=[{}]), status=422, place="functions[0].address"),
    Hostile("a million functions", report(functions=[0] * 1_000_000), status=422, place="functions"),
    Hostile(
        "the same function twice", report(functions=[{"address": "01:00.0"}] * 2), status=422, place="functions[0]"
    ),
    Hostile("board as a list", report(board=[]), status=422, place="board"),
    Hostile("board as text", report(board="ASUS"), status=422, place="board"),
    Hostile("a newer format", report(format=2), status=422, place="older than your client"),
    Hostile("format 0", report(format=0), status=422, place="format"),
    Hostile("format -1", report(format=-1), status=422, place="format"),
    Hostile("format as text", report(format="1"), status=422, place="format"),
    Hostile("format true", report(format=True), status=422, place="format"),
    Hostile("group past 32 bits", _function(iommu_group=2**31), status=422, place="functions[0].iommu_group"),
    Hostile("group as text", _function(iommu_group="7"), status=422, place="functions[0].iommu_group"),
    Hostile("group true", _function(iommu_group=True), status=422, place="functions[0].iommu_group"),
    Hostile("group 1.5", _function(iommu_group=1.5), status=422, place="functions[0].iommu_group"),
    Hostile("negative bus", _function(secondary_bus=-1), status=422, place="functions[0].secondary_bus"),
    Hostile("memory past 2**53", report(memory={"bytes": 2**53 + 1}), status=422, place="memory.bytes"),
    Hostile("truth as number", _function(flr=1), status=422, place="functions[0].flr"),
    Hostile("truth as text", _function(flr="false"), status=422, place="functions[0].flr"),
    Hostile("five hex digits", _function(vendor="10de0"), status=422, place="functions[0].vendor"),
    Hostile("no hex digits", _function(vendor="nvid"), status=422, place="functions[0].vendor"),
    Hostile("fullwidth digits", _function(vendor="\uff11\uff10de"), status=422, place="functions[0].vendor"),
    Hostile("device number 20", _function(parent="0000:00:20.0"), status=422, place="functions[0].parent"),
    Hostile("address with a line behind", _function(parent="00:00.0\nx"), status=422, place="functions[0].parent"),
    Hostile("path out of the tree", report(slots=[{"port": "../../etc"}]), status=422, place="slots[0].port"),
    Hostile("over-long name", report(board={"name": "B" * 201}), status=422, place="board.name"),
    Hostile("over-long note", report(settings=[{"note": "n" * 2001}]), status=422, place="settings[0].note"),
    Hostile("a 4 MB string", report(board={"name": "B" * 4_000_000}), status=422, place="board.name"),
    Hostile("too many slots", report(slots=[{}] * 257), status=422, place="slots"),
    Hostile("no date", report(provenance={"collected": "yesterday"}), status=422, place="provenance.collected"),
    Hostile("no calendar date", report(provenance={"collected": "2023-02-30"}), status=422, place="collected"),
)

_CLEANED = (
    Hostile("byte order mark", b"\xef\xbb\xbf" + _MINIMAL),
    Hostile("exactly the limit", _MINIMAL.ljust(LIMIT)),
    Hostile("charset in capitals", _MINIMAL, {"Content-Type": 'Application/JSON; Charset="UTF-8"'}),
    Hostile("a JSON dialect", _MINIMAL, {"Content-Type": "application/vnd.hwdb.report+json"}),
    Hostile("identity encoding", _MINIMAL, {**JSON, "Content-Encoding": "identity"}),
    Hostile("NUL", report(board={"vendor": "Ex\x00ample", "name": "B\x00"})),
    Hostile("lone high surrogate", report(board={"vendor": "Ex\ud800", "name": "Board"})),
    Hostile("lone low surrogate", report(board={"vendor": "Ex", "name": "\udfffBoard"})),
    Hostile("surrogate in a key", _OPEN + b', "\\ud800": "\\udc00"}'),
    Hostile("NUL in a key", _OPEN + b', "\\u0000": 1}'),
    Hostile("control characters", _function(name="a\x1b[31mb\x7f\x85c", label="\n", driver="\x00")),
    Hostile("NUL in a note", report(settings=[{"note": "line\r\nline\ttab\x00"}])),
    Hostile("NUL in a word", _function(port_type="\x00", reset_methods=["\x00", "flr"])),
    Hostile("markup", report(board={"vendor": "<script>alert(1)</script>", "name": "'; DROP TABLE boards; --"})),
    Hostile("unknown fields", _OPEN + b', "serial": "1", "nested": {"a": [1, 2, {"b": null}]}}'),
    Hostile("a thousand unknown fields", report(**{f"x{'y' * 100}{i}": i for i in range(1000)})),
    Hostile("a key like a dunder", _OPEN + b', "__class__": {"__init__": 1}, "_schema": ["x"]}'),
    Hostile("deep, but not too deep", _OPEN + b', "x": ' + b"[" * 31 + b"]" * 31 + b"}"),
    Hostile("brackets in a string", report(board={"vendor": "[" * 150, "name": '"]}' * 20})),
    Hostile("a private command line", report(kernel={"parameters": ["iommu=pt", "rd.luks.uuid=secret", "a b"]})),
    Hostile("blank everything", report(board={"vendor": " ", "name": ""}, kernel={"release": ""})),
    Hostile("nothing known", report(functions=[], board=None, cpus=None, kernel={}, slots=[])),
)

HOSTILE: tuple[Hostile, ...] = _MALFORMED + _WRONG_SIZE + _WRONG_MEDIA + _NOT_A_REPORT + _CLEANED
