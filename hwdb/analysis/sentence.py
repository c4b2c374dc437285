"""The first thing a reader sees: the verdict on a board or a machine, in sentences. No I/O."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hwdb.analysis.words import listing, onboard

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hwdb.analysis.shapes import SlotAnswer


@dataclass(frozen=True)
class Sentence:
    """A verdict in words.

    Attributes:
        headline: How many slots isolate.
        detail: The exceptions, by name and with whom they share; empty when there are none.
        why: On what evidence.
    """

    headline: str
    detail: str
    why: str


def verdict_sentence(slots: Sequence[SlotAnswer], machines: int, held_out: int) -> Sentence:
    """Return the verdict on a board.

    Args:
        slots: Its slots, answered.
        machines: Machines that count.
        held_out: Machines whose reports are kept but prove nothing.
    """
    counted = counted_slots(slots)
    named = any(slot.designation is not None for slot in slots)
    return Sentence(_headline(counted, named=named), _exceptions(counted), _why(counted, machines, held_out))


def counted_slots(slots: Sequence[SlotAnswer]) -> list[SlotAnswer]:
    """Return the slots that a verdict counts.

    A buyer asks for expansion slots; M.2 and the like count only where nothing else is known.
    """
    named = [slot for slot in slots if slot.designation is not None]
    counted = [slot for slot in named if slot.kind in {None, "pcie", "pci"}]
    return counted if any(slot.grade != "unknown" for slot in counted) else named or list(slots)


def lanes(slot: SlotAnswer) -> str:
    """Return the slot's lanes like `` (x8)``, empty when they are not known."""
    width = slot.electrical_lanes or slot.connector_lanes
    return f" (x{width})" if width else ""


def label(slot: SlotAnswer) -> str:
    """Return the slot's name, or its port when nobody has named it."""
    return slot.designation or f"the unnamed port {', '.join(slot.ports)}"


def _headline(slots: Sequence[SlotAnswer], *, named: bool) -> str:
    if not slots:
        return "Not known: no report names a slot of this board."
    good = sum(slot.isolates is True for slot in slots)
    if all(slot.grade == "unknown" for slot in slots):
        return "Not known yet: no report shows how these slots are grouped."
    what = "slot" if named else "unnamed slot port"
    if good == len(slots):
        several = f"All {good} known slots isolate cleanly." if named else f"All {good} {what}s isolate cleanly."
        return several if good > 1 else f"The one {what} known isolates cleanly."
    verb = "isolates" if good == 1 else "isolate"
    return f"{good} of {len(slots)} {what}s {verb} cleanly."


def _exceptions(slots: Sequence[SlotAnswer]) -> str:
    said = []
    for slot in slots:
        name = f"{label(slot)}{lanes(slot)}"
        if slot.grade == "shared_onboard":
            said.append(f"{name} shares its group with onboard {onboard(slot.companions)}.")
        elif slot.grade == "shared_slots":
            said.append(f"{name} goes only together with {listing(sorted({str(c.slot) for c in slot.companions}))}.")
        elif slot.grade == "conditional":
            said.append(f"{name} isolates only while its sibling slots stay empty.")
    unknown = [label(slot) for slot in slots if slot.grade == "unknown"]
    if unknown and len(unknown) < len(slots):
        said.append(f"{listing(unknown)} {'is' if len(unknown) == 1 else 'are'} not known.")
    return " ".join(one[0].upper() + one[1:] for one in said)


def _why(slots: Sequence[SlotAnswer], machines: int, held_out: int) -> str:
    parts = []
    if all(slot.grade == "unknown" for slot in slots):
        pass
    elif machines == 1:
        parts.append("This is one machine's word.")
    elif machines:
        disputed = [label(slot) for slot in slots if slot.disagree]
        # Not every machine shows every slot; how many speak for one stands beside it.
        everywhere = all(slot.machines + slot.disagree == machines for slot in slots)
        who = (
            f"{machines} machines say so" if everywhere else f"{machines} machines are counted, not each for every slot"
        )
        parts.append(f"{who}; they differ on {listing(disputed)}." if disputed else f"{who}.")
    declared = [label(slot) for slot in slots if slot.evidence == "declared"]
    if declared:
        parts.append(f"For {listing(declared)} it is the owner's word, not something the kernel showed.")
    predicted = [label(slot) for slot in slots if slot.evidence in {"predicted", "likely"}]
    if predicted and len(predicted) == len(slots):
        parts.append("It is predicted from topology and ACS, not something a kernel showed.")
    elif predicted:
        parts.append(f"For {listing(predicted)} it is predicted from topology and ACS, not something a kernel showed.")
    if held_out:
        verb = "report is" if held_out == 1 else "reports are"
        parts.append(f"{held_out} {verb} held out and counted nowhere.")
    return " ".join(parts)
