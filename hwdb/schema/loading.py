"""Turn a plain document into a ``Report``, or say everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from marshmallow import Schema, ValidationError, fields

from hwdb.errors import FieldProblem, InvalidReport
from hwdb.report import FORMAT, Report
from hwdb.schema.fields import INT32, WORD, Fact, Many, kind_of
from hwdb.schema.report import ReportSchema
from hwdb.schema.text import clean
from hwdb.schema.upgrades import upgrade

MAX_PROBLEMS = 50
MAX_IGNORED = 100

_SCHEMA = ReportSchema()


@dataclass(frozen=True)
class Loaded:
    """A report, and what of its document this version could not take.

    Attributes:
        report: What was understood.
        ignored: Where the fields and words stand that this version does not know, like ``functions[0].colour``;
            at most 100.
    """

    report: Report
    ignored: tuple[str, ...] = ()


def load(document: object) -> Loaded:
    """Return the report a decoded document holds, older formats upgraded.

    Args:
        document: What ``decode`` returned; it is not changed.

    Raises:
        InvalidReport: It is no report of a format this version reads; every wrong field is named, at most 50.
    """
    if not isinstance(document, dict):
        raise _invalid("", f"It is {kind_of(document)}; a report is an object with format and functions.")
    _refuse_newer(document.get("format"))
    current = upgrade(document)
    try:
        report = _SCHEMA.load(current)
    except ValidationError as error:
        raise InvalidReport(tuple(islice(_problems(error.messages), MAX_PROBLEMS))) from error
    return Loaded(report, tuple(islice(_ignored(_SCHEMA, current), MAX_IGNORED)))


def _refuse_newer(version: object) -> None:
    if isinstance(version, int) and FORMAT < version <= INT32:
        reason = (
            f"It is {version}, and this service reads formats up to {FORMAT}: it is older than your client. "
            "Keep the report and send it again when the service is updated, or send it with an older client."
        )
        raise _invalid("format", reason)


def _invalid(field: str, reason: str) -> InvalidReport:
    return InvalidReport((FieldProblem(field, reason),))


def _problems(messages: Any, path: str = "") -> Iterator[FieldProblem]:
    """Yield the leaves of marshmallow's tree of messages, each with its path."""
    if not isinstance(messages, Mapping):
        yield from (FieldProblem(path, reason) for reason in messages)
        return
    for key, inner in messages.items():
        # marshmallow files what is wrong with an object itself under this name.
        yield from _problems(inner, path if key == "_schema" else _below(path, key))


def _below(path: str, key: str | int) -> str:
    if isinstance(key, int):
        return f"{path}[{key}]"
    return f"{path}.{key}" if path else key


def _ignored(schema: Schema, document: Mapping[str, Any], path: str = "") -> Iterator[str]:
    """Yield where an accepted document says what the schema does not know."""
    known = {field.data_key or name: field for name, field in schema.load_fields.items()}
    for key, value in document.items():
        if key in known:
            yield from _ignored_in(known[key], value, _below(path, key))
        else:
            yield _below(path, clean(key)[:WORD])


def _ignored_in(field: fields.Field[Any], value: Any, path: str) -> Iterator[str]:
    if value is None:
        return
    if isinstance(field, fields.Nested):
        yield from _ignored(field.schema, value, path)
    elif isinstance(field, Many):
        for index, item in enumerate(value):
            yield from _ignored_in(field.inner, item, _below(path, index))
    elif isinstance(field, Fact) and field.drops(value):
        yield path
