"""The values the analysis speaks in: a verdict about one port of one machine, an answer about one slot. No I/O."""

from __future__ import annotations

from dataclasses import dataclass, field

ANALYSIS = 4
"""Version of the rules. Stored verdicts of a lower version are rebuilt from their documents by ``hwdb reanalyse``."""

ISOLATES: dict[str, bool | None] = {
    "isolated": True,
    "isolated_legacy": True,
    "isolated_bridge": True,
    "conditional": None,
    "shared_slots": False,
    "shared_onboard": False,
    "unknown": None,
}
"""What each grade means for a buyer: yes, no, or not to be said without more."""


@dataclass(frozen=True)
class Companion:
    """A function that shares the group of a slot and is neither its card nor a bridge.

    Attributes:
        address: On the machine the verdict is from.
        class_: Class and subclass, four hex digits (JSON key ``class``).
        vendor, device: Four hex digits each.
        name: What it is called.
        slot: Designation of the slot it sits in; None when it is soldered or its slot is not known.
        behind: Paths of the ports above it, nearest first; tells whether it sits in a slot once slots are named.
    """

    address: str
    class_: str | None = None
    vendor: str | None = None
    device: str | None = None
    name: str | None = None
    slot: str | None = None
    behind: tuple[str, ...] = field(default=(), metadata={"workings": True})


@dataclass(frozen=True)
class Link:
    """Width in lanes and speed in MT/s of a link."""

    width: int | None = None
    speed: int | None = None


@dataclass(frozen=True)
class Verdict:
    """What one report shows of one port, or of one slot whose port is not known.

    Attributes:
        grade: A key of ``ISOLATES``.
        reason: One sentence.
        evidence: ``observed``, ``predicted``, ``likely``, ``declared``; None when nothing was shown.
        path: Port path; None for a slot whose port is not known.
        designation: The slot's name, for a slot whose port is not known.
        occupied: Whether a card is in it.
        card: Addresses of the card's functions.
        iommu_groups: The groups that decided, on this machine.
        companions: Who shares them.
        location: ``cpu``, ``chipset`` or None.
        connector: Whether the port says that a slot hangs from it, which ports of soldered devices say as well.
        link_max, link_now: Of the port.
    """

    grade: str
    reason: str
    evidence: str | None = None
    path: str | None = None
    designation: str | None = None
    occupied: bool | None = None
    card: tuple[str, ...] = ()
    iommu_groups: tuple[int, ...] = ()
    companions: tuple[Companion, ...] = ()
    location: str | None = None
    connector: bool | None = None
    link_max: Link | None = None
    link_now: Link | None = None

    @property
    def isolates(self) -> bool | None:
        """Whether the slot isolates cleanly; None when that cannot be said."""
        return ISOLATES[self.grade]


@dataclass(frozen=True)
class SlotAnswer:
    """One slot of a board, answered. The public shape of a slot, the same everywhere it is shown.

    Attributes:
        designation: Name printed on the board; None for a port that no witness has named.
        kind: ``pcie``, ``m2``, ``u2``, ``pci`` or ``mini``.
        ports: Port paths it is known to hang from.
        location: ``cpu``, ``chipset`` or None.
        connector_lanes, electrical_lanes: Length of the connector and lanes wired.
        link_max, link_now: Of its port, where a report says.
        occupied: Whether a card was in it, on the newest machine that says.
        grade, isolates, evidence: The verdict.
        witnesses: Who names the slot: ``smbios``, ``submitter``, ...
        iommu_groups: Group numbers on the one machine, empty when several machines speak.
        companions: Who shares its group.
        reason: One sentence.
        machines: How many machines support the grade.
        disagree: How many say otherwise.
        confidence: ``high``, ``medium`` or ``low``; None when no machine supports anything.
        conflicts: Where witnesses contradict each other, in sentences.
    """

    designation: str | None
    kind: str | None = None
    ports: tuple[str, ...] = ()
    location: str | None = None
    connector_lanes: int | None = None
    electrical_lanes: int | None = None
    link_max: Link | None = None
    link_now: Link | None = None
    occupied: bool | None = None
    grade: str = "unknown"
    isolates: bool | None = None
    evidence: str | None = None
    witnesses: tuple[str, ...] = ()
    iommu_groups: tuple[int, ...] = ()
    companions: tuple[Companion, ...] = ()
    reason: str = ""
    machines: int = 0
    disagree: int = 0
    confidence: str | None = None
    conflicts: tuple[str, ...] = field(default=())
