"""The OpenAPI document laid out for reading. Pure functions, used as template filters."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlencode

from markupsafe import Markup, escape

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


class Content(NamedTuple):
    """One media type of a body.

    Attributes:
        media_type: Like ``application/json``.
        name: Of its schema, None for one without a name.
        properties: Names and types of its first level.
    """

    media_type: str
    name: str | None
    properties: list[tuple[str, str]]


class Response(NamedTuple):
    """One answer: its status, when it is given, and its bodies."""

    status: str
    description: str
    contents: list[Content]


class Operation(NamedTuple):
    """One method of one path.

    Attributes:
        anchor: For links within the page.
        tag: The group it belongs to.
        parameters: As dictionaries with ``name``, ``in``, ``required``, ``type`` and ``description``.
        contents: Bodies a request may have.
        options, query: Parts of a curl command line, before and after its address.
    """

    method: str
    path: str
    anchor: str
    tag: str
    summary: str
    description: str
    parameters: list[dict[str, Any]]
    contents: list[Content]
    responses: list[Response]
    options: str
    query: str


def operations(spec: Mapping[str, Any]) -> list[Operation]:
    """Return every operation of an OpenAPI document, in its order."""
    return [
        _operation(spec, path, item, method)
        for path, item in spec.get("paths", {}).items()
        for method in _METHODS
        if method in item
    ]


def _operation(spec: Mapping[str, Any], path: str, item: Mapping[str, Any], method: str) -> Operation:
    said = item[method]
    stated = [*item.get("parameters", ()), *said.get("parameters", ())]
    parameters = [_parameter(spec, resolve(spec, one)) for one in stated]
    contents = list(_contents(spec, resolve(spec, said.get("requestBody", {}))))
    return Operation(
        method=method.upper(),
        path=path,
        anchor=f"{method}-{''.join(c if c.isalnum() else '-' for c in path).strip('-')}",
        tag=next(iter(said.get("tags", ())), ""),
        summary=said.get("summary", ""),
        description=said.get("description", ""),
        parameters=parameters,
        contents=contents,
        responses=sorted(_responses(spec, said), key=lambda one: one.status),
        options=_options(method, contents, needs_key=said.get("security") == [{"key": []}]),
        query=_query(parameters),
    )


def _parameter(spec: Mapping[str, Any], stated: Mapping[str, Any]) -> dict[str, Any]:
    schema = resolve(spec, stated.get("schema", {}))
    return {
        "name": stated.get("name", ""),
        "in": stated.get("in", ""),
        "required": bool(stated.get("required")),
        "type": type_word(schema),
        "description": stated.get("description", ""),
        "example": schema.get("example"),
        "values": [str(value) for value in schema.get("enum", ()) if value is not None],
        "default": None if schema.get("default") in {None, ""} else json.dumps(schema["default"]),
    }


def _responses(spec: Mapping[str, Any], said: Mapping[str, Any]) -> Iterator[Response]:
    for status, stated in said.get("responses", {}).items():
        response = resolve(spec, stated)
        yield Response(str(status), response.get("description", ""), list(_contents(spec, response)))


def _contents(spec: Mapping[str, Any], holder: Mapping[str, Any]) -> Iterator[Content]:
    for media_type, body in holder.get("content", {}).items():
        stated = body.get("schema", {})
        schema = resolve(spec, stated)
        name = stated.get("$ref", "").rpartition("/")[2] or None
        properties = [(key, type_word(part)) for key, part in schema.get("properties", {}).items()]
        yield Content(media_type, name, properties)


def resolve(spec: Mapping[str, Any], part: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what a part of the document refers to within it, the part itself when it refers to nothing."""
    seen: set[str] = set()
    while "$ref" in part and part["$ref"] not in seen:
        seen.add(part["$ref"])
        found: Any = spec
        for step in part["$ref"].removeprefix("#/").split("/"):
            found = found.get(step, {}) if isinstance(found, dict) else {}
        part = found if isinstance(found, dict) else {}
    return part


def type_word(schema: Mapping[str, Any]) -> str:
    """Return the type of a schema in words: ``string or null``, ``list of Slot``."""
    if "$ref" in schema:
        return str(schema["$ref"].rpartition("/")[2])
    for key in ("anyOf", "oneOf", "allOf"):
        if key in schema:
            return " or ".join(dict.fromkeys(type_word(one) for one in schema[key]))
    stated = schema.get("type", "any")
    words = [stated] if isinstance(stated, str) else list(stated)
    items = schema.get("items")
    return " or ".join(f"list of {type_word(items)}" if word == "array" and items else word for word in words)


def _options(method: str, contents: list[Content], *, needs_key: bool) -> str:
    """Return the options of a curl command line that makes this request."""
    options = "" if method == "get" else f"-X {method.upper()} "
    if needs_key:
        options += "-H 'Authorization: Bearer KEY' "
    if contents:
        options += f"-H 'Content-Type: {contents[0].media_type}' --data-binary @report.json "
    return options


def _query(parameters: list[dict[str, Any]]) -> str:
    """Return an example of a query: the parameters' own examples, else the first with a value it may have."""
    own = {one["name"]: one["example"] for one in parameters if one["in"] == "query" and one["example"]}
    if own:
        return f"?{urlencode(own, doseq=True)}"
    first = next((one for one in parameters if one["in"] == "query"), None)
    if first is None:
        return ""
    value = next(iter(first["values"]), None) or {"boolean or null": "true", "integer": "10"}.get(first["type"], "x399")
    return f"?{first['name']}={value}"


def code_spans(text: str) -> Markup:
    """Return text with its `code` marked up as such and everything else escaped."""
    parts = re.split(r"`([^`]+)`", text)
    marked = (Markup("<code>{}</code>").format(part) if place % 2 else escape(part) for place, part in enumerate(parts))
    return Markup("").join(marked)


FILTERS: dict[str, Callable[..., Any]] = {"operations": operations, "code_spans": code_spans}
"""Template filters by name."""
