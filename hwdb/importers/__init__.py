"""Text formats people post -> Report. No I/O, no database; each module has ``sniff`` and ``parse``.

A parser recovers what is there, says in ``provenance.problems`` what it could not read, and never invents. The lines
it quotes back are named by number only: a paste may hold what its owner did not mean to show.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hwdb.errors import ParseError
from hwdb.importers import tree
from hwdb.importers.notes import annotate

if TYPE_CHECKING:
    from collections.abc import Callable

    from hwdb.report import Report

__all__ = ["FORMATS", "Format", "annotate", "parse", "sniff"]


@dataclass(frozen=True)
class Format:
    """A text format.

    Attributes:
        name: What ``--format`` calls it.
        describes: What people know it as.
        sniff: Whether a text looks like it.
        parse: Text -> Report; raises ``ParseError``.
    """

    name: str
    describes: str
    sniff: Callable[[str], bool]
    parse: Callable[[str], Report]


FORMATS = (Format("tree", "a drawn tree of IOMMU groups with lspci lines", tree.sniff, tree.parse),)
"""All formats, the most specific first."""


def sniff(text: str) -> Format:
    """Return the format a text is in.

    Raises:
        ParseError: It looks like none of them.
    """
    for known in FORMATS:
        if known.sniff(text):
            return known
    names = ", ".join(f"{known.name} ({known.describes})" for known in FORMATS)
    raise ParseError(f"this text is no listing hwdb can read; it reads JSON reports and {names}")


def parse(text: str, name: str | None = None) -> Report:
    """Return the report a text holds.

    Args:
        text: The listing, possibly with prose around it.
        name: The format's name; None to recognise it.

    Raises:
        ParseError: The format is unknown, or the text is not in it.
    """
    if name is None:
        return sniff(text).parse(text)
    for known in FORMATS:
        if known.name == name:
            return known.parse(text)
    raise ParseError(f"there is no format {name!r}; the formats are {', '.join(known.name for known in FORMATS)}")
