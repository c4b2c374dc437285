"""What holds of predicted groups on any machine, however it is built and in whatever order it is listed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from hwdb.report import Acs, Function, Report
from hwdb.topology import normalise
from hwdb.topology.explain import explain
from hwdb.topology.grouping import partition_of
from hwdb.topology.isolation import Isolation
from hwdb.topology.predict import predict
from hwdb.topology.rule_sets import CURRENT, REACHABLE_SETS, RULE_SETS, RuleSet
from tests.topology.partitions import ACS, NO_ACS, device, groups, port

if TYPE_CHECKING:
    from random import Random

ACS_FACTS = st.sampled_from([ACS, NO_ACS])
READ_OR_NOT = st.sampled_from([ACS, NO_ACS, None, Acs(present=None)])
IDS = st.sampled_from(
    [("1b36", "000c"), ("8086", "8c10"), ("8086", "1521"), ("1b4b", "9230"), ("10b5", "87b0"), ("1180", "e832")]
)


@st.composite
def trees(draw: st.DrawFn, acs: st.SearchStrategy[Acs | None] = ACS_FACTS) -> tuple[Function, ...]:
    """Return the functions of a machine of up to four levels, buses numbered depth first."""
    made: list[Function] = []
    last = 0

    def fill(bus: int, above: str, depth: int) -> None:
        nonlocal last
        devices = {"root": 3, "switch": 3, "bus": 3}.get(above, 1)
        for number in range(draw(st.integers(1, devices))):
            for function in range(draw(st.integers(1, 3)) if above != "switch" else 1):
                address = f"0000:{bus:02x}:{number:02x}.{function}"
                ids = dict(zip(("vendor", "device"), draw(IDS), strict=True))
                if depth < 4 and last < 40 and draw(st.booleans()):
                    kind = draw(st.sampled_from(BRIDGES[above]))
                    last += 1
                    first, at = last, len(made)
                    made.append(port(address, first, draw(acs), kind, **ids))
                    fill(first, INSIDE[kind], depth + 1)
                    made[at] = replace(made[at], subordinate_bus=last)
                else:
                    kind = draw(st.sampled_from(LEAVES[above]))
                    made.append(device(address, kind, draw(acs) if kind != "conventional" else NO_ACS, **ids))

    fill(0, "root", 0)
    return tuple(made)


BRIDGES = {
    "root": ("root_port", "root_port", "conventional", "pcie_to_pci_bridge"),
    "link": ("upstream_port", "pcie_to_pci_bridge", "conventional"),
    "switch": ("downstream_port",),
    "bus": ("conventional", "pci_to_pcie_bridge"),
}
INSIDE = {
    "root_port": "link",
    "downstream_port": "link",
    "pci_to_pcie_bridge": "link",
    "upstream_port": "switch",
    "conventional": "bus",
    "pcie_to_pci_bridge": "bus",
}
LEAVES = {
    "root": ("rc_integrated_endpoint", "conventional", "endpoint"),
    "link": ("endpoint", "legacy_endpoint"),
    "switch": ("endpoint",),
    "bus": ("conventional",),
}
RULES = st.sampled_from(RULE_SETS)


@settings(max_examples=50)
@given(trees(READ_OR_NOT), RULES)
def test_every_function_is_in_one_place(functions: tuple[Function, ...], rules: RuleSet) -> None:
    prediction = predict(normalise(Report(functions=functions)), rules)
    placed = [a for group in prediction.groups for a in group.functions]
    placed += [*prediction.ungrouped, *prediction.unknown]
    assert sorted(placed) == sorted(f.address for f in functions)


@settings(max_examples=50)
@given(trees(), RULES)
def test_where_everything_was_read_nothing_is_unknown(functions: tuple[Function, ...], rules: RuleSet) -> None:
    prediction = predict(normalise(Report(functions=functions)), rules)
    assert prediction.unknown == {}
    assert groups(prediction) == set(partition_of(prediction.joins))


@settings(max_examples=50)
@given(trees(), RULES)
def test_what_is_behind_a_conventional_bridge_shares_a_group(functions: tuple[Function, ...], rules: RuleSet) -> None:
    machine = normalise(Report(functions=functions))
    prediction = predict(machine, rules)
    for bridge in functions:
        if bridge.port_type in {"conventional", "pcie_to_pci_bridge"} and machine.below(bridge.address):
            assert len({prediction.group_of(a) for a in machine.below(bridge.address)}) == 1


@settings(max_examples=50)
@given(trees(), st.data(), st.sampled_from([CURRENT, REACHABLE_SETS]))
def test_more_acs_never_makes_a_group_larger(
    functions: tuple[Function, ...], data: st.DataObject, rules: RuleSet
) -> None:
    chosen = data.draw(st.sets(st.sampled_from([f.address for f in functions])))
    fewer = predict(normalise(Report(functions=functions)), rules)
    given_acs = tuple(
        replace(f, acs=ACS) if f.address in chosen and f.port_type != "conventional" else f for f in functions
    )
    more = predict(normalise(Report(functions=given_acs)), rules)
    for group in more.groups:
        whole = fewer.group_of(group.functions[0])
        assert whole is not None
        assert set(group.functions) <= set(whole.functions)


@settings(max_examples=50)
@given(trees(READ_OR_NOT), st.randoms(use_true_random=False), RULES)
def test_the_order_of_a_listing_changes_nothing(
    functions: tuple[Function, ...], random: Random, rules: RuleSet
) -> None:
    mixed = list(functions)
    random.shuffle(mixed)
    one = predict(normalise(Report(functions=functions)), rules)
    assert predict(normalise(Report(functions=tuple(mixed))), rules) == one


@settings(max_examples=50)
@given(trees(READ_OR_NOT), st.data())
def test_what_is_certain_stays_when_the_rest_becomes_known(
    functions: tuple[Function, ...], data: st.DataObject
) -> None:
    certain = {g.functions for g in predict(normalise(Report(functions=functions))).groups if g.evidence == "predicted"}
    read = tuple(f if f.acs and f.acs.present is not None else replace(f, acs=data.draw(ACS_FACTS)) for f in functions)
    assert certain <= groups(predict(normalise(Report(functions=read))))


@settings(max_examples=50)
@given(trees(READ_OR_NOT), st.data(), RULES)
def test_any_two_functions_have_a_sentence(
    functions: tuple[Function, ...], data: st.DataObject, rules: RuleSet
) -> None:
    machine = normalise(Report(functions=functions))
    prediction = predict(machine, rules)
    one, other = (data.draw(st.sampled_from([f.address for f in functions])) for _ in range(2))
    sentence = explain(machine, prediction, one, other)
    assert sentence.endswith(".")
    assert "{" not in sentence


def test_four_thousand_functions_and_loops_come_to_an_end() -> None:
    functions = tuple(
        Function(
            f"{domain:04x}:00:{slot:02x}.{number}",
            class_="0604",
            port_type="root_port",
            acs=NO_ACS,
            vendor="10b5",
            device="87b0",
        )
        for domain in range(16)
        for slot in range(32)
        for number in range(8)
    )
    assert len(functions) == 4096
    prediction = predict(normalise(Report(functions=functions)))
    assert len(prediction.groups) == 16
    looped = tuple(
        Function(f"0000:{bus:02x}:00.0", class_="0604", port_type="downstream_port", parent=f"0000:{bus ^ 1:02x}:00.0")
        for bus in range(200)
    )
    machine = normalise(Report(functions=looped))
    assert Isolation(machine, CURRENT).kind("0000:00:00.0") is not None
    assert len(predict(machine).unknown) == 200
