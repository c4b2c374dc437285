"""Response schemas, made from the view dataclasses: the API shows what the pages show, field by field."""

from __future__ import annotations

import types
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

from marshmallow import Schema
from marshmallow import fields as ma

_SCALARS: dict[Any, type[ma.Field[Any]]] = {str: ma.String, int: ma.Integer, bool: ma.Boolean}


@cache
def shape_of(view: type) -> type[Schema]:
    """Return the marshmallow schema of a view dataclass; fields that only serve the analysis are left out."""
    hints = get_type_hints(view)
    named = {f.name.rstrip("_"): _field(hints[f.name]) for f in fields(view) if not f.metadata.get("workings")}
    return Schema.from_dict(named, name=view.__name__)


def linked_shape_of(view: type) -> type[Schema]:
    """Return the schema of a view dataclass and of the links an answer adds to it."""
    links = ma.Dict(keys=ma.String(), values=ma.String(), required=True)
    return shape_of(view).from_dict({"links": links}, name=view.__name__)


def _field(hint: Any) -> ma.Field[Any]:
    """Return the field for one annotation: scalars, tuples, other views, and any of them or null."""
    args = get_args(hint)
    if get_origin(hint) in {types.UnionType, Union}:
        inner = _field(next(arg for arg in args if arg is not type(None)))
        inner.allow_none = True
        return inner
    if get_origin(hint) is tuple:
        return ma.List(_field(args[0]), required=True)
    if is_dataclass(hint) and isinstance(hint, type):
        return ma.Nested(shape_of(hint), required=True)
    return _SCALARS.get(hint, ma.Raw)(required=True)


class Problem(Schema):
    """An error, as RFC 9457 has it."""

    type = ma.String(required=True)
    title = ma.String(required=True)
    status = ma.Integer(required=True)
    detail = ma.String(required=True, metadata={"description": "A sentence: what was wrong, where, what to do."})
    errors = ma.List(
        ma.Dict(keys=ma.String(), values=ma.String()),
        metadata={"description": "Every field that was wrong: field and reason."},
    )


def problems(*statuses: int) -> dict[str, Any]:
    """Return the OpenAPI responses of errors an operation can answer with."""
    content = {"application/problem+json": {"schema": Problem}}
    return {str(status): {"description": "An error, in a sentence.", "content": content} for status in statuses}
