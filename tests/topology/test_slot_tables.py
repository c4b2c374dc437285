"""Which port a firmware's slot table means, and which of its rows mean nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from hwdb.analysis import judge
from hwdb.analysis.answer import answer_machine
from hwdb.report import Function, Report, Slot
from hwdb.topology import normalise
from tests.analysis.boards import NO_ACS, card, machine, port
from tests.dumps import corpus_text, read_lspci, read_slot_table

if TYPE_CHECKING:
    from hwdb.topology import Machine, SlotWitness

AMD = Function("0000:00:00.0", iommu_group=0, class_="0600", vendor="1022", device="1480")
INTEL = Function("0000:00:00.0", iommu_group=0, class_="0600", vendor="8086", device="3e30")

# A root port with a graphics card, an empty one, and one of the chipset with a PCI bridge.
BOARD = (
    port("0000:00:01.0", 1, 1, link_width_max=16),
    card("0000:01:00.0", 2),
    card("0000:01:00.1", 2, "0403"),
    port("0000:00:1c.7", 3, 4, link_width_max=1),
    port("0000:00:1b.4", 4, 5, link_width_max=4),
)


def row(designation: str, address: str | None, **facts: Any) -> Slot:
    return Slot(designation, "smbios", address=address, **{"kind": "pcie", "usage": "in_use", **facts})


def one(*slots: Slot, board: tuple[Function, ...] = BOARD) -> SlotWitness:
    """Return the first statement, resolved."""
    return machine(*board, slots=slots).slots[0]


def paths(shown: Machine) -> dict[str | None, str | None]:
    return {w.slot.designation: w.path for w in shown.slots}


def reasons(shown: Machine) -> dict[str | None, str]:
    return {w.slot.designation: w.void for w in shown.slots if w.void is not None}


def answered(shown: Machine) -> list[str | None]:
    return [slot.designation for slot in answer_machine(shown) if slot.designation is not None]


@pytest.mark.parametrize(
    ("address", "path"),
    [
        pytest.param("0000:00:01.0", "0000:00:01.0", id="the root port"),
        pytest.param("0000:01:00.0", "0000:00:01.0", id="the card in it"),
        pytest.param("0000:01:00.1", "0000:00:01.0", id="another function of the card"),
        pytest.param("0000:04:1c.7", "0000:00:1c.7", id="ASUS, Foxconn: bus behind the port, the port's own function"),
        pytest.param("0000:05:00.4", "0000:00:1b.4", id="X99 Taichi: bus behind the port, function of the port"),
        pytest.param("0000:05:00.0", "0000:00:1b.4", id="servers: the bus behind an empty port"),
        pytest.param("0000:04:1c.6", None, id="the bus of one port with the function of another"),
        pytest.param("0000:05:00.2", None, id="a function that is neither there nor the port's"),
        pytest.param("0000:01:00.4", None, id="ASRock Z390: a bus with a card, and a function that is not there"),
        pytest.param("0000:09:00.0", None, id="a bus that is not there"),
        pytest.param("0000:00:01.4", None, id="a port that the firmware hides"),
    ],
)
def test_an_address_means_a_port(address: str, path: str | None) -> None:
    shown = one(row("PCIE1", address))
    assert (shown.path, shown.void) == (path, None)


def test_a_port_that_is_not_there_is_said_to_be_missing() -> None:
    (slot,) = answer_machine(machine(*BOARD, slots=(row("PCIE2", "0000:00:01.4"),)))
    assert (slot.grade, slot.ports) == ("unknown", ())
    assert "0000:00:01.4, where this machine shows no port" in slot.reason


@pytest.mark.parametrize("address", ["0000:ff:00.0", "00ff:ff:1f.7", "0000:00:00.0", "0000:00:00.3", "0000:00:1f.7"])
def test_placeholders_name_nothing_even_where_such_a_function_exists(address: str) -> None:
    uncore = Function("0000:ff:00.0", class_="0880", vendor="8086", device="2014")
    trace = Function("0000:00:1f.7", class_="1300", vendor="8086", device="a2a6")
    shown = one(row("SLOT2", address), board=(INTEL, *BOARD, uncore, trace))
    assert (shown.path, shown.occupant, shown.designation) == (None, None, "SLOT2")
    assert "no address at all" in (shown.void or "")


def test_a_segment_is_believed_where_the_machine_has_that_domain() -> None:
    assert "domain" in (one(row("J3709", "0200:00:01.5")).void or "")
    assert "domain" in (one(row("SLOT1", "0080:01:00.0")).void or "")
    numa = (port("0001:00:01.0", 9, 1), card("0001:01:00.0", 10))
    assert one(row("SLOT9", "0001:01:00.0"), board=(*BOARD, *numa)).path == "0001:00:01.0"


def test_a_row_without_an_address_makes_no_claim() -> None:
    shown = one(row("PCI1", None))
    assert (shown.designation, shown.path, shown.void) == ("PCI1", None, None)


def test_one_address_for_all_slots_is_nobodys() -> None:
    said = [row(f"PCIEX16_{i}", "0000:01:00.0") for i in (1, 2, 3)]
    assert set(reasons(machine(*BOARD, slots=tuple(said))).values()) == {
        "The firmware gives 0000:01:00.0 to each of its slots."
    }


TEMPLATE = tuple(
    row(name, f"0000:00:{hop}")
    for name, hop in zip(
        ("J6B2", "J6B1", "J6D1", "J7B1", "J8B4", "J8D1", "J8B3"),
        ("01.0", "1c.3", "1c.4", "1c.5", "1c.6", "1c.7", "1e.0"),
        strict=True,
    )
)


@pytest.mark.parametrize("host", [AMD, INTEL], ids=["amd", "intel, where some of the ports exist"])
def test_slots_of_the_reference_board_are_no_slots_of_this_one(host: Function) -> None:
    # MSI's boards list them before the real ones.
    shown = machine(host, *BOARD, slots=(*TEMPLATE, row("PCIE3", "0000:00:1b.4")))
    assert paths(shown)["PCIE3"] == "0000:00:1b.4"
    assert answered(shown) == ["PCIE3"]
    assert {v.designation for v in judge(shown)} == {None}
    assert len(reasons(shown)) == len(TEMPLATE)
    # The document keeps what was said.
    assert len(shown.report.slots or ()) == len(shown.slots) == len(TEMPLATE) + 1


def test_the_reference_board_is_known_by_its_names_where_addresses_are_left_out() -> None:
    assert answered(machine(*BOARD, slots=tuple(row(s.designation or "", None) for s in TEMPLATE))) == []
    # One such name alone may be this board's own.
    assert answered(machine(*BOARD, slots=(row("J6B2", None),))) == ["J6B2"]


@pytest.mark.parametrize("name", ["RTL8125", "RTL8111H", "SimCard Slot", "SIM Card", "UMA FAN"])
def test_what_is_no_slot_is_in_no_answer(name: str) -> None:
    assert answered(machine(*BOARD, slots=(row(name, None), row("PCIE3", "0000:00:1b.4")))) == ["PCIE3"]


def test_a_card_behind_a_phantom_slot_is_not_said_to_be_in_a_slot() -> None:
    # 00:1c.4 is the soldered network chip of a Dell 0GDG8Y.
    lan = (port("0000:00:1c.4", 7, 3, acs=NO_ACS), card("0000:03:00.0", 7, "0200"))
    shown = machine(INTEL, port("0000:00:01.0", 7, 1, acs=NO_ACS), card("0000:01:00.0", 7), *lan, slots=TEMPLATE)
    verdict = next(v for v in judge(shown) if v.path == "0000:00:01.0")
    assert (verdict.grade, [c.slot for c in verdict.companions]) == ("shared_onboard", [None])


def test_the_reference_boards_addresses_under_other_names_leave_the_names() -> None:
    # Sabertooth 990FX R2.0, Dell Inspiron 620.
    said = (row("PCIEX16", "0000:00:01.0"), row("PCIEX1_1", "0000:00:1c.3"), row("PCIEX1_2", "0000:00:1c.7"))
    shown = machine(INTEL, *BOARD, slots=said)
    assert answered(shown) == ["PCIEX1_1", "PCIEX1_2", "PCIEX16"]
    assert all("reference board" in reason for reason in reasons(shown).values())
    assert set(paths(shown).values()) == {None}
    # Two of them are where many Intel boards have slots.
    assert paths(machine(INTEL, *BOARD, slots=said[1:]))["PCIEX1_2"] == "0000:00:1c.7"


def test_amd_machines_have_no_intel_chipset() -> None:
    said = (row("PCIE1", "0000:00:1c.3"),)
    assert "AMD" in reasons(machine(AMD, port("0000:00:03.1", 1, 1), slots=said))["PCIE1"]
    assert reasons(machine(INTEL, port("0000:00:03.1", 1, 1), slots=said)) == {}


def graphics(**facts: Any) -> tuple[Function, ...]:
    """Return a graphics card with a switch of its own; the facts are the switch's."""
    return (
        port("0000:60:03.1", 1, 0x63, subordinate_bus=0x65),
        port("0000:63:00.0", 2, 0x64, subordinate_bus=0x65, **{"port_type": "upstream_port", **facts}),
        port("0000:64:00.0", 3, 0x65, **{"port_type": "downstream_port", **facts}),
        Function("0000:65:00.0", iommu_group=4, class_="0300", vendor="1002", device="73bf"),
    )


