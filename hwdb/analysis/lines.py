"""A slot table as lines for a terminal, the same from the service's command line and from the client. No I/O."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from hwdb.analysis.companions import stands_in_the_way
from hwdb.analysis.sentence import label, lanes
from hwdb.analysis.words import word_for

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from hwdb.analysis.shapes import SlotAnswer
    from hwdb.topology import Machine

GRADE_WORDS = {
    "isolated": "isolates",
    "isolated_legacy": "isolates for now",
    "isolated_bridge": "isolates, with its port",
    "conditional": "isolates while its siblings are empty",
    "shared_slots": "shared with other slots",
    "shared_onboard": "shared with onboard",
    "unknown": "not known",
}
"""What a grade is called in a table."""


def slot_lines(slots: Iterable[SlotAnswer]) -> Iterator[str]:
    """Yield the lines of a slot table, companions named below their slot."""
    for slot in slots:
        name = f"{label(slot)}{lanes(slot)}"
        by = ", ".join(
            filter(None, (slot.evidence, f"named by {' and '.join(slot.witnesses)}" if slot.witnesses else ""))
        )
        groups = f", group {', '.join(map(str, slot.iommu_groups))}" if slot.iommu_groups else ""
        yield f"  {name:<14} {GRADE_WORDS[slot.grade]}  ({by}{groups})"
        yield from textwrap.wrap(slot.reason, 96, initial_indent=" " * 17, subsequent_indent=" " * 17)
        for companion in slot.companions:
            ids = f"[{companion.vendor}:{companion.device}]" if companion.vendor else ""
            # A listing may give no name, and not every system has a list of them; the class says what kind it is.
            yield f"{'':<19}{companion.address} {companion.name or word_for(companion.class_)} {ids}".rstrip()
        for conflict in slot.conflicts:
            yield f"{'':<17}Note: {conflict}"


def shared_group_lines(machine: Machine) -> Iterator[str]:
    """Yield a line for each group that devices share, which is all that can be said where no slot is known."""
    for number, members in sorted(machine.groups.items()):
        devices = [machine.functions[a] for a in members if stands_in_the_way(machine, a)]
        if len(devices) > 1:
            said = ", ".join(f"{one.address} {word_for(one.class_)}" for one in devices)
            yield from textwrap.wrap(f"  Group {number} is shared by {said}", 100, subsequent_indent=" " * 6)
