"""The report format as JSON Schema 2020-12, for other tools: generated, so that it cannot say otherwise."""

from __future__ import annotations

import re
from inspect import getdoc
from typing import TYPE_CHECKING, Any, cast

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin

from hwdb.report import FORMAT
from hwdb.schema.report import Part, ReportSchema

if TYPE_CHECKING:
    from marshmallow import Schema

_ATTRIBUTE = re.compile(r"^    (\w[\w, ]*): (.+(?:\n {8}.+)*)", re.MULTILINE)


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of a report; every object it nests stands under ``$defs`` by its dataclass's name.

    The schema admits what ``load`` accepts, except what it cannot say: that addresses are unique, that a date is in
    the calendar. Fields and words it does not name are admitted too, and ignored.
    """
    plugin = MarshmallowPlugin(schema_name_resolver=_name)
    spec = APISpec("hwdb report", str(FORMAT), "3.1.0", plugins=[plugin])
    spec.components.schema("Report", schema=ReportSchema)
    # The plugin keeps the schema of everything that it met on the way to the last object.
    parts = {name: _described(name, part) for name, part in _local(spec.to_dict())["components"]["schemas"].items()}
    report = parts.pop("Report")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"hwdb report, format {FORMAT}",
        **report,
        "$defs": parts,
    }


def _name(schema: type[Schema]) -> str:
    return cast("type[Part]", schema).shape.__name__


def _local(node: Any) -> Any:
    """Return an OpenAPI document with its references pointing to ``$defs``."""
    if isinstance(node, dict):
        return {key: _local(value) for key, value in node.items()}
    if isinstance(node, list):
        return [_local(value) for value in node]
    return node.replace("#/components/schemas/", "#/$defs/") if isinstance(node, str) else node


def _described(name: str, part: dict[str, Any]) -> dict[str, Any]:
    """Return an object's schema with the words of its dataclass, the one place that says what a fact means."""
    doc = next(getdoc(p.shape) or "" for p in Part.__subclasses__() if p.shape.__name__ == name)
    part["description"] = _plain(doc.split("\n\n", 1)[0])
    for names, text in _ATTRIBUTE.findall(doc):
        for attribute in names.split(", "):
            part["properties"][attribute.rstrip("_")]["description"] = _plain(text)
    return part


def _plain(text: str) -> str:
    # The docstring speaks Python, the schema JSON.
    return re.sub(r"\bNone\b", "null", re.sub(r"\s+", " ", text)).replace("``", "`").strip()
