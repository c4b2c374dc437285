"""What a shop's filters ask of a board's slots and reports, as few plain values. No I/O; stays on the server."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from hwdb.analysis.sentence import counted_slots
from hwdb.analysis.slot_fit import width_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hwdb.analysis.shapes import SlotAnswer
    from hwdb.report import Report


class SlotFacts(NamedTuple):
    """One slot that may isolate, as far as a filter asks.

    Attributes:
        isolates: Whether it does; None when that is not known.
        lasting: Whether it goes on to after the pending kernel change.
        lanes: Lanes wired to it, None when not known.
        location: ``cpu``, ``chipset`` or None.
    """

    isolates: bool | None
    lasting: bool
    lanes: int | None
    location: str | None


class SlotsWanted(NamedTuple):
    """What is asked of slots that isolate.

    Attributes:
        least: How many there must be.
        lanes: How many lanes must be wired to each; None for any number.
        cpu: Whether each must be wired to the CPU.
        lasting: Whether each must isolate after the pending kernel change too.
    """

    least: int = 1
    lanes: int | None = None
    cpu: bool = False
    lasting: bool = False


def slot_facts(slots: Sequence[SlotAnswer]) -> tuple[SlotFacts, ...]:
    """Return the slots that isolate or may, of those that the board's verdict counts.

    Ports of soldered devices say that they are slots as well: where nobody names one, that is not known.
    """
    return tuple(
        SlotFacts(
            slot.isolates if slot.designation else None,
            slot.grade not in {"isolated_legacy", "unknown"},
            width_of(slot),
            slot.location,
        )
        for slot in counted_slots(slots)
        if slot.isolates is not False
    )


def fitting(slots: Iterable[SlotFacts], wanted: SlotsWanted) -> tuple[int, int]:
    """Return how many slots are as wanted, and of how many more that is not known."""
    fits = [_fits(slot, wanted) for slot in slots]
    return fits.count(True), fits.count(None)


def _fits(slot: SlotFacts, wanted: SlotsWanted) -> bool | None:
    asked: list[bool | None] = [slot.isolates]
    if wanted.lanes is not None:
        asked.append(None if slot.lanes is None else slot.lanes >= wanted.lanes)
    if wanted.cpu:
        asked.append(None if slot.location is None else slot.location == "cpu")
    if wanted.lasting:
        asked.append(slot.lasting if slot.isolates else None)
    return False if False in asked else None if None in asked else True


def least_confidence(slots: Sequence[SlotAnswer]) -> str | None:
    """Return the least confidence in any slot that isolates, of those that the verdict counts; None when none does."""
    found = {slot.confidence for slot in counted_slots(slots) if slot.isolates}
    return next((level for level in ("low", "medium", "high") if level in found), None)


def states_no_override(report: Report) -> bool | None:
    """Return whether a report states that no ACS override was on; None when it does not say.

    It says so where it shows the kernel's command line, or answers the question itself.
    """
    kernel = report.kernel
    if kernel.acs_override is not None:
        return not kernel.acs_override
    words = kernel.parameters
    return None if words is None else not any(word.startswith("pcie_acs_override") for word in words)
