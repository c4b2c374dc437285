"""Values kept whole in one column: frozen dataclasses <-> JSON bytes."""

from __future__ import annotations

import json
import types
import zlib
from dataclasses import fields, is_dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar, Union, get_args, get_origin, get_type_hints

from hwdb.analysis.public import plain

if TYPE_CHECKING:
    from collections.abc import Callable

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
    return _reader(kind)(data)


@cache
def _reader(kind: Any) -> Callable[[Any], Any]:
    """Return what reads values of a type; made once, since a planner reads thousands of answers at a time."""
    origin = get_origin(kind)
    if origin in {types.UnionType, Union}:
        return _reader(next(arg for arg in get_args(kind) if arg is not type(None)))
    if origin is tuple:
        item = _reader(get_args(kind)[0])
        return lambda data: None if data is None else tuple(map(item, data))
    if isinstance(kind, type) and is_dataclass(kind):
        return _dataclass_reader(kind)
    return lambda data: data


def _dataclass_reader(kind: type) -> Callable[[Any], Any]:
    hints = get_type_hints(kind)
    known = [(f.name.rstrip("_"), f.name, _reader(hints[f.name])) for f in fields(kind)]

    def read(data: Any) -> Any:
        return None if data is None else kind(**{name: of(data[key]) for key, name, of in known if key in data})

    return read
