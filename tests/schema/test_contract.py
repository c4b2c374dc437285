"""A new fact costs four edits; these tests name the one that was forgotten."""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from marshmallow import fields as marshmallow_fields

from hwdb import report as shapes
from hwdb.errors import InvalidReport
from hwdb.parameters import PARAMETERS
from hwdb.report import Report, canonical, to_document
from hwdb.schema import Loaded, ReportSchema, decode, json_schema, load
from hwdb.schema.fields import Fact, Flag, Many, Moment, Parameter, Spelled, Text, Whole, Word
from hwdb.schema.report import Part
from tests.hostile import HOSTILE, Hostile

if TYPE_CHECKING:
    from collections.abc import Callable

PUBLISHED = json_schema()
VALIDATOR = Draft202012Validator(PUBLISHED, format_checker=Draft202012Validator.FORMAT_CHECKER)
PAGE = (Path(__file__).parents[2] / "docs" / "report-format.md").read_text(encoding="utf-8")


def schemas(schema: Any) -> dict[str, Part]:
    """Return every schema a schema nests, and itself, by the name of its dataclass."""
    found = {schema.shape.__name__: schema}
    for field in schema.load_fields.values():
        inner = field.inner if isinstance(field, Many) else field
        if isinstance(inner, marshmallow_fields.Nested):
            found |= schemas(inner.schema)
    return found


SCHEMAS = schemas(ReportSchema())


def test_every_dataclass_has_a_schema() -> None:
    dataclasses = {name for name in shapes.__all__ if is_dataclass(getattr(shapes, name))}
    assert set(SCHEMAS) == dataclasses
    assert set(PUBLISHED["$defs"]) == dataclasses - {"Report"}


@pytest.mark.parametrize("name", sorted(SCHEMAS))
def test_dataclass_and_schemas_have_the_same_fields(name: str) -> None:
    schema = SCHEMAS[name]
    attributes = {f.name for f in fields(schema.shape)}
    decoded = set(schema.load_fields)
    properties = set((PUBLISHED if name == "Report" else PUBLISHED["$defs"][name])["properties"])
    keys = {attribute.rstrip("_") for attribute in attributes}
    assert attributes - decoded == set(), f"hwdb/schema/report.py: {name}Schema does not decode these"
    assert decoded - attributes == set(), f"hwdb/report: {name} has no such attributes"
    assert keys == properties, "the JSON Schema names other keys"
    assert keys == {field.data_key or key for key, field in schema.load_fields.items()}, "a data_key differs"


@pytest.mark.parametrize("name", sorted(SCHEMAS))
def test_the_page_for_other_tools_explains_every_key_and_word(name: str) -> None:
    section = PAGE.partition(f"\n### {name}:")[2].partition("\n### ")[0]
    explained = re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)
    assert set(explained) == {f.name.rstrip("_") for f in fields(SCHEMAS[name].shape)}, f"docs/report-format.md, {name}"
    words = {word for field in SCHEMAS[name].load_fields.values() if isinstance(field, Word) for word in field.words}
    assert words <= set(re.findall(r"`(\w+)`", section))


def test_the_page_lists_every_kernel_parameter_that_is_kept() -> None:
    assert {word for word in PARAMETERS if f"`{word}`" not in PAGE} == set()


def test_the_example_of_the_page_is_a_report() -> None:
    example = PAGE.partition("```json\n")[2].partition("```")[0]
    assert load(decode(example.encode())).ignored == ()
    VALIDATOR.validate(decode(example.encode()))


def test_the_json_schema_is_one_and_stands_alone() -> None:
    Draft202012Validator.check_schema(PUBLISHED)
    assert "$id" not in PUBLISHED
    assert "#/components" not in str(PUBLISHED)
    assert PUBLISHED["required"] == ["format", "functions"]
    assert PUBLISHED["$defs"]["Function"]["properties"]["vendor"]["type"] == ["string", "null"]
    assert "reset" in PUBLISHED["$defs"]["Function"]["properties"]["reset_methods"]["description"]


@pytest.mark.parametrize("hostile", [h for h in HOSTILE if h.status in {None, 422}], ids=lambda h: h.name)
def test_the_json_schema_judges_as_the_decoder_does(hostile: Hostile) -> None:
    # It cannot say that addresses are unique, and knows no calendar.
    beyond = hostile.name in {"the same function twice", "no calendar date"}
    assert VALIDATOR.is_valid(decode(hostile.body)) == (hostile.status is None or beyond)


STRATEGIES: dict[type[Fact], Callable[[Any], st.SearchStrategy[Any]]] = {
    Parameter: lambda _: st.sampled_from(["iommu=pt", "vfio-pci.ids=10de:1b80", "pci=noacs"]),
    Word: lambda fact: st.sampled_from(sorted(fact.words)),
    Text: lambda _: st.text(st.characters() | st.sampled_from(" \n\t\r\0\ud800\u2028"), max_size=12),
    Whole: lambda fact: st.integers(fact.low, fact.high),
    Moment: lambda _: st.dates().map(str) | st.datetimes().map(lambda moment: moment.isoformat()),
    Spelled: lambda fact: st.from_regex(fact.pattern, fullmatch=True).filter(lambda text: len(text) <= 255),
    Flag: lambda _: st.booleans(),
}


def of_fact(fact: Fact) -> st.SearchStrategy[Any]:
    """Return a strategy of raw values that a field accepts."""
    kind = next(kind for kind in type(fact).__mro__ if kind in STRATEGIES)
    return STRATEGIES[kind](fact)


def of_field(field: Any) -> st.SearchStrategy[Any]:
    """Return a strategy of what a report holds in a field: values as the decoder leaves them."""
    if isinstance(field, Many):
        unique = (lambda item: item.address) if field.name == "functions" else None
        items = of_field(field.inner).filter(lambda item: item is not None)
        return st.lists(items, max_size=3, unique_by=unique).map(tuple)
    if isinstance(field, marshmallow_fields.Nested):
        assert isinstance(field.schema, Part)
        return of_schema(field.schema)
    cleaned = of_fact(field).map(field.parse)
    return cleaned.filter(lambda fact: fact is not None) if field.required else cleaned


def of_schema(schema: Part) -> st.SearchStrategy[Any]:
    """Return a strategy of dataclasses, in which every fact that may be unknown sometimes is."""
    optional = {f.name for f in fields(schema.shape) if f.default is None}
    facts = {
        name: st.none() | of_field(field) if name in optional else of_field(field)
        for name, field in schema.load_fields.items()
    }
    return st.builds(schema.shape, **facts)


@settings(deadline=None, max_examples=60)
@given(of_schema(ReportSchema()))
def test_every_report_survives_being_written_and_read(report: Report) -> None:
    document = to_document(report)
    assert load(decode(canonical(document))) == Loaded(report)
    VALIDATOR.validate(document)


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from([f.name.rstrip("_") for s in SCHEMAS.values() for f in fields(s.shape)]), inner
        )
    ),
    max_leaves=30,
)


def refusal(document: Any) -> list[str]:
    """Return the reasons a document is refused for; none when it becomes a report that can be written."""
    try:
        canonical(to_document(load(document).report))
    except InvalidReport as error:
        return [problem.reason for problem in error.problems]
    return []


@settings(deadline=None)
@given(JUNK)
def test_any_document_is_read_or_refused_in_words(junk: Any) -> None:
    document = {"format": 1, "functions": [], **junk} if isinstance(junk, dict) else junk
    assert all(reason.endswith(".") for reason in refusal(document))
