"""A text that holds what several tools print about one machine -> one Report with the facts of all. No I/O.

People post ``lspci -vv`` and below it what ``dmesg`` says of groups, or what ``dmidecode`` says of the board. The
importer that recognised the text reads its own part of it; what the other parts add is read here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hwdb.errors import ParseError
from hwdb.importers import dmesg, dmidecode, lspci_verbose
from hwdb.importers.combine import combine

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hwdb.report import Report

_LISTINGS = frozenset({"tree", "listing", "sysfs", "markdown", "lsiommu"})
_LSPCI = frozenset({"lspci", "lspci-plain", "lspci-vmm", "lspci-tree"})


def with_other_parts(report: Report, text: str, name: str) -> Report:
    """Return a report with what other tools' output in its text says of the same machine.

    Args:
        report: What was read, of a text that shows one machine.
        text: The text.
        name: The format it was read in.
    """
    for other in _other_parts(text, name):
        try:
            # The fuller reading of two is believed where they differ: a log may tell of an earlier boot.
            report = combine(sorted((report, other), key=_known, reverse=True))
        except ParseError:
            # It is about another machine, whose facts are not to be mixed with this one's.
            continue
    return report


def _known(report: Report) -> int:
    """Return how many functions stand in groups, the facts that only some tools show."""
    return sum(function.iommu_group is not None for function in report.functions)


def _other_parts(text: str, name: str) -> Iterator[Report]:
    if (name in {"dmesg", "dmidecode"} and lspci_verbose.shows_devices(text)) or (
        name in _LISTINGS and lspci_verbose.shows_details(text)
    ):
        yield from _one_of(lspci_verbose.parse_all(text))
    if name in _LSPCI and dmesg.sniff(text):
        yield from _one_of(dmesg.parse_all(text))
    if (name == "dmesg" or name in _LISTINGS or name in _LSPCI) and dmidecode.sniff(text):
        yield dmidecode.parse(text)


def _one_of(reports: tuple[Report, ...]) -> tuple[Report, ...]:
    """Return a report, none of several: nobody can tell which of them goes with the rest of the text."""
    return reports if len(reports) == 1 else ()
