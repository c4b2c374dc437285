"""``hwdb analyse``: the verdicts on one file, without a database."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import click

from hwdb.analysis.answer import Findings, answer, answer_machine, named_slots
from hwdb.analysis.groups import cards_of, groups_of, predicted_groups_of
from hwdb.analysis.judging import judge_prediction
from hwdb.analysis.lines import shared_group_lines, slot_lines
from hwdb.analysis.public import public
from hwdb.analysis.sentence import verdict_sentence
from hwdb.cli.inputs import files_argument, format_option, installed_device_names, notes_option, read_machine
from hwdb.cli.printing import print_json
from hwdb.errors import ParseError
from hwdb.pciids import named
from hwdb.report import to_document
from hwdb.topology import CURRENT, RULE_SETS, checked, may_carry_override, normalise, predict
from hwdb.topology import explain as explain_pair

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hwdb.analysis.groups import Group
    from hwdb.analysis.shapes import SlotAnswer
    from hwdb.topology import Machine, Prediction, RuleSet


@click.command(short_help="Judge one file without a database.")
@files_argument
@notes_option
@format_option
@click.option(
    "--predict",
    "predicting",
    is_flag=True,
    help="Ignore the groups in the file, and tell those that a kernel with its IOMMU on would form.",
)
@click.option(
    "--kernel",
    "rules",
    type=click.Choice([rules.name for rules in RULE_SETS]),
    help="With --predict or --explain: by which kernels' rules; those of today by default.",
)
@click.option(
    "--explain", nargs=2, metavar="A B", help="Say why two functions, named by their addresses, are together."
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON, the same shapes as the REST API.")
def command(
    files: tuple[str, ...],
    notes: tuple[str, ...],
    text_format: str | None,
    predicting: bool,
    rules: str | None,
    explain: tuple[str, str] | None,
    as_json: bool,
) -> None:
    """Say which slots of the machine in FILE isolate cleanly (- for standard input).

    Several files about one machine, like lspci's output and dmidecode's, are taken together. Without IOMMU groups in
    them, the groups are predicted as far as the ports' capabilities could be read (lspci -vvnn as root).
    """
    if rules is not None and not predicting and explain is None:
        raise click.UsageError("--kernel goes with --predict or --explain")
    names = installed_device_names()
    report = named(read_machine(files, notes, text_format), lambda vendor, device: names.get((vendor, device)))
    machine = checked(normalise(report))
    rule_set = next((one for one in RULE_SETS if one.name == rules), CURRENT)
    if explain is not None:
        click.echo(_explained(machine, rule_set, explain))
        return
    if predicting:
        machine = _without_groups(machine)
    seen = _Seen.by_prediction(machine, predict(machine, rule_set)) if predicting else _Seen.as_it_is(machine)
    if as_json:
        print_json(seen.document())
    else:
        for line in seen.lines():
            click.echo(line)


def _explained(machine: Machine, rule_set: RuleSet, pair: tuple[str, str]) -> str:
    """Return why two functions are together or apart by the kernel's rules, and how they were seen."""
    one, other = (address if address.count(":") > 1 else f"0000:{address}" for address in pair)
    for address in (one, other):
        if address not in machine.functions:
            raise ParseError(f"{address} is no function of this machine; addresses are written like 0000:01:00.0")
    said = explain_pair(machine, predict(machine, rule_set), one, other)
    groups = machine.group_of(one), machine.group_of(other)
    if None in groups:
        return said
    how = f"both in group {groups[0]}" if groups[0] == groups[1] else f"in groups {groups[0]} and {groups[1]}"
    return f"{said} The kernel had them {how}."


def _without_groups(machine: Machine) -> Machine:
    """Return a machine as its report would describe it with the IOMMU off: a prediction knows no taint of groups."""
    functions = tuple(replace(function, iommu_group=None) for function in machine.functions.values())
    report = replace(machine.report, functions=functions)
    return replace(normalise(report), taints=())


@dataclass(frozen=True)
class _Seen:
    """What is told of one machine, by its own groups or by a prediction."""

    machine: Machine
    slots: tuple[SlotAnswer, ...]
    groups: tuple[Group, ...]

    @classmethod
    def as_it_is(cls, machine: Machine) -> _Seen:
        slots = answer_machine(machine)
        return cls(machine, slots, groups_of(machine, slots))

    @classmethod
    def by_prediction(cls, machine: Machine, prediction: Prediction) -> _Seen:
        shown = Findings(machine.platform, judge_prediction(machine, prediction))
        return cls(machine, answer(named_slots(machine), shown), predicted_groups_of(machine, prediction))

    def lines(self) -> Iterator[str]:
        """Yield what a terminal shows."""
        machine, board = self.machine, self.machine.report.board
        shows = any(slot.grade != "unknown" for slot in self.slots)
        verdict = verdict_sentence(self.slots, 1 if shows else 0, 1 if machine.taints else 0)
        yield f"{board.vendor or 'Vendor not stated'} {board.name or '(board not stated)'}"
        yield " ".join(filter(None, (verdict.headline, verdict.detail, verdict.why)))
        yield from (f"Held out: {taint.reason}" for taint in machine.taints)
        yield from (f"Doubtful: {doubt}" for doubt in machine.doubts)
        could = may_carry_override(machine.report)
        if could is not None and not machine.taints:
            yield could
        yield from slot_lines(self.slots)
        if not any(slot.designation for slot in self.slots):
            yield from shared_group_lines(machine)

    def document(self) -> dict[str, Any]:
        """Return the public shapes."""
        said = to_document(self.machine.report)
        return {
            **{key: said[key] for key in ("board", "bios", "kernel", "iommu")},
            "groups": public(self.groups),
            "slots": public(self.slots),
            "cards": public(cards_of(self.machine, self.slots)),
            "taints": public(self.machine.taints),
        }
