"""Asking at the terminal what only a person knows. Every question can be skipped."""

from __future__ import annotations

from hwdb.analysis.answer import answer_machine
from hwdb.analysis.judging import judge
from hwdb.analysis.words import word_for
from hwdb.topology import is_bridge
from submitter.errors import NotDone
from submitter.notes import RESULTS, Notes, full_address
from submitter.screen import printable, show
from submitter.summary import machine_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from hwdb.topology import Machine

# Classes of what people buy as cards: storage, network, graphics, sound, USB.
_CARDS = ("01", "02", "03", "04", "0c03")
_MOST_CARDS = 12


def ask_notes(document: dict[str, Any], ask: Callable[[str], str]) -> Notes:
    """Return what the owner says.

    Args:
        document: What was collected.
        ask: Prints a prompt and returns a line; raises EOFError at the end of the input, which skips what is left.
    """
    notes = Notes()
    show("A few questions only you can answer. Enter skips one, Ctrl-D all of them.")
    try:
        _ask_slots(machine_of(document), notes, ask)
        _ask_settings(notes, ask)
        _ask_outcomes(document, notes, ask)
    except EOFError:
        show()
    return notes


def _ask_slots(machine: Machine, notes: Notes, ask: Callable[[str], str]) -> None:
    cards = list(_unnamed_cards(machine))[:_MOST_CARDS]
    if cards:
        show("Which slot is each of these in, as printed on the board (PCIE4, M2_1)? Leave out what is soldered.")
    for address, what in cards:
        name = ask(f"  {what}: ").strip()
        if name:
            _noted(lambda: notes.add_slot(f"{name}={address}"))  # noqa: B023 - called at once


def _unnamed_cards(machine: Machine) -> Iterator[tuple[str, str]]:
    """Yield address and description of cards behind ports that no witness names, or only by the kernel's number."""
    named = {port for slot in answer_machine(machine) if set(slot.witnesses) - {"pci_slots"} for port in slot.ports}
    for verdict in judge(machine):
        first = machine.functions[verdict.card[0]] if verdict.card else None
        if first is None or verdict.path in named or verdict.designation or is_bridge(first):
            continue
        if (first.class_ or "").startswith(_CARDS):
            yield first.address, f"{first.address[-7:]} {word_for(first.class_)} [{first.vendor}:{first.device}]"


def _ask_settings(notes: Notes, ask: Callable[[str], str]) -> None:
    show("Firmware settings you changed for passthrough, one a line, like ACS Enable=Enabled?")
    while line := ask("  setting: ").strip():
        _noted(lambda: notes.add_setting(line))


def _ask_outcomes(document: dict[str, Any], notes: Notes, ask: Callable[[str], str]) -> None:
    show("Do you hand a device to a virtual machine? Its address, like 0a:00.0:")
    there = {one["address"] for one in document["functions"]}
    while line := ask("  device: ").strip():
        try:
            address = full_address(line)
        except NotDone as error:
            show(f"  {error}.")
            continue
        if address not in there:
            show(f"  There is no {address} in this machine; `lspci` lists what there is.")
            continue
        result = _ask_result(ask)
        guest = ask("  which guest, like Windows 11: ").strip().replace(",", " ")
        took = ask("  what did it take, in a line: ").strip()
        if result:
            _noted(lambda: notes.add_outcome(f"{address}={result},{guest},{took}"))  # noqa: B023 - called at once


def _ask_result(ask: Callable[[str], str]) -> str:
    while result := ask(f"  does it work ({', '.join(RESULTS)}): ").strip():
        if result.casefold() in RESULTS:
            return result
        show(f"  Say one of {', '.join(RESULTS)}, or nothing.")
    return ""


def _noted(add: Callable[[], None]) -> None:
    """Add a statement; one that cannot be understood is left out, and said to be."""
    try:
        add()
    except NotDone as error:
        show(f"  Left out: {printable(str(error))}.")
