"""A card is everything below its slot's port, over devices, groups and the ports a slot is split into."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from hwdb import importers
from hwdb.analysis.answer import answer_machine
from hwdb.analysis.groups import cards_of
from hwdb.report import Function, Slot
from hwdb.topology import normalise
from tests.analysis.boards import ACS, NO_ACS, card, machine, port
from tests.conftest import CORPUS

if TYPE_CHECKING:
    from hwdb.analysis import SlotAnswer
    from hwdb.analysis.groups import Card
    from hwdb.topology import Machine


def cards(shown: Machine) -> tuple[Card, ...]:
    return cards_of(shown, answer_machine(shown))


def slot_named(shown: Machine, name: str) -> SlotAnswer:
    return next(slot for slot in answer_machine(shown) if slot.designation == name)


GRAPHICS = (
    port("0000:00:03.1", 1, 3, subordinate_bus=5, acs=ACS),
    port("0000:03:00.0", 2, 4, subordinate_bus=5, port_type="upstream_port", vendor="1002", device="1478"),
    port("0000:04:00.0", 3, 5, port_type="downstream_port", vendor="1002", device="1479", slot_implemented=True),
    Function("0000:05:00.0", 4, "0300", vendor="1002", device="73bf"),
    Function("0000:05:00.1", 5, "0403", vendor="1002", device="ab28"),
)


@pytest.mark.parametrize(
    "said",
    [
        Slot("PCIE1", "submitter", occupant="0000:05:00.0"),
        Slot("PCIE1", "submitter", occupant="0000:05:00.1"),
        Slot("PCIE1", "smbios", address="0000:00:03.1"),
        Slot("PCIE1", "smbios", address="0000:03:00.0"),
    ],
)
def test_a_graphics_card_behind_its_own_switch_with_audio_in_another_group_is_one_card(said: Slot) -> None:
    shown = machine(*GRAPHICS, slots=(said,))
    (whole,) = cards(shown)
    assert (whole.slot, len(whole.functions), whole.iommu_groups, whole.companions) == ("PCIE1", 4, (2, 3, 4, 5), ())
    slot = slot_named(shown, "PCIE1")
    assert (slot.grade, slot.iommu_groups, slot.ports) == ("isolated", (2, 3, 4, 5), ("0000:00:03.1",))


def test_the_switch_of_a_card_nobody_names_is_no_slot_of_its_own() -> None:
    shown = machine(replace(GRAPHICS[0], slot_implemented=True), *GRAPHICS[1:])
    assert [(slot.designation, slot.ports) for slot in answer_machine(shown)] == [(None, ("0000:00:03.1",))]
    assert [len(whole.functions) for whole in cards(shown)] == [4]


def test_a_card_with_a_usb_c_controller_as_third_function_is_one_card() -> None:
    turing = [card(f"0000:01:00.{n}", 2, class_) for n, class_ in enumerate(("0300", "0403", "0c03", "0c80"))]
    shown = machine(
        port("0000:00:01.0", 1, 1, acs=ACS), *turing, slots=(Slot("PCIE1", "submitter", occupant="0000:01:00.2"),)
    )
    (whole,) = cards(shown)
    assert (len(whole.functions), whole.iommu_groups) == (4, (2,))
    assert slot_named(shown, "PCIE1").isolates is True


PLX: dict[str, Any] = {"vendor": "10b5", "device": "8747", "acs": NO_ACS}


def two_behind(group: int) -> tuple[Function, ...]:
    return (
        port("0000:00:01.0", 1, 1, subordinate_bus=4, acs=ACS),
        port("0000:01:00.0", group, 2, subordinate_bus=4, port_type="upstream_port", **PLX),
        port("0000:02:08.0", group, 3, port_type="downstream_port", slot_implemented=True, **PLX),
        port("0000:02:10.0", group, 4, port_type="downstream_port", slot_implemented=True, **PLX),
        card("0000:03:00.0", group, "0108"),
        card("0000:04:00.0", group, "0200"),
    )


def test_two_devices_behind_one_card_are_one_card() -> None:
    shown = machine(*two_behind(2), slots=(Slot("SLOT1", "smbios", address="0000:00:01.0"),))
    (whole,) = cards(shown)
    assert (whole.slot, len(whole.functions), whole.iommu_groups, whole.companions) == ("SLOT1", 5, (2,), ())
    slot = slot_named(shown, "SLOT1")
    assert (slot.grade, slot.companions) == ("isolated", ())
    assert [one.designation for one in answer_machine(shown)] == ["SLOT1"]


def test_a_card_nobody_names_is_counted_once() -> None:
    outer, *rest = two_behind(2)
    (whole,) = cards(machine(replace(outer, slot_implemented=True), *rest))
    assert (whole.slot, len(whole.functions)) == (None, 5)


def bifurcated(group: int, *, beside: bool = False) -> Machine:
    """Return a machine whose slot is split over two ports by a riser with two drives, in one group."""
    facts: dict[str, Any] = {"acs": NO_ACS, "multifunction": True}
    functions = [
        port("0000:00:01.0", group, 1, **facts),
        port("0000:00:01.1", group, 2, **facts),
        card("0000:01:00.0", group, "0108"),
        card("0000:02:00.0", group, "0108"),
    ]
    if beside:
        functions += [port("0000:00:01.2", group, 3, **facts), card("0000:03:00.0", group, "0200")]
    ports = ("0000:00:01.0", "0000:00:01.1")
    return machine(*functions, slots=tuple(Slot("PCIE1", "curated", "pcie", port=path) for path in ports))


def test_a_riser_over_two_ports_of_a_slot_is_one_card_and_no_company_to_itself() -> None:
    shown = bifurcated(1)
    slot = slot_named(shown, "PCIE1")
    assert (slot.companions, slot.isolates, slot.grade) == ((), None, "conditional")
    (whole,) = cards(shown)
    assert (whole.functions, whole.iommu_groups, whole.companions) == (("0000:01:00.0", "0000:02:00.0"), (1,), ())


def test_what_else_is_in_the_group_of_a_split_slot_stays_its_company() -> None:
    shown = bifurcated(1, beside=True)
    slot = slot_named(shown, "PCIE1")
    assert (slot.grade, [c.address for c in slot.companions]) == ("shared_onboard", ["0000:03:00.0"])
    assert [c.address for whole in cards(shown) for c in whole.companions] == ["0000:03:00.0"]


# Functions of the card and its groups, as recorded: all of it below the slot's port.
RECORDED = [
    pytest.param("Gigabyte__A520M_DS3H__c32b53a0", "0000:09:00.0", 4, (15, 16, 17, 18), id="Radeon, own switch"),
    pytest.param("MSI__PRO_B650M-P_MS-7E27__9535ef6c", "0000:03:00.0", 4, (12, 13, 14, 15), id="Radeon on AM5"),
    pytest.param("MSI__TRX40_PRO_WIFI_MS-7C60__e481de3d", "0000:23:00.0", 5, (43, 44, 45, 46, 47), id="Arc"),
    pytest.param("ASUS__ROG_STRIX_X570-F_GAMING__86e1b079", "0000:0a:00.0", 5, (21, 22, 23, 24, 25), id="Battlemage"),
    pytest.param("MSI__B450M_PRO-M2_V2_MS-7B84__fe4605d1", "0000:10:00.0", 4, (6,), id="Turing with USB-C"),
    pytest.param("ASUS__ROG_STRIX_B550-F_GAMING_WI-FI__3582fc1a", "0000:07:00.0", 2, (17,), id="Polaris"),
]


@pytest.mark.corpus
@pytest.mark.parametrize(("name", "occupant", "functions", "groups"), RECORDED)
def test_recorded_cards_are_one_card_each(name: str, occupant: str, functions: int, groups: tuple[int, ...]) -> None:
    report = importers.parse((CORPUS / "facter" / f"{name}.json").read_text(encoding="utf-8"))
    shown = normalise(replace(report, slots=(Slot("GPU", "submitter", occupant=occupant),)))
    (whole,) = [one for one in cards(shown) if one.slot == "GPU"]
    assert (len(whole.functions), whole.iommu_groups, whole.companions) == (functions, groups, ())
    assert slot_named(shown, "GPU").isolates is True


@pytest.mark.corpus
def test_a_recorded_riser_with_several_cards_is_one_card_of_its_slot() -> None:
    # Graphics cards on a riser with a switch, in a slot that the firmware's table names by its port.
    from tests.topology.test_slot_tables import recorded

    shown = recorded("NV-A688C4EB")
    (riser,) = [one for one in cards(shown) if one.slot == "J3703 PCIE x1 slot from Promontory"]
    graphics = [a for a in riser.functions if shown.functions[a].class_ == "0300"]
    assert len(graphics) > 1
    assert [one.slot for one in cards(shown) if set(graphics) & set(one.functions)] == [riser.slot]
