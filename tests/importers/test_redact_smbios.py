"""The SMBIOS table as bytes keeps what is read of it, and nothing else of what it says."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hwdb.errors import ParseError
from hwdb.importers import smbios_dump
from hwdb.importers.redact import redact, redactions
from tests.importers.test_smbios_dump import ENTRY, TABLE


def text_of(table: bytes) -> str:
    return (ENTRY + table).decode("latin-1")


def test_a_table_keeps_what_is_read_and_no_serial_number() -> None:
    text = text_of(TABLE)
    assert "SECRET" in text
    made = redactions(text)
    assert "SECRET" not in made.text
    assert len(made.text) == len(text)
    assert smbios_dump.parse(made.text) == smbios_dump.parse(text)
    assert redact(made.text) == made.text
    assert dict(made.removed)["serial number"] > 0


@given(st.binary(max_size=400), st.integers(0, len(TABLE)))
def test_a_damaged_table_keeps_its_meaning(noise: bytes, at: int) -> None:
    text = text_of(TABLE[:at] + noise + TABLE[at:])
    made = redact(text)
    assert len(made) == len(text)
    assert redact(made) == made
    assert _outcome(made) == _outcome(text)


def _outcome(text: str) -> object:
    try:
        return smbios_dump.parse(text)
    except ParseError:
        return None
