"""``lspci`` with everything below each device: ``-v``, ``-vv``, ``-k``, ``-x`` and the letters beside. No I/O.

    01:00.0 VGA compatible controller [0300]: NVIDIA Corporation GP104 [10de:1b80] (rev a1)
            Subsystem: ASUSTeK Computer Inc. Device [1043:85aa]
            Flags: bus master, fast devsel, latency 0, IRQ 68, IOMMU group 14
            Capabilities: [78] Express Legacy Endpoint, MSI 00
            Kernel driver in use: vfio-pci

With and without root, with and without ids and domains, with hex dumps between the lines or nothing but them.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import islice, pairwise
from typing import TYPE_CHECKING, Any

from hwdb.errors import ParseError
from hwdb.importers.listing import MOST_LISTINGS, MOST_MEMBERS, MOST_PROBLEMS, filled, largest
from hwdb.importers.lspci_facts import Capabilities, facts_of, nameless
from hwdb.importers.lspci_records import groups_are_foreign, records_of, shows_a_device
from hwdb.report import Iommu, Provenance, Report, Slot

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hwdb.importers.lspci_records import Record
    from hwdb.report import Function

NO_DEVICE = "no device line of lspci stands here; one looks like '01:00.0 USB controller [0c03]: ... [1022:43ba]'"
NOT_GROUPED = (
    "The listing shows no IOMMU groups: lspci prints them from version 3.7 on, with -v, on a kernel whose IOMMU is on."
)
NO_IDS = "The listing shows no ids of most devices, as lspci does without -nn; they are known by their names only."
_DENIED = (
    "The capabilities of {} could not be read without root, so whether they have ACS is not known; run lspci "
    "as root to see them."
)
MOST_SLOTS = 256
_FEWEST = 3
_VERBOSE = frozenset({"Capabilities", "Control", "Flags"})


@dataclass
class _Machine:
    """One listing of a text: its functions by address, the slots it names, and what is wrong with it."""

    start: int
    functions: dict[str, Function] = field(default_factory=dict)
    slots: dict[tuple[str, str], Slot] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    denied: set[str] = field(default_factory=set)

    def agrees_with(self, other: _Machine) -> bool:
        """Whether another listing shows the same machine in the same state: more of it, or again."""
        both = self.functions.keys() & other.functions.keys()
        return bool(both) and not any(contradict(self.functions[one], other.functions[one]) for one in both)

    def add(self, other: _Machine) -> None:
        """Take over what another listing of the same machine adds."""
        for address, function in other.functions.items():
            known = self.functions.get(address)
            self.functions[address] = function if known is None else with_more(known, function)
        for place, slot in other.slots.items():
            self.slots.setdefault(place, slot)
        self.problems += other.problems[: MOST_PROBLEMS - len(self.problems)]
        self.denied -= other.functions.keys() - other.denied


def contradict(one: Function, other: Function) -> bool:
    """Whether two lines about one address cannot be about one function in one state."""
    pairs = ((getattr(one, key), getattr(other, key)) for key in ("vendor", "device", "class_", "iommu_group"))
    return any(None not in pair and pair[0] != pair[1] for pair in pairs)


def with_more(known: Function, more: Function) -> Function:
    """Return a function with what another line about it adds, its group included."""
    grouped = known if known.iommu_group is not None else replace(known, iommu_group=more.iommu_group)
    return filled(grouped, more)


def sniff(text: str) -> bool:
    """Whether lines that only lspci prints stand below a device line, and its groups are lspci's own."""
    if not shows_a_device(text):
        return False
    return any(record.is_detailed() for record in records_of(text)) and not groups_are_foreign(text)


def sniff_plain(text: str) -> bool:
    """Whether a text holds device lines as ``lspci`` prints them, and no groups; a single one in prose is none."""
    return shows_devices(text) and not groups_are_foreign(text)


def shows_devices(text: str) -> bool:
    """Whether there are several device lines as ``lspci`` prints them, whatever stands beside them."""
    return shows_a_device(text) and sum(1 for _ in islice(records_of(text), _FEWEST)) == _FEWEST


def shows_details(text: str) -> bool:
    """Whether lines of ``lspci -v`` stand below device lines, which no script for groups prints."""
    return shows_a_device(text) and any(not _VERBOSE.isdisjoint(dict(one.entries)) for one in records_of(text))


def parse(text: str) -> Report:
    """Return the report of the one machine a text shows, the largest one where there are several.

    Raises:
        ParseError: There is no device line.
    """
    return largest(_reports(text), NO_DEVICE)


