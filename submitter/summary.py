"""What a document says of its machine, for its owner: the verdicts on the spot, with no service asked."""

from __future__ import annotations

import textwrap

from hwdb import report as shapes
from hwdb.analysis.answer import answer_machine
from hwdb.analysis.groups import cards_of, groups_of
from hwdb.analysis.judging import judge
from hwdb.analysis.lines import GRADE_WORDS, shared_group_lines, slot_lines
from hwdb.analysis.public import public
from hwdb.analysis.sentence import verdict_sentence
from hwdb.analysis.words import word_for
from hwdb.errors import HwdbError
from hwdb.topology import checked, is_bridge, normalise
from submitter.errors import NotDone

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from hwdb.analysis import Verdict
    from hwdb.topology import Machine

_WIDTH = 100
_PARTS = {
    "board": shapes.Board,
    "system": shapes.System,
    "chassis": shapes.Chassis,
    "bios": shapes.Bios,
    "memory": shapes.Memory,
    "kernel": shapes.Kernel,
    "iommu": shapes.Iommu,
    "virtualization": shapes.Virtualization,
    "provenance": shapes.Provenance,
    "acs": shapes.Acs,
}
_LISTS = {
    "functions": shapes.Function,
    "cpus": shapes.Cpu,
    "root_buses": shapes.RootBus,
    "slots": shapes.Slot,
    "settings": shapes.Setting,
    "outcomes": shapes.Outcome,
    "groups": shapes.IommuGroup,
    "peers": shapes.SlotPeer,
}


def machine_of(document: dict[str, Any]) -> Machine:
    """Return the machine that a document of this client describes.

    Documents are checked by the service, not here: one that was made by hand and is wrong gets one sentence.

    Raises:
        NotDone: It cannot be understood.
    """
    try:
        return checked(normalise(_shape(shapes.Report, document)))
    except (HwdbError, ValueError, TypeError, AttributeError, KeyError, RecursionError) as error:
        raise NotDone(
            f"the document cannot be understood ({error}); the service would say which field is wrong"
        ) from error


def _shape(shape: Any, data: dict[str, Any]) -> Any:
    known = {name.rstrip("_"): name for name in shape.__dataclass_fields__}
    return shape(**{known[key]: _fact(key, fact) for key, fact in data.items() if key in known and fact is not None})


def _fact(key: str, fact: Any) -> Any:
    if key in _PARTS and isinstance(fact, dict):
        return _shape(_PARTS[key], fact)
    if isinstance(fact, list):
        return tuple(_shape(_LISTS[key], item) if key in _LISTS else item for item in fact)
    return fact


def summary(document: dict[str, Any]) -> Iterator[str]:
    """Yield the lines that tell an owner what the machine shows.

    Raises:
        NotDone: The document cannot be understood.
    """
    machine = machine_of(document)
    yield from _heading(machine)
    yield ""
    slots = answer_machine(machine)
    shows = any(slot.grade != "unknown" for slot in slots)
    sentence = verdict_sentence(slots, 1 if shows else 0, 1 if machine.taints else 0)
    for taint in machine.taints:
        yield from _wrapped(f"Held out: {taint.reason}")
    if any(slot.designation for slot in slots):
        yield from _wrapped(" ".join(filter(None, (sentence.headline, sentence.detail, sentence.why))))
        yield from slot_lines(slots)
    else:
        yield from _cards(machine)
        yield from slot_lines(slot for slot in slots if slot.occupied is False)
        yield from shared_group_lines(machine)
    problems = machine.report.provenance.problems or ()
    if problems:
        yield ""
        for problem in problems:
            yield from _wrapped(f"- {problem}")


def _heading(machine: Machine) -> Iterator[str]:
    report = machine.report
    board, bios, kernel = report.board, report.bios, report.kernel
    name = " ".join(filter(None, (board.vendor, board.name))) or " ".join(
        filter(None, (report.system.vendor, report.system.name))
    )
    dated = f" ({bios.date})" if bios.date else ""
    yield f"{name or 'Board not stated'}{f', BIOS {bios.version}{dated}' if bios.version else ''}"
    cpu = next((one.name for one in report.cpus or () if one.name), None)
    said = (cpu, f"kernel {kernel.release}" if kernel.release else None, kernel.distribution)
    yield ", ".join(filter(None, said)) or "Processor and kernel not stated"
    iommu = report.iommu
    state = {"on": "on", "off": "off"}.get(iommu.state or "", "not known")
    groups = f", {len(machine.groups)} groups" if machine.groups else ""
    yield f"{len(machine.functions)} PCI functions; IOMMU {state}{f' ({iommu.kind})' if iommu.kind else ''}{groups}"


def _cards(machine: Machine) -> Iterator[str]:
    """Yield a line for each card, for machines whose slots nobody names: reading the firmware's names needs root."""
    cards = [
        verdict for verdict in judge(machine) if verdict.card and not is_bridge(machine.functions[verdict.card[0]])
    ]
    if not cards:
        return
    yield "No slot is named yet. What sits behind each port:"
    for verdict in cards:
        yield f"  {_card(machine, verdict)}: {GRADE_WORDS[verdict.grade]}"
        yield from textwrap.wrap(verdict.reason, _WIDTH - 6, initial_indent=" " * 6, subsequent_indent=" " * 6)


def _card(machine: Machine, verdict: Verdict) -> str:
    first = machine.functions[verdict.card[0]]
    group = f", group {', '.join(map(str, verdict.iommu_groups))}" if verdict.iommu_groups else ""
    return f"{first.address} {word_for(first.class_)} [{first.vendor}:{first.device}]{group}"


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(text, _WIDTH, subsequent_indent="  " if text.startswith("- ") else "")


def analysed(document: dict[str, Any]) -> dict[str, Any]:
    """Return the verdicts as data, in the public shapes of ``hwdb analyse --json``.

    Raises:
        NotDone: The document cannot be understood.
    """
    machine = machine_of(document)
    slots = answer_machine(machine)
    return {
        **{key: document.get(key) or {} for key in ("board", "bios", "kernel", "iommu")},
        "groups": public(groups_of(machine, slots)),
        "slots": public(slots),
        "cards": public(cards_of(machine, slots)),
        "taints": public(machine.taints),
    }
