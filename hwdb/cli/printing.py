"""Answers on a terminal."""

from __future__ import annotations

import json
import sys
import textwrap
from typing import TYPE_CHECKING, Any

import click

from hwdb.analysis.sentence import label, lanes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from hwdb.analysis import SlotAnswer

_WORDS = {
    "isolated": "isolates",
    "isolated_legacy": "isolates for now",
    "isolated_bridge": "isolates, with its port",
    "conditional": "isolates while its siblings are empty",
    "shared_slots": "shared with other slots",
    "shared_onboard": "shared with onboard",
    "unknown": "not known",
}


def print_json(document: Any) -> None:
    """Print JSON; letters stand for themselves where the output can hold them all."""
    encoding = (getattr(sys.stdout, "encoding", None) or "").lower()
    click.echo(json.dumps(document, indent=1, ensure_ascii=not encoding.startswith("utf")))


def slot_lines(slots: Iterable[SlotAnswer]) -> Iterator[str]:
    """Yield the lines of a slot table, companions named below their slot."""
    for slot in slots:
        name = f"{label(slot)}{lanes(slot)}"
        by = ", ".join(
            filter(None, (slot.evidence, f"named by {' and '.join(slot.witnesses)}" if slot.witnesses else ""))
        )
        groups = f", group {', '.join(map(str, slot.iommu_groups))}" if slot.iommu_groups else ""
        yield f"  {name:<14} {_WORDS[slot.grade]}  ({by}{groups})"
        yield from textwrap.wrap(slot.reason, 96, initial_indent=" " * 17, subsequent_indent=" " * 17)
        for companion in slot.companions:
            ids = f"[{companion.vendor}:{companion.device}]" if companion.vendor else ""
            yield f"{'':<19}{companion.address} {companion.name or 'name not stated'} {ids}".rstrip()
        for conflict in slot.conflicts:
            yield f"{'':<17}Note: {conflict}"
