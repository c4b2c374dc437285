"""One device as the many listings of groups print it, its group left aside. No I/O.

    00:1c.0 PCI bridge [0604]: Intel Corporation ... [8086:8d10] (rev d5)      lspci -nn
    00:1c.0 PCI bridge: Intel Corporation ... (rev d5)                         lspci
    [8086:8d10] [R] 00:1c.0  PCI bridge               C610/X99 ...             r15ch13's script
    [8086:8d10] 00:1c.0 PCI bridge: Intel Corporation ... (rev d5)             Unraid
    0000:00:1c.0 PCI bridge [0604] Intel Corporation ... [8086:8d10] (rev d5)  HikariKnight's ls-iommu

Every pattern here takes time in proportion to the line: repeats are bounded or possessive.
"""

from __future__ import annotations

import re
from dataclasses import replace

from hwdb.importers.class_names import class_named
from hwdb.importers.lspci_line import full_address
from hwdb.report import Function

PLACE = re.compile(
    r"(?<![0-9A-Fa-f:.])(?:[0-9A-Fa-f]{4,8}:)?[0-9A-Fa-f]{2}:[01][0-9A-Fa-f]\.[0-7](?![0-9A-Fa-f:]|\.[0-9A-Fa-f])"
)
"""An address as lspci writes it, with or without its domain; never a part of a longer number."""

# Bullets, line numbers of a page, "(0)" for the group, "[R]" or "[RESET]", ids: whatever may stand before an address.
_LEAD = re.compile(
    r"[\s>|+*\u2022\u00b7`'\"~_=-]*+(?:[0-9]{1,5}(?:[.):|](?=\s)|\t)[\s>|+*\u2022\u00b7`'\"~_=-]*+)?+"
    r"(?:\([0-9]{1,5}\)\s*+)?+(?:(?:Group\s)?(?:Device|Slot|PCI|BDF|Address)\s?[:=]?\s++)?+"
    r"(?:\[[^\[\]]{0,12}\]\s*+){0,4}[`'\"*_-]{0,3}\s*+",
    re.IGNORECASE,
)
_IDS = re.compile(r"\[([0-9A-Fa-f]{4}):([0-9A-Fa-f]{4})\]")
# Drawn by hand, the ids may lack their brackets; then nothing but blanks may stand around them.
_BARE_IDS = re.compile(r"(?<!\S)([0-9A-Fa-f]{4}):([0-9A-Fa-f]{4})(?!\S)")
_CLASS = re.compile(r"\s*+(?:-\s)?\s*+([^\[\]:]{1,100}+)\[([0-9A-Fa-f]{4})\](?::|\s-\s)?")
_CLASS_NAME = re.compile(r"\s*+(?:-\s)?\s*+([A-Za-z0-9][^\[\]:]{0,99}+):(?=\s|$)")
# A padded table has no colon; two blanks end a cell.
_CELL = re.compile(r"\s*+([A-Za-z0-9](?:[^\s\[\]:]| (?! )){0,99})(?: {2,}+|\t+)")
_NUMERIC_CLASS = re.compile(r"\s*+(?:Class\s)?([0-9A-Fa-f]{4}):(?=\s)")
_REVISION = re.compile(r"\(rev ([0-9A-Fa-f]{2})\)?")
_PROG_IF = re.compile(r"\(prog-if ([0-9A-Fa-f]{2})")
_AFTER_NAME = re.compile(r"\((?:rev|prog-if) [0-9A-Fa-f]{2}|\s{2,}Driver:|\s\|(?:\s|$)|\*{3}")
_DRIVER = re.compile(r"\sDriver:\s{1,9}([A-Za-z0-9_-]{1,60})(?=\s|$)")
_LONGEST_NAME = 200
_LONGEST_LINE = 1000


def place_of(line: str) -> re.Match[str] | None:
    """Return the address a device line begins with, None when the line is no device line."""
    lead = _LEAD.match(line)
    return PLACE.match(line, lead.end() if lead else 0)


