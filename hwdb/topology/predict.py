"""``predict``: the groups a kernel would form on a machine if its IOMMU were on. No I/O.

The observed groups are not looked at. What the report leaves open is read both ways, once as kept apart and once as
shared: a group that comes out the same is certain, because more ACS never makes a group larger. What only the ids of
recorded machines decide is ``likely``; what nothing decides is unknown, with the reason.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Mapping, Optional, Tuple

from hwdb.topology.address import parse_address
from hwdb.topology.grouping import Join, Reading, partition_of
from hwdb.topology.isolation import Isolation
from hwdb.topology.places import may_lead_there, unplaced
from hwdb.topology.ports import ids_of, is_bridge, is_host_bridge
from hwdb.topology.reachable import form_groups
from hwdb.topology.rule_sets import CURRENT, RuleSet

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from hwdb.topology.machine import Machine

_MOST_NAMED = 3


@dataclass(frozen=True)
class PredictedGroup:
    """One group.

    Attributes:
        functions: Its members, in order of their addresses.
        evidence: ``predicted`` (from topology and ACS) or ``likely`` (ids decide, as on other machines).
        basis: What a likely group rests on, in sentences.
    """

    functions: Tuple[str, ...]
    evidence: str = "predicted"
    basis: Tuple[str, ...] = ()


@dataclass(frozen=True)
class Prediction:
    """The groups of one machine under one kernel's rules; every function is in exactly one of the three.

    Attributes:
        rule_set: The rules.
        groups: The groups, in order of their first members.
        ungrouped: Functions the kernel puts in no group -> why.
        unknown: Functions whose group the report does not decide -> why.
        joins: Function -> how it came into the group of another; None for the first of a group.
    """

    rule_set: RuleSet
    groups: Tuple[PredictedGroup, ...]
    ungrouped: Mapping[str, str]
    unknown: Mapping[str, str]
    joins: Mapping[str, Optional[Join]] = field(repr=False, default_factory=dict)

    @cached_property
    def _groups_by_function(self) -> dict[str, PredictedGroup]:
        return {address: group for group in self.groups for address in group.functions}

    def group_of(self, address: str) -> PredictedGroup | None:
        """Return the group of a function, None when it has none or it is not known."""
        return self._groups_by_function.get(address)


def predict(machine: Machine, rule_set: RuleSet = CURRENT) -> Prediction:
    """Return the groups the kernel would form, from the tree, the port types and the ACS capabilities.

    Args:
        machine: The machine; its observed groups are ignored.
        rule_set: The kernel's rules.
    """
    return _predict(machine, rule_set, without_group(machine))


def predict_beside(machine: Machine, rule_set: RuleSet) -> Prediction:
    """Return the groups to hold against the observed ones: functions seen without a group stay without.

    Firmware tables, which no report shows, decide which functions an IOMMU serves at all.
    """
    alone = {a: "The kernel put it in no group." for a, f in machine.functions.items() if f.iommu_group is None}
    return _predict(machine, rule_set, alone)


def without_group(machine: Machine) -> Mapping[str, str]:
    """Return the functions that get no group on any machine, each with the reason."""
    found = {
        address: f"{address} is the IOMMU itself."
        for address, function in machine.functions.items()
        if function.class_ == "0806"
    }
    found.update(_left_out(machine, found))
    words = (word for word in machine.report.kernel.parameters or () if word.startswith("intel_iommu="))
    if any("igfx_off" in word for word in words):
        for address, function in machine.functions.items():
            if address == "0000:00:02.0" and function.vendor == "8086":
                found[address] = f"intel_iommu=igfx_off takes {address} from the IOMMU."
    return found


def _left_out(machine: Machine, units: Collection[str]) -> Mapping[str, str]:
    """Return the host bridges beside AMD's IOMMU, which its table leaves out on 73 of 83 recorded machines.

    No verdict depends on it: a host bridge is nobody's companion.
    """
    beside = {address[:-1] + "0" for address in units}
    return {
        address: f"Most firmware leaves {address}, a host bridge, out of the IOMMU's table."
        for address, function in machine.functions.items()
        if address in beside and is_host_bridge(function)
    }


def _predict(machine: Machine, rule_set: RuleSet, alone: Mapping[str, str]) -> Prediction:
    missing = {a: why for a, why in unplaced(machine).items() if a not in alone}
    wanted = [a for a in machine.functions if a not in alone and a not in missing]
    isolation = Isolation(machine, rule_set)
    pairs = {
        "predicted": _Pair(isolation, wanted, likely=False),
        "likely": _Pair(isolation, wanted, likely=True),
    }
    open_ended = may_lead_there(machine, missing)
    groups: dict[str, PredictedGroup] = {}
    for evidence, pair in pairs.items():
        for members in pair.agreed:
            open_ends = open_ended.intersection(members) or _below_unserved(isolation, members, alone)
            if not open_ends and groups.keys().isdisjoint(members):
                group = _group(isolation, members, evidence)
                groups.update(dict.fromkeys(members, group))
    unknown = {**missing, **_reasons(isolation, pairs["likely"], open_ended, [a for a in wanted if a not in groups])}
    ordered = tuple(group for address, group in groups.items() if group.functions[0] == address)
    in_order = sorted(ordered, key=lambda group: parse_address(group.functions[0]))
    return Prediction(rule_set, tuple(in_order), alone, unknown, pairs["likely"].fine)


def _group(isolation: Isolation, members: Tuple[str, ...], evidence: str) -> PredictedGroup:
    machine = isolation.machine
    basis = _basis(isolation, members) if evidence == "likely" else ()
    # Without bridges there is no tree to be mistaken about.
    if machine.tree == "derived" and any(is_bridge(function) for function in machine.functions.values()):
        return PredictedGroup(members, "likely", ("The tree follows from the bus numbers only.", *basis))
    return PredictedGroup(members, evidence, basis)


def _reasons(
    isolation: Isolation, pair: _Pair, open_ended: Collection[str], undecided: Iterable[str]
) -> Mapping[str, str]:
    """Return why each function is undecided; all of what may be one group have one reason."""
    reasons: dict[Tuple[str, ...], str] = {}
    for address in undecided:
        members = pair.coarse[address]
        if members not in reasons:
            reasons[members] = _why(isolation, members, open_ended)
    return {address: reasons[pair.coarse[address]] for address in undecided}


def _below_unserved(isolation: Isolation, members: Collection[str], alone: Collection[str]) -> bool:
    """Whether it is below a port without a group and unknown ACS: there the kernel parts what shares elsewhere."""
    above = {a for m in members for a in isolation.machine.ancestors(m)}
    return any(a in alone and isolation.acs(a) is None for a in above)


class _Pair:
    """Both readings of one report, and the groups they agree on."""

    def __init__(self, isolation: Isolation, wanted: Sequence[str], *, likely: bool) -> None:
        self.fine = form_groups(Reading(isolation, apart=True, likely=likely), wanted)
        coarse = partition_of(form_groups(Reading(isolation, apart=False, likely=likely), wanted))
        self.coarse = {address: members for members in coarse for address in members}
        self.agreed = tuple(group for group in partition_of(self.fine) if self.coarse[group[0]] == group)


def _around(isolation: Isolation, members: Iterable[str]) -> list[str]:
    """Return the functions whose ACS decides about a group: its members, their devices, the bridges above."""
    machine = isolation.machine
    near = {a for m in members for a in (m, *machine.siblings(m), *machine.ancestors(m))}
    return sorted(near, key=parse_address)


def _basis(isolation: Isolation, members: Iterable[str]) -> tuple[str, ...]:
    machine, found = isolation.machine, []
    for address in _around(isolation, members):
        ids = ids_of(machine.functions[address])
        if isolation.acs(address) is None and (likely := isolation.likely_acs(address)) is not None:
            found.append(f"{ids} {'has' if likely else 'has no'} ACS on other machines.")
        if isolation.speaks_for_its_bus(address) is None and is_bridge(machine.functions[address]):
            found.append(f"{address} is taken for a PCIe port, by its place.")
    return tuple(dict.fromkeys(found))


def _why(isolation: Isolation, members: Sequence[str], open_ended: Collection[str]) -> str:
    """Return what keeps it from being known whether these functions are one group."""
    near = _around(isolation, members)
    hiding = [a for a in near if a in open_ended]
    if hiding:
        return f"What is behind {_listed(hiding)} is not listed."
    machine = isolation.machine
    unread = [a for a in near if isolation.acs(a) is None]
    if unread:
        it = "it has" if len(unread) == 1 else "they have"
        return (
            f"The capabilities of {_listed(unread)} could not be read, so whether {it} ACS is not known. "
            "A report made as root would tell."
        )
    kinds = [a for a in near if is_bridge(machine.functions[a]) and isolation.speaks_for_its_bus(a) is None]
    if kinds:
        return f"What kind of bridge {_listed(kinds)} is was not shown. A report made as root would tell."
    return f"A device beside {members[0]} uses requester ids that no report shows."


def _listed(addresses: Sequence[str]) -> str:
    if len(addresses) > _MOST_NAMED:
        return f"{', '.join(addresses[:_MOST_NAMED])} and {len(addresses) - _MOST_NAMED} more"
    return " and ".join(filter(None, (", ".join(addresses[:-1]), addresses[-1])))
