"""Values kept whole in one column: frozen dataclasses <-> JSON bytes."""

from __future__ import annotations

import json
import types
import zlib
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from hwdb.analysis.public import plain

T = TypeVar("T")


def pack(value: Any) -> bytes:
    """Return a value as compressed JSON."""
    return zlib.compress(json.dumps(plain(value), separators=(",", ":"), ensure_ascii=False).encode())


def unpack(kind: type[T], stored: bytes) -> T:
    """Return the value that ``pack`` stored."""
    read: T = restore(kind, json.loads(zlib.decompress(stored)))
    return read


def restore(kind: Any, data: Any) -> Any:
    """Return JSON data as a value of the annotated type; fields that the data lacks take their defaults."""
    origin = get_origin(kind)
    if data is None:
        return None
    if origin in {types.UnionType, Union}:
        return restore(next(arg for arg in get_args(kind) if arg is not type(None)), data)
    if origin is tuple:
        return tuple(restore(get_args(kind)[0], item) for item in data)
    if isinstance(kind, type) and is_dataclass(kind):
        hints = _hints(kind)
        known = {f.name: f.name.rstrip("_") for f in fields(kind)}
        return kind(**{name: restore(hints[name], data[key]) for name, key in known.items() if key in data})
    return data


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)
