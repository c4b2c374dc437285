"""What a report says of groups, for tests of importers; and ways to break a text."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

from tests.conftest import ROOT

if TYPE_CHECKING:
    from hwdb.report import Report

_HANGS = """
import importlib, sys
from hwdb.errors import ParseError
module = importlib.import_module(sys.argv[1])
text = sys.stdin.buffer.read().decode()
for read in (module.sniff, module.parse_all):
    try:
        read(text)
    except ParseError:
        pass
"""


def groups(report: Report) -> dict[int | None, set[str]]:
    """Return the functions of every group."""
    found: dict[int | None, set[str]] = {}
    for function in report.functions:
        found.setdefault(function.iommu_group, set()).add(function.address)
    return found


def problems(report: Report) -> tuple[str, ...]:
    """Return what the report says about what could not be read."""
    return report.provenance.problems or ()


def read_in_time(module: str, text: str) -> None:
    """Read a text in a process of its own, which is ended when it takes longer than any honest one would."""
    subprocess.run([sys.executable, "-c", _HANGS, module], cwd=ROOT, input=text.encode(), check=True, timeout=120)
