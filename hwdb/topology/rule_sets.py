"""Which rules a kernel forms groups by: today's, older ones, those of two series with a bug, pending ones. No I/O.

The rules change what shares a group on one and the same machine, so a prediction names the rules it was made by.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Optional, Tuple

_RELEASE = re.compile(r"([0-9]{1,3})\.([0-9]{1,4})")
_NEWEST_SEEN = (7, 2)
"""The newest kernel that was seen to form groups by today's rules, in QEMU. Later ones may have the pending change."""
_RCIEP, _QUIRKS_FIXED = (5, 8), ((5, 9), (6, 11))


@dataclass(frozen=True)
class RuleSet:
    """How one range of kernels forms groups.

    Attributes:
        name: Short and stable, for databases and command lines.
        meaning: What is special about it, a sentence.
        rciep_isolates: Whether Intel's root-complex integrated endpoints count as kept apart (pci_quirk_rciep_acs).
        enables_quirks: Whether ACS that a quirk stands for is enabled on ports without the capability.
        reachable_sets: Whether buses are judged instead of ways up (pci_reachable_set, pci_bus_isolated).
        tables: The kernel whose quirk tables are meant, major and minor; None for the newest.
        reads_control: Whether ACS bits that are switched off count as off. Never for a prediction: with the IOMMU off
            they all are. Beside observed groups they show what was switched off by hand or by firmware.
        override: What the out-of-tree ``pcie_acs_override=`` lets pass: ``downstream``, ``multifunction``.
    """

    name: str
    meaning: str
    rciep_isolates: bool = True
    enables_quirks: bool = True
    reachable_sets: bool = False
    # Evaluated by dataclasses on Python 3.9, so not written with a bar.
    tables: Optional[Tuple[int, int]] = None
    reads_control: bool = False
    override: Tuple[str, ...] = ()

    def overridden(self, *options: str) -> RuleSet:
        """Return these rules with the ACS override patch at work."""
        return replace(self, name=f"{self.name}+override", override=options)

    def as_switched(self) -> RuleSet:
        """Return these rules for a machine where bits of ACS may have been switched off."""
        return replace(self, name=f"{self.name}+control", reads_control=True)


CURRENT = RuleSet("current", "The rules of Linux 5.10 and later.")
BEFORE_5_8 = RuleSet(
    "before-5.8", "Before Linux 5.8, Intel's integrated endpoints share a group by device.", rciep_isolates=False
)
QUIRKS_NOT_ENABLED = RuleSet(
    "quirks-not-enabled",
    "Linux 5.9 and 6.11 forgot to isolate the ports of older Intel chipsets, which have no ACS capability.",
    enables_quirks=False,
)
REACHABLE_SETS = RuleSet(
    "reachable-sets",
    'A pending change ("Fix incorrect iommu_groups with PCIe ACS") puts all of a switch without ACS into one group.',
    reachable_sets=True,
)
RULE_SETS = (CURRENT, BEFORE_5_8, QUIRKS_NOT_ENABLED, REACHABLE_SETS)
"""Every rule set a prediction can be asked for."""


def rule_set_of(kernel_release: str | None) -> RuleSet:
    """Return the rules a kernel most likely has, from what ``uname -r`` prints; today's when that says nothing."""
    version = _version(kernel_release)
    if version is None:
        return CURRENT
    if version < _RCIEP:
        return BEFORE_5_8
    return QUIRKS_NOT_ENABLED if version in _QUIRKS_FIXED else CURRENT


def possible_rule_sets(kernel_release: str | None) -> tuple[RuleSet, ...]:
    """Return all rules a kernel may have, the likeliest first.

    Fixes and new rows of the quirk tables go to old series and to distributions' kernels as well, so a version proves
    neither that they are there nor that they are not.
    """
    version, likely = _version(kernel_release), rule_set_of(kernel_release)
    if version is None:
        return tuple(rules for rules in RULE_SETS if not rules.reachable_sets)
    possible = [likely] if likely is CURRENT else [likely, CURRENT]
    possible += [replace(rules, tables=version) for rules in tuple(possible)]
    if version > _NEWEST_SEEN:
        possible.append(REACHABLE_SETS)
    return tuple(possible)


def _version(kernel_release: str | None) -> tuple[int, int] | None:
    found = _RELEASE.match(kernel_release or "")
    return None if found is None else (int(found[1]), int(found[2]))
