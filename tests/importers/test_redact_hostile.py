"""Ten megabytes of anything are redacted: in time, and as before when redacted again."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hwdb.importers.redact import redact
from tests.conftest import ROOT

SIZE = 10_000_000
_REDACTS = """
import sys
from hwdb.importers.redact import redact
repeated, size = sys.stdin.buffer.read().decode(), int(sys.argv[1])
redact(repeated * (size // len(repeated)))
"""
REPEATED = (
    "ab:",
    "1.",
    "a@",
    "a",
    "7",
    "a1b2c3",
    " ",
    '"',
    '{"serial":',
    "[{",
    "a::",
    "serial=",
    "uuid='",
    "/home/",
    " root=",
    "Command line: ",
    "1.2.3.4 ",
    "user@host.",
    "block_sda_",
    "&nbsp;",
    "-rw-r--r-- 1 ",
    "Nov 24 10:00:00 host ",
    "word " * 15 + "\n",
    "Serial Number: 1234\n",
    "user@host:~$ ls\n",
    "Command line: a b c\n",
)


def redacts_in_time(repeated: str, size: int = SIZE) -> None:
    """Redact much of the same in a process of its own, which is ended when it takes longer than any text may."""
    command = [sys.executable, "-c", _REDACTS, str(size)]
    subprocess.run(command, cwd=ROOT, input=repeated.encode(), check=True, timeout=300)


@pytest.mark.parametrize("repeated", REPEATED)
def test_megabytes_of_anything_do_not_hang(repeated: str) -> None:
    redacts_in_time(repeated, 2_000_000)


@pytest.mark.parametrize("repeated", ["ab:", "1.", "a@", "7", "user@host:~$ ls\n"])
def test_ten_megabytes_do_not_hang(repeated: str) -> None:
    redacts_in_time(repeated)


@given(
    st.one_of(
        st.text(),
        st.lists(st.sampled_from([*REPEATED, "\n", "\r\n", "> ", "\\n", "}", "]", ":", "x"]), max_size=30).map("".join),
    )
)
def test_any_text_is_redacted_once(text: str) -> None:
    made = redact(text)
    assert redact(made) == made
    assert len(made.splitlines()) == len(text.splitlines())
