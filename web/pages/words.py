"""The words a reader sees for grades, evidence, dates and lanes. Pure functions, used as template filters."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, NamedTuple

from hwdb.analysis.words import listing, word_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from hwdb.analysis.shapes import Companion, SlotAnswer

NOT_STATED = "not stated"
"""Of a fact a report leaves out."""

NOT_KNOWN = "not known"
"""Of an answer nobody can give yet."""


class GradeWords(NamedTuple):
    """How one grade is said.

    Attributes:
        word: In a table or a sentence, where no slot is named.
        short: Where space is scarce.
        means: What it says of the group.
        so: What a buyer does about it.
        lanes: Of the example that the page of words shows.
    """

    word: str
    short: str
    means: str
    so: str
    lanes: int


GRADES: dict[str, GradeWords] = {
    "isolated": GradeWords(
        "isolates",
        "isolates",
        "Nothing else is in the slot's group, and every port above it keeps traffic apart.",
        "Put the card in.",
        16,
    ),
    "isolated_bridge": GradeWords(
        "isolates, with its port",
        "isolates",
        "Nothing else is in the group but the slot's own port. Ports never get in the way.",
        "Put the card in.",
        16,
    ),
    "isolated_legacy": GradeWords(
        "isolates for now",
        "for now",
        "Nothing else is in the group today. A pending kernel change could merge it with its neighbours.",
        "Fine with the kernels seen; look again before a large kernel update.",
        4,
    ),
    "conditional": GradeWords(
        "isolates on a condition",
        "on a condition",
        "Nothing else is in the group as long as the neighbouring slots stay empty. The page says why.",
        "Keep the neighbouring slots empty.",
        8,
    ),
    "shared_slots": GradeWords(
        "shared with another slot",
        "shared",
        "The group holds only what sits in other slots. The page names them.",
        "Give all of them to the same machine.",
        8,
    ),
    "shared_onboard": GradeWords(
        "shared with onboard",
        "shared",
        "The group holds something soldered to the board: USB, SATA, LAN. The page names it.",
        "Only without those devices on the host.",
        1,
    ),
    "unknown": GradeWords(
        "not known",
        "not known",
        "The evidence does not decide. The page says what would.",
        "Report yours, or choose another slot.",
        16,
    ),
}
"""What every grade is called, in the order a reader meets them."""

EVIDENCE: dict[str, str] = {
    "observed": "The kernel's own groups, in a report.",
    "predicted": "Worked out from the ports and their ACS, by the kernel's rules.",
    "likely": "The same parts behaved so on other machines.",
    "declared": "Somebody's word, with nothing to check it by.",
}
"""What every kind of evidence means."""

CONFIDENCE: dict[str, str] = {
    "high": "5 machines or more agree, over 3 BIOS versions or more.",
    "medium": "2 machines or more agree, over fewer machines or BIOS versions than that.",
    "low": "1 machine, a person's word, or machines that disagree. One machine is never more than low.",
}
"""What every confidence means."""

_WITNESSES = {
    "smbios": "the firmware's slot table",
    "pci_slots": "the kernel's slot list",
    "firmware_label": "the firmware's device labels",
    "topology": "the order of the ports",
    "submitter": "the owner",
    "curated": "a slot map for this board",
}
_KINDS = {"pcie": "PCIe", "m2": "M.2", "u2": "U.2", "pci": "PCI", "mini": "Mini PCIe"}
_LOCATIONS = {"cpu": "CPU", "chipset": "chipset"}
_ROLES = {
    "host_gpu": "host graphics",
    "guest_gpu": "guest graphics",
    "host_usb": "host USB",
    "guest_usb": "guest USB",
    "host_disk": "host disk",
    "guest_disk": "guest disk",
    "host_nic": "host network",
    "guest_nic": "guest network",
    "other": "other",
}
_RESULTS = {"works": "works", "workaround": "works with a workaround", "fails": "fails"}
_SOURCES = {
    "live": "read on the machine itself",
    "tree": "tree listing of its groups",
    "lspci": "lspci listing",
    "facter": "facter report",
}
# PCIe base specification, "Max Link Speed": MT/s on each lane -> generation.
_GENERATIONS = {2500: 1, 5000: 2, 8000: 3, 16000: 4, 32000: 5, 64000: 6}
# strftime would follow the language of the server.
_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_BIDI = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_LINK = re.compile(r"https?://[^\s\"'<>]+\Z")


def grade_word(slot: SlotAnswer) -> str:
    """Return a slot's grade, with the slots that share its group by name."""
    if slot.grade == "shared_slots":
        others = sorted({c.slot for c in slot.companions if c.slot})
        return f"shared with {listing(others)}" if others else GRADES[slot.grade].word
    return grade_name(slot.grade)


def grade_name(grade: str) -> str:
    """Return the word for a grade where no slot is at hand; a grade of a newer version is not known."""
    return GRADES.get(grade, GRADES["unknown"]).word


def evidence_word(slot: SlotAnswer) -> str:
    """Return on whose word a slot's grade rests and how many say otherwise."""
    if not slot.machines:
        return "no report shows it"
    if slot.disagree:
        differ = "1 differs" if slot.disagree == 1 else f"{slot.disagree} differ"
        return f"on {slot.machines} of {slot.machines + slot.disagree} machines; {differ}"
    if slot.evidence == "declared":
        return "the owner says so" if slot.machines == 1 else f"{slot.machines} owners say so"
    return "one machine's word" if slot.machines == 1 else f"on {slot.machines} machines"


