"""Names of PCI vendors and devices, from the system's ``pci.ids``. No I/O: callers read the file and pass its text."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hwdb.report import Report

PATHS = ("/usr/share/misc/pci.ids", "/usr/share/hwdata/pci.ids", "/usr/share/pci.ids")
"""Where systems keep the file; some have none."""

NameOf = Callable[[str, str], "str | None"]
"""Names a device by vendor and device id, four lowercase hex digits each."""

_VERSION = re.compile(r"^#\s*Version:\s*(\S+)", re.MULTILINE)
_LINE = re.compile(r"(\t?)([0-9a-f]{4})\s\s(.+)")
_FILLER = re.compile(
    r",?\s*\b(?:Corporation|Corp\.?|Inc\.?|Company|Co\.?|Ltd\.?|Technology|Electronics|Semiconductor|Group)(?=[\s,]|$)"
)


class DeviceName(NamedTuple):
    """One line of the list: vendor and device id, and the name to show for them."""

    vendor: str
    device: str
    name: str


def version(text: str) -> str | None:
    """Return the list's own version, like ``2023.04.11``."""
    found = _VERSION.search(text)
    return None if found is None else found[1]


def parse(text: str) -> Iterator[DeviceName]:
    """Yield every device of the list, named with its vendor; lines that are no device are passed over."""
    vendor, vendor_name = None, ""
    for line in text.splitlines():
        if line.startswith("C "):
            return
        match = _LINE.match(line)
        if match is None:
            # A line at the margin that is no vendor ends the vendor before it; comments do not.
            vendor = vendor if line[:1] in {"", "\t", "#"} else None
            continue
        indent, number, name = match.groups()
        if not indent:
            vendor, vendor_name = number, short_vendor(name)
        elif vendor is not None:
            yield DeviceName(vendor, number, f"{vendor_name} {name.strip()}"[:200])


def short_vendor(name: str) -> str:
    """Return a vendor's name as people say it: ``AMD``, ``Intel``, ``Samsung``."""
    bracketed = re.search(r"\[([^\]/]+)", name)
    return bracketed[1].strip() if bracketed else _FILLER.sub("", name).strip(" ,") or name


def named(report: Report, name_of: NameOf) -> Report:
    """Return the report with every function called what the list calls it; unlisted ones keep their source's name."""
    functions = tuple(
        replace(f, name=(name_of(f.vendor, f.device) if f.vendor and f.device else None) or f.name)
        for f in report.functions
    )
    return replace(report, functions=functions)
