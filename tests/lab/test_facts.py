"""What the client reads as root, what it reads without, and that it says what it could not read."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from tests.lab import smbios
from tests.lab.topologies import TOPOLOGIES

if TYPE_CHECKING:
    from tests.lab.visit import Visit

pytestmark = pytest.mark.lab

BY_BOTH = [name for name, topology in TOPOLOGIES.items() if len(topology.senders) == 2]


def ports(visit: Visit, who: str) -> dict[str, bool | None]:
    """Return, for each root port below bus 0, whether the document says that it has ACS."""
    return {
        address: function.get("acs", {}).get("present")
        for address, function in visit.functions(who).items()
        if function.get("port_type") == "root_port"
    }


def witnesses(visit: Visit, who: str) -> set[str]:
    return {slot["witness"] for slot in visit.document(who)["slots"] or ()}


@pytest.mark.parametrize("guest", BY_BOTH, indirect=True)
def test_what_takes_root_is_left_out_by_others_and_they_say_so(guest: Visit) -> None:
    express = {a for a, f in guest.functions("root").items() if f.get("port_type") not in {None, "conventional"}}
    others = guest.functions("owner")
    assert [address for address in express if "acs" in others[address] or "port_type" in others[address]] == []
    assert "smbios" not in witnesses(guest, "owner")
    said = {who: " ".join(guest.document(who)["provenance"].get("problems", ())) for who in guest.topology.senders}
    assert [word in said["owner"] for word in ("ACS", "type 9", "root")] == [True, True, True]
    assert [word in said["root"] for word in ("ACS", "type 9", "root")] == [False, False, False]


@pytest.mark.parametrize(
    ("guest", "shown"),
    [
        ("port-functions", [True, True, True, True]),
        ("no-acs-functions", [False, False, False, False]),
        ("mixed-acs", [True, False, False, True]),
        ("no-acs", [False, False, False]),
    ],
    indirect=["guest"],
)
def test_root_sees_which_ports_have_acs(guest: Visit, shown: list[bool]) -> None:
    assert list(ports(guest, "root").values()) == shown


@pytest.mark.parametrize(
    ("guest", "off"), [("port-functions", []), ("redirection-off", ["0000:00:1c.1"])], indirect=["guest"]
)
def test_root_sees_which_ports_redirect_requests(guest: Visit, off: list[str]) -> None:
    registers = {a: f["acs"] for a, f in guest.functions("root").items() if f.get("port_type") == "root_port"}
    redirect = 0x04 | 0x08
    assert all(acs["capability"] & redirect == redirect for acs in registers.values())
    assert [a for a, acs in registers.items() if acs["control"] & redirect != redirect] == off


@pytest.mark.parametrize(
    ("guest", "kind"),
    [("root-ports", "VT-d"), ("root-ports-amd", "AMD-Vi"), ("x399-taichi", "AMD-Vi")],
    indirect=["guest"],
)
def test_the_iommu_is_named(guest: Visit, kind: str) -> None:
    iommu = guest.document("root")["iommu"]
    assert (iommu["state"], iommu["kind"], len(iommu["units"])) == ("on", kind, 1)
    assert iommu["interrupt_remapping"] is True
    assert {group["number"] for group in iommu["groups"]} == set(guest.listed.values()) - {None}


@pytest.mark.parametrize("guest", ["vfio"], indirect=True)
def test_a_card_given_to_vfio_is_seen_with_that_driver(guest: Visit) -> None:
    for who in guest.topology.senders:
        bound = {a for a, f in guest.functions(who).items() if f.get("driver") == "vfio-pci"}
        assert bound == {"0000:01:00.0", "0000:01:00.1"}


@pytest.mark.parametrize("guest", ["extra-buses", "extra-buses-amd"], indirect=True)
def test_every_root_bus_is_named_with_its_place_in_acpi(guest: Visit) -> None:
    buses = {bus["bus"]: bus for bus in guest.document("root")["root_buses"]}
    assert set(buses) == {"0000:00", "0000:40", "0000:80"}
    assert len({bus["acpi_path"] for bus in buses.values()}) == 3


@pytest.mark.parametrize("guest", ["root-ports"], indirect=True)
def test_collecting_alone_prints_the_document_that_would_be_sent(guest: Visit) -> None:
    assert re.search(r"\d+\.\d+", guest.parts["version"].printed)
    collected = json.loads(guest.parts["collected"].printed)
    sent = guest.document("root")
    assert {key: sent[key] for key in collected if key != "provenance"} == {
        key: facts for key, facts in collected.items() if key != "provenance"
    }


@pytest.mark.parametrize("guest", sorted(TOPOLOGIES), indirect=True)
def test_nothing_sent_tells_one_machine_of_its_kind_from_another(guest: Visit) -> None:
    # Serial numbers, tags and the host's name begin so; QEMU's network devices have addresses that do.
    private = re.compile(rf"{smbios.PRIVATE}|52:54:00|console=|no_timer_check", re.IGNORECASE)
    for who in guest.topology.senders:
        assert private.findall(json.dumps(guest.document(who))) == []
        assert private.findall(guest.parts[who].printed) == []
