"""A board's whole answer as one value, and the smaller things owners say. No I/O; stays on the server."""

from __future__ import annotations

from dataclasses import dataclass, field

from hwdb.analysis.changes import BoardNote
from hwdb.analysis.groups import Group
from hwdb.analysis.layouts import PlacedSlot
from hwdb.analysis.matrix import SlotCell
from hwdb.analysis.platform_notes import PlatformNote
from hwdb.analysis.sentence import Sentence
from hwdb.analysis.shapes import SlotAnswer
from hwdb.analysis.slot_fit import SharedLanes
from hwdb.analysis.slotmap import MappedSlot


@dataclass(frozen=True)
class ReportSummary:
    """One report in a board's list.

    Attributes:
        id: Public id.
        collected: ISO date the facts were true, None when not stated.
        received: ISO date the report came in.
        cpu, bios, kernel: As stated.
        source: What it was made from.
        counted: Whether its machine counts with this report.
        held: Why it does not, in a sentence; None when it counts.
    """

    id: str
    collected: str | None
    received: str
    cpu: str | None
    bios: str | None
    kernel: str | None
    source: str | None
    counted: bool
    held: str | None


@dataclass(frozen=True)
class DeviceOutcome:
    """What one device is used for, as its owner says.

    Attributes:
        device: What its owner calls it, else what its PCI id does.
        function: Its address on that machine.
        slot: Designation of the slot it sits in.
        role, guest, result, note: As in the report.
        report: Public id of the report that says so.
        device_id: PCI id of the function, as in ``10de:1b80``; None when the report does not tell.
    """

    device: str | None
    function: str | None
    slot: str | None
    role: str | None
    guest: str | None
    result: str | None
    note: str | None
    report: str
    device_id: str | None = None


@dataclass(frozen=True)
class FirmwareSetting:
    """One firmware setting, as an owner set it; ``name`` is None when they do not remember it."""

    name: str | None
    value: str | None
    note: str | None
    report: str


@dataclass(frozen=True, kw_only=True)
class BoardAnswer:
    """Everything a board's reader asks for first.

    Attributes:
        verdict: In sentences.
        slots: Slot by slot.
        machines: Machines counted.
        held_out: Reports kept but not counted.
        reports: Reports, newest first, at most ``MOST_REPORTS``.
        bios_versions, kernels: Those counted machines ran, in order.
        groups: The groups of the newest counted report, as an example of the board.
        groups_from: Public id of that report.
        settings, outcomes: What owners say.
        notes: What slots depend on: BIOS versions, kernels, settings, other cards; regressions first.
        matrix: Each slot by platform, BIOS version and kernel rules.
        platform_notes: Curated notes on its processors, chipset and devices, each with the range it holds for.
        named: The slot map that the answer was made with.
        layout: Its slots in physical order, where a curated layout knows it.
        sharing: Lanes its slots take from each other, where a curated layout says.
        chipset, socket, form_factor: What its reports show of the board; None is unknown.
    """

    verdict: Sentence
    slots: tuple[SlotAnswer, ...]
    machines: int
    held_out: int
    reports: tuple[ReportSummary, ...]
    bios_versions: tuple[str, ...]
    kernels: tuple[str, ...]
    groups: tuple[Group, ...]
    groups_from: str | None
    settings: tuple[FirmwareSetting, ...]
    outcomes: tuple[DeviceOutcome, ...]
    notes: tuple[BoardNote, ...] = ()
    matrix: tuple[SlotCell, ...] = ()
    platform_notes: tuple[PlatformNote, ...] = ()
    named: tuple[MappedSlot, ...] = field(default=(), metadata={"workings": True})
    layout: tuple[PlacedSlot, ...] = ()
    sharing: tuple[SharedLanes, ...] = ()
    chipset: str | None = None
    socket: str | None = None
    form_factor: str | None = None


MOST_REPORTS = 100
"""Reports listed with a board; all of them count, the page of each machine tells the rest."""
