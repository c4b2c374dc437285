"""The kernel's tables of devices that do otherwise than they say: which rows speak of a function. No I/O but the table.

``quirks.json`` keeps the rows of drivers/pci/quirks.c in their order, each with the symbol that handles it and, where
known, the first version that had it. Ids are ``vvvv:dddd``, a range ``vvvv:dddd-dddd`` or all of a vendor ``vvvv:*``.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, FrozenSet, Mapping, Optional, Tuple

if TYPE_CHECKING:
    from hwdb.report import Function
    from hwdb.topology.rule_sets import RuleSet

BY_HAND = "enabled by hand"
"""The kernel isolates the port by registers of the chipset, when it enables ACS."""
_LAID_OUT_OTHERWISE = "laid out otherwise"
_ALL_DEVICES = (0, 0xFFFF)
# Listings by names only, as plain lspci -vv prints them: vendors that a whole rule speaks of, and the families that
# the rows of pci_dev_acs_enabled belong to.
_VENDOR_NAMES = (("Intel Corporation ", "8086"), ("IBM ", "1014"))
_QUIRKY_NAME = re.compile(
    r"\b[5-9] Series|\b[5-9]00 Series PCI|\bC6[01]\d\b|\bX[79]9\b|\b3400 Series|Wildcat Point|\bSB[6-9]x0|\bHudson\b"
    r"|\b825[789]\d|\bI350\b|\bX5[245]0\b|\(2\) I219|\bBCM57(?:41|50|60)|Wangxun|Zhaoxin|Solarflare|Emulex|Cavium"
    r"|Ampere|Qualcomm|Loongson|Freescale|Annapurna"
)


@dataclass(frozen=True)
class Quirk:
    """One row.

    Attributes:
        symbol: The kernel's function or table.
        since: First version, major and minor; None when not known.
        kinds: PCIe port types it holds for; empty for all.
        isolates: Whether the function then counts as having ACS.
        place: A further condition, in words.
        capability: What is special about the ACS capability.
        to: For aliases, the other requester ids as ``device.function``; ``own`` and ``any`` are wildcards.
        table: Where else the aliases are written, when no report can show them.
        class_: Class code it is limited to.
        subsystems: Subsystem ids it is limited to.
        ids: Vendor, first and last device id of each range.
    """

    symbol: str
    since: Optional[Tuple[int, int]]
    kinds: FrozenSet[str]
    isolates: bool
    place: Optional[str]
    capability: Optional[str]
    to: Tuple[str, ...]
    table: Optional[str]
    class_: Optional[str]
    subsystems: FrozenSet[str]
    ids: Tuple[Tuple[str, int, int], ...]

    def is_about(self, function: Function) -> bool:
        """Whether the function's ids, class and subsystem are those of the row."""
        if not any(self._names(function, *ids) for ids in self.ids):
            return False
        subsystem = f"{function.subsystem_vendor}:{function.subsystem_device}"
        return self.class_ in {None, function.class_} and (not self.subsystems or subsystem in self.subsystems)

    @staticmethod
    def _names(function: Function, vendor: str, first: int, last: int) -> bool:
        if vendor != vendor_of(function):
            return False
        whole = (first, last) == _ALL_DEVICES
        return whole or (function.device is not None and first <= int(function.device, 16) <= last)


@lru_cache(maxsize=1)
def _table() -> Mapping[str, Tuple[Quirk, ...]]:
    table = json.loads((files("hwdb.topology") / "quirks.json").read_text(encoding="utf-8"))
    return {kind: tuple(_quirk(row) for row in part["rows"]) for kind, part in table.items()}


@lru_cache(maxsize=1)
def seen_acs() -> Mapping[str, bool]:
    """Return whether the ports of an id had ACS on every machine recorded, by ``vvvv:dddd``.

    No more than likely: of 46 port ids seen on several machines, 6 had it on some of them only. Those are left out.
    """
    table = json.loads((files("hwdb.topology") / "seen_acs.json").read_text(encoding="utf-8"))
    return {ids: kind == "with" for kind in ("with", "without") for ids in table[kind]["ids"]}


def _quirk(row: Mapping[str, Any]) -> Quirk:
    since = None if row["since"] is None else tuple(int(part) for part in row["since"].split("."))
    return Quirk(
        symbol=row["symbol"],
        since=None if since is None else (since[0], since[1]),
        kinds=frozenset(row.get("kinds", ())),
        isolates=row.get("isolates", True),
        place=row.get("place"),
        capability=row.get("capability"),
        to=tuple(row.get("to", ())),
        table=row.get("table"),
        class_=row.get("class"),
        subsystems=frozenset(row.get("subsystems", ())),
        ids=tuple(_range(ids) for ids in row["ids"]),
    )


def _range(ids: str) -> Tuple[str, int, int]:
    vendor, _, devices = ids.partition(":")
    first, _, last = ("0000-ffff" if devices == "*" else devices).partition("-")
    return vendor, int(first, 16), int(last or first, 16)


@lru_cache(maxsize=1024)
def _rows(section: str, vendor: str) -> Tuple[Quirk, ...]:
    return tuple(row for row in _table()[section] if any(known == vendor for known, _, _ in row.ids))


def quirks_of(section: str, function: Function) -> tuple[Quirk, ...]:
    """Return the rows of ``acs``, ``aliases``, ``bridges`` or ``vmd`` that speak of a function, in their order."""
    vendor = vendor_of(function)
    return () if vendor is None else tuple(row for row in _rows(section, vendor) if row.is_about(function))


def vendor_of(function: Function) -> str | None:
    """Return the vendor's id, from the name where a listing shows names without ids."""
    if function.vendor is not None:
        return function.vendor
    return next((vendor for name, vendor in _VENDOR_NAMES if (function.name or "").startswith(name)), None)


def may_have_quirk(function: Function) -> bool:
    """Whether a function listed without its id may be one that a row of ``acs`` speaks of."""
    if function.vendor is not None and function.device is not None:
        return False
    return not function.name or _QUIRKY_NAME.search(function.name) is not None


def is_laid_out_otherwise(function: Function) -> bool:
    """Whether its ACS control register stands where tools do not look, so that they read 0."""
    return any(row.capability == _LAID_OUT_OTHERWISE for row in quirks_of("acs", function))


def acs_quirk(function: Function, kind: str | None, rules: RuleSet, *, on_root: bool, many: bool) -> Quirk | None:
    """Return the row that decides whether a function counts as having ACS, None when none does.

    Follows ``pci_dev_specific_acs_enabled``: the first row whose conditions hold.

    Args:
        function: The function.
        kind: Its PCIe port type, None when not known.
        rules: The kernel's rules.
        on_root: Whether it stands on a root bus.
        many: Whether it is one function of several.
    """
    for row in quirks_of("acs", function):
        if row.kinds and kind not in row.kinds:
            continue
        if row.place is not None and not (on_root and many):
            continue
        # The register's place differs, its meaning does not: the capability decides, and bits are set by the kernel.
        if row.capability == _LAID_OUT_OTHERWISE or _is_newer(row, rules):
            continue
        return row
    return None


def _is_newer(row: Quirk, rules: RuleSet) -> bool:
    if row.kinds == {"rc_integrated_endpoint"}:
        return not rules.rciep_isolates
    return rules.tables is not None and row.since is not None and row.since > rules.tables
