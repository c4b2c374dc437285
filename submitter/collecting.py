"""Collecting this machine, with what its owner says on the command line; and the command that does only that."""

from __future__ import annotations

from submitter.collect import collect
from submitter.document import encode, write
from submitter.errors import NotDone

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable
    from typing import Any

    from submitter.notes import Notes


def collect_machine(asked: argparse.Namespace) -> dict[str, Any]:
    """Return the report of the machine below ``--root``.

    Raises:
        NotDone: There is no machine to be read there.
    """
    document = collect(asked.root, _teller(asked))
    if not document["functions"] and asked.root != "/":
        raise NotDone(f"{asked.root} holds no recorded machine: there is no sys/bus/pci/devices below it")
    return document


def _teller(asked: argparse.Namespace) -> Callable[[str], None]:
    if not asked.verbose:
        return lambda _: None
    from submitter.screen import note

    return note


def stated_notes(asked: argparse.Namespace) -> Notes | None:
    """Return what flags and notes files say, None when there are none.

    Raises:
        NotDone: One of them cannot be understood.
    """
    if not (asked.slot or asked.setting or asked.outcome or asked.notes):
        return None
    from submitter.notes import Notes

    notes = Notes()
    for path in asked.notes:
        notes.add_file(path)
    for said, add in (
        (asked.slot, notes.add_slot),
        (asked.setting, notes.add_setting),
        (asked.outcome, notes.add_outcome),
    ):
        for text in said:
            add(text)
    return notes


def collect_command(asked: argparse.Namespace) -> int:
    """Write the report to a file and say on standard error what it lacks."""
    notes = stated_notes(asked)
    document = collect_machine(asked)
    if notes is not None:
        document = notes.apply(document)
    write(asked.output, encode(document))
    if asked.output != "-" and not asked.json:
        from submitter.screen import note

        note(f"{asked.output}: {len(document['functions'])} PCI functions. `hwdb-submit show` reads it to you.")
        for problem in document["provenance"]["problems"]:
            note(f"- {problem}")
    return 0
