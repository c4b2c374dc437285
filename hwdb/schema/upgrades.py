"""Bring documents of older formats up to the one this code reads.

A step takes the plain document of format N and returns that of N + 1. It sees data that nobody has checked yet, so
it changes only what has the shape it expects and leaves the rest for the schema to complain about.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from hwdb.report import FORMAT

Document = dict[str, Any]
Step = Callable[[Document], Document]

UPGRADES: Mapping[int, Step] = {}


def upgrade(document: Document, steps: Mapping[int, Step] = UPGRADES, target: int = FORMAT) -> Document:
    """Return the document in the target format; one whose format is no older format comes back as it is.

    Args:
        document: Plain data, not yet checked.
        steps: What leads from each format to the next.
        target: The format wanted.
    """
    version = document.get("format")
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        return document
    for step in range(version, target):
        document = {**steps[step](document), "format": step + 1}
    return document
