"""JSON out of pasted text: what is read, and what is refused with line and column."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hwdb.errors import ParseError
from hwdb.importers.json_text import MAX_CHARACTERS, decode


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"a": [1, -2.5, true, null, "b"]}', {"a": [1, -2.5, True, None, "b"]}),
        ('{"a": 1, "a": 2}', {"a": 2}),
        ('{"a": "]}\\"{"} and prose', {"a": ']}"{'}),
        ("[1]\n}}}", [1]),
        ('{"a": 1e999}', {"a": None}),
        ('{"NaN": "Infinity"}', {"NaN": "Infinity"}),
        ("  [] ", []),
    ],
)
def test_a_document_is_read_and_what_follows_it_is_not(text: str, value: Any) -> None:
    assert decode(text, len(text) - len(text.lstrip())) == value


def test_a_document_is_read_where_it_begins() -> None:
    assert decode('He said {"hi"}: {"a": 1}', 16) == {"a": 1}


@pytest.mark.parametrize(
    ("text", "sentence", "place"),
    [
        ('{"a": 1,\n "b": }', "this is not JSON", (2, 7)),
        ('{"a": 1,\n "b": [1, 2', "ends in the middle", (2, 12)),
        ('{"a": "never', "ends in the middle", (1, 7)),
        ('{"a":\n\n NaN}', "no number that JSON has", (3, 2)),
        ('{"a": -Infinity}', "no number that JSON has", (1, 8)),
        ('{"a": ' + "9" * 5000 + "}", "no number that JSON has", (1, 7)),
        ("[" * 100_000, "nested deeper than 64 levels", (1, 65)),
        ('{"a":' * 100_000, "nested deeper than 64 levels", (1, 321)),
        ("]", "this is not JSON", (1, 1)),
        ("", "ends in the middle", (1, 1)),
        ("[" + " " * MAX_CHARACTERS + "]", "at most 4,194,304 are read", (1, 1)),
    ],
)
def test_what_is_no_json_is_refused_with_its_place(text: str, sentence: str, place: tuple[int, int]) -> None:
    with pytest.raises(ParseError, match=sentence) as refused:
        decode(text)
    assert (refused.value.line, refused.value.column) == place


@given(st.one_of(st.text(), st.text(alphabet='[]{}",:\\ 0123456789.eNaInfinity\n', max_size=60)))
def test_no_text_raises_anything_but_a_parse_error(text: str) -> None:
    with suppress(ParseError):
        decode(text)


@given(st.recursive(st.none() | st.booleans() | st.integers(-(10**18), 10**18) | st.text(), st.lists, max_leaves=20))
def test_what_json_wrote_is_read(value: Any) -> None:
    assert decode(json.dumps([value]) + " tail") == [value]