def function_at(line: str, place: re.Match[str], iommu_group: int | None) -> Function:
    """Return the function a line lists, whose address ``place_of`` found.

    What the line does not show is left unknown: class, ids and name may all be missing.
    """
    before, rest = line[: place.start()], line[place.end() : place.end() + _LONGEST_LINE].rstrip(" \t|*`~")
    class_, rest = _class(rest)
    name, ids, after = _name_and_ids(rest)
    if ids is None:
        ids = _last(_IDS, before)
    revision, prog_if, driver = _REVISION.search(after), _PROG_IF.search(after), _DRIVER.search(after)
    return Function(
        address=full_address(place[0]) or place[0].lower(),
        iommu_group=iommu_group,
        class_=class_,
        prog_if=prog_if[1].lower() if prog_if else None,
        vendor=ids[1].lower() if ids else None,
        device=ids[2].lower() if ids else None,
        revision=revision[1].lower() if revision else None,
        name=name,
        driver=driver[1] if driver else None,
    )


def completed(line: str, more: str) -> str | None:
    """Return a line with its continuation, None when ``more`` does not complete it.

    A mail program broke the line: what follows counts as its rest when it brings what the line lacks, the ids.
    """
    joined = f"{line.rstrip()} {more.strip()}"
    if len(joined) > _LONGEST_LINE or _IDS.search(line):
        return None
    return joined if _IDS.search(more) else None


def with_detail(function: Function, line: str) -> Function:
    """Return a function with what a labelled line below it says: driver, subsystem, or a field of ``lspci -vmm``."""
    key, sign, value = line.strip(" \t|*").partition(":")
    key, value = key.strip().lower(), value.strip()
    ids = _last(_IDS, value)
    if not sign or not value:
        return function
    if key in {"driver", "kernel driver in use"} and re.fullmatch(r"[A-Za-z0-9_-]{1,60}", value):
        return replace(function, driver=value)
    if key == "subsystem" and ids is not None:
        return replace(function, subsystem_vendor=ids[1].lower(), subsystem_device=ids[2].lower())
    return _with_field(function, key, value)


def _with_field(function: Function, key: str, value: str) -> Function:
    """Return a function with a field of a record, where the line of its address left it open."""
    bare = _BARE_IDS.fullmatch(value) if key == "ids" else None
    if bare is not None and function.vendor is None:
        return replace(function, vendor=bare[1].lower(), device=bare[2].lower())
    if key == "class" and function.class_ is None:
        return replace(function, class_=_class(f"{value}:")[0])
    if key == "device" and function.name is None:
        return replace(function, name=value[:_LONGEST_NAME].rstrip())
    if key == "rev" and function.revision is None and re.fullmatch(r"[0-9A-Fa-f]{2}", value):
        return replace(function, revision=value.lower())
    return function


def _class(rest: str) -> tuple[str | None, str]:
    """Return the class a text begins with, and what follows it."""
    numbered = _CLASS.match(rest)
    if numbered is not None:
        return numbered[2].lower(), rest[numbered.end() :]
    plain = _NUMERIC_CLASS.match(rest)
    if plain is not None:
        return plain[1].lower(), rest[plain.end() :]
    named = _CLASS_NAME.match(rest)
    if named is not None:
        return class_named(named[1]), rest[named.end() :]
    cell = _CELL.match(rest)
    class_ = class_named(cell[1]) if cell else None
    return class_, rest[cell.end() :] if cell and class_ else rest


def _name_and_ids(rest: str) -> tuple[str | None, re.Match[str] | None, str]:
    """Return the name a text holds, the ids, and what follows both."""
    # Names hold brackets themselves, and a "Driver:" of a later column does not belong to them.
    ids = _last(_IDS, rest) or _BARE_IDS.search(rest)
    if ids is not None:
        name, after = rest[: ids.start()], rest[ids.end() :]
    else:
        found = _AFTER_NAME.search(rest)
        name = rest[: found.start()] if found else rest
        # Where lspci ran out of room, half of the ids is left in an open bracket.
        opened = name.rfind("[")
        name = name[:opened] if opened > name.rfind("]") else name
        after = rest[len(name) :]
    return name.strip(" \t-:,;|*")[:_LONGEST_NAME].rstrip() or None, ids, after


def _last(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    found = None
    for found in pattern.finditer(text):  # noqa: B007 (the last one is what counts)
        pass
    return found
