"""``integrity``: whether the observed groups are those that the kernel's rules give, where both can be seen. No I/O."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Optional, Tuple

from hwdb.topology.explain import explain, short
from hwdb.topology.predict import predict_beside
from hwdb.topology.rule_sets import possible_rule_sets

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hwdb.topology.machine import Machine
    from hwdb.topology.predict import Prediction

_MOST_SENTENCES = 3
_OVERRIDES = ("downstream", "multifunction")


@dataclass(frozen=True)
class Comparison:
    """Observed groups beside certain ones.

    Attributes:
        compared: How many predicted groups there were to compare; likely and unknown ones say nothing.
        override: What only the ACS override patch explains, a sentence; None when something else does, or nothing.
        switched: What is explained by ACS bits that are off although the IOMMU is on, a sentence; None as above.
        mismatches: Sentences on functions that are together or apart against all rules; empty when the groups agree.
    """

    compared: int
    override: Optional[str] = None
    switched: Optional[str] = None
    mismatches: Tuple[str, ...] = ()


def integrity(machine: Machine) -> tuple[str, ...]:
    """Return sentences on groups that no rule explains, for holding the report back; empty when all agree.

    Reports with another reason not to count are not checked: their groups are known to be otherwise.
    """
    return () if machine.taints else compare(machine).mismatches


def compare(machine: Machine) -> Comparison:
    """Hold the observed groups against what each rule set gives that the kernel may have had."""
    if not machine.grouped:
        return Comparison(0)
    likeliest = None
    for rules in possible_rule_sets(machine.report.kernel.release):
        prediction = predict_beside(machine, rules)
        if not _pairs(machine, prediction):
            return Comparison(_certain(prediction))
        likeliest = likeliest or prediction
    return Comparison(0) if likeliest is None else _explained(machine, likeliest)


def _explained(machine: Machine, prediction: Prediction) -> Comparison:
    """Return what explains groups that no kernel forms by itself, else what is wrong with them."""
    pairs = _pairs(machine, prediction)[:_MOST_SENTENCES]
    sentences = tuple(_sentence(machine, prediction, *pair) for pair in pairs)
    if _override_explains(machine, prediction):
        return Comparison(_certain(prediction), override=sentences[0])
    if not _pairs(machine, predict_beside(machine, prediction.rule_set.as_switched())):
        return Comparison(_certain(prediction), switched=sentences[0])
    return Comparison(_certain(prediction), mismatches=sentences)


def _certain(prediction: Prediction) -> int:
    return sum(group.evidence == "predicted" for group in prediction.groups)


def _pairs(machine: Machine, prediction: Prediction) -> list[tuple[str, str]]:
    """Return two functions for each predicted group that is not the kernel's: together in one of them only.

    One group that differs makes others differ, so a pair is named once.
    """
    found: list[tuple[str, str]] = []
    for group in prediction.groups:
        members = _grouped(machine, group.functions)
        if group.evidence != "predicted" or not members:
            continue
        seen = machine.groups[machine.functions[members[0]].iommu_group or 0]
        strange = sorted(set(members).difference(seen)) or sorted(set(seen).difference(members))
        if strange:
            pair = (min(members[0], strange[0]), max(members[0], strange[0]))
            found += [] if pair in found else [pair]
    return found


def _grouped(machine: Machine, functions: Iterable[str]) -> list[str]:
    return [a for a in functions if machine.group_of(a) is not None]


def _override_explains(machine: Machine, prediction: Prediction) -> bool:
    """Whether the groups lie between those of the rules and those of a patch that lets pass all it can.

    Which options were given then does not matter: each parts functions that neither rules nor tables part.
    """
    if any(machine.group_of(a) == machine.group_of(b) for a, b in _pairs(machine, prediction)):
        return False
    finest = predict_beside(machine, prediction.rule_set.overridden(*_OVERRIDES))
    return all(
        len({machine.group_of(a) for a in _grouped(machine, group.functions)}) <= 1
        for group in finest.groups
        if group.evidence == "predicted"
    )


def _sentence(machine: Machine, prediction: Prediction, one: str, other: str) -> str:
    observed = "one group" if machine.group_of(one) == machine.group_of(other) else "two groups"
    why = explain(machine, prediction, one, other)
    return f"The kernel shows {short(one)} and {short(other)} in {observed}, but: {why}"