@pytest.mark.parametrize("address", ["0000:63:00.0", "0000:64:00.0", "0000:65:00.0"])
@pytest.mark.parametrize("kind", [{}, {"port_type": None}], ids=["read as root", "read without root"])
def test_a_cards_own_switch_is_a_part_of_the_card(address: str, kind: dict[str, Any]) -> None:
    # HPE names the switch of an Instinct card for PCI-E Slot 2.
    shown = one(row("PCI-E Slot 2", address), board=graphics(vendor="1002", device="1479", **kind))
    assert shown.path == "0000:60:03.1"


def test_a_person_who_names_a_card_means_all_of_it() -> None:
    said = Slot("PCIE1", "submitter", occupant="0000:65:00.0")
    assert one(said, board=graphics(vendor="1002", device="1479")).path == "0000:60:03.1"


def test_a_switch_that_may_be_soldered_is_not_taken_for_a_part_of_the_card() -> None:
    # ASMedia's switches serve the small slots of many boards, with soldered chips beside them.
    board = (
        port("0000:00:1c.0", 1, 2, subordinate_bus=5),
        port("0000:02:00.0", 1, 3, subordinate_bus=5, port_type="upstream_port", vendor="1b21", device="1184"),
        port("0000:03:01.0", 1, 4, port_type="downstream_port", vendor="1b21", device="1184", acs=NO_ACS),
        port("0000:03:03.0", 1, 5, port_type="downstream_port", vendor="1b21", device="1184", acs=NO_ACS),
        card("0000:04:00.0", 1),
        card("0000:05:00.0", 1, "0200"),
    )
    shown = machine(*board, slots=(row("PCIE3", "0000:04:00.0"),))
    assert shown.slots[0].path == "0000:00:1c.0/00.0/01.0"
    (slot,) = answer_machine(shown)
    assert (slot.grade, [c.address for c in slot.companions]) == ("shared_onboard", ["0000:05:00.0"])


