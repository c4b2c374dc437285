"""The kernel's log, where it says which group it put a device in. No I/O.

    [    0.678920] pci 0000:00:01.0: Adding to iommu group 0          since Linux 5.4, with the driver once one is bound
    [    2.188848] iommu: Adding device 0000:00:00.0 to group 0       before
    pci 0000:0b:01.0: Removing from iommu group 27                    when it is unplugged, or its driver leaves

A log is a history: devices come and go, and a text may hold several boots, which number their groups anew. What is
read is one moment, the one at which the most functions stood in groups; of several such moments the last.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple

from hwdb.importers.listing import MOST_LISTINGS, MOST_MEMBERS, Listing, largest, reports_of
from hwdb.importers.lspci_line import full_address
from hwdb.importers.posted import Line, lines
from hwdb.importers.stated import Stated, with_stated
from hwdb.report import Board, Function, System

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hwdb.report import Report

_ADVICE = (
    "no device is put in an IOMMU group here; a kernel log has lines like "
    "'pci 0000:01:00.0: Adding to iommu group 14' (dmesg | grep -i iommu)"
)
_SAID = re.compile(
    r": (?P<new>Adding to|Removing from) iommu group (?P<group>[0-9]{1,5})(?![0-9])"
    r"|iommu: (?P<old>Adding|Removing) device (?P<device>\S{1,64}) (?:to|from) group (?P<number>[0-9]{1,5})(?![0-9])"
)
_LONGEST_DEVICE = 64
_STAMP = re.compile(r"\[\s*+([0-9]{1,9}\.[0-9]{1,9})[\s\]<]")
# A serial console that lost bytes: the stamp is not closed where the device begins.
_OPEN_STAMP = re.compile(r"\[\s*+[0-9.]{0,20}$")
_PART_OF_ADDRESS = re.compile(r"[0-9A-Fa-f:.]{1,13}\.[0-7]")
_DEVICE = re.compile(r"[\w-]{1,60}[.:@][\w.:@,-]{1,60}")
# Where a mail program may have broken the line.
_BROKEN = re.compile(
    r"(?:[0-9a-f]\.[0-7]:|: (?:Adding|Adding to|Removing|Removing from)|(?:to|from) iommu(?: group)?"
    r"|iommu: (?:Adding|Removing)|(?:Adding|Removing) device(?: \S{1,64})?(?: to| from)?(?: group)?)$"
)
_ADDRESS_LENGTH = len("0000:00:00.0")
_BACKWARDS = 1.0
"""A clock that falls back by more seconds than this has been started anew."""


class _Event(NamedTuple):
    """A function that joins a group, or leaves it (None)."""

    address: str
    group: int | None
    line: int
    damaged: bool


@dataclass
class _Boot:
    """One boot of a log: where it starts, what it states, and what happened to devices.

    Attributes:
        platform: Devices in groups that are no PCI functions.
        unreadable: Lines that lost the address.
    """

    start: int
    said: Stated = field(default_factory=Stated)
    events: list[_Event] = field(default_factory=list)
    platform: int = 0
    unreadable: list[int] = field(default_factory=list)
    clock: float = 0.0

    def heard(self) -> bool:
        """Whether anything was put in a group."""
        return bool(self.events or self.platform or self.unreadable)


def sniff(text: str) -> bool:
    """Whether the kernel puts a device in a group somewhere."""
    # Most texts are told by a word that is not in them.
    if "group" not in text or not ("Adding" in text or "Removing" in text):
        return False
    return any(_DEVICE.fullmatch(device) for line in _joined(text) for device, _ in _said(line.text))


def parse(text: str) -> Report:
    """Return the report of the machine with the most functions.

    Raises:
        ParseError: No device is put in a group.
    """
    return largest(_read(text), _ADVICE)


def parse_all(text: str) -> tuple[Report, ...]:
    """Return a report for each machine whose log the text holds; several boots of one machine make one report.

    Raises:
        ParseError: No device is put in a group.
    """
    found = _read(text)
    largest(found, _ADVICE)
    return tuple(report for _, report in found)


def _read(text: str) -> tuple[tuple[int, Report], ...]:
    """Return the line where each machine's log starts, with its report."""
    machines: list[list[tuple[_Boot, Listing]]] = []
    for boot in _boots(text):
        listing = _moment(boot)
        same = next((one for one in machines if _same_machine(one[0], (boot, listing))), None)
        if same is not None:
            same.append((boot, listing))
        elif len(machines) < MOST_LISTINGS:
            machines.append([(boot, listing)])
    return tuple(_report(boots) for boots in machines)


