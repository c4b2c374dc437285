"""What a report shows of its board beside slots: chipset, socket, form factor. No I/O beyond the table of chipsets.

Each is None where nothing sure says it. A chipset is told by the ids of its own functions; where one id stands for
several chipsets, the board's name chooses among those and no other: boards are sold under names of chipsets they do
not carry.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

from hwdb.analysis.sockets import socket_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hwdb.report import Report

# SMBIOS 3.7, 7.4.1: chassis types that are a form factor of the board too; a tower's or a rack's board may be any.
_FORM_FACTORS = {
    **dict.fromkeys((8, 9, 10, 14, 31, 32), "laptop"),
    **dict.fromkeys((11, 30), "handheld"),
    13: "all-in-one",
    **dict.fromkeys((28, 29), "blade"),
    35: "mini PC",
    36: "stick PC",
}


@dataclass(frozen=True)
class BoardFacts:
    """What is known of a board beside its slots; None is unknown.

    Attributes:
        chipset: As its maker sells it, like ``B450``; its series where only that is sure, like ``AMD 400 series``.
        socket: As shops write it, like ``AM4`` or ``LGA1700``.
        form_factor: ``laptop``, ``all-in-one``, ``mini PC`` and the like; firmware does not tell ATX from Mini-ITX.
    """

    chipset: str | None = None
    socket: str | None = None
    form_factor: str | None = None


def facts_of(report: Report) -> BoardFacts:
    """Return what one report shows of its board."""
    chassis = report.chassis.type
    return BoardFacts(
        chipset=_chipset(report),
        socket=socket_of(report.cpus or ()),
        form_factor=None if chassis is None else _FORM_FACTORS.get(chassis),
    )


def agreed(said: Iterable[BoardFacts]) -> BoardFacts:
    """Return what most reports of a board say; what as many deny as say it is unknown."""
    reports = tuple(said)
    return BoardFacts(
        chipset=_most(one.chipset for one in reports),
        socket=_most(one.socket for one in reports),
        form_factor=_most(one.form_factor for one in reports),
    )


def _most(values: Iterable[str | None]) -> str | None:
    counted = Counter(value for value in values if value is not None).most_common(2)
    if not counted or (len(counted) > 1 and counted[0][1] == counted[1][1]):
        return None
    return counted[0][0]


def _chipset(report: Report) -> str | None:
    table = _chipsets()
    seen = {table.get(f"{function.vendor}:{function.device}") for function in report.functions} - {None}
    if len(seen) != 1:
        return None
    series, *sold_as = seen.pop() or ("",)
    words = re.findall(r"[A-Z]+\d+[A-Z]?", (report.board.name or "").upper())
    # "B650EM" is a B650E, "B650M" a B650: the longest name that a word begins with.
    named = [name for name in sorted(sold_as, key=len, reverse=True) if any(word.startswith(name) for word in words)]
    return named[0] if named else series


@lru_cache(maxsize=1)
def _chipsets() -> dict[str, tuple[str, ...]]:
    """Return ``vvvv:dddd`` -> what it stands for, and the names it is sold under where these are several.

    Intel's ids are those of the LPC or eSPI bridge, AMD's those of the chipset's switch, USB and SATA (pci.ids).
    """
    table = json.loads((files("hwdb.analysis") / "chipsets.json").read_text(encoding="utf-8"))
    return {ids: tuple(names) for ids, names in table.items()}
