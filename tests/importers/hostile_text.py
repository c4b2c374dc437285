"""Ways to break an importer of structured text, and what it must do about each: answer, in time, in one of two ways."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hwdb import schema
from hwdb.errors import ParseError
from hwdb.report import to_document

if TYPE_CHECKING:
    from types import ModuleType

    from hwdb.report import Report


def answers(module: ModuleType, text: str) -> Report | None:
    """Return the report of any text at all, which the schema takes as it is, or None when it is refused."""
    module.sniff(text)
    try:
        report: Report = module.parse(text)
    except ParseError:
        return None
    taken(report)
    return report


def taken(report: Report) -> None:
    """Check that the schema takes every fact of a report as it is, and that no list of problems is too long."""
    loaded: Any = schema.load(to_document(report))
    assert loaded.ignored == ()
    assert loaded.report == report
    assert all(sentence.endswith(".") for sentence in report.provenance.problems or ())
