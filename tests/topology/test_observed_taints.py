"""What groups show about themselves: an override, ACS switched off by hand, or that no rule gives them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from hwdb.report import Acs, Iommu, IommuGroup, Kernel, Report, Virtualization
from hwdb.topology import integrity, may_carry_override, normalise, observed_taints, predict, taints_of
from tests.topology.partitions import ACS, NO_ACS, device, port, regrouped, shape

if TYPE_CHECKING:
    from hwdb.topology import Machine

PORTS = (
    port("0000:00:1c.0", 1, NO_ACS),
    port("0000:00:1c.4", 2, NO_ACS),
    port("0000:00:1d.0", 3, ACS),
    device("0000:01:00.0"),
    device("0000:02:00.0"),
    device("0000:03:00.0"),
)
ONE = {0: ["0000:00:1c.0", "0000:00:1c.4", "0000:01:00.0", "0000:02:00.0"], 1: ["0000:00:1d.0"], 2: ["0000:03:00.0"]}
SPLIT = {i: [function.address] for i, function in enumerate(PORTS)}
NVIDIA: dict[str, Any] = {"vendor": "10de"}


def seen(groups: dict[int, list[str]], **parts: Any) -> Machine:
    return normalise(regrouped(Report(functions=PORTS, **parts), groups))


def codes(machine: Machine) -> list[str]:
    return [taint.code for taint in observed_taints(machine)]


def test_groups_that_the_rules_give_are_no_taint_and_no_mismatch() -> None:
    machine = seen(ONE)
    assert {g.functions for g in predict(machine).groups} == set(machine.groups.values())
    assert codes(machine) == []
    assert integrity(machine) == ()


def test_groups_parted_where_there_is_no_acs_show_an_override() -> None:
    (taint,) = observed_taints(seen(SPLIT))
    assert taint.code == "acs_override"
    assert "00:1c.0 and 00:1c.4 in two groups, but: 00:1c.0 and 00:1c.4 are functions of one device" in taint.reason
    assert integrity(seen(SPLIT)) == ()


def test_an_override_of_some_ports_only_shows_as_well() -> None:
    partly = {**ONE, 0: ["0000:00:1c.0", "0000:01:00.0"], 3: ["0000:00:1c.4", "0000:02:00.0"]}
    assert codes(seen(partly)) == ["acs_override"]


def test_groups_that_no_rule_and_no_override_gives_are_a_mismatch_in_words() -> None:
    machine = seen({0: [*ONE[0], *ONE[1]], 2: ONE[2]})
    assert codes(machine) == []
    assert integrity(machine) == (
        (
            "The kernel shows 00:1c.0 and 00:1d.0 in one group, but: 00:1c.0 and 00:1d.0 are different devices, "
            "and nothing joins them."
        ),
    )


def test_acs_that_is_switched_off_explains_groups_that_are_larger() -> None:
    off = Acs(present=True, capability=0x1D, control=0)
    machine = shape(port("0000:00:1d.0", 3, off, iommu_group=1), device("0000:03:00.0", iommu_group=1))
    assert codes(machine) == ["pci_parameters"]
    assert integrity(machine) == ()


def test_a_report_with_another_reason_is_not_checked() -> None:
    machine = seen(SPLIT, virtualization=Virtualization(hypervisor="kvm"))
    assert [taint.code for taint in machine.taints] == ["virtual_machine"]
    assert codes(machine) == []
    assert integrity(machine) == ()


def test_capabilities_that_were_not_read_accuse_nobody() -> None:
    unread = tuple(replace(f, acs=None) for f in PORTS)
    machine = normalise(regrouped(Report(functions=unread), SPLIT))
    assert codes(machine) == []
    assert integrity(machine) == ()


def test_functions_that_the_iommu_does_not_serve_are_no_mismatch() -> None:
    machine = seen({1: ["0000:00:1d.0"], 2: ["0000:03:00.0"]})
    assert integrity(machine) == ()


def test_older_kernels_are_held_against_older_rules() -> None:
    intel = [
        device(f"0000:00:14.{n}", "rc_integrated_endpoint", vendor="8086", device=f"a36{n}", iommu_group=4)
        for n in (0, 3)
    ]
    assert integrity(shape(*intel, kernel=Kernel(release="5.4.0-42-generic"))) == ()
    assert integrity(shape(*intel, kernel=Kernel(release="6.1.0-21-amd64"))) != ()


@pytest.mark.parametrize(("groups", "found"), [((1, 2), ["acs_override"]), ((1, 1), []), ((1, None), [])])
def test_an_nvidia_card_in_several_groups_shows_an_override_in_a_flat_listing(
    groups: tuple[int | None, ...], found: list[str]
) -> None:
    machine = shape(
        device("0000:0b:00.0", None, None, iommu_group=groups[0], **NVIDIA),
        device("0000:0b:00.1", None, None, class_="0403", iommu_group=groups[1], **NVIDIA),
    )
    assert machine.tree is None
    assert codes(machine) == found


def test_other_makers_cards_may_be_in_several_groups() -> None:
    # The audio function of a Radeon card with a switch of its own has ACS.
    machine = shape(
        device("0000:0b:00.0", None, None, iommu_group=1, vendor="1002"),
        device("0000:0b:00.1", None, None, class_="0403", iommu_group=2, vendor="1002"),
    )
    assert codes(machine) == []


@pytest.mark.parametrize(
    ("release", "named"),
    [
        ("6.9.7-zen1-1-zen", True),
        ("6.8.12-4-pve", True),
        ("6.12.1-2-cachyos", True),
        ("6.1.0-21-amd64", False),
        (None, False),
    ],
)
def test_a_kernels_flavour_says_no_more_than_could(release: str | None, named: bool) -> None:
    report = Report(kernel=Kernel(release=release))
    sentence = may_carry_override(report)
    assert (sentence is not None) == named
    assert sentence is None or "could" in sentence
    assert taints_of(report) == ()


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ({"kernel": Kernel(parameters=("pcie_acs_override=downstream",))}, "acs_override"),
        ({"kernel": Kernel(acs_override=True)}, "acs_override"),
        ({"kernel": Kernel(parameters=("pci=config_acs=1010@0000:00:1c.0",))}, "pci_parameters"),
        ({"kernel": Kernel(parameters=("pci=disable_acs_redir=00:1c.1",))}, "pci_parameters"),
        ({"virtualization": Virtualization(hypervisor="kvm")}, "virtual_machine"),
        ({"virtualization": Virtualization(container="lxc")}, "container"),
        ({"iommu": Iommu(groups=(IommuGroup(0, name="vfio-noiommu"),))}, "noiommu"),
    ],
)
def test_what_a_report_says_taints_it(parts: dict[str, Any], code: str) -> None:
    assert [taint.code for taint in taints_of(Report(**parts))] == [code]
