"""A report's functions, one row each, as its page shows them. Pure functions, used as template filters."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from hwdb.analysis.words import word_for
from web.pages.words import generation

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hwdb.analysis.groups import Group
    from hwdb.queries.views import ReportView

_RESETS = 3
_MANY = 200
_CARD = 22


class FunctionRow(NamedTuple):
    """One function; None is what the report leaves out.

    Attributes:
        address, ids, subsystem: As people write them.
        kind, name: What it is and is called.
        group: Its group's number.
        driver: The bound driver; blank when none is.
        link: Width and generation it can run at, and those it runs at where they are less.
        reset: What the kernel can reset it with; blank when nothing can.
        acs: Whether it has Access Control Services.
    """

    address: str
    ids: str | None
    subsystem: str | None
    kind: str
    name: str | None
    group: int | None
    driver: str | None
    link: str | None
    reset: str | None
    acs: bool | None


def function_rows(report: ReportView) -> list[FunctionRow]:
    """Return the functions of a report, in its order."""
    names = {member.address: member.name for group in report.groups for member in group.members}
    kinds = {member.address: member.kind for group in report.groups for member in group.members}
    return [_row(function, names, kinds) for function in report.document.get("functions") or ()]


def _row(said: Mapping[str, Any], names: Mapping[str, str | None], kinds: Mapping[str, str]) -> FunctionRow:
    address = str(said.get("address"))
    methods = said.get("reset_methods")
    return FunctionRow(
        address=address,
        ids=_pair(said, "vendor", "device"),
        subsystem=_pair(said, "subsystem_vendor", "subsystem_device"),
        kind=kinds.get(address) or word_for(said.get("class")),
        name=names.get(address) or said.get("name"),
        group=said.get("iommu_group"),
        driver=said.get("driver"),
        link=_link(said),
        reset=None if methods is None else ", ".join(methods[:_RESETS]),
        acs=(said.get("acs") or {}).get("present"),
    )


def _pair(said: Mapping[str, Any], one: str, other: str) -> str | None:
    return f"{said[one]}:{said[other]}" if said.get(one) and said.get(other) else None


def _link(said: Mapping[str, Any]) -> str | None:
    most = _at(said.get("link_width_max"), said.get("link_speed_max"))
    now = _at(said.get("link_width"), said.get("link_speed"))
    return f"{most}, now {now}" if most and now and now != most else most or now


def _at(width: int | None, speed: int | None) -> str | None:
    number = generation(speed)
    said = [f"x{width}" if width else "", f"gen {number}" if number else ""]
    return " ".join(filter(None, said)) or None


def listed_groups(report: ReportView) -> list[Group]:
    """Return the groups to show in full: all of them, of a large server those that decided a slot.

    Every function stands in the table of functions too, with its group; twice would make such a page a heavy one.
    """
    if len(report.document.get("functions") or ()) <= _MANY:
        return list(report.groups)
    return [group for group in report.groups if group.slots]


def card_name(name: str) -> str:
    """Return a device's name as short as a drawn card: what it is sold as, which pci.ids has in brackets."""
    sold = re.search(r"\[([^\[\]]{3,})\]\Z", name)
    short = sold[1] if sold else name
    return short if len(short) <= _CARD else f"{short[: _CARD - 1].rstrip()}…"


def reasons_of(report: ReportView) -> dict[str, tuple[str, ...]]:
    """Return why groups are as they are, by the address of their first member."""
    return {one.first: one.because for one in report.reasons}


FILTERS: dict[str, Callable[..., Any]] = {
    "function_rows": function_rows,
    "listed_groups": listed_groups,
    "reasons_of": reasons_of,
}
"""Template filters by name."""
