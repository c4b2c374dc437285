"""A whole archive of hw-probe -> one Report: each of its texts is read by the importer that knows it. No I/O."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hwdb import importers
from hwdb.errors import ParseError
from hwdb.importers.archive import texts_in_order, texts_of
from hwdb.importers.combine import combine
from hwdb.importers.listing import MOST_PROBLEMS

if TYPE_CHECKING:
    from hwdb.report import Report


def parse_archive(raw: bytes) -> Report:
    """Return what the texts of an archive say of its machine together.

    Args:
        raw: The archive, as ``archive.texts_of`` takes it.

    Raises:
        ParseError: It is no archive, is damaged or unsafe, or none of its texts can be read.
    """
    reports: list[Report] = []
    unread: list[str] = []
    for name, text in texts_in_order(texts_of(raw)):
        try:
            known = importers.sniff(text)
        except ParseError:
            # Not every log of a kernel names groups, and not every one was kept whole.
            unread.append(f"The archive's {name} holds nothing that can be read.")
            continue
        try:
            reports.append(known.parse(text))
        except ParseError as error:
            unread.append(f"The archive's {name} could not be read: {error}")
    if not reports:
        raise ParseError(f"no text of this archive can be read: {unread[0]}")
    report = combine(reports)
    problems = (*(report.provenance.problems or ()), *(sentence[:500] for sentence in unread))
    return replace(report, provenance=replace(report.provenance, problems=problems[:MOST_PROBLEMS] or None))
