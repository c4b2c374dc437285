"""``hwdb analyse``: the verdicts on one file, without a database."""

from __future__ import annotations

from typing import Any

import click

from hwdb.analysis.answer import answer_machine
from hwdb.analysis.groups import cards_of, groups_of
from hwdb.analysis.lines import shared_group_lines, slot_lines
from hwdb.analysis.public import public
from hwdb.analysis.sentence import verdict_sentence
from hwdb.cli.inputs import files_argument, format_option, installed_device_names, notes_option, read_machine
from hwdb.cli.printing import print_json
from hwdb.pciids import named
from hwdb.report import to_document
from hwdb.topology import Machine, normalise


@click.command(short_help="Judge one file without a database.")
@files_argument
@notes_option
@format_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON, the same shapes as the REST API.")
def command(files: tuple[str, ...], notes: tuple[str, ...], text_format: str | None, as_json: bool) -> None:
    """Say which slots of the machine in FILE isolate cleanly (- for standard input).

    Several files about one machine, like lspci's output and dmidecode's, are taken together.
    """
    names = installed_device_names()
    report = named(read_machine(files, notes, text_format), lambda vendor, device: names.get((vendor, device)))
    machine = normalise(report)
    if as_json:
        print_json(_document(machine))
        return
    slots = answer_machine(machine)
    shows = any(slot.grade != "unknown" for slot in slots)
    verdict = verdict_sentence(slots, 1 if shows else 0, 1 if machine.taints else 0)
    board = report.board
    click.echo(f"{board.vendor or 'Vendor not stated'} {board.name or '(board not stated)'}")
    click.echo(" ".join(filter(None, (verdict.headline, verdict.detail, verdict.why))))
    for taint in machine.taints:
        click.echo(f"Held out: {taint.reason}")
    for line in slot_lines(slots):
        click.echo(line)
    if not any(slot.designation for slot in slots):
        for line in shared_group_lines(machine):
            click.echo(line)


def _document(machine: Machine) -> dict[str, Any]:
    slots = answer_machine(machine)
    said = to_document(machine.report)
    return {
        **{key: said[key] for key in ("board", "bios", "kernel", "iommu")},
        "groups": public(groups_of(machine, slots)),
        "slots": public(slots),
        "cards": public(cards_of(machine, slots)),
        "taints": public(machine.taints),
    }
