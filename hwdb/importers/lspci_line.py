"""One device line as ``lspci -nn`` prints it, the atom of most listings. No I/O."""

from __future__ import annotations

import re

from hwdb.report import Function

_LINE = re.compile(
    r"(?:(?P<domain>[0-9A-Fa-f]{4,8}):)?(?P<bdf>[0-9A-Fa-f]{2}:[01][0-9A-Fa-f]\.[0-7])[ \t]+"
    r"(?P<words>[^\[\]]{1,80}?)[ \t]*\[(?P<class>[0-9A-Fa-f]{4})\]:[ \t]*(?P<rest>.*)"
)
_IDS = re.compile(r"\[([0-9A-Fa-f]{4}):([0-9A-Fa-f]{4})\]")
_REVISION = re.compile(r"\(rev ([0-9A-Fa-f]{2})\)")
_PROG_IF = re.compile(r"\(prog-if ([0-9A-Fa-f]{2})")
_LONGEST_NAME = 200


def function_of(line: str, iommu_group: int | None) -> Function | None:
    """Return the function a line like ``01:00.0 VGA compatible controller [0300]: NVIDIA ... [10de:1b80]`` lists.

    Names may hold brackets themselves (``[AHCI mode]``, ``[1022:...]`` never): the first ``[hhhh]:`` is the class and
    the last ``[hhhh:hhhh]`` the ids. Returns None when the line is no device line.
    """
    match = _LINE.match(line.strip())
    if match is None:
        return None
    rest = match["rest"]
    ids = list(_IDS.finditer(rest))
    revision, prog_if = _REVISION.search(rest), _PROG_IF.search(rest)
    name = rest[: ids[-1].start()] if ids else _REVISION.split(rest)[0]
    return Function(
        address=f"{(match['domain'] or '0000').lower()}:{match['bdf'].lower()}",
        iommu_group=iommu_group,
        class_=match["class"].lower(),
        prog_if=prog_if[1].lower() if prog_if else None,
        vendor=ids[-1][1].lower() if ids else None,
        device=ids[-1][2].lower() if ids else None,
        revision=revision[1].lower() if revision else None,
        name=name.strip()[:_LONGEST_NAME] or None,
    )
