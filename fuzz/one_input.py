"""What is to hold of one input, whatever its bytes: reports that the schema takes as they are, or an ``HwdbError``."""

from __future__ import annotations

from hwdb import schema
from hwdb.errors import HwdbError
from hwdb.inputs import reports_in, unmarked
from hwdb.report import to_document


def read_one(raw: bytes) -> None:
    """Read one input.

    Raises:
        AssertionError: The schema does not take a report as it is, or the sentence of an error is blank.
        Exception: Anything but an ``HwdbError``, which the importers or the schema raised.
    """
    try:
        reports = reports_in(unmarked(raw))
    except HwdbError as error:
        if not str(error).strip():
            raise AssertionError("an error without a sentence") from error
        return
    for report in reports:
        loaded = schema.load(to_document(report))
        if loaded.ignored or loaded.report != report:
            raise AssertionError("the schema does not take this report as it is")
