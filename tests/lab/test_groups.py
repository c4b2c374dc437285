"""In every topology, the groups in the database are those the kernel formed, whoever ran the client."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.lab.topologies import CHIPSET, TOPOLOGIES, WITHOUT_GROUPS

if TYPE_CHECKING:
    from tests.lab.visit import Visit

pytestmark = pytest.mark.lab

SENT = [(name, who) for name, topology in TOPOLOGIES.items() for who in topology.senders]
BY_BOTH = [name for name, topology in TOPOLOGIES.items() if len(topology.senders) == 2]


def together(listed: dict[str, int | None]) -> set[tuple[str, ...]]:
    """Return the groups of more than one function, with addresses as people write them."""
    groups: dict[int, list[str]] = {}
    for address, group in listed.items():
        if group is not None:
            groups.setdefault(group, []).append(address.removeprefix("0000:"))
    return {tuple(members) for members in groups.values() if len(members) > 1}


@pytest.mark.parametrize("guest", sorted(set(TOPOLOGIES) - set(WITHOUT_GROUPS)), indirect=True)
def test_the_kernel_formed_the_groups_this_topology_is_for(guest: Visit) -> None:
    alone = {address.removeprefix("0000:") for address, group in guest.listed.items() if group is None}
    assert together(guest.listed) == {*guest.topology.together, CHIPSET}
    assert alone == set(guest.topology.alone)


@pytest.mark.parametrize(("guest", "who"), SENT, indirect=["guest"])
def test_the_database_has_the_groups_the_kernel_formed(guest: Visit, who: str) -> None:
    assert guest.parts[who].status == 0, guest.parts[who].printed
    grouped = {a: group["group"] for group in guest.reports[who]["groups"] for a in group["functions"]}
    ungrouped = dict.fromkeys(set(guest.functions(who)) - set(grouped))
    assert {**grouped, **ungrouped} == guest.listed


@pytest.mark.parametrize("guest", BY_BOTH, indirect=True)
def test_root_and_others_see_the_same_functions_in_the_same_groups(guest: Visit) -> None:
    seen = [
        {a: (f["iommu_group"], f["vendor"], f["device"], f["class"], f.get("parent")) for a, f in functions.items()}
        for functions in (guest.functions("root"), guest.functions("owner"))
    ]
    assert seen[0] == seen[1]


@pytest.mark.parametrize("guest", WITHOUT_GROUPS, indirect=True)
def test_without_an_iommu_groups_are_predicted_and_said_to_be(guest: Visit) -> None:
    assert set(guest.listed.values()) == {None}
    assert guest.document("root")["iommu"]["state"] == "off"
    assert guest.reports["root"]["slots"] != []
    assert {slot["evidence"] for slot in guest.reports["root"]["slots"]} == {"predicted"}
    assert {slot["evidence"] for slot in guest.reports["owner"]["slots"]} <= {"predicted", "likely", None}