def test_the_chipsets_switch_is_the_boards_own() -> None:
    board = (
        port("0000:00:01.2", 1, 2, subordinate_bus=6),
        port("0000:02:00.2", 1, 3, subordinate_bus=6, port_type="upstream_port", vendor="1022", device="43e9"),
        port("0000:03:06.0", 1, 4, port_type="downstream_port", vendor="1022", device="43ea"),
        card("0000:04:00.0", 1),
        port("0000:03:07.0", 1, 5, port_type="downstream_port", vendor="1022", device="43ea"),
    )
    said = (row("J3703", "0000:03:06.0"), row("J3702", "0000:05:07.0"), row("PCIE4", "0000:02:00.2"))
    shown = machine(*board, slots=said)
    assert paths(shown) == {
        "J3703": "0000:00:01.2/00.2/06.0",
        "J3702": "0000:00:01.2/00.2/07.0",
        "PCIE4": None,
    }
    assert "chipset" in reasons(shown)["PCIE4"]
    # An absent function behind the switch's inner bus stands for no slot.
    assert one(row("PCIE4", "0000:03:00.0"), board=board).path is None


def test_conventional_slots_are_told_apart_by_their_device_number() -> None:
    bus = port("0000:00:1e.0", 1, 5, vendor="8086", device="244e", port_type=None)
    said = (row("PCI1", "0000:05:01.0", kind="pci"), row("PCI2", "0000:05:02.0", kind="pci", usage="available"))
    shown = machine(INTEL, bus, card("0000:05:01.0", 1, "0401"), slots=said)
    assert paths(shown) == {"PCI1": "0000:00:1e.0/01", "PCI2": "0000:00:1e.0/02"}
    assert {slot.designation: slot.occupied for slot in answer_machine(shown)} == {"PCI1": True, "PCI2": False}


def test_a_slot_called_empty_has_nothing_behind_its_port() -> None:
    shown = one(row("SLOT1", "0000:00:01.0", usage="available"))
    assert (shown.path, shown.occupant) == (None, None)
    assert "calls the slot empty" in (shown.void or "")
    assert one(row("SLOT2", "0000:00:1b.4", usage="available")).path == "0000:00:1b.4"


