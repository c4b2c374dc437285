"""One device line as ``lspci -nn`` prints it, the atom of most listings. No I/O.

Every pattern here takes time in proportion to the line: repeats are bounded or possessive.
"""

from __future__ import annotations

import re

from hwdb.report import Function

_ADDRESS = re.compile(r"(?:([0-9A-Fa-f]{4,8}):)?([0-9A-Fa-f]{2}:[01][0-9A-Fa-f]\.[0-7])")
_CLASS = re.compile(r"[ \t]++[^\[\]]{1,100}+\[([0-9A-Fa-f]{4})\]:")
_IDS = re.compile(r"\[([0-9A-Fa-f]{4}):([0-9A-Fa-f]{4})\]")
_REVISION = re.compile(r"\(rev ([0-9A-Fa-f]{2})\)")
_PROG_IF = re.compile(r"\(prog-if ([0-9A-Fa-f]{2})")
_AFTER_NAME = re.compile(r"\((?:rev|prog-if) [0-9A-Fa-f]{2}")
_LONGEST_NAME = 200


def full_address(text: str) -> str | None:
    """Return a PCI address as a report writes it: domain of four digits or more, lowercase; None when it is none."""
    match = _ADDRESS.fullmatch(text.strip())
    return None if match is None else _spelled(match)


def function_of(line: str, iommu_group: int | None) -> Function | None:
    """Return the function a line like ``01:00.0 VGA compatible controller [0300]: NVIDIA ... [10de:1b80]`` lists.

    Names may hold brackets themselves (``[AHCI mode]``, ``[1022:...]`` never): the first ``[hhhh]:`` is the class and
    the last ``[hhhh:hhhh]`` the ids. Returns None when the line is no device line.
    """
    # Mail and web pages turn blanks into no-break spaces.
    line = line.replace("\u00a0", " ").strip()
    place = _ADDRESS.match(line)
    class_ = None if place is None else _CLASS.match(line, place.end())
    if place is None or class_ is None:
        return None
    rest = line[class_.end() :]
    ids = None
    for ids in _IDS.finditer(rest):  # noqa: B007 (the last one is what counts)
        pass
    name, after = (rest[: ids.start()], rest[ids.end() :]) if ids else _without_ids(rest)
    revision, prog_if = _REVISION.search(after), _PROG_IF.search(after)
    return Function(
        address=_spelled(place),
        iommu_group=iommu_group,
        class_=class_[1].lower(),
        prog_if=prog_if[1].lower() if prog_if else None,
        vendor=ids[1].lower() if ids else None,
        device=ids[2].lower() if ids else None,
        revision=revision[1].lower() if revision else None,
        name=name.strip()[:_LONGEST_NAME].rstrip() or None,
    )


def _spelled(match: re.Match[str]) -> str:
    # Tools write the domain with four or eight digits, or leave out domain 0: one place has one spelling.
    return f"{int(match[1] or '0', 16):04x}:{match[2].lower()}"


def _without_ids(rest: str) -> tuple[str, str]:
    """Return the name in a line without ids, and what follows it."""
    after = _AFTER_NAME.search(rest)
    name = rest[: after.start()] if after else rest
    # Where the line was cut off, or lspci cut the name, half an id in an open bracket may be left.
    opened = name.rfind("[")
    return (name[:opened] if opened > name.rfind("]") else name), rest[len(name) :]
