"""``judge``: a machine -> verdicts, by the groups that were seen, else by those a kernel would form. No I/O."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hwdb.analysis.verdicts import judge_groups, no_groups
from hwdb.topology.predict import predict

if TYPE_CHECKING:
    from hwdb.analysis.shapes import Verdict
    from hwdb.topology import Machine
    from hwdb.topology.predict import Prediction

_FROM = {
    "predicted": "Predicted from topology and ACS, by the rules of today's kernels.",
    "likely": "Likely only: ids decide, as seen on other machines.",
}


def judge(machine: Machine) -> tuple[Verdict, ...]:
    """Return a verdict for every port a slot could hang from, and for every slot statement without one.

    Groups that were seen decide. Without any, those that a kernel with its IOMMU on would form are predicted; a
    machine whose groups prove nothing is not judged by a prediction either.
    """
    if machine.grouped or machine.taints or not machine.functions:
        return judge_groups(machine)
    return judge_prediction(machine, predict(machine))


def judge_prediction(machine: Machine, prediction: Prediction) -> tuple[Verdict, ...]:
    """Return the verdicts that predicted groups give; ``evidence`` is the weakest of the groups that decide.

    Group numbers of a prediction mean nothing, so none are told.
    """
    verdicts = judge_groups(with_groups(machine, prediction))
    return tuple(_as_predicted(machine, prediction, verdict) for verdict in verdicts)


def with_groups(machine: Machine, prediction: Prediction) -> Machine:
    """Return a machine in the groups of a prediction, as if its kernel had formed them."""
    numbers = {address: n for n, group in enumerate(prediction.groups) for address in group.functions}
    functions = {a: replace(function, iommu_group=numbers.get(a)) for a, function in machine.functions.items()}
    groups = {number: group.functions for number, group in enumerate(prediction.groups)}
    return replace(machine, functions=functions, groups=groups, taints=())


def _as_predicted(machine: Machine, prediction: Prediction, verdict: Verdict) -> Verdict:
    if verdict.evidence == "declared":
        return verdict
    port = next((a for a, path in machine.paths.items() if path == verdict.path), None)
    decides = [a for a in (port, *verdict.card) if a is not None]
    unknown = next((prediction.unknown[a] for a in decides if a in prediction.unknown), None)
    if verdict.grade == "unknown" or unknown is not None:
        why = f"{no_groups(machine)} It cannot be predicted either. {unknown or ''}".rstrip()
        reason = why if decides else verdict.reason
        return replace(verdict, grade="unknown", reason=reason, evidence=None, iommu_groups=(), companions=())
    groups = [group for a in decides if (group := prediction.group_of(a)) is not None]
    evidence = "likely" if any(group.evidence == "likely" for group in groups) else "predicted"
    return replace(verdict, evidence=evidence, iommu_groups=(), reason=f"{verdict.reason} {_FROM[evidence]}")