def test_usage_is_not_held_against_an_address_that_carries_the_ports_own() -> None:
    filled = (*BOARD, card("0000:04:00.0", 3, "0200"))
    assert one(row("PCIEX1_3", "0000:04:1c.7", usage="available"), board=filled).path == "0000:00:1c.7"


def test_in_use_proves_no_card() -> None:
    (slot,) = answer_machine(machine(*BOARD, slots=(row("SLOT2", "0000:00:1b.4", usage="in_use"),)))
    assert (slot.ports, slot.occupied) == (("0000:00:1b.4",), False)


def test_a_port_with_another_slots_port_below_it_is_only_the_way_there() -> None:
    board = (
        port("0000:00:01.0", 1, 1, subordinate_bus=4),
        port("0000:01:00.0", 2, 2, subordinate_bus=4, port_type="upstream_port", vendor="10b5"),
        port("0000:02:08.0", 3, 3, port_type="downstream_port", vendor="10b5"),
        port("0000:02:10.0", 4, 4, port_type="downstream_port", vendor="10b5"),
    )
    said = (row("SLOT1", "0000:00:01.0"), row("SLOT2", "0000:02:08.0"), row("SLOT3", "0000:02:10.0"))
    shown = machine(*board, slots=said)
    assert [name for name, path in paths(shown).items() if path is None] == ["SLOT1"]
    assert "SLOT2" in reasons(shown)["SLOT1"]


def test_a_card_that_two_slots_claim_is_in_neither_as_far_as_is_known() -> None:
    # H12DSG: SLOT5 and SLOT6 are both "in use" with one network card.
    shown = machine(*BOARD, slots=(row("SLOT5", "0000:01:00.0"), row("SLOT6", "0000:01:00.1")))
    assert set(paths(shown).values()) == {None}
    assert {slot.grade for slot in answer_machine(shown) if slot.designation} == {"unknown"}


def test_the_one_of_two_rows_that_cannot_be_right_does_not_take_the_other_along() -> None:
    said = (row("SLOT1", "0000:01:00.0"), row("M2_1", "0000:01:00.0", usage="available"))
    assert paths(machine(*BOARD, slots=said)) == {"SLOT1": "0000:00:01.0", "M2_1": None}


@pytest.mark.parametrize(("lanes", "believed"), [(1, True), (4, True), (8, False), (16, False), (None, True)])
def test_a_slot_is_split_in_four_at_most(lanes: int | None, believed: bool) -> None:
    shown = one(row("PCIEX16_2", "0000:00:1c.7", electrical_lanes=lanes))
    assert (shown.path is not None) == believed
    assert believed or "split in 4" in (shown.void or "")


@pytest.mark.parametrize("wired", [None, 0, 63])
def test_lanes_a_port_does_not_tell_are_held_against_nobody(wired: int | None) -> None:
    board = (port("0000:00:1c.7", 3, 4, link_width_max=wired),)
    assert one(row("PCIEX16_2", "0000:00:1c.7", electrical_lanes=16), board=board).path == "0000:00:1c.7"


def test_people_are_not_held_to_what_firmware_gets_wrong() -> None:
    said = (
        Slot("PCIE1", "submitter", occupant="0000:01:00.0", electrical_lanes=16, usage="available"),
        Slot("PCIE2", "curated", port="0000:00:1c.7", electrical_lanes=16),
    )
    assert paths(machine(*BOARD, slots=said)) == {"PCIE1": "0000:00:01.0", "PCIE2": "0000:00:1c.7"}


def test_a_derived_tree_names_no_port_by_an_address_that_is_not_there() -> None:
    listing = (INTEL, Function("0000:00:1c.7", 1, "0604", vendor="8086", device="8c1e"))
    shown = normalise(Report(functions=listing, slots=(row("PCIEX1_3", "0000:01:1c.7"),)))
    assert (shown.tree, shown.slots[0].path) == ("derived", None)


def test_a_function_of_the_processor_is_no_card() -> None:
    # GENOAD12M3 gives host bridges for its MCIO connectors.
    shown = one(row("MCIO1", "0000:00:01.0"), board=(Function("0000:00:01.0", 1, "0600"),))
    assert (shown.path, shown.occupant) == (None, None)


