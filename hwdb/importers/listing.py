"""What group listings of all forms have in common: members in order, from which reports are made. No I/O.

A text may hold one listing, the same one twice (a second command printed it again), or several: of one machine before
and after a change, or of different machines. They are told apart here, and never mixed.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from hwdb.errors import ParseError
from hwdb.report import Iommu, Provenance, Report

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from hwdb.report import Function

MOST_PROBLEMS = 128
"""As many sentences as a report can hold; nobody reads more."""

MOST_MEMBERS = 65_536
"""As many functions as are read of one text: each takes fifty times the memory of its line."""

MOST_LISTINGS = 32
"""More machines than any text holds; a hostile one is not to fill the memory with reports."""


class Member(NamedTuple):
    """One function as a listing shows it.

    Attributes:
        function: The function with its group.
        line: The line it stands on.
        header: The line of the group it stands below.
    """

    function: Function
    line: int
    header: int


@dataclass
class Listing:
    """One listing of a text: where it starts, its functions by address, and what is wrong with it."""

    start: int
    functions: dict[str, Function] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def add(self, member: Member) -> None:
        """Add a function, or what this line adds to the function when it is there already."""
        address = member.function.address
        known = self.functions.get(address)
        if known is None:
            self.functions[address] = member.function
            return
        self.functions[address] = filled(known, member.function)
        if known.iommu_group != member.function.iommu_group:
            self.note(f"Line {member.line} lists {address} again, in another group; the first one counts.")

    def note(self, sentence: str) -> None:
        """Say what is wrong, as long as there is room for it."""
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(sentence)

    def groups(self) -> dict[str, int | None]:
        """Return the group of every function."""
        return {address: function.iommu_group for address, function in self.functions.items()}


def filled(known: Function, more: Function) -> Function:
    """Return a function with what another line about it adds; what is known stays."""
    missing = {
        one.name: getattr(more, one.name)
        for one in fields(known)
        if getattr(known, one.name) is None and getattr(more, one.name) is not None and one.name != "iommu_group"
    }
    return replace(known, **missing) if missing else known


def listings_of(found: Iterable[Member]) -> list[Listing]:
    """Return the listings that members in the order of a text make.

    A listing shows every function once. Where one comes again, another listing has begun, unless both agree or only
    little is repeated: then a part was posted twice, or a correction follows.
    """
    made: list[Listing] = []
    members = list(islice(found, MOST_MEMBERS))
    for part in _parts(members):
        listing = Listing(start=part[0].header)
        for member in part:
            listing.add(member)
        whole = next((one for one in made if _belong_together(one, listing)), None)
        if whole is None and len(made) < MOST_LISTINGS:
            made.append(listing)
        elif whole is not None:
            for member in part:
                whole.add(member)
    if len(members) == MOST_MEMBERS:
        made[-1].note(f"Line {members[-1].line} lists function {MOST_MEMBERS:,} of the text; no more were read.")
    return made


def reports_of(
    listings: Sequence[Listing], source: str, finish: Callable[[Report], Report] | None = None
) -> tuple[tuple[int, Report], ...]:
    """Return the line where each listing starts and the report it makes.

    Args:
        listings: What was read.
        source: Name of the format.
        finish: Adds what the text says beside its listings: board, kernel.
    """
    made = []
    for listing in listings:
        grouped = any(function.iommu_group is not None for function in listing.functions.values())
        report = Report(
            functions=tuple(listing.functions.values()),
            iommu=Iommu(state="on" if grouped else None),
            provenance=Provenance(source=source, problems=tuple(listing.problems[:MOST_PROBLEMS]) or None),
        )
        made.append((listing.start, finish(report) if finish else report))
    return tuple(made)


def largest(found: Sequence[tuple[int, Report]], advice: str) -> Report:
    """Return the report with the most functions, which says of the others that they were passed over.

    Raises:
        ParseError: There is none; ``advice`` is the sentence.
    """
    if not found:
        raise ParseError(advice)
    _, read = max(found, key=lambda one: len(one[1].functions))
    others = [
        f"Line {start} begins another listing, which was passed over." for start, report in found if report is not read
    ]
    return with_problems(read, others, first=True)


def with_problems(report: Report, sentences: Sequence[str], *, first: bool = False) -> Report:
    """Return a report with more to say about what could not be read."""
    if not sentences:
        return report
    said = report.provenance.problems or ()
    both = (*sentences, *said) if first else (*said, *sentences)
    return replace(report, provenance=replace(report.provenance, problems=both[:MOST_PROBLEMS]))


def _parts(members: Sequence[Member]) -> list[Sequence[Member]]:
    """Split members where a function comes again."""
    starts, seen = [0], set[str]()
    for at, member in enumerate(members):
        if member.function.address in seen:
            start = _start_of_repeat(members, starts[-1], at)
            starts.append(start)
            seen = {one.function.address for one in members[start:at]}
        seen.add(member.function.address)
    return [members[start:end] for start, end in zip(starts, [*starts[1:], len(members)], strict=True) if start < end]


def _start_of_repeat(members: Sequence[Member], first: int, at: int) -> int:
    """Return where the listing starts whose member ``at`` is the first to repeat an earlier one.

    The second listing may begin with functions that the first does not have: it begins where the group numbers fall
    back, and if they do not, with the group of the repeated function.
    """
    opened: dict[int | None, int] = {}
    for index in range(first, at):
        opened.setdefault(members[index].function.iommu_group, index)
    for index in range(at, first, -1):
        group, before = members[index].function.iommu_group, members[index - 1].function.iommu_group
        if opened.get(group, at) >= index and index != at:
            # This group is new to the text: it belongs to what was before.
            break
        if group is not None and before is not None and group < before:
            return index
    header = members[at].header
    start = at
    while start > first and members[start - 1].header == header:
        start -= 1
    return start if start > first else at


def _belong_together(one: Listing, other: Listing) -> bool:
    """Whether two parts of a text speak of one machine in one state."""
    both = one.functions.keys() & other.functions.keys()
    differ = [address for address in both if _contradict(one.functions[address], other.functions[address])]
    if not differ:
        return bool(both)
    smaller, larger = sorted((len(one.functions), len(other.functions)))
    return len(differ) * 4 <= smaller or (len(both) == smaller and smaller * 2 < larger)


def _contradict(one: Function, other: Function) -> bool:
    ids = (one.vendor, one.device), (other.vendor, other.device)
    return one.iommu_group != other.iommu_group or (None not in ids[0] + ids[1] and ids[0] != ids[1])
