"""A drawn tree of groups: a line per group number, below it the group's functions as lspci prints them. No I/O.

    IOMMU
    ├── 0
    │   └── 00:01.0 Host bridge [0600]: Advanced Micro Devices, Inc. [AMD] ... [1022:1452]

Box drawing and the ASCII art of ``tree --charset=ascii`` are read; prose before and after the tree is passed over.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hwdb.errors import ParseError
from hwdb.importers.lspci_line import function_of
from hwdb.report import Iommu, Provenance, Report

if TYPE_CHECKING:
    from hwdb.report import Function

# Quotation marks of mail and forums may stand before the drawing; a branch ends with a dash and a blank.
_BRANCH = re.compile("[>\\s\u00a0]*[│|\\s\u00a0]*(?:[├└][─-]+|[|`+\\\\]-{1,3})[\\s\u00a0]+(?P<text>\\S.*)")
_GROUP = re.compile(r"(?:IOMMU )?(?:[Gg]roup )?(\d{1,5}):?\Z")


def sniff(text: str) -> bool:
    """Whether a group line and a device line below it are drawn as branches."""
    in_group = False
    for line in text.splitlines():
        branch = _BRANCH.match(line)
        if branch is None:
            continue
        if _GROUP.match(branch["text"].strip()):
            in_group = True
        elif in_group and function_of(branch["text"], None) is not None:
            return True
    return False


def parse(text: str) -> Report:
    """Return the report of the one machine a tree shows.

    Raises:
        ParseError: No function stands below a group, or the text ends inside a group without members.
    """
    functions: dict[str, Function] = {}
    problems: list[str] = []
    group: int | None = None
    for number, line in enumerate(text.splitlines(), start=1):
        branch = _BRANCH.match(line)
        if branch is None:
            continue
        heading = _GROUP.match(branch["text"].strip())
        if heading is not None:
            group = int(heading[1])
            continue
        problem = _add(branch["text"], group, functions)
        if problem is not None:
            problems.append(f"Line {number} {problem}")
    if not functions:
        raise ParseError(
            "no function stands below a group here; a tree has lines like '├── 13' and below it "
            "'│   └── 01:00.0 USB controller [0c03]: ... [1022:43ba]'"
        )
    return Report(
        functions=tuple(functions.values()),
        iommu=Iommu(state="on"),
        provenance=Provenance(source="tree", problems=tuple(problems[:128]) or None),
    )


def _add(text: str, group: int | None, functions: dict[str, Function]) -> str | None:
    """Add the function of one branch; return what is wrong with it, None when it was taken."""
    function = function_of(text, group)
    if function is None:
        return "is a branch of the tree, but neither a group number nor a device line; it was passed over."
    if group is None:
        return "is a device above the first group; it was passed over."
    if function.address in functions:
        return f"lists {function.address} again; the first line counts."
    functions[function.address] = function
    return None
