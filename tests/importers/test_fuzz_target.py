"""The fuzzer's target, on seeds and what becomes of them: it holds what it is to hold, and cannot rot unseen."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fuzz import importers as target
from fuzz.one_input import read_one
from tests.conftest import CORPUS
from tests.importers.hostile_shapes import ANY, BEGUN, LINES

if TYPE_CHECKING:
    from pathlib import Path

PIECES = sorted({*ANY, *(piece for pieces in LINES.values() for piece in pieces)})
STARTS = sorted({start for begun in BEGUN.values() for start, _ in begun})
REPORT = json.dumps({"format": 1, "functions": [{"address": "0000:01:00.0", "iommu_group": 1}]}).encode()
SEEDS = [
    REPORT,
    b"\xff\xfe" + "IOMMU Group 1 01:00.0 VGA [0300]: A [10de:1b80]".encode("utf-16-le"),
    gzip.compress(b"IOMMU Group 1:"),
    b"_SM3_\0" + bytes(40),
    b"PK\x03\x04",
    b"\xfd7zXZ\x00",
]


def texts() -> st.SearchStrategy[bytes]:
    lines = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=9)), max_size=40).map("".join)
    return st.tuples(st.sampled_from(STARTS), lines).map("".join).map(lambda text: text.encode("utf-8", "replace"))


@given(st.one_of(st.binary(max_size=400), texts()))
def test_any_bytes_make_reports_or_a_sentence(raw: bytes) -> None:
    read_one(raw)


@given(st.sampled_from(SEEDS), st.integers(0, 100), st.integers(0, 9), st.binary(max_size=9))
def test_what_was_damaged_makes_reports_or_a_sentence(raw: bytes, at: int, lost: int, added: bytes) -> None:
    read_one(raw[:at] + added + raw[at + lost :])


@pytest.mark.corpus
@settings(max_examples=60)
@given(st.data())
def test_real_listings_that_were_damaged_make_reports_or_a_sentence(data: st.DataObject) -> None:
    files = sorted(path for path in CORPUS.glob("forum/*.txt") if path.stat().st_size < 20_000)
    if not files:
        pytest.skip("the corpus of forum listings is missing; HWDB_CORPUS names its folder")
    raw = data.draw(st.sampled_from(files)).read_bytes()
    at = data.draw(st.integers(0, len(raw)))
    read_one(raw[:at] + data.draw(st.binary(max_size=9)) + raw[at + data.draw(st.integers(0, 200)) :])


def test_seeds_are_the_beginnings_of_files_and_each_is_there_once(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).write_bytes(b"IOMMU Group 1:\n" * 10_000)
    target.main(["fuzz.importers", "--seed", str(tmp_path / "seeds"), str(tmp_path / "one"), str(tmp_path / "two")])
    (kept,) = (tmp_path / "seeds").iterdir()
    assert kept.stat().st_size == target._LONGEST_SEED
    read_one(kept.read_bytes())
