"""The groups a kernel would form, rule by rule: what shares, what is kept apart, what cannot be known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from hwdb.report import Acs, Function, Kernel
from hwdb.topology import port_kind
from hwdb.topology.ports import port_table
from hwdb.topology.predict import predict
from hwdb.topology.quirks import quirks_of
from hwdb.topology.rule_sets import (
    BEFORE_5_8,
    CURRENT,
    QUIRKS_NOT_ENABLED,
    REACHABLE_SETS,
    possible_rule_sets,
    rule_set_of,
)
from tests.topology.partitions import ACS, NO_ACS, Partition, device, groups, port, shape, shared

if TYPE_CHECKING:
    from hwdb.topology import Machine
    from hwdb.topology.rule_sets import RuleSet


def test_a_port_with_acs_is_kept_apart_from_its_card() -> None:
    assert shared(predict(shape(port("0000:00:01.0", 1, ACS), device("0000:01:00.0")))) == set()


def test_a_port_without_acs_shares_with_all_below_and_with_its_siblings() -> None:
    machine = shape(
        port("0000:00:1c.0", 1, NO_ACS),
        port("0000:00:1c.4", 2, NO_ACS),
        port("0000:00:1d.0", 3, ACS),
        *(device(f"0000:{bus:02x}:00.0") for bus in (1, 2, 3)),
    )
    assert shared(predict(machine)) == {("00:1c.0", "00:1c.4", "01:00.0", "02:00.0")}


def test_a_function_with_acs_stays_out_of_its_device() -> None:
    machine = shape(*(device(f"0000:00:1f.{n}", acs=ACS if n == 3 else NO_ACS) for n in (0, 3, 4)))
    assert shared(predict(machine)) == {("00:1f.0", "00:1f.4")}


def test_whatever_is_below_a_port_without_acs_shares_its_group_however_deep() -> None:
    machine = shape(
        port("0000:00:01.0", 1, NO_ACS, subordinate_bus=3),
        port("0000:01:00.0", 2, NO_ACS, "upstream_port", subordinate_bus=3),
        port("0000:02:00.0", 3, ACS, "downstream_port"),
        device("0000:03:00.0"),
    )
    assert shared(predict(machine)) == {("00:01.0", "01:00.0", "02:00.0", "03:00.0")}


def switch(acs_of_ports: Acs = NO_ACS, **facts: Any) -> tuple[Function, ...]:
    return (
        port("0000:00:01.0", 1, ACS, subordinate_bus=4),
        port("0000:01:00.0", 2, NO_ACS, "upstream_port", subordinate_bus=4, **facts),
        port("0000:02:00.0", 3, acs_of_ports, "downstream_port"),
        port("0000:02:01.0", 4, acs_of_ports, "downstream_port"),
        device("0000:03:00.0"),
        device("0000:04:00.0"),
    )


def test_ports_of_a_switch_without_acs_are_apart_today_and_together_after_the_pending_change() -> None:
    machine = shape(*switch())
    assert shared(predict(machine)) == {("02:00.0", "03:00.0"), ("02:01.0", "04:00.0")}
    assert shared(predict(machine, REACHABLE_SETS)) == {("02:00.0", "02:01.0", "03:00.0", "04:00.0")}
    kept = shape(*switch(ACS))
    assert shared(predict(kept)) == shared(predict(kept, REACHABLE_SETS)) == set()


def test_a_switch_that_is_one_function_of_several_shares_all_of_it() -> None:
    # The chipsets of AMD's B450 and B550.
    machine = shape(*switch(multifunction=True), device("0000:01:00.1"))
    assert shared(predict(machine)) == {("01:00.0", "01:00.1", "02:00.0", "02:01.0", "03:00.0", "04:00.0")}


def test_ports_that_call_themselves_the_wrong_way_round_are_corrected() -> None:
    machine = shape(
        port("0000:00:01.0", 1, ACS, subordinate_bus=3),
        # Two downstream ports in a row: the upper one is the upstream port, which needs no ACS.
        port("0000:01:00.0", 2, NO_ACS, "downstream_port", subordinate_bus=3),
        port("0000:02:00.0", 3, ACS, "upstream_port"),
        device("0000:03:00.0"),
    )
    assert shared(predict(machine)) == set()


def test_the_pending_change_splits_ports_and_functions_without_the_capability() -> None:
    machine = shape(port("0000:00:01.0", 1, NO_ACS), device("0000:01:00.0"), device("0000:01:00.1"))
    assert shared(predict(machine)) == {("00:01.0", "01:00.0", "01:00.1")}
    assert shared(predict(machine, REACHABLE_SETS)) == set()


@pytest.mark.parametrize(
    ("kind", "then"), [("pcie_to_pci_bridge", ("02:01.0", "02:02.0")), ("conventional", ("02:01.0", "02:02.0"))]
)
def test_a_conventional_bus_is_one_group_with_its_bridge(kind: str, then: tuple[str, ...]) -> None:
    machine = shape(
        port("0000:00:1c.0", 1, ACS, subordinate_bus=2),
        port("0000:01:00.0", 2, NO_ACS, kind),
        device("0000:02:01.0", "conventional"),
        device("0000:02:02.0", "conventional"),
    )
    assert shared(predict(machine)) == {("01:00.0", "02:01.0", "02:02.0")}
    # It takes the bridge out, as it speaks with another id there.
    assert shared(predict(machine, REACHABLE_SETS)) == {then}


def test_a_conventional_bridge_on_the_root_bus_shares_with_its_device() -> None:
    machine = shape(
        port("0000:00:1e.0", 1, NO_ACS, "conventional"),
        device("0000:00:1e.1", "conventional"),
        device("0000:01:05.0", "conventional"),
    )
    everything = {("00:1e.0", "00:1e.1", "01:05.0")}
    assert shared(predict(machine)) == everything
    assert shared(predict(machine, REACHABLE_SETS)) == {("00:1e.0", "01:05.0")}


def test_intels_integrated_endpoints_are_apart_since_5_8() -> None:
    machine = shape(
        device("0000:00:14.0", "rc_integrated_endpoint", vendor="8086", device="a36d"),
        device("0000:00:14.3", "rc_integrated_endpoint", vendor="8086", device="a370"),
        device("0000:00:1f.0", "conventional", vendor="8086", device="a306"),
        device("0000:00:1f.3", "rc_integrated_endpoint", vendor="8086", device="a348"),
        device("0000:00:1f.4", "conventional", vendor="8086", device="a323"),
    )
    assert shared(predict(machine)) == {("00:1f.0", "00:1f.4")}
    assert shared(predict(machine, BEFORE_5_8)) == {("00:14.0", "00:14.3"), ("00:1f.0", "00:1f.3", "00:1f.4")}


def test_ports_of_older_intel_chipsets_isolate_by_a_quirk_that_two_series_forgot() -> None:
    machine = shape(
        port("0000:00:1c.0", 1, NO_ACS, vendor="8086", device="8c10"),
        port("0000:00:1c.4", 2, NO_ACS, vendor="8086", device="8c18"),
        device("0000:01:00.0"),
    )
    assert shared(predict(machine)) == set()
    assert shared(predict(machine, QUIRKS_NOT_ENABLED)) == {("00:1c.0", "00:1c.4", "01:00.0")}


def test_acs_that_was_not_switched_on_counts_as_on() -> None:
    # The IOMMU was off; Intel's 100 series show 0 even when it is on.
    assert ACS.control == 0
    machine = shape(port("0000:00:1c.0", 1, ACS, vendor="8086", device="a110"), device("0000:01:00.0"))
    assert shared(predict(machine)) == set()


def test_network_cards_in_the_kernels_table_are_split() -> None:
    def nic(number: int, ids: str) -> Function:
        return device(f"0000:01:00.{number}", vendor=ids[:4], device=ids[5:], class_="0200")

    def with_card(ids: str) -> Machine:
        return shape(port("0000:00:01.0", 1, ACS), nic(0, ids), nic(1, ids))

    assert shared(predict(with_card("8086:1521"))) == set()
    assert shared(predict(with_card("8086:1533"))) == {("01:00.0", "01:00.1")}


def test_amds_southbridge_functions_are_apart_on_the_root_bus_only() -> None:
    ids: dict[str, Any] = {"vendor": "1002", "device": "4385"}
    parts = [device(f"0000:00:14.{n}", "conventional", **(ids if n == 0 else {})) for n in (0, 3)]
    assert shared(predict(shape(*parts))) == set()
    behind = [port("0000:00:01.0", 1, ACS)]
    behind += [device(f"0000:01:00.{n}", "endpoint", **(ids if n == 0 else {})) for n in (0, 3)]
    assert shared(predict(shape(*behind))) == {("01:00.0", "01:00.3")}


def test_zhaoxins_other_ports_do_not_isolate_whatever_they_say() -> None:
    nothing: Partition = set()
    for ids, together in (("0721", nothing), ("0720", {("00:02.0", "01:00.0")})):
        machine = shape(port("0000:00:02.0", 1, ACS, vendor="1d17", device=ids), device("0000:01:00.0"))
        assert shared(predict(machine)) == together


def test_what_wangxun_makes_beside_its_network_cards_does_not_isolate_whatever_it_says() -> None:
    # The kernel answers no for every other id of theirs. Found by tests.lab.fuzz: a port with ACS and such an id.
    nothing: Partition = set()
    for ids, together in (("1001", nothing), ("1000", {("00:17.0", "01:00.0")})):
        machine = shape(
            port("0000:00:17.0", 1, ACS, vendor="8088", device=ids), port("0000:01:00.0", 2, NO_ACS, "upstream_port")
        )
        assert shared(predict(machine)) == together


def test_a_device_that_speaks_with_another_functions_id_shares_with_it() -> None:
    marvell: dict[str, Any] = {"vendor": "1b4b", "device": "9230", "class_": "0106"}
    alone = shape(port("0000:00:01.0", 1, ACS), device("0000:01:00.0", **marvell))
    assert shared(predict(alone)) == set()
    # The second function has ACS, and would stay out of the device without the alias.
    both = shape(
        port("0000:00:01.0", 1, ACS),
        device("0000:01:00.0", acs=ACS, **marvell),
        device("0000:01:00.1", acs=ACS, class_="0101"),
    )
    assert shared(predict(both)) == shared(predict(both, REACHABLE_SETS)) == {("01:00.0", "01:00.1")}


def test_what_is_behind_a_vmd_is_in_its_group() -> None:
    machine = shape(
        device("0000:00:0e.0", "rc_integrated_endpoint", vendor="8086", device="9a0b", class_="0104"),
        port("10000:e0:06.0", 0xE1, ACS),
        device("10000:e1:00.0", class_="0108"),
    )
    assert groups(predict(machine)) == {("0000:00:0e.0", "10000:e0:06.0", "10000:e1:00.0")}


def test_which_of_two_vmds_is_meant_is_unknown_when_one_has_no_domain() -> None:
    vmd: dict[str, Any] = {"vendor": "8086", "device": "28c0", "class_": "0104"}
    machine = shape(
        device("0000:00:00.5", "rc_integrated_endpoint", **vmd),
        device("0000:80:00.5", "rc_integrated_endpoint", **vmd),
        port("0000:80:02.0", 0x81, ACS),
        device("10000:01:00.0", class_="0108"),
    )
    assert set(predict(machine).unknown) == {"10000:01:00.0"}


def test_virtual_functions_are_functions_of_their_own() -> None:
    machine = shape(
        port("0000:00:01.0", 1, ACS),
        device("0000:01:00.0", sriov_num_vfs=2, sriov_total_vfs=8, multifunction=False),
        device("0000:01:00.1", physical_function="0000:01:00.0"),
        device("0000:01:10.0"),
    )
    assert shared(predict(machine)) == set()


def test_the_iommu_itself_gets_no_group() -> None:
    machine = shape(
        device("0000:00:00.0", "conventional", vendor="1022", device="1480", class_="0600"),
        device("0000:00:00.2", "conventional", vendor="1022", device="1481", class_="0806"),
        device("0000:00:08.0", "conventional", vendor="1022", device="1482", class_="0600"),
    )
    prediction = predict(machine)
    assert set(prediction.ungrouped) == {"0000:00:00.0", "0000:00:00.2"}
    assert groups(prediction) == {("0000:00:08.0",)}


def test_graphics_taken_from_the_iommu_get_no_group() -> None:
    gpu = device("0000:00:02.0", "rc_integrated_endpoint", vendor="8086", device="5912")
    off = shape(gpu, kernel=Kernel(parameters=("intel_iommu=on,igfx_off",)))
    assert set(predict(off).ungrouped) == {"0000:00:02.0"}
    assert predict(shape(gpu)).ungrouped == {}


def test_capabilities_that_were_not_read_leave_the_group_unknown_and_say_so() -> None:
    machine = shape(
        port("0000:00:01.0", 1, None),
        device("0000:01:00.0"),
        port("0000:00:02.0", 2, ACS),
        device("0000:02:00.0"),
    )
    prediction = predict(machine)
    assert groups(prediction) == {("0000:00:02.0",), ("0000:02:00.0",)}
    assert set(prediction.unknown) == {"0000:00:01.0", "0000:01:00.0"}
    assert "capabilities of 0000:00:01.0 could not be read" in prediction.unknown["0000:01:00.0"]


def test_without_capabilities_ids_make_a_group_likely_with_the_reason() -> None:
    machine = shape(
        port("0000:00:01.0", 1, None, None, vendor="8086", device="1901"),
        device("0000:01:00.0", None, None, vendor="10de", device="1b80"),
        device("0000:01:00.1", None, None, vendor="10de", device="10f0", class_="0403"),
    )
    group = predict(machine).group_of("0000:01:00.0")
    assert group is not None
    assert (group.evidence, group.functions) == ("likely", ("0000:00:01.0", "0000:01:00.0", "0000:01:00.1"))
    assert "8086:1901 has no ACS on other machines." in group.basis


def test_a_card_behind_a_bridge_that_is_not_listed_is_unknown() -> None:
    machine = shape(port("0000:00:01.0", 1, ACS), device("0000:01:00.0"), device("0000:05:00.0"))
    prediction = predict(machine)
    assert prediction.unknown == {"0000:05:00.0": "The bridge that leads to 0000:05:00.0 is not listed."}
    assert groups(prediction) == {("0000:00:01.0",), ("0000:01:00.0",)}


def test_a_flat_listing_leaves_unknown_what_bridges_decide() -> None:
    machine = shape(device("0000:00:01.0", class_="0604", acs=ACS), device("0000:0b:00.0"))
    prediction = predict(machine)
    assert machine.tree is None
    assert groups(prediction) == set()
    assert set(prediction.unknown) == {"0000:00:01.0", "0000:0b:00.0"}


def test_a_tree_that_follows_from_bus_numbers_makes_no_more_than_likely_groups() -> None:
    bridge = device("0000:00:01.0", "root_port", ACS, class_="0604", header_type=1)
    machine = shape(bridge, device("0000:01:00.0"))
    assert machine.tree == "derived"
    assert {group.evidence for group in predict(machine).groups} == {"likely"}


def test_power_machines_are_not_judged_by_these_rules() -> None:
    machine = shape(port("0000:00:00.0", 1, NO_ACS, vendor="1014", device="04c1"), device("0000:01:00.0"))
    prediction = predict(machine)
    assert groups(prediction) == set()
    assert "POWER" in prediction.unknown["0000:01:00.0"]


@pytest.mark.parametrize(
    ("release", "rules"),
    [
        (None, CURRENT),
        ("not a kernel", CURRENT),
        ("5.4.0-182-generic", BEFORE_5_8),
        ("4.18.0-240.22.1.el8_3.x86_64", BEFORE_5_8),
        ("5.8.0", CURRENT),
        ("5.9.14-arch1-1", QUIRKS_NOT_ENABLED),
        ("6.11.0-9-generic", QUIRKS_NOT_ENABLED),
        ("6.12.1", CURRENT),
    ],
)
def test_a_kernels_release_tells_its_rules(release: str | None, rules: RuleSet) -> None:
    assert rule_set_of(release) is rules
    assert possible_rule_sets(release)[0] is rules
    assert CURRENT in possible_rule_sets(release)


def test_only_kernels_newer_than_those_seen_may_have_the_pending_change() -> None:
    assert REACHABLE_SETS in possible_rule_sets("7.3.1")
    assert REACHABLE_SETS not in possible_rule_sets("7.2.13") + possible_rule_sets(None)


def test_the_tables_of_ids_agree_with_each_other() -> None:
    for ids in port_table()["acs_quirk"] | port_table()["acs_dword_layout"]:
        root_port = port("0000:00:1c.0", 1, ACS, vendor=ids[:4], device=ids[5:])
        assert quirks_of("acs", root_port), ids
        assert port_kind(shape(root_port), "0000:00:1c.0") == "root_port"
