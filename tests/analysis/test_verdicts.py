"""Each grade, from the facts that make it, empty and filled."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hwdb.analysis import Verdict, judge
from hwdb.report import Function, Iommu, Kernel, Report, Slot, Virtualization
from hwdb.topology import Machine, normalise
from tests.analysis.boards import ACS, NO_ACS, card, machine, port

if TYPE_CHECKING:
    import random

HOST = Function("0000:00:00.0", iommu_group=0, class_="0600", vendor="1022", device="1480")


def verdict(of: Machine, path: str) -> Verdict:
    return next(v for v in judge(of) if v.path == path)


def test_a_card_apart_from_its_port_isolates() -> None:
    shown = verdict(machine(HOST, port("0000:00:01.1", 1, 1), card("0000:01:00.0", 2)), "0000:00:01.1")
    assert (shown.grade, shown.isolates, shown.evidence) == ("isolated", True, "observed")
    assert (shown.occupied, shown.card, shown.iommu_groups) == (True, ("0000:01:00.0",), (2,))


def test_an_empty_port_with_acs_all_the_way_up_isolates() -> None:
    shown = verdict(machine(HOST, port("0000:00:01.1", 1, 1, acs=ACS)), "0000:00:01.1")
    assert (shown.grade, shown.occupied, shown.iommu_groups) == ("isolated", False, (1,))


def test_an_empty_port_below_a_switch_needs_acs_on_every_bridge_above() -> None:
    def board(top: object) -> Machine:
        return machine(
            HOST,
            port("0000:00:01.1", 1, 1, subordinate_bus=3, acs=top),
            port("0000:01:00.0", 2, 2, subordinate_bus=3, port_type="upstream_port", acs=ACS),
            port("0000:02:00.0", 3, 3, port_type="downstream_port", acs=ACS),
        )

    path = "0000:00:01.1/00.0/00.0"
    assert verdict(board(ACS), path).grade == "isolated"
    assert verdict(board(None), path).grade == "isolated_legacy"


def test_acs_that_is_switched_off_by_hand_is_not_enabled() -> None:
    off = replace(ACS, control=0)
    assert verdict(machine(HOST, port("0000:00:01.1", 1, 1, acs=off)), "0000:00:01.1").grade == "isolated_bridge"


def test_acs_control_is_not_believed_where_the_registers_are_mislaid() -> None:
    spt = port("0000:00:1c.0", 1, 1, vendor="8086", device="a110", acs=replace(ACS, control=0))
    assert verdict(machine(HOST, spt), "0000:00:1c[a110]").grade == "isolated"


def test_a_pch_port_isolates_by_quirk_without_the_capability() -> None:
    pch = port("0000:00:1c.4", 1, 1, vendor="8086", device="8c18", acs=NO_ACS, multifunction=True)
    shown = verdict(machine(HOST, pch), "0000:00:1c[8c18]")
    assert (shown.grade, shown.location) == ("isolated", "chipset")


def test_a_port_kept_apart_from_its_dummy_host_bridge_isolates_when_empty() -> None:
    dummy = Function("0000:00:01.0", iommu_group=1, class_="0600", vendor="1022", device="1452")
    shown = verdict(machine(HOST, dummy, port("0000:00:01.1", 2, 1, multifunction=True)), "0000:00:01.1")
    assert shown.grade == "isolated"


def test_a_port_in_its_cards_group_alone_is_harmless() -> None:
    shown = verdict(machine(HOST, port("0000:00:01.0", 1, 1, acs=NO_ACS), card("0000:01:00.0", 1)), "0000:00:01.0")
    assert (shown.grade, shown.isolates) == ("isolated_bridge", True)


def test_a_port_without_a_group_is_not_said_to_be_in_one() -> None:
    shown = verdict(machine(HOST, port("0000:00:01.0", None, 1), card("0000:01:00.0", 1)), "0000:00:01.0")
    assert shown.grade == "isolated_legacy"
    assert "was not shown" in shown.reason


def test_a_switch_port_without_acs_isolates_for_now() -> None:
    shown = verdict(
        machine(
            HOST,
            port("0000:00:01.1", 1, 1, subordinate_bus=3, acs=ACS),
            port("0000:01:00.0", 2, 2, subordinate_bus=3, port_type="upstream_port"),
            port("0000:02:00.0", 3, 3, port_type="downstream_port", acs=NO_ACS),
            card("0000:03:00.0", 3),
        ),
        "0000:00:01.1/00.0/00.0",
    )
    assert (shown.grade, shown.isolates) == ("isolated_legacy", True)


@pytest.mark.parametrize("multifunction", [True, None])
def test_a_function_of_a_device_without_known_acs_is_conditional(multifunction: bool | None) -> None:
    one = port("0000:00:03.0", 1, 1, acs=NO_ACS, multifunction=multifunction)
    shown = verdict(machine(HOST, one, card("0000:01:00.0", 1)), "0000:00:03.0")
    assert (shown.grade, shown.isolates) == ("conditional", None)


def test_a_port_the_processor_can_split_is_conditional() -> None:
    peg = port("0000:00:01.0", 1, 1, vendor="8086", device="1901", acs=NO_ACS)
    assert verdict(machine(HOST, peg, card("0000:01:00.0", 1)), "0000:00:01.0").grade == "conditional"


def two_slots_in_one_group() -> Machine:
    return machine(
        HOST,
        port("0000:00:01.0", 1, 1, acs=NO_ACS, multifunction=True),
        port("0000:00:01.1", 1, 2, acs=NO_ACS, multifunction=True),
        card("0000:01:00.0", 1),
        card("0000:02:00.0", 1),
        slots=(
            Slot("PCIE1", "submitter", occupant="0000:01:00.0"),
            Slot("PCIE2", "submitter", occupant="0000:02:00.0"),
        ),
    )


def test_companions_behind_other_slots_only_are_named_by_their_slot() -> None:
    shown = verdict(two_slots_in_one_group(), "0000:00:01.0")
    assert (shown.grade, shown.isolates) == ("shared_slots", False)
    assert [(c.address, c.slot) for c in shown.companions] == [("0000:02:00.0", "PCIE2")]
    assert "PCIE2" in shown.reason


def test_a_soldered_companion_is_onboard_and_named() -> None:
    lan = card("0000:03:00.0", 1, "0200")
    chipset = [
        port("0000:00:01.2", 1, 1, subordinate_bus=3),
        port("0000:01:00.0", 1, 2, subordinate_bus=2, port_type="downstream_port"),
        port("0000:01:01.0", 1, 3, port_type="downstream_port"),
    ]
    shown = verdict(machine(HOST, *chipset, lan), "0000:00:01.2/00.0")
    assert (shown.grade, shown.isolates, shown.occupied) == ("shared_onboard", False, False)
    assert [c.address for c in shown.companions] == ["0000:03:00.0"]
    assert "LAN" in shown.reason


def test_host_bridges_and_bridges_are_no_companions() -> None:
    shown = verdict(
        machine(replace(HOST, iommu_group=1), port("0000:00:01.0", 1, 1, acs=NO_ACS), card("0000:01:00.0", 1)),
        "0000:00:01.0",
    )
    assert shown.companions == ()


def test_slots_of_one_pci_bus_are_each_others_companions() -> None:
    bus = port("0000:00:1e.0", 1, 5, vendor="8086", device="244e", port_type=None)
    pci = machine(
        HOST,
        bus,
        card("0000:05:01.0", 1, "0401"),
        card("0000:05:02.0", 1, "0200"),
        slots=(Slot("PCI1", "submitter", "pci", occupant="0000:05:01.0"),),
    )
    shown = verdict(pci, "0000:00:1e.0/01")
    assert (shown.grade, [c.address for c in shown.companions]) == ("shared_onboard", ["0000:05:02.0"])


def test_a_card_over_two_groups_is_one_card() -> None:
    navi = machine(
        HOST,
        port("0000:00:01.1", 1, 1, subordinate_bus=3),
        port("0000:01:00.0", 2, 2, subordinate_bus=3, port_type="upstream_port"),
        port("0000:02:00.0", 3, 3, port_type="downstream_port"),
        card("0000:03:00.0", 4),
        card("0000:03:00.1", 5, "0403"),
    )
    shown = verdict(navi, "0000:00:01.1")
    assert (shown.grade, shown.iommu_groups) == ("isolated", (2, 3, 4, 5))
    assert shown.card == ("0000:01:00.0", "0000:02:00.0", "0000:03:00.0", "0000:03:00.1")


@pytest.mark.parametrize(
    ("parts", "word"),
    [({}, "IOMMU on"), ({"iommu": Iommu(state="off")}, "was off")],
)
def test_without_groups_nothing_is_known_and_the_reason_says_what_would_tell(parts: dict[str, Any], word: str) -> None:
    shown = verdict(machine(HOST, port("0000:00:01.1", None, 1), card("0000:01:00.0", None), **parts), "0000:00:01.1")
    # Only the host bridge has a group here, as on a machine whose listing was cut.
    assert (shown.grade, shown.isolates, shown.evidence) == ("unknown", None, None)
    if parts:
        hidden = port("0000:00:01.1", None, 1, multifunction=None), port("0000:00:01.2", None, 2, multifunction=None)
        bare = normalise(Report(functions=hidden, iommu=parts["iommu"]))
        assert word in verdict(bare, "0000:00:01.1").reason
        assert "could not be read" in verdict(bare, "0000:00:01.1").reason


@pytest.mark.parametrize(
    "parts",
    [
        {"kernel": Kernel(acs_override=True)},
        {"kernel": Kernel(parameters=("pcie_acs_override=downstream",))},
        {"kernel": Kernel(parameters=("pci=config_acs=xx1@0000:00:01.1",))},
        {"virtualization": Virtualization(hypervisor="kvm")},
    ],
)
def test_a_tainted_machine_proves_nothing(parts: dict[str, Any]) -> None:
    tainted = machine(HOST, port("0000:00:01.1", 1, 1), card("0000:01:00.0", 2), **parts)
    shown = verdict(tainted, "0000:00:01.1")
    assert tainted.taints
    assert (shown.grade, shown.isolates) == ("unknown", None)
    assert shown.reason.startswith("Held out")


FLAT = (
    card("0000:08:00.0", 14),
    card("0000:08:00.1", 14, "0403"),
    card("0000:09:00.0", 15, "0200"),
    Function("0000:07:00.0", 15, "0604"),
)


@pytest.mark.parametrize(
    ("slot", "grade", "evidence"),
    [
        (Slot("A", occupant="0000:08:00.0"), "isolated", "observed"),
        (Slot("A", occupant="0000:09:00.0"), "isolated_legacy", "observed"),
        (Slot("A", iommu_group=15), "shared_onboard", "declared"),
        (Slot("A", isolates=True), "isolated", "declared"),
        (Slot("A", isolates=False), "unknown", None),
        (Slot("A"), "unknown", None),
        (Slot("A", iommu_group=99), "unknown", None),
    ],
)
def test_a_flat_listing_is_judged_by_the_cards_group_or_the_owners_word(
    slot: Slot, grade: str, evidence: str | None
) -> None:
    (shown,) = [v for v in judge(machine(*FLAT, slots=(slot,))) if v.designation == "A"]
    assert (shown.grade, shown.evidence) == (grade, evidence)


@given(st.randoms(use_true_random=False))
def test_verdicts_do_not_depend_on_group_numbers_or_on_the_order_of_functions(chance: random.Random) -> None:
    before = two_slots_in_one_group().report
    numbers = list(range(100, 200))
    chance.shuffle(numbers)
    functions = [replace(f, iommu_group=numbers[f.iommu_group or 0]) for f in before.functions]
    chance.shuffle(functions)
    after = normalise(replace(before, functions=tuple(functions)))
    assert [(v.path, v.grade, v.companions) for v in judge(after)] == [
        (v.path, v.grade, v.companions) for v in judge(normalise(before))
    ]


@given(st.integers(min_value=0, max_value=200))
def test_verdicts_do_not_depend_on_bus_numbers(shift: int) -> None:
    def moved(function: Function) -> Function:
        bus = int(function.address[5:7], 16)
        address = function.address if bus == 0 else f"0000:{bus + shift:02x}:{function.address[8:]}"
        if function.secondary_bus is None:
            return replace(function, address=address)
        return replace(
            function,
            address=address,
            secondary_bus=function.secondary_bus + shift,
            subordinate_bus=(function.subordinate_bus or 0) + shift,
        )

    before = two_slots_in_one_group().report
    after = normalise(replace(before, functions=tuple(map(moved, before.functions)), slots=()))
    assert [(v.path, v.isolates) for v in judge(after)] == [
        (v.path, v.isolates) for v in judge(normalise(replace(before, slots=())))
    ]


def test_with_the_iommu_off_the_groups_are_predicted_and_said_to_be() -> None:
    off = machine(
        HOST,
        port("0000:00:01.1", None, 1, acs=ACS),
        card("0000:01:00.0", None, acs=NO_ACS, multifunction=False),
        port("0000:00:03.1", None, 2, acs=NO_ACS, multifunction=True, vendor="1022", device="1483"),
        port("0000:00:03.2", None, 3, acs=NO_ACS, multifunction=True, vendor="1022", device="1483"),
        card("0000:03:00.0", None, "0c03", acs=NO_ACS, multifunction=False),
        iommu=Iommu(state="off"),
    )
    off = normalise(replace(off.report, functions=tuple(replace(f, iommu_group=None) for f in off.report.functions)))
    apart, together = verdict(off, "0000:00:01.1"), verdict(off, "0000:00:03.1")
    assert (apart.grade, apart.evidence, apart.iommu_groups) == ("isolated", "predicted", ())
    assert (together.grade, together.evidence) == ("shared_onboard", "predicted")
    assert "Predicted from topology and ACS" in apart.reason
