"""What a report says of groups, for tests of importers."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hwdb.report import Report


def groups(report: Report) -> dict[int | None, set[str]]:
    """Return the functions of every group."""
    found: dict[int | None, set[str]] = {}
    for function in report.functions:
        found.setdefault(function.iommu_group, set()).add(function.address)
    return found


def problems(report: Report) -> tuple[str, ...]:
    """Return what the report says about what could not be read."""
    return report.provenance.problems or ()
