"""What hangs from a port on many machines: slots nobody names, and names that cannot be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from hwdb.analysis import Verdict
from hwdb.analysis.answer import Findings, answer
from hwdb.analysis.consensus import Speaker, ballots, consensus
from hwdb.analysis.port_evidence import Sighting, port_evidence, sightings
from hwdb.analysis.slotmap import Claim, slot_map
from hwdb.report import Chassis, Function
from tests.analysis.boards import card, machine, port

if TYPE_CHECKING:
    from hwdb.analysis.port_evidence import PortEvidence

AMD = "1022:1480"
PORT = "0000:00:03.1"


def behind(*machines: Any, path: str = PORT) -> tuple[Sighting, ...]:
    """Return one machine for each (class, vendor, device, ...) that is behind the port, None for an empty one."""
    seen = []
    for number, one in enumerate(machines):
        seen.append(Sighting(number, AMD, "0000:00:14.0", "0c05", "1022", "790b", "1043", "8747"))
        seen.append(Sighting(number, AMD, path, "0604", "1022", "1483"))
        if one is not None:
            seen.append(Sighting(number, AMD, f"{path}/00.0", *one))
    return tuple(seen)


GEFORCE, RADEON = ("0300", "10de", "1b80"), ("0604", "1002", "1478")
NVME, OTHER_NVME = ("0108", "144d", "a808"), ("0108", "15b7", "5006")
LAN, OTHER_LAN = ("0200", "10ec", "8168", "1043", "8677"), ("0200", "8086", "1539", "1043", "85f0")


@pytest.mark.parametrize(
    ("machines", "shows"),
    [
        pytest.param((GEFORCE, RADEON), True, id="two graphics cards, one with a switch of its own"),
        pytest.param((NVME, OTHER_NVME, None), True, id="two drives"),
        pytest.param((LAN, NVME), True, id="things of two kinds"),
        pytest.param((GEFORCE,), False, id="one machine"),
        pytest.param((GEFORCE, GEFORCE), False, id="the same on both"),
        pytest.param((GEFORCE, None), False, id="something and nothing"),
        pytest.param((LAN, OTHER_LAN), False, id="LAN chips of two revisions of the board"),
        pytest.param((GEFORCE, (None, None, None)), False, id="what the listing does not tell"),
    ],
)
def test_a_port_with_different_cards_on_different_machines_is_a_slots(machines: Any, shows: bool) -> None:
    assert port_evidence(behind(*machines)).slots == ({(AMD, PORT)} if shows else set())


def test_platforms_are_not_compared() -> None:
    other = tuple(one._replace(platform="1022:15d0", machine=9) for one in behind(RADEON))
    assert port_evidence((*behind(GEFORCE), *other)).slots == set()


def test_graphics_of_the_processor_are_in_no_slot() -> None:
    inside = (Sighting(0, AMD, "0000:00:08.1", "0604", "1022", "1484"),)
    seen = (*inside, *behind(("0300", "1002", "15d8"), ("0300", "1002", "1638"), path="0000:00:08.1"))
    shown = port_evidence(seen)
    assert shown.slots | shown.graphics == set()
    assert "inside the processor" in shown.ways[AMD, "0000:00:08.1"]


UPLINK = "0000:00:01.2"
DOWN = f"{UPLINK}/00.2/06.0"


def chipset(*machines: Any) -> tuple[Sighting, ...]:
    switch = [
        Sighting(number, AMD, path, "0604", "1022", device)
        for number in range(len(machines))
        for path, device in ((UPLINK, "1483"), (f"{UPLINK}/00.2", "43e9"), (DOWN, "43ea"))
    ]
    return (*switch, *(one for one in behind(*machines, path=DOWN) if one.path != DOWN))


def test_the_chipsets_ports_have_slots_and_the_way_to_it_has_none() -> None:
    shown = port_evidence(chipset(GEFORCE, NVME))
    assert shown.slots == {(AMD, DOWN)}
    assert set(shown.ways) == {(AMD, UPLINK), (AMD, f"{UPLINK}/00.2")}


def test_the_ports_of_a_cards_own_switch_are_not_the_boards() -> None:
    inner = f"{PORT}/00.0/00.0"
    shown = port_evidence(
        Sighting(number, AMD, path, class_, "1002", device)
        for number, gpu in enumerate(("73bf", "744c"))
        for path, class_, device in (
            (PORT, "0604", "1483"),
            (f"{PORT}/00.0", "0604", "1478"),
            (inner, "0604", "1479"),
            (f"{inner}/00.0", "0300", gpu),
        )
    )
    assert shown.slots == set()
    assert shown.graphics == {(AMD, PORT)}


def test_a_chip_with_the_boards_mark_on_every_machine_is_soldered() -> None:
    assert set(port_evidence(behind(LAN, LAN, LAN)).soldered) == {(AMD, PORT)}


@pytest.mark.parametrize(
    "machines",
    [
        pytest.param((LAN, LAN), id="two machines"),
        pytest.param((LAN, LAN, LAN, None), id="not on every machine"),
        pytest.param((LAN, LAN, OTHER_LAN), id="another chip on one"),
        pytest.param(((*LAN[:3], "8086", "0001"),) * 3, id="one owner's three cards, with another maker's mark"),
        pytest.param((GEFORCE,) * 3, id="a popular card"),
        pytest.param(((*GEFORCE, "1043", "1"),) * 3, id="a popular card of the board's maker"),
    ],
)
def test_what_may_be_a_card_is_not_called_soldered(machines: Any) -> None:
    assert dict(port_evidence(behind(*machines)).soldered) == {}


def test_a_laptops_parts_differ_by_what_was_ordered() -> None:
    functions = (port("0000:00:01.1", 1, 1), card("0000:01:00.0", 2))
    assert sightings(machine(*functions, chassis=Chassis(type=10))) == ()
    assert len(sightings(machine(*functions, chassis=Chassis(type=3)))) == 2


def slots(said: list[Claim], shown: PortEvidence) -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    return {s.designation: (tuple(path for _, path in s.ports), s.witnesses) for s in slot_map(said, shown)}


TWO_CARDS = port_evidence(behind(GEFORCE, RADEON))
SMBIOS = Claim("PCIEX16_1", "smbios", "pcie", 16, 16, platform=AMD, path=PORT)
COPIED = Claim("PCIE1", "smbios", "pcie", 8, 8, platform=AMD, path=PORT, void="PCIE1 is of a reference board.")


def test_cards_second_the_name_of_their_slot() -> None:
    assert slots([SMBIOS], TWO_CARDS) == {"PCIEX16_1": ((PORT,), ("smbios", "topology"))}


def test_a_reference_boards_row_is_heard_only_where_cards_or_people_second_it() -> None:
    assert slots([COPIED], port_evidence(())) == {}
    assert slots([COPIED], TWO_CARDS) == {"PCIE1": ((PORT,), ("smbios", "topology"))}
    person = Claim("PCIe 1", "submitter", platform=AMD, path=PORT)
    assert slots([COPIED, person], port_evidence(())) == {"PCIe 1": ((PORT,), ("submitter", "smbios"))}
    (alone,), (seconded,) = slot_map([COPIED], TWO_CARDS), slot_map([COPIED, person])
    assert (len(alone.conflicts), len(seconded.conflicts)) == (1, 0)


def test_a_later_firmwares_own_name_takes_the_place_of_the_reference_boards() -> None:
    # ROG STRIX X670E-F: early firmware carries AMD's list, later firmware a table of its own.
    assert slots([COPIED, SMBIOS], TWO_CARDS) == {"PCIEX16_1": ((PORT,), ("smbios", "topology"))}


def test_a_number_seconds_a_reference_boards_row() -> None:
    number = Claim("Slot 3", "pci_slots", platform=AMD, path=PORT)
    assert slots([COPIED, number], port_evidence(())) == {"PCIE1": ((PORT,), ("smbios", "pci_slots"))}


def test_a_port_that_leads_to_the_chipset_on_another_machine_is_nobodys_slot() -> None:
    # MSI B650: PCIE4 is 00:02.1. The machine that says so lists no ids, another one shows what is behind the port.
    said = [Claim("PCIE4", "smbios", "pcie", platform=AMD, path=UPLINK)]
    (slot,) = slot_map(said, port_evidence(chipset(None)))
    assert slot.ports == ()
    copied = [Claim("PCIE4", "smbios", platform=AMD, path=UPLINK, void="PCIE4 is of a reference board.")]
    assert slot_map(copied, port_evidence(chipset(GEFORCE))) == ()


def test_a_port_of_a_soldered_chip_is_no_slot_unless_somebody_else_says_so() -> None:
    soldered = port_evidence(behind(LAN, LAN, LAN))
    assert slots([SMBIOS], soldered)["PCIEX16_1"][0] == ()
    number = Claim("Slot 1", "pci_slots", platform=AMD, path=PORT)
    assert slots([SMBIOS, number], soldered)["PCIEX16_1"][0] == ()
    label = Claim("PCIEX16_1", "firmware_label", platform=AMD, path=PORT)
    assert slots([SMBIOS, label], soldered)["PCIEX16_1"][0] == (PORT,)
    person = Claim("PCIEX16_1", "submitter", platform=AMD, path=PORT)
    assert slots([person], soldered)["PCIEX16_1"][0] == (PORT,)


def test_a_port_with_another_machines_slot_below_it_is_only_the_way_there() -> None:
    outer = Claim("SLOT1", "smbios", platform=AMD, path=PORT)
    inner = Claim("SLOT2", "smbios", platform=AMD, path=f"{PORT}/00.0/08.0")
    assert slots([outer, inner], port_evidence(())) == {
        "SLOT1": ((), ("smbios",)),
        "SLOT2": ((f"{PORT}/00.0/08.0",), ("smbios",)),
    }
    elsewhere = Claim("SLOT2", "smbios", platform="1022:15d0", path=f"{PORT}/00.0/08.0")
    assert slots([outer, elsewhere], port_evidence(()))["SLOT1"][0] == (PORT,)
    person = Claim("SLOT1", "submitter", platform=AMD, path=PORT)
    assert slots([person, inner], port_evidence(()))["SLOT1"][0] == (PORT,)


def shown(grade: str = "isolated", *, connector: bool | None = None, path: str = PORT) -> Findings:
    return Findings(AMD, (Verdict(grade, "because", "observed", path=path, connector=connector, occupied=True),))


def test_a_slot_nobody_names_is_answered_by_its_port() -> None:
    assert answer((), shown()) == ()
    (slot,) = answer((), shown(), TWO_CARDS)
    assert (slot.designation, slot.ports, slot.grade, slot.witnesses) == (None, (PORT,), "isolated", ("topology",))
    (voted,) = consensus(ballots((), [Speaker(shown(), None, "2024-01-01")] * 2, TWO_CARDS), "2024-06-01")
    assert (voted.ports, voted.machines, voted.witnesses) == ((PORT,), 2, ("topology",))


def test_a_port_that_claims_a_slot_is_believed_until_its_chip_turns_out_to_be_soldered() -> None:
    assert len(answer((), shown(connector=True))) == 1
    assert answer((), shown(connector=True), port_evidence(behind(LAN, LAN, LAN))) == ()


def test_ports_of_a_card_in_a_named_slot_and_on_the_way_to_one_are_no_slots_of_their_own() -> None:
    named = slot_map([Claim("PCIE1", "smbios", platform=AMD, path=f"{PORT}/00.0/01.0")])
    for path in (PORT, f"{PORT}/00.0/01.0/00.0/00.0"):
        assert [slot.designation for slot in answer(named, shown(connector=True, path=path))] == ["PCIE1"]
    beside = answer(named, shown(connector=True, path=f"{PORT}/00.0/02.0"))
    assert [slot.designation for slot in beside] == ["PCIE1", None]


def test_the_way_to_the_chipset_and_ports_inside_claim_no_slot() -> None:
    host = Function("0000:00:00.0", 0, "0600", vendor="1022", device="1480")
    inside = port("0000:00:08.1", 1, 1, vendor="1022", device="1484", slot_implemented=True)
    assert answer((), Findings(None, ())) == ()
    from hwdb.analysis.answer import answer_machine

    assert answer_machine(machine(host, inside, card("0000:01:00.0", 1))) == ()