def confidence_reason(slot: SlotAnswer) -> str:
    """Return why the confidence in a slot is what it is."""
    if slot.disagree:
        return "machines disagree"
    if slot.evidence == "declared":
        return "nothing the kernel showed"
    if slot.machines == 1:
        return "no second machine yet"
    many = f"{slot.machines} machines agree"
    return f"{many}, over several BIOS versions" if slot.confidence == "high" else many


def witness_words(witnesses: Iterable[str]) -> str:
    """Return who names a slot, as a list in words."""
    return listing([_WITNESSES.get(one, one.replace("_", " ")) for one in witnesses])


def kind_word(kind: str | None) -> str:
    """Return what a slot is called, ``slot`` for a kind nobody states."""
    return _KINDS.get(kind or "", "slot")


def wired_lanes(slot: SlotAnswer) -> int | None:
    """Return the lanes wired to a slot: as a witness says or, failing that, as its port can have."""
    return slot.electrical_lanes or (slot.link_max.width if slot.link_max else None)


def lanes_word(slot: SlotAnswer) -> str | None:
    """Return the one width to show for a slot, like ``x8``; None when no lanes are known."""
    lanes = wired_lanes(slot) or slot.connector_lanes
    return f"x{lanes}" if lanes else None


def lanes_rest(slot: SlotAnswer) -> str:
    """Return what follows the width: `` gen 3, x16 long``."""
    wired, long = wired_lanes(slot), slot.connector_lanes
    number = generation(slot.link_max.speed if slot.link_max else None)
    said = f" gen {number}" if number else ""
    if long and wired and long != wired:
        said += f", x{long} long"
    if long and not wired:
        said += " long, wired lanes not known"
    return said


def width_class(slot: SlotAnswer) -> str:
    """Return the class that draws a slot as wide as its lanes; the narrowest when they are not known."""
    lanes = wired_lanes(slot) or slot.connector_lanes or 1
    return next(f"w{step}" for step in (16, 8, 4, 1) if lanes >= step)


def wiring(slot: SlotAnswer) -> str | None:
    """Return where a slot is wired to, None when that is not known."""
    return _LOCATIONS.get(slot.location or "")


def generation(speed: int | None) -> int | None:
    """Return the PCIe generation of a link speed in MT/s, None for one that is not known."""
    return _GENERATIONS.get(speed or 0)


def short_address(address: str) -> str:
    """Return an address or a port path without domain 0000, as ``lspci`` prints it."""
    return address.removeprefix("0000:")


def company(companions: Sequence[Companion]) -> list[tuple[str, str | None, int, tuple[str, ...]]]:
    """Return companions as (word, name, how many, addresses), equal ones together, in their order."""
    together: dict[tuple[str, str | None], list[str]] = {}
    for one in companions:
        word = word_for(one.class_)
        word = "other device" if word == "other devices" else word
        name = f"{one.name or ''} in {one.slot}".strip() if one.slot else one.name
        together.setdefault((word, name), []).append(one.address)
    return [(word, name, len(places), tuple(places)) for (word, name), places in together.items()]


def role_word(role: str | None) -> str:
    """Return what a device is used for."""
    return _ROLES.get(role or "", NOT_STATED)


def result_word(result: str | None) -> str:
    """Return whether handing a device to a guest worked; silence is never a no."""
    return _RESULTS.get(result or "", NOT_STATED)


def source_word(source: str | None) -> str:
    """Return what a report was made from; a source without a word is shown as it is."""
    return _SOURCES.get(source, source) if source else NOT_STATED


def month(date: str | None) -> str | None:
    """Return the month of an ISO date, like ``March 2019``; None when there is none."""
    found = re.match(r"(\d{4})-(\d{2})", date or "")
    if found is None or not 1 <= int(found[2]) <= 12:
        return None
    return f"{_MONTHS[int(found[2]) - 1]} {found[1]}"


def day(date: str | None) -> str:
    """Return the day of an ISO date or date and time."""
    return date[:10] if date else NOT_STATED


def span(versions: Sequence[str]) -> str:
    """Return the range of ordered versions: ``P2.00 to P4.03``."""
    if not versions:
        return NOT_STATED
    return versions[0] if len(versions) == 1 else f"{versions[0]} to {versions[-1]}"


def count(number: int, noun: str) -> str:
    """Return a number with its noun: ``1 machine``, ``2 machines``."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def size_word(size: int) -> str:
    """Return a number of bytes as people say it: ``84 kB``."""
    return count(size, "byte") if size < 1000 else f"{round(size / 1000)} kB"


def plain(text: str) -> str:
    """Return text without the characters that turn its direction: for titles, where no element can hold them in."""
    return _BIDI.sub("", text)


def is_link(text: str) -> bool:
    """Whether a whole text is a web address; nothing else becomes a link."""
    return _LINK.match(text) is not None


def pretty(document: Mapping[str, Any]) -> str:
    """Return a document as indented JSON that reads the same to the eye and to a parser."""
    text = json.dumps(document, indent=1, ensure_ascii=False)
    return _BIDI.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


FILTERS: dict[str, Callable[..., Any]] = {
    function.__name__: function
    for function in (
        grade_word,
        grade_name,
        evidence_word,
        confidence_reason,
        witness_words,
        kind_word,
        lanes_word,
        lanes_rest,
        width_class,
        wiring,
        generation,
        short_address,
        company,
        role_word,
        result_word,
        source_word,
        month,
        day,
        span,
        count,
        size_word,
        plain,
        is_link,
        pretty,
    )
} | {"listing": listing}
"""Template filters by name."""
