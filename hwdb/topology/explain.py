"""``explain``: why two functions are together in a group or apart, in one sentence. No I/O."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hwdb.topology.isolation import Isolation
from hwdb.topology.ports import PORTS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hwdb.topology.grouping import Join
    from hwdb.topology.machine import Machine
    from hwdb.topology.predict import Prediction

_TOGETHER = {
    "vmd": "{to} speaks for all that is behind it, {function} included",
    "bridge": "{function} is behind {to}, whose bus shares one requester id",
    "port": "{function} is behind {to}, {without}",
    "sibling": "{function} and {to} are functions of one device without ACS",
    "alias": "{function} and {to} use one requester id",
    "switch": "{function} and {to} are ports of one switch without ACS",
    "bus": "{function} and {to} are on one conventional bus",
}


def explain(machine: Machine, prediction: Prediction, one: str, other: str) -> str:
    """Return why a prediction has two functions in one group, in two, or does not know.

    Args:
        machine: The machine.
        prediction: What was predicted for it.
        one: Address of a function.
        other: Address of another.

    Raises:
        ValueError: The machine has no such function.
    """
    for address in (one, other):
        if address not in machine.functions:
            raise ValueError(f"{address} is not a function of this machine")
    if one == other:
        return f"{short(one)} is one function."
    for address in (one, other):
        reason = prediction.ungrouped.get(address) or prediction.unknown.get(address)
        if reason is not None:
            return reason if address in prediction.unknown else f"{short(address)} has no group: {reason}"
    group = prediction.group_of(one)
    together = group is not None and other in group.functions
    because = _together(machine, prediction, one, other) if together else _apart(machine, prediction, one, other)
    return because[0].upper() + because[1:] + "."


def explain_group(machine: Machine, prediction: Prediction, functions: Sequence[str]) -> tuple[str, ...]:
    """Return why functions that were seen in one group are together, in sentences; empty where that is not certain.

    It is certain where the rules give the very same group from what the report shows.

    Args:
        machine: The machine.
        prediction: What was predicted for it.
        functions: Addresses of all members of one group.
    """
    group = prediction.group_of(functions[0]) if functions else None
    if group is None or len(functions) < 2 or group.evidence != "predicted" or set(group.functions) != set(functions):
        return ()
    isolation = Isolation(machine, prediction.rule_set)
    steps = (join for address in functions if (join := prediction.joins.get(address)) is not None)
    said = dict.fromkeys(_said(isolation, step) for step in steps)
    return tuple(f"{one[0].upper()}{one[1:]}." for one in said)


def short(address: str) -> str:
    """Return an address as people write it, without the domain that most machines have only one of."""
    return address.removeprefix("0000:")


def _together(machine: Machine, prediction: Prediction, one: str, other: str) -> str:
    """Follow both functions to where their ways meet, and say each step once."""
    steps = {a: _steps(prediction, a) for a in (one, other)}
    met = {step.to for step in steps[one]} | {one}
    way = [step for step in steps[other] if step.function not in met]
    reached = {step.to for step in way} | {other}
    ahead = []
    for step in steps[one]:
        if step.function in reached:
            break
        ahead.append(step)
    isolation = Isolation(machine, prediction.rule_set)
    said = [_said(isolation, step) for step in (*ahead, *reversed(way))]
    return "; ".join(dict.fromkeys(said)) or _said_alike(one, other)


def _said_alike(one: str, other: str) -> str:
    return f"{short(one)} and {short(other)} share what is above them"


def _steps(prediction: Prediction, address: str) -> list[Join]:
    steps = []
    join = prediction.joins.get(address)
    while join is not None:
        steps.append(join)
        join = prediction.joins.get(join.to)
    return steps


def _said(isolation: Isolation, join: Join) -> str:
    function = join.function
    if join.how in {"sibling", "alias"} and join.through is not None:
        function = join.through
    without = "which has no ACS" if isolation.acs(join.to) is not True else "whose way up has no ACS"
    pair = sorted((function, join.to)) if join.how in {"sibling", "alias", "switch"} else (function, join.to)
    return _TOGETHER[join.how].format(function=short(pair[0]), to=short(pair[1]), without=without)


def _apart(machine: Machine, prediction: Prediction, one: str, other: str) -> str:
    isolation = Isolation(machine, prediction.rule_set)
    for port, below in ((one, other), (other, one)):
        if port in machine.ancestors(below):
            return f"{short(below)} is kept apart from {short(port)} above it by {_by(isolation, (port,))}"
    tops = [_top(prediction, address) for address in (one, other)]
    with_others = [
        f"{short(address)} is with {short(tops[i])}" for i, address in enumerate((one, other)) if address != tops[i]
    ]
    about = " and ".join(with_others) + "; " if with_others else ""
    if tops[1] in machine.siblings(tops[0]):
        return about + _siblings(isolation, tops)
    above = [machine.parents.get(top) for top in tops]
    if above[0] is not None and above[0] == above[1] and isolation.kind(tops[0]) in PORTS and _without(isolation, tops):
        # The flaw that the pending change ends.
        return (
            f"{about}{short(tops[0])} and {short(tops[1])} are ports of one switch without ACS, which kernels keep "
            f"apart all the same, because they look at {short(above[0])} above"
        )
    for i, parent in enumerate(above):
        if parent is not None and parent != above[1 - i]:
            return f"{about}{short(tops[i])} is kept apart by {_by(isolation, (parent, *machine.ancestors(parent)))}"
    return f"{about}{short(tops[0])} and {short(tops[1])} are different devices, and nothing joins them"


def _top(prediction: Prediction, address: str) -> str:
    steps = _steps(prediction, address)
    return steps[-1].to if steps else address


def _without(isolation: Isolation, ports: Sequence[str]) -> bool:
    return all(isolation.acs(port) is False for port in ports)


def _siblings(isolation: Isolation, tops: Sequence[str]) -> str:
    both = f"{short(tops[0])} and {short(tops[1])} are functions of one device, and"
    for top in tops:
        if isolation.acs(top):
            return f"{both} {_by(isolation, (top,))} keeps them apart"
    return f"{both} nothing lets one reach the other"


def _by(isolation: Isolation, ports: Sequence[str]) -> str:
    """Return what counts as ACS at a function, or at a port and all above it."""
    symbol = isolation.quirk(ports[0])
    where = f"{short(ports[0])} and above" if len(ports) > 1 else short(ports[0])
    if symbol is not None:
        return f"a rule of the kernel ({symbol}) that stands for ACS at {where}"
    if isolation.kind(ports[0]) not in PORTS and not isolation.is_one_of_several(ports[0]):
        return f"{where}, a single function"
    return f"ACS at {where}"
