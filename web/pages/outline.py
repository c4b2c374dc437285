"""How views are laid out on a page: what comes first, what belongs together, what is missing. Pure functions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from hwdb.analysis.sentence import counted_slots
from hwdb.analysis.words import listing
from web.pages.words import NOT_STATED, count, lanes_word, source_word

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from hwdb.analysis.groups import Group, Member
    from hwdb.analysis.shapes import SlotAnswer
    from hwdb.queries.views import BoardView, ReportView

_CARD_SLOTS = {None, "pcie", "pci"}
# Functions that nobody hands to a guest: they are part of the processor or the chipset itself.
_INNER = {"other devices", "system peripheral", "SMBus", "memory"}
# From so many members on, a group takes a column of its own.
_LARGE = 5
# A page with the tables of a large server beside it is to stay light; the file is a click away.
_LONGEST_DOCUMENT = 40_000
_GIB = 2**30


class Shelves(NamedTuple):
    """The groups of one machine, sorted for reading.

    Attributes:
        large, small: Those that decided a named slot, by their size.
        own: Other devices that are alone in their group.
        shared: Other devices that share theirs.
        rest: Bridges and parts of the processor.
    """

    large: list[Group]
    small: list[Group]
    own: list[Group]
    shared: list[Group]
    rest: list[Group]


class Gap(NamedTuple):
    """One thing nobody knows yet, and what would tell."""

    what: str
    says: str
    wanted: str


class Check(NamedTuple):
    """One question about whether a report can be counted; ``state`` is ``yes``, ``warn`` or ``unknown``."""

    state: str
    claim: str
    detail: str


class Held(NamedTuple):
    """What sits in a slot on one machine; no ``names`` when the report does not say."""

    names: list[str]
    addresses: list[str]
    roles: list[str]


def table_slots(slots: Sequence[SlotAnswer]) -> list[SlotAnswer]:
    """Return slots in reading order: those for cards, then M.2 and the like, then ports nobody has named."""
    return sorted(slots, key=lambda slot: (slot.designation is None, slot.kind not in _CARD_SLOTS))


def strip_slots(slots: Sequence[SlotAnswer]) -> list[SlotAnswer]:
    """Return the slots that the verdict counts, so that the strip shows what the sentence says."""
    return counted_slots(slots)


def shelves(groups: Sequence[Group], slots: Sequence[SlotAnswer]) -> Shelves:
    """Return the groups sorted for reading; those of slots follow the order of the slots."""
    order = {slot.designation: place for place, slot in enumerate(table_slots(slots))}
    deciding = sorted(
        (g for g in groups if g.slots), key=lambda g: min(order.get(name, len(order)) for name in g.slots)
    )
    others = [(group, _devices(group)) for group in groups if not group.slots]
    return Shelves(
        large=[group for group in deciding if len(group.members) >= _LARGE],
        small=[group for group in deciding if len(group.members) < _LARGE],
        own=[group for group, devices in others if len(devices) == 1],
        shared=[group for group, devices in others if len(devices) > 1],
        rest=[group for group, devices in others if not devices],
    )


def _devices(group: Group) -> set[str]:
    """Return the devices in a group, none when nothing in it could be handed to a guest."""
    members = [member for member in group.members if not member.bridge]
    if all(member.kind in _INNER for member in members):
        return set()
    return {member.address.rsplit(".", 1)[0] for member in members}


def slots_of(group: Group, slots: Sequence[SlotAnswer]) -> list[SlotAnswer]:
    """Return the answers of the slots a group decided."""
    return [slot for slot in slots if slot.designation is not None and slot.designation in group.slots]


def not_known(board: BoardView) -> list[Gap]:
    """Return what no report of a board tells yet."""
    return [*_slot_gaps(board.slots), *_machine_gaps(board), *_owner_gaps(board)]


def _slot_gaps(slots: Sequence[SlotAnswer]) -> list[Gap]:
    gaps = []
    for slot in slots:
        name = slot.designation or f"Port {', '.join(slot.ports)}"
        if slot.grade == "unknown":
            gaps.append(Gap(name, slot.reason or "No report shows how it is grouped.", ""))
        elif slot.evidence == "declared":
            says = "Only its owner says what is in its group." if slot.companions else "Only its owner says so."
            gaps.append(Gap(name, says, "Wanted: a report with a card in it."))
    unnamed = [slot for slot in slots if slot.designation is None]
    if unnamed:
        says = f"{count(len(unnamed), 'port')} with a slot that no witness names."
        gaps.append(Gap("Slot names", says, "Wanted: the names printed on the board, beside the cards in them."))
    named = [slot for slot in slots if slot.designation is not None]
    portless = [str(slot.designation) for slot in named if not slot.ports]
    if portless:
        which = "All slots" if len(portless) == len(named) else listing(portless)
        gaps.append(Gap("Ports", f"{which}: no report shows the port.", "Wanted: a report that shows the PCI tree."))
    return gaps


def _machine_gaps(board: BoardView) -> list[Gap]:
    gaps = []
    if board.machines == 1:
        gaps.append(Gap("A second machine", "All of this rests on one.", "Wanted: a report from another such board."))
    counted = [report for report in board.reports if report.counted]
    for what, stated in (
        ("BIOS version", [report.bios is not None for report in counted]),
        ("Kernel", [report.kernel is not None for report in counted]),
    ):
        if stated and not all(stated):
            silent = stated.count(False)
            who = (
                "the one machine does not state it"
                if len(stated) == 1
                else f"{silent} of {len(stated)} do not state it"
            )
            gaps.append(Gap(what, f"{who[0].upper()}{who[1:]}.", "Wanted: a report that does."))
    return gaps


def _owner_gaps(board: BoardView) -> list[Gap]:
    gaps = []
    silent = [o.device or o.function or "a device" for o in board.outcomes if _to_guest(o.role) and o.result is None]
    if silent:
        says = f"Whether a guest gets along with {listing(silent)} is not stated."
        gaps.append(Gap("What worked", says, "Wanted: a word from the owner."))
    nameless = sum(setting.name is None for setting in board.settings)
    if nameless:
        says = f"{count(nameless, 'setting')} mattered, but the owner does not remember the name."
        gaps.append(Gap("A firmware setting", says, "Wanted: the name is enough."))
    return gaps


def _to_guest(role: str | None) -> bool:
    return role is not None and role.startswith("guest_")


def held_by(slot: SlotAnswer, report: ReportView) -> Held:
    """Return what one machine has in a slot."""
    members = {member.address: member for group in report.groups for member in group.members}
    stated = {f.get("address"): f.get("name") for f in report.document.get("functions") or ()}
    cards = [card for card in report.cards if card.slot is not None and card.slot == slot.designation]
    addresses = [address for card in cards for address in card.functions]
    roles = [outcome.role for outcome in report.outcomes if outcome.function in addresses and outcome.role]
    return Held(list(dict.fromkeys(_names(addresses, members, stated))), addresses, roles)


def _names(addresses: list[str], members: Mapping[str, Member], stated: Mapping[Any, Any]) -> list[str]:
    """Return the names of a card's functions, bridges on the card left out."""
    names = []
    for address in addresses:
        member = members.get(address)
        if member is not None and member.bridge:
            continue
        names.append((member.name if member else stated.get(address)) or (member.kind if member else "a device"))
    return names


