"""Computers that are carried: what hangs from their ports is soldered or a socket nobody has a card for. No I/O."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hwdb.report import Report

# SMBIOS 3.7, 7.4.1: portable, laptop, notebook, hand held, sub notebook, tablet, convertible, detachable.
_CHASSIS = (8, 9, 10, 11, 14, 30, 31, 32)
_OTHER, _UNKNOWN = 1, 2
_WORDS = re.compile(
    r"(?:laptop|notebook|convertible|chromebook|thinkpad|ideapad|macbook|elitebook|probook|zbook)", re.IGNORECASE
)


def is_portable(report: Report) -> bool:
    """Whether the machine is a laptop or the like: by its chassis, else by what its maker calls it."""
    chassis = report.chassis.type
    if chassis not in {None, _OTHER, _UNKNOWN}:
        return chassis in _CHASSIS
    names = (report.system.name, report.system.family, report.system.version)
    return any(_WORDS.search(name) is not None for name in names if name is not None)
