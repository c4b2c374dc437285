"""When two reports are of one machine: the same hardware in the same places. No I/O."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hwdb.report import Report


def machine_fingerprint(report: Report, platform: str | None, paths: Mapping[str, str]) -> str | None:
    """Return what reports of one machine share, or None when a report lists no function.

    It holds the platform and, of every function, its path (its address where the tree is not known), its ids and
    subsystem ids. Identical twins share it and are counted once: undercounting is the side to err on.
    """
    if not report.functions:
        return None
    parts = sorted(
        f"{paths.get(f.address, f.address)} {f.vendor}:{f.device} {f.subsystem_vendor}:{f.subsystem_device}"
        for f in report.functions
    )
    return hashlib.sha256("\n".join([str(platform), *parts]).encode()).hexdigest()
