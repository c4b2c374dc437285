"""Where the tree of a listing comes from, and what is not claimed about it."""

from __future__ import annotations

from dataclasses import replace

from hwdb.report import Function, Report, Slot
from hwdb.topology import location_of, normalise
from tests.analysis.boards import card, machine, port
from tests.machines import seed


def test_the_seeds_tree_follows_from_its_bus_numbers() -> None:
    shown = normalise(seed())
    assert shown.tree == "derived"
    assert shown.paths["0000:02:07.0"] == "0000:00:01.1/00.2/07.0"
    assert shown.paths["0000:43:00.1"] == "0000:40:03.1/00.1"
    assert shown.platform is None


def test_a_listing_with_a_gap_in_its_numbers_shows_no_tree() -> None:
    # A hot-plug bridge reserved numbers, or a bridge is missing: which, nobody can tell.
    cut = tuple(f for f in seed().functions if f.address != "0000:00:03.1")
    shown = normalise(replace(seed(), functions=cut))
    assert shown.tree is None
    assert "0000:08:00.0" not in shown.paths
    assert shown.paths["0000:00:01.1"] == "0000:00:01.1"


def test_firmware_that_numbers_downwards_is_not_taken_for_depth_first() -> None:
    internal = Function("0000:00:07.1", 1, "0604", vendor="1022", device="1454")
    listing = (
        Function("0000:00:00.0", None, "0600", vendor="1022", device="1450"),
        Function("0000:00:01.1", 0, "0604", vendor="1022", device="1453"),
        internal,
        # As numbered downwards: the internal port leads to bus 1, the slot to bus 2.
        Function("0000:01:00.0", 2, "1300", vendor="1022", device="145a"),
        Function("0000:02:00.0", 3, "0108", vendor="144d", device="a804"),
    )
    assert normalise(Report(functions=listing)).tree is None


def test_stated_parents_and_bus_numbers_win() -> None:
    stated = machine(port("0000:00:1c.0", 1, 4, subordinate_bus=9), card("0000:07:00.0", 2))
    assert (stated.tree, stated.paths["0000:07:00.0"]) == ("stated", "0000:00:1c.0/00.0")
    by_parent = normalise(
        Report(functions=(Function("0000:00:1c.0", 1, "0604"), Function("0000:03:00.0", 2, parent="0000:00:1c.0")))
    )
    assert by_parent.paths["0000:03:00.0"] == "0000:00:1c.0/00.0"


def test_parents_that_run_in_a_circle_give_no_path() -> None:
    circle = (Function("0000:01:00.0", parent="0000:02:00.0"), Function("0000:02:00.0", parent="0000:01:00.0"))
    shown = normalise(Report(functions=circle))
    assert shown.paths == {}
    assert set(shown.below("0000:01:00.0")) <= {"0000:01:00.0", "0000:02:00.0"}


def test_domains_are_kept_apart() -> None:
    vmd = machine(port("0000:00:06.0", 1, 1), card("10000:01:00.0", 2, "0108"))
    assert vmd.paths["10000:01:00.0"] == "10000:01:00.0"


def test_the_side_a_port_is_wired_to_comes_from_ids_or_is_not_claimed() -> None:
    shown = normalise(seed())
    assert location_of(shown, "0000:40:03.1") == "cpu"
    assert location_of(shown, "0000:02:07.0") == "chipset"
    assert location_of(machine(port("0000:00:01.0", 1, 1)), "0000:00:01.0") is None


def test_a_witness_is_lifted_from_the_card_to_its_port() -> None:
    shown = machine(
        port("0000:00:01.0", 1, 1, subordinate_bus=3),
        port("0000:01:00.0", 2, 2, subordinate_bus=3, port_type="upstream_port"),
        slots=(
            Slot("SLOT1", "smbios", address="0000:01:00.0"),
            Slot("SLOT2", "smbios", address="0000:00:1f.7"),
            Slot("SLOT3", "pci_slots", address="0000:00:01.0"),
        ),
    )
    assert [w.path for w in shown.slots] == ["0000:00:01.0", None, "0000:00:01.0"]


def test_a_witness_that_names_the_way_to_the_chipset_is_void() -> None:
    # MSI's B650 boards: "PCIE4 = 00:02.1" is the chipset's uplink.
    shown = machine(
        port("0000:00:02.1", 1, 1, subordinate_bus=3, vendor="1022", device="14db"),
        port("0000:01:00.0", 2, 2, subordinate_bus=3, port_type="upstream_port", vendor="1022", device="43f4"),
        port("0000:02:00.0", 3, 3, port_type="downstream_port", vendor="1022", device="43f5"),
        slots=(Slot("PCIE4", "smbios", address="0000:00:02.1"),),
    )
    (witness,) = shown.slots
    assert witness.path is None
    assert "chipset" in (witness.void or "")


def test_firmware_that_gives_one_port_to_two_slots_is_not_believed_for_either() -> None:
    shown = machine(
        port("0000:00:01.0", 1, 1),
        slots=(Slot("A", "smbios", address="0000:00:01.0"), Slot("B", "smbios", address="0000:00:01.0")),
    )
    assert [(w.path, bool(w.void)) for w in shown.slots] == [(None, True), (None, True)]


def test_a_parent_that_is_not_listed_leaves_the_place_unknown() -> None:
    shown = normalise(
        Report(functions=(Function("0000:00:1c.0", 1, "0604"), Function("0000:03:00.0", 2, parent="0000:02:00.0")))
    )
    assert "0000:03:00.0" not in shown.paths
    assert shown.ancestors("0000:03:00.0") == ()


def test_a_chipset_port_is_known_by_its_id_whichever_function_firmware_gives_it() -> None:
    alone = machine(port("0000:00:1c.0", 1, 1, vendor="8086", device="a114"), card("0000:01:00.0", 2))
    fifth = machine(
        port("0000:00:1c.0", 1, 1, vendor="8086", device="a110"),
        port("0000:00:1c.4", 2, 2, vendor="8086", device="a114"),
        card("0000:02:00.0", 3),
    )
    assert alone.paths["0000:00:1c.0"] == fifth.paths["0000:00:1c.4"] == "0000:00:1c[a114]"
    assert alone.paths["0000:01:00.0"] == fifth.paths["0000:02:00.0"] == "0000:00:1c[a114]/00.0"
    named = machine(*fifth.report.functions, slots=(Slot("PCIE3", "curated", port="0000:00:1c.4"),))
    assert (named.slots[0].port, named.slots[0].path) == ("0000:00:1c.4", "0000:00:1c[a114]")