def parse_all(text: str) -> tuple[Report, ...]:
    """Return a report for each machine or state of a machine that a text shows.

    Raises:
        ParseError: There is no device line.
    """
    found = _reports(text)
    if not found:
        raise ParseError(NO_DEVICE)
    return tuple(report for _, report in found)


def _reports(text: str) -> list[tuple[int, Report]]:
    """Return the line where each machine of a text starts, and its report."""
    machines: list[_Machine] = []
    for part in _parts(list(islice(records_of(text), MOST_MEMBERS))):
        machine = _read(part, cut=not text.endswith("\n"))
        same = next((one for one in machines if one.agrees_with(machine)), None)
        if same is not None:
            same.add(machine)
        elif len(machines) < MOST_LISTINGS:
            machines.append(machine)
    return [(machine.start, _report(machine)) for machine in machines]


def _parts(records: Sequence[Record]) -> list[Sequence[Record]]:
    """Split records where an address comes again: there another listing has begun."""
    starts, seen = [0], set[str]()
    for at, record in enumerate(records):
        address = record.function.address
        if address in seen:
            starts.append(at)
            seen = set()
        seen.add(address)
    return [records[start:end] for start, end in pairwise([*starts, len(records)]) if start < end]


def _read(records: Sequence[Record], *, cut: bool) -> _Machine:
    machine = _Machine(records[0].line)
    # A text that ends without a line break may be cut in the middle of its last function.
    listed = [Capabilities(record, cut=cut and record is records[-1]) for record in records]
    readable = any(one.extended for one in listed)
    for record, capabilities in zip(records, listed, strict=True):
        facts = facts_of(record, capabilities, extended_readable=readable)
        function = _completed(record.function, facts)
        machine.functions[function.address] = function
        if capabilities.denied:
            machine.denied.add(function.address)
        if record.gap and len(machine.problems) < MOST_PROBLEMS:
            machine.problems.append(f"Bytes are missing in the hex dump of the function on line {record.line}.")
        slot = slot_of(record.first("Physical Slot"), function.address)
        if slot is not None:
            machine.slots[slot.designation or "", slot.address or ""] = slot
    return machine


def _completed(function: Function, facts: dict[str, Any]) -> Function:
    """Return the function of a device line with the facts below it; the line's own words count first."""
    stated = {key: fact for key, fact in facts.items() if getattr(function, key) is None}
    made = replace(function, **stated) if stated else function
    return made if made.device is not None else replace(made, device=nameless(made.name))


def slot_of(number: str | None, address: str) -> Slot | None:
    """Return the statement of a "Physical Slot" line: the kernel's name of the slot the device is in."""
    if not number:
        return None
    place = address.rsplit(".", 1)[0] + ".0"
    numeric = number.isascii() and number.isdigit() and len(number) < 10
    return Slot(number[:200], "pci_slots", address=place, id=int(number) if numeric else None)


def _report(machine: _Machine) -> Report:
    functions = with_drivers(with_multifunction(list(machine.functions.values())))
    grouped = any(function.iommu_group is not None for function in functions)
    denied = f"{len(machine.denied)} function{'s' if len(machine.denied) > 1 else ''}"
    problems = [
        *([] if grouped else [NOT_GROUPED]),
        *([_DENIED.format(denied)] if machine.denied else []),
        *([NO_IDS] if lacks_ids(functions) else []),
        *machine.problems,
    ]
    return Report(
        functions=tuple(functions),
        iommu=Iommu(state="on" if grouped else None),
        slots=tuple(machine.slots.values())[:MOST_SLOTS] or None,
        provenance=Provenance(source="lspci", problems=tuple(problems[:MOST_PROBLEMS]) or None),
    )


def lacks_ids(functions: Sequence[Function]) -> bool:
    """Whether most functions are shown without ids."""
    return 2 * sum(function.vendor is None for function in functions) > len(functions)


def with_multifunction(functions: Sequence[Function]) -> list[Function]:
    """Return functions of which those that share a device are known to be of one that has several.

    Virtual functions do not count: a device that has only one function may show them beside it.
    """
    seen: dict[str, int] = {}
    for function in functions:
        if "Virtual Function" not in (function.name or ""):
            device = function.address.rsplit(".", 1)[0]
            seen[device] = seen.get(device, 0) + 1
    return [
        replace(function, multifunction=True)
        if function.multifunction is None and seen.get(function.address.rsplit(".", 1)[0], 0) > 1
        else function
        for function in functions
    ]


def with_drivers(functions: Sequence[Function]) -> list[Function]:
    """Return functions of which those without a driver are known to have none, where the listing shows drivers."""
    if not any(function.driver for function in functions):
        return list(functions)
    return [replace(one, driver="") if one.driver is None else one for one in functions]