def checks(report: ReportView) -> list[Check]:
    """Return what speaks for and against counting a report, answer by answer."""
    return [
        *(Check("warn", "Held out", reason) for reason in report.taints),
        *_override(report.document),
        *_real_machine(report.document),
        *_seen(report.document),
    ]


def _part(document: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """Return a part of a stored document; every part may be missing or null."""
    part = document.get(name)
    return part if isinstance(part, dict) else {}


def _override(document: Mapping[str, Any]) -> list[Check]:
    kernel = _part(document, "kernel")
    words = kernel.get("parameters")
    if kernel.get("acs_override") or any(word.startswith("pcie_acs_override") for word in words or ()):
        return [Check("warn", "ACS override: yes", "The groups are not the board's own.")]
    if kernel.get("acs_override") is False:
        return [Check("yes", "ACS override: no", "The report says that none is in effect.")]
    if words is not None:
        return [Check("yes", "ACS override: no", "The kernel command line asks for none.")]
    return [Check("unknown", "ACS override: not stated", "The report does not show the kernel command line.")]


def _real_machine(document: Mapping[str, Any]) -> list[Check]:
    inside = _part(document, "virtualization")
    around = [inside[key] for key in ("hypervisor", "container") if inside.get(key) not in {None, "none"}]
    if around:
        return [Check("warn", "A real machine: no", f"It was made inside {listing(around)}.")]
    if inside.get("hypervisor") == "none":
        return [Check("yes", "A real machine: yes", "It was not made inside a virtual machine.")]
    return [Check("unknown", "A real machine: not stated", "Nothing in the report points to a virtual machine.")]


def _seen(document: Mapping[str, Any]) -> list[Check]:
    functions = document.get("functions") or ()
    remapping = _part(document, "iommu").get("interrupt_remapping")
    found = []
    if not any(function.get("acs") for function in functions):
        found.append(
            Check("unknown", "ACS of the ports: not stated", "The verdicts rest on the kernel's groups alone.")
        )
    if all(function.get("reset_methods") is None for function in functions):
        found.append(Check("unknown", "Reset methods: not stated", "How a card can be reset is not in the report."))
    if remapping is None:
        found.append(Check("unknown", "Interrupt remapping: not stated", "It has no part in the groups."))
    elif remapping:
        found.append(Check("yes", "Interrupt remapping: on", "Assigning a device needs it."))
    else:
        found.append(Check("warn", "Interrupt remapping: off", "Assigning a device needs it, unless told otherwise."))
    return found


def facts(report: ReportView) -> list[tuple[str, str]]:
    """Return what a report says of its machine; what it leaves out is not stated."""
    document = report.document
    bios, kernel, iommu = (_part(document, name) for name in ("bios", "kernel", "iommu"))
    virtualization, provenance = _part(document, "virtualization"), _part(document, "provenance")
    memory = _part(document, "memory").get("bytes")
    parameters = kernel.get("parameters")
    stack = listing(virtualization.get("stack") or ())
    versions = [f"{name} {virtualization[key]}" for key, name in _VERSIONS.items() if virtualization.get(key)]
    rows = [
        ("Board", _together(_board(document))),
        ("BIOS", _together([bios.get("version"), bios.get("date")])),
        ("Processor", listing([cpu["name"] for cpu in document.get("cpus") or () if cpu.get("name")])),
        ("Memory", f"{memory / _GIB:g} GB" if memory else ""),
        ("Kernel", kernel.get("release")),
        ("Distribution", kernel.get("distribution")),
        ("IOMMU", _together([iommu.get("state"), iommu.get("kind")])),
        ("IOMMU words", None if parameters is None else " ".join(parameters) or "none on the kernel command line"),
        ("Guests run on", _together([stack, *versions])),
        ("Size", f"{count(report.functions, 'function')} in {count(len(report.groups), 'group')}"),
        ("Came as", source_word(report.summary.source)),
        ("Collected by", provenance.get("collector")),
        ("Dated", report.summary.collected),
        ("Received", report.summary.received),
    ]
    return [(name, value or NOT_STATED) for name, value in rows]


_VERSIONS = {"qemu": "QEMU", "libvirt": "libvirt"}


def _board(document: Mapping[str, Any]) -> list[str | None]:
    board = _part(document, "board")
    name = " ".join(part for part in (board.get("vendor"), board.get("name")) if part)
    return [name, f"version {board['version']}" if board.get("version") else None]


def _together(parts: Sequence[str | None]) -> str:
    return ", ".join(part for part in parts if part)


def fits_page(text: str) -> bool:
    """Whether a document is short enough to be shown in a page."""
    return len(text) <= _LONGEST_DOCUMENT


def meta_description(board: BoardView) -> str:
    """Return a board in one line, for search engines and link previews."""
    slots = [
        f"{slot.designation} {lanes_word(slot) or ''}".strip() for slot in strip_slots(board.slots) if slot.designation
    ]
    seen = f"{count(board.machines, 'machine')} counted. Slots: {listing(slots)}." if slots else ""
    return " ".join(part for part in (board.verdict.headline, board.verdict.detail, seen) if part)


FILTERS: dict[str, Callable[..., Any]] = {
    function.__name__: function
    for function in (
        table_slots,
        strip_slots,
        shelves,
        slots_of,
        not_known,
        held_by,
        checks,
        facts,
        fits_page,
        meta_description,
    )
}
"""Template filters by name."""
