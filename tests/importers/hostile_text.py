"""Ways to break an importer of structured text, and what it must do about each: answer, in time, in one of two ways."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING, Any

from hwdb import schema
from hwdb.errors import ParseError
from hwdb.report import to_document
from tests.conftest import ROOT

if TYPE_CHECKING:
    from types import ModuleType

    from hwdb.report import Report

_READS = """
import importlib, sys
from hwdb.errors import ParseError
module = importlib.import_module(sys.argv[1])
start, repeated = sys.stdin.buffer.read().decode().split("\\x00")
text = start + repeated * (3_000_000 // len(repeated))
for read in (module.sniff, module.parse):
    try:
        read(text)
    except ParseError:
        pass
"""


def reads_megabytes(module: str, start: str, repeated: str) -> None:
    """Read three megabytes of the same in a process of its own; what hangs is ended and fails."""
    given = f"{start}\x00{repeated}".encode()
    subprocess.run([sys.executable, "-c", _READS, module], cwd=ROOT, input=given, check=True, timeout=120)


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
