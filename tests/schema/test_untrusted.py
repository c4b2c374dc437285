"""Anybody may post anything: each hostile document is refused with its place, or accepted and cleaned."""

from __future__ import annotations

import json
import re
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hwdb.errors import DocumentError, InvalidReport
from hwdb.report import canonical, to_document
from hwdb.schema import MAX_BYTES, Loaded, check_media_type, decode, load
from tests.hostile import HOSTILE, LIMIT, Hostile, report

UNSAFE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


def take(body: bytes, headers: dict[str, str]) -> Loaded:
    """Read a document the way the service does."""
    check_media_type(headers.get("Content-Type"), headers.get("Content-Encoding"))
    return load(decode(body))


@pytest.mark.parametrize("hostile", [h for h in HOSTILE if h.status], ids=lambda h: h.name)
def test_refused_with_status_and_place(hostile: Hostile) -> None:
    with pytest.raises((DocumentError, InvalidReport)) as caught:
        take(hostile.body, hostile.headers)
    status = caught.value.status if isinstance(caught.value, DocumentError) else 422
    assert (status, hostile.place in str(caught.value)) == (hostile.status, True), str(caught.value)
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 300


@pytest.mark.parametrize("hostile", [h for h in HOSTILE if h.status is None], ids=lambda h: h.name)
def test_accepted_and_cleaned(hostile: Hostile) -> None:
    loaded = take(hostile.body, hostile.headers)
    written = canonical(to_document(loaded.report))
    assert not UNSAFE.search(json.dumps(json.loads(written), ensure_ascii=False).replace("\\n", "\n"))
    assert load(decode(written)) == Loaded(loaded.report)
    assert len(loaded.ignored) <= 100
    assert all(len(path) <= 64 and path.isprintable() for path in loaded.ignored)


def test_the_hostile_set_covers_every_answer_and_names_each_document_once() -> None:
    assert LIMIT == MAX_BYTES
    assert len({h.name for h in HOSTILE}) == len(HOSTILE)
    assert {h.status for h in HOSTILE} == {None, 400, 413, 415, 422}


def test_what_decode_returns_can_always_be_encoded() -> None:
    document = decode(b'{"\\ud800": ["\\udfff", {"a": "\\ud83d\\ude00 \\ud83d"}]}')
    assert document == {"\ufffd": ["\ufffd", {"a": "\U0001f600 \ufffd"}]}


def test_a_file_may_have_a_limit_of_its_own() -> None:
    with pytest.raises(DocumentError, match=r"has 11 bytes, and at most 10 are taken"):
        decode(b'{"a": 1234}', limit=10)


@pytest.mark.parametrize("content_type", [None, "", ";", "application", "json"])
def test_a_missing_content_type_is_refused(content_type: str | None) -> None:
    with pytest.raises(DocumentError, match="application/json") as caught:
        check_media_type(content_type)
    assert caught.value.status == 415


def test_the_place_counts_lines_and_columns_from_one() -> None:
    with pytest.raises(DocumentError, match=r"^Line 3, column 4: "):
        decode(b'{"a": 1,\n\n   b: 2}')


@settings(deadline=None)
@given(st.binary() | st.text(alphabet='[]{}",:\\0123456789.eE-+u truefalsn', max_size=200).map(str.encode))
def test_decode_returns_data_or_says_what_is_wrong(raw: bytes) -> None:
    with suppress(DocumentError):
        canonical({"document": decode(raw)})


@settings(deadline=None)
@given(st.integers(0, len(report()) - 1), st.binary(max_size=3))
def test_a_damaged_report_never_breaks_the_reader(position: int, damage: bytes) -> None:
    body = report()
    with suppress(DocumentError, InvalidReport):
        load(decode(body[:position] + damage + body[position + len(damage) :]))
