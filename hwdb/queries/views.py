"""What readers are shown: frozen values, never rows. The API and the pages show these same objects."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hwdb.analysis.board import BoardAnswer, DeviceOutcome, FirmwareSetting, ReportSummary
from hwdb.analysis.groups import Card, Group
from hwdb.analysis.platform_notes import PlatformNote
from hwdb.analysis.sentence import Sentence
from hwdb.analysis.shapes import SlotAnswer

__all__ = [
    "BoardHit",
    "BoardView",
    "DeviceOutcome",
    "FirmwareSetting",
    "GroupReason",
    "OwnReport",
    "ReportSummary",
    "ReportView",
]


@dataclass(frozen=True, kw_only=True)
class BoardView(BoardAnswer):
    """A board and its answer.

    Attributes:
        vendor, name: As people know them.
        vendor_slug, slug: As addresses spell them.
    """

    vendor: str
    vendor_slug: str
    name: str
    slug: str


@dataclass(frozen=True)
class BoardHit:
    """A board in a list of search results.

    Attributes:
        vendor, name: As people know them.
        vendor_slug, slug: As addresses spell them.
        verdict, slots, machines, chipset, socket, form_factor, bios_versions, kernels: As in its answer.
        isolated: Slots that isolate, as was asked of them, of those that the verdict counts.
        undecided: Further slots of which that is not known.
        confidence: The least in any of the slots that isolate; None when none does.
        devices: PCI ids of the devices asked for that were seen on it.
    """

    vendor: str
    vendor_slug: str
    name: str
    slug: str
    verdict: Sentence
    slots: tuple[SlotAnswer, ...]
    machines: int
    chipset: str | None
    socket: str | None
    form_factor: str | None
    bios_versions: tuple[str, ...] = ()
    kernels: tuple[str, ...] = ()
    isolated: int = 0
    undecided: int = 0
    confidence: str | None = None
    devices: tuple[str, ...] = ()


@dataclass(frozen=True)
class GroupReason:
    """Why the members of one group are together, where that is certain.

    Attributes:
        first: Address of the group's first member, which is in no other group.
        because: Sentences.
    """

    first: str
    because: tuple[str, ...]


@dataclass(frozen=True)
class ReportView:
    """One report, understood.

    Attributes:
        summary: As in the board's list.
        vendor, vendor_slug, name, slug: Its board.
        verdict: Of this machine alone.
        slots: Slot by slot, by this report and the names known for the board.
        groups, cards: Of this machine.
        taints: Why its groups prove nothing, in sentences.
        problems: What its source could not read, in sentences.
        reference: Where it was published.
        settings, outcomes: What its owner says.
        functions: How many functions it lists.
        document: The stored document.
        history: Public ids of the same machine's other reports, newest first.
        reasons: Why groups are as they are, where the kernel's rules give the very same from what the report shows.
        doubts: What of its groups no rule explains, in sentences.
        others: The same machine's other reports as in the board's list, in the order of ``history``.
        platform_notes: Curated notes on its board, each with the range it holds for.
    """

    summary: ReportSummary
    vendor: str
    vendor_slug: str
    name: str
    slug: str
    verdict: Sentence
    slots: tuple[SlotAnswer, ...]
    groups: tuple[Group, ...]
    cards: tuple[Card, ...]
    taints: tuple[str, ...]
    problems: tuple[str, ...]
    reference: str | None
    settings: tuple[FirmwareSetting, ...]
    outcomes: tuple[DeviceOutcome, ...]
    functions: int
    document: dict[str, Any]
    history: tuple[str, ...]
    reasons: tuple[GroupReason, ...] = ()
    doubts: tuple[str, ...] = ()
    others: tuple[ReportSummary, ...] = ()
    platform_notes: tuple[PlatformNote, ...] = ()


@dataclass(frozen=True)
class OwnReport:
    """One report in the list of those its owner submitted.

    Attributes:
        id: Public id.
        vendor, vendor_slug, name, slug: Its board.
        received: ISO date and time it came in, in UTC.
        counted: Whether its machine counts with this report.
        held: Why it does not, in a sentence; None when it counts or a newer report of its machine does.
    """

    id: str
    vendor: str
    vendor_slug: str
    name: str
    slug: str
    received: str
    counted: bool
    held: str | None