# Resolved, void with their name kept, void as the reference board's, and without a function on the machine.
COUNTS = {
    # Reference addresses under the names PCIEX16 and PCIEX1 (three times); 00:1c.4 is there and is the soldered LAN.
    "GH-40D7E38F": (0, 4, 0, 0),
    # Endpoints; one empty slot gives ff:00.0.
    "GH-9CA2A7FD": (4, 1, 0, 0),
    # An AMD board with Intel's reference table.
    "GH-AC4CB356": (0, 0, 3, 0),
    # Root ports; one gives segment 0200.
    "NV-0A85233D": (3, 1, 0, 0),
    # 00:00.0 for all four slots.
    "NV-6F02A114": (0, 4, 0, 0),
    # Intel's reference table, three empty slots at 00:1f.7, and four live rows of AMD's.
    "NV-A688C4EB": (4, 3, 7, 0),
    # Endpoints, a card's switch, and the buses behind four empty ports.
    "RT-B94692FB": (6, 0, 0, 0),
}


def recorded(name: str) -> Machine:
    functions = read_lspci(corpus_text(name, "lspci"))
    table = read_slot_table(corpus_text(name, "dmidecode"))
    return normalise(Report(functions=tuple(functions.values()), slots=table))


@pytest.mark.corpus
@pytest.mark.parametrize(("name", "counts"), [pytest.param(n, c, id=f"{n}-{c}") for n, c in COUNTS.items()])
def test_recorded_tables_resolve_as_their_listings_show(name: str, counts: tuple[int, int, int, int]) -> None:
    said = recorded(name).slots
    void = [w for w in said if w.void is not None]
    resolved = [w for w in said if w.path is not None]
    phantom = [w for w in void if w.designation is None]
    counted = (len(resolved), len(void) - len(phantom), len(phantom), len(said) - len(resolved) - len(void))
    assert counted == counts
    assert sum(counts) == len(said)


@pytest.mark.corpus
def test_rows_in_use_resolve_as_published() -> None:
    # Of 21 rows "In Use" with an address in tables that are not the reference board's, 18 were said to resolve. 17 of
    # the 21 are recorded here and 14 of the 18: ours are one less, the Inspiron's 00:1c.4, which is a soldered chip.
    tables = [recorded(name) for name in COUNTS if name not in {"GH-AC4CB356", "NV-6F02A114"}]
    used = [w for m in tables for w in m.slots if w.slot.usage == "in_use" and w.designation is not None]
    assert (len(used), sum(w.path is not None for w in used)) == (17, 13)


@pytest.mark.corpus
@pytest.mark.parametrize(
    ("name", "designation", "path"),
    [
        ("GH-9CA2A7FD", "RSC-W-66G4 SLOT1 PCI-E 4.0 X16", "0000:80:01.1"),
        ("GH-9CA2A7FD", "RSC-W-66G4 SLOT2 PCI-E 4.0 X16", "0000:c0:01.1"),
        ("GH-9CA2A7FD", "SXB3", "0000:40:01.4"),
        ("GH-9CA2A7FD", "AOC-URG4N4-i4XTS Slot1:PCIe Gen4 X16", "0000:00:01.1"),
        ("NV-0A85233D", "J3604", "0000:00:01.1"),
        ("NV-0A85233D", "J3711", "0000:00:01.2"),
        ("NV-0A85233D", "J3704", "0000:00:01.7"),
        ("NV-A688C4EB", "J3700 M.2 Slot", "0000:00:01.1"),
        ("NV-A688C4EB", "J3703 PCIE x1 slot from Promontory", "0000:00:01.2/00.2/06.0"),
        ("NV-A688C4EB", "J3702 PCIE x1 slot from Promontory", "0000:00:01.2/00.2/07.0"),
        ("NV-A688C4EB", "J3701 M.2 WLAN/BT slot from Promontory", "0000:00:01.2/00.2/09.0"),
        ("RT-B94692FB", "PCI-E Slot 3", "0000:40:03.1"),
        ("RT-B94692FB", "PCI-E Slot 2", "0000:60:03.1"),
    ],
)
def test_recorded_slots_hang_from_the_ports_their_listings_show(name: str, designation: str, path: str) -> None:
    assert paths(recorded(name))[designation] == path


@pytest.mark.corpus
def test_four_empty_bays_of_one_name_are_four_ports() -> None:
    bays = [w.path for w in recorded("RT-B94692FB").slots if (w.slot.designation or "").startswith("NVMe")]
    assert bays == ["0000:80:01.1", "0000:80:01.2", "0000:80:01.3", "0000:80:01.4"]