def _report(boots: list[tuple[_Boot, Listing]]) -> tuple[int, Report]:
    """Return the report of one machine's boots, read from the fullest; of equal ones from the last."""
    boot, listing = max(boots, key=lambda one: (len(one[1].functions), one[0].start))
    for other, _ in boots:
        if other is not boot:
            listing.note(f"Line {other.start} begins another boot of this machine, which was passed over.")
    ((start, report),) = reports_of([listing], "dmesg", boot.said.added_to)
    return start, replace(report, iommu=replace(report.iommu, state="on"))


def _same_machine(one: tuple[_Boot, Listing], other: tuple[_Boot, Listing]) -> bool:
    names = [(boot.said.system, boot.said.board) for boot, _ in (one, other)]
    if (System(), Board()) not in names:
        return names[0] == names[1]
    mine, others = (listing.functions.keys() for _, listing in (one, other))
    return len(mine & others) * 2 >= min(len(mine), len(others))


def _boots(text: str) -> list[_Boot]:
    """Return the boots of a log that put anything in a group; a boot starts where the clock does."""
    boots, taken = [_Boot(start=1)], 0
    for line in _joined(text):
        stamp = _STAMP.search(line.text) if "[" in line.text else None
        clock = float(stamp[1]) if stamp else boots[-1].clock
        restarted = "Linux version " in line.text or clock < boots[-1].clock - _BACKWARDS
        if restarted and boots[-1].heard():
            boots.append(_Boot(start=line.number))
        boots[-1].clock = clock
        boots[-1].said = with_stated(boots[-1].said, line.text)
        for device, group in _said(line.text) if taken < MOST_MEMBERS and "group" in line.text else ():
            taken += 1
            _take(boots[-1], line, device, group)
    return [boot for boot in boots if boot.heard()]


def _take(boot: _Boot, line: Line, device: str, group: int | None) -> None:
    before = line.text[: line.text.find(device)] if len(line.text) < _LONGEST_DEVICE * 4 else ""
    damaged = _OPEN_STAMP.search(before[-_LONGEST_DEVICE:]) is not None
    # What is left of the time stands before the address then.
    address = full_address(device[-_ADDRESS_LENGTH:] if damaged else device)
    if address is not None:
        boot.events.append(_Event(address, group, line.number, damaged))
    elif damaged or _PART_OF_ADDRESS.fullmatch(device):
        boot.unreadable.append(line.number)
    elif group is not None and _DEVICE.fullmatch(device):
        boot.platform += 1


def _moment(boot: _Boot) -> Listing:
    """Return what stood in groups when the most functions did."""
    buses = {event.address[:7] for event in boot.events if not event.damaged}
    trusted = [event for event in boot.events if not event.damaged or event.address[:7] in buses]
    groups, fullest, at = dict[str, int](), 0, 0
    for index, event in enumerate(trusted, start=1):
        _follow(groups, event)
        if len(groups) >= fullest:
            fullest, at = len(groups), index
    last = groups
    groups = {}
    for event in trusted[:at]:
        _follow(groups, event)
    listing = Listing(boot.start, {address: Function(address, group) for address, group in groups.items()})
    gone = sum(address not in last for address in groups)
    if gone:
        listing.note(f"Functions that left their groups later in the log: {gone}; the time before is read.")
    if boot.platform:
        listing.note(f"{boot.platform} devices in groups are no PCI functions; they are not counted.")
    damaged = [event.line for event in boot.events if event.damaged]
    for line in sorted({*boot.unreadable, *damaged})[:MOST_LISTINGS]:
        listing.note(f"Line {line} has lost characters; its address may be missing or incomplete.")
    return listing


def _follow(groups: dict[str, int], event: _Event) -> None:
    if event.group is None:
        groups.pop(event.address, None)
    else:
        groups[event.address] = event.group


def _said(text: str) -> Iterator[tuple[str, int | None]]:
    """Yield the devices a line puts in a group, and None for the group of those it takes out."""
    for said in _SAID.finditer(text):
        if said["old"]:
            device, action, group = said["device"], said["old"], said["number"]
        else:
            words = text[max(0, said.start() - _LONGEST_DEVICE) : said.start()].split()
            if not words or text[said.start() - 1].isspace():
                continue
            device, action, group = words[-1], said["new"], said["group"]
        yield device, int(group) if action.startswith("Adding") else None


def _may_be_broken(line: str) -> bool:
    return line.endswith(":") or "iommu" in line or "Adding" in line or "Removing" in line


def _joined(text: str) -> Iterator[Line]:
    """Yield the lines of a text, those that were broken in the middle of the sentence whole again."""
    broken = ""
    for line in lines(text):
        whole = f"{broken} {line.text.strip()}" if broken else line.text
        broken = ""
        if len(whole) < _LONGEST_DEVICE * 4 and _may_be_broken(whole) and _BROKEN.search(whole):
            broken = whole
        elif whole:
            yield Line(line.number, whole)
    if broken:
        yield Line(text.count("\n") + 1, broken)
