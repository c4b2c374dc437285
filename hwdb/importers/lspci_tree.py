r"""``lspci -t``, with ``-v`` and ``-nn`` or without: where every function hangs, and no groups. No I/O.

    -+-[0000:40]-+-01.1-[41]----00.0  Samsung Electronics Co Ltd NVMe SSD Controller SM961/PM961
     |           \-03.1-[43]--+-00.0  NVIDIA Corporation GP104 [GeForce GTX 1080] [10de:1b80]
     |                        \-00.1  NVIDIA Corporation GP104 High Definition Audio Controller [10de:10f0]
     \-[0000:00]-+-00.0  Advanced Micro Devices, Inc. [AMD] Family 17h (Models 00h-0fh) Root Complex [1022:1450]

Columns tell what hangs where, so a drawing whose blanks were lost cannot be read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from hwdb.errors import ParseError
from hwdb.importers.listing import MOST_PROBLEMS
from hwdb.importers.lspci_facts import nameless
from hwdb.importers.lspci_verbose import NOT_GROUPED, with_multifunction
from hwdb.importers.posted import lines
from hwdb.report import Function, Provenance, Report, RootBus

if TYPE_CHECKING:
    from collections.abc import Iterator

_ROOT = re.compile(r"\[([0-9a-f]{4,8}):([0-9a-f]{2})(?:-([0-9a-f]{2}))?\]")
_BEHIND = re.compile(r"-\[([0-9a-f]{2})(?:-([0-9a-f]{2}))?\]")
_PLACE = re.compile(r"([01][0-9a-f]\.[0-7])(?![0-9a-f])")
_LEAD = re.compile(r"[ |]*+[-+\\]")
_LINK = re.compile(r"-*+([+\\])?-?")
_IDS = re.compile(r"(?:\A|\[)([0-9a-f]{4}):([0-9a-f]{4})\]?\Z")
_LONGEST_NAME, _LONGEST_LINE = 200, 2000
_DEEPEST, _MOST_ROOTS, _MOST_FUNCTIONS = 64, 256, 4096


class _Bus(NamedTuple):
    """A bus of the drawing: its number, and the bridge that leads to it; None for a root bus."""

    domain: str
    number: str
    bridge: str | None


@dataclass
class _Tree:
    """What was drawn so far; branches of a column hang from the bus that opened there."""

    columns: dict[int, _Bus | None] = field(default_factory=dict)
    functions: dict[str, Function] = field(default_factory=dict)
    roots: list[RootBus] = field(default_factory=list)
    lost: list[int] = field(default_factory=list)
    drawn: int = 0

    def read(self, number: int, line: str) -> None:
        """Take one line of the drawing."""
        lead = _LEAD.match(line)
        if lead is None:
            return
        at, bus = lead.end() - 1, None
        if line[at] == "-":
            at = self._first_line(line, at)
        elif at not in self.columns:
            self.drawn += 1
            self.lost.append(number)
            return
        else:
            bus = self.columns[at]
            self.columns = {column: known for column, known in self.columns.items() if column <= at}
            at += 2
        self.drawn += 1
        self._chain(line[:_LONGEST_LINE], at, bus)

    def _first_line(self, line: str, at: int) -> int:
        """Return where the first root stands, after the column from which several of them hang."""
        self.columns = {}
        if line[at + 1 : at + 2] == "+":
            self.columns[at + 1] = None
            return at + 3
        return at + 1

    def _chain(self, line: str, at: int, bus: _Bus | None) -> None:
        """Read what one line draws: a root bus, bridges, and the function at its end."""
        for _ in range(_DEEPEST):
            if bus is None:
                root = _ROOT.match(line, at)
                if root is None:
                    return
                bus, at = self._root(root), root.end()
            else:
                place = _PLACE.match(line, at)
                if place is None:
                    return
                behind = _BEHIND.match(line, place.end())
                address = self._add(bus, place[1], behind, line[place.end() :])
                if behind is None:
                    return
                bus, at = _Bus(bus.domain, behind[1], address), behind.end()
            link = _LINK.match(line, at)
            if link is not None and link[1]:
                self.columns[link.start(1)] = bus
            at = link.end() if link else at

    def _root(self, root: re.Match[str]) -> _Bus:
        bus = _Bus(f"{int(root[1], 16):04x}", root[2], None)
        if len(self.roots) < _MOST_ROOTS:
            self.roots.append(RootBus(f"{bus.domain}:{bus.number}"))
        return bus

    def _add(self, bus: _Bus, place: str, behind: re.Match[str] | None, rest: str) -> str:
        address = f"{bus.domain}:{bus.number}:{place}"
        ids, name = _named(rest) if behind is None else (None, None)
        if len(self.functions) < _MOST_FUNCTIONS:
            self.functions.setdefault(
                address,
                Function(
                    address=address,
                    vendor=ids[1] if ids else None,
                    device=ids[2] if ids else nameless(name),
                    name=name,
                    parent=bus.bridge,
                    # A bridge without a bus behind it is drawn like any other function.
                    class_="0604" if behind else None,
                    secondary_bus=int(behind[1], 16) if behind else None,
                    subordinate_bus=int(behind[2] or behind[1], 16) if behind else None,
                ),
            )
        return address


def sniff(text: str) -> bool:
    """Whether a root bus is drawn, and functions that hang from it in the columns of the drawing."""
    # Most texts are told by a word that is not in them.
    if "-[" not in text:
        return False
    tree = _tree(text)
    return bool(tree.functions) and 2 * len(tree.lost) <= tree.drawn


def parse(text: str) -> Report:
    """Return the report of the machine a drawing shows.

    Raises:
        ParseError: No root bus is drawn, or the blanks that show what hangs where are lost.
    """
    tree = _tree(text)
    if not tree.functions:
        raise ParseError("no drawing of lspci -t stands here; it begins like '-[0000:00]-+-00.0'")
    if 2 * len(tree.lost) > tree.drawn:
        raise ParseError("the blanks of this drawing are lost, so what hangs where cannot be told; give it as printed")
    problems = (
        NOT_GROUPED,
        *(f"Line {number} hangs from nothing that is drawn above it; it was passed over." for number in tree.lost),
    )
    return Report(
        functions=tuple(with_multifunction(list(tree.functions.values()))),
        root_buses=tuple(dict.fromkeys(tree.roots)),
        provenance=Provenance(source="lspci-tree", problems=problems[:MOST_PROBLEMS]),
    )


def _tree(text: str) -> _Tree:
    tree = _Tree()
    for number, line in _drawing(text):
        tree.read(number, line)
    return tree


def _drawing(text: str) -> Iterator[tuple[int, str]]:
    """Yield the lines of the first drawing, moved to the left as far as it was indented."""
    indent: int | None = None
    for number, line in lines(text):
        drawn = line[:_LONGEST_LINE]
        stripped = drawn.lstrip()
        first = stripped.startswith("-") and _ROOT.search(stripped, 1, 12) is not None
        if indent is None and first:
            indent = len(drawn) - len(stripped)
        elif first or (indent is not None and not stripped):
            # A second drawing, or the end of this one.
            return
        if indent is not None:
            yield number, drawn[indent:]


def _named(rest: str) -> tuple[re.Match[str] | None, str | None]:
    """Return the ids and the name behind a function."""
    # Tables of web pages end their lines with a bar.
    text = rest.strip(" |")
    ids = _IDS.search(text)
    name = text[: ids.start()] if ids else text
    return ids, name.strip()[:_LONGEST_NAME].rstrip() or None
