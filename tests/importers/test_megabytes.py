"""Ten megabytes made against each format: read to the end, in bounded memory, as a report or a sentence."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from hwdb.importers import FORMATS
from tests.conftest import ROOT
from tests.importers.hostile_shapes import ANY, BEGUN, LINES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from concurrent.futures import Future

SIZE = 10_000_000
NAMES = [known.name for known in FORMATS]

# What the interpreter and the modules take, and twenty times the text: more ends in a MemoryError, which fails.
READS = """
import resource, sys
from hwdb import importers
from hwdb.errors import ParseError
from hwdb.report import Report
known = {one.name: one for one in importers.FORMATS}.get(sys.argv[1])
text = sys.stdin.buffer.read().decode()
with open("/proc/self/statm") as taken:
    now = int(taken.read().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (now + 20 * int(sys.argv[2]),) * 2)
for read in (known.sniff, known.parse, known.parse_all or known.parse) if known else (importers.parse_all,):
    try:
        made = read(text)
    except ParseError:
        continue
    for one in made if isinstance(made, tuple) else (made,):
        assert isinstance(one, (bool, Report)), one
"""


def reads(name: str, text: str) -> str:
    """Read a text in a process of its own, ended when it takes longer than any may; return what failed."""
    ran = subprocess.run(
        [sys.executable, "-c", READS, name, str(SIZE)],
        cwd=ROOT,
        input=text.encode(),
        capture_output=True,
        check=False,
        timeout=300,
    )
    return ran.stderr.decode()[-2000:] if ran.returncode else ""


def repeated(piece: str, size: int) -> str:
    return piece * (size // len(piece))


def reads_broken_lines(name: str) -> str:
    pieces = (*LINES.get(name, ()), *ANY)
    return reads(name, "\n".join(repeated(piece, SIZE // len(pieces)) for piece in pieces))


@pytest.fixture(scope="module")
def readings() -> Iterator[dict[str, Future[str]]]:
    """Yield what failed, by format and for texts that are recognised first (""); all cores read at once."""
    with ThreadPoolExecutor(os.cpu_count()) as readers:
        yield {name: readers.submit(reads_broken_lines, name) for name in ("", *NAMES)}


@pytest.mark.parametrize("name", ["", *NAMES])
def test_ten_megabytes_of_broken_lines_are_read_to_the_end(name: str, readings: dict[str, Future[str]]) -> None:
    assert readings[name].result() == ""


@pytest.mark.parametrize(("name", "start", "pieces"), [(name, *one) for name in BEGUN for one in BEGUN[name]])
def test_megabytes_behind_an_honest_beginning_are_read_to_the_end(
    name: str, start: str, pieces: tuple[str, ...]
) -> None:
    for piece in pieces:
        assert reads(name, start + repeated(piece, SIZE // 10 // len(pieces))) == ""
