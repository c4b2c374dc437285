"""The slots of a board over its machines: who names them, who shows them, and what stays apart."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from hwdb import models
from hwdb.report import Bios, Board, Function, Report, Slot, to_document
from tests.analysis.boards import ACS, NO_ACS, card, port
from tests.conftest import CORPUS
from tests.machines import seed_document
from tests.store import answers, board_of, report_of, small, submit

if TYPE_CHECKING:
    from hwdb.intake import Accepted
    from hwdb.models.engine import Database
    from hwdb.queries import BoardView


def host(device: str = "1480", vendor: str = "1022") -> Function:
    return Function("0000:00:00.0", 0, "0600", vendor=vendor, device=device)


def document(*functions: Function, slots: tuple[Slot, ...] = (), bios: str | None = None) -> dict[str, Any]:
    board = Board("Example Inc.", "Board One")
    return to_document(Report(functions=functions, slots=slots, board=board, bios=Bios(version=bios)))


def graphics(address: str, group: int, vendor: str = "10de", device: str = "1b80") -> Function:
    return Function(address, group, "0300", vendor=vendor, device=device)


def submitted(database: Database, *documents: dict[str, Any]) -> tuple[Accepted, ...]:
    """Submit documents, each of another machine."""
    return tuple(submit(database, one, key=f"key-of-machine-{n:04}-xxxxx") for n, one in enumerate(documents))


def slots_of(view: BoardView) -> dict[str | None, Any]:
    return {slot.designation: slot for slot in view.slots}


FIRST = Slot("PCIEX16_1", "smbios", "pcie", 16, electrical_lanes=16, address="0000:00:03.1")
SECOND = Slot("PCIEX16_2", "smbios", "pcie", 16, electrical_lanes=8, address="0000:00:01.3")


def filled(device: str = "1b80", **facts: Any) -> dict[str, Any]:
    """Return a machine with cards in both slots."""
    return document(
        host(),
        port("0000:00:01.3", 1, 1, acs=ACS),
        graphics("0000:01:00.0", 2, device="1b81"),
        port("0000:00:03.1", 3, 2, acs=ACS),
        graphics("0000:02:00.0", 4, device=device),
        slots=(FIRST, SECOND),
        **facts,
    )


def hidden(device: str = "1b80") -> dict[str, Any]:
    """Return a machine whose firmware hides the port of its empty second slot."""
    return document(
        host(), port("0000:00:03.1", 3, 2, acs=ACS), graphics("0000:02:00.0", 4, device=device), slots=(FIRST, SECOND)
    )


def test_an_empty_slot_with_a_hidden_port_is_answered_by_a_machine_that_had_it_filled(database: Database) -> None:
    first, second = submitted(database, filled(), hidden("2204"))
    slots = slots_of(board_of(database, first))
    one, two = slots["PCIEX16_1"], slots["PCIEX16_2"]
    assert (one.grade, one.machines) == ("isolated", 2)
    # One machine shows it, so one machine supports it; the other says nothing and disagrees with nobody.
    assert (two.grade, two.evidence, two.machines, two.disagree) == ("isolated", "observed", 1, 0)
    own = {slot.designation: slot for slot in report_of(database, second).slots}["PCIEX16_2"]
    assert (own.grade, own.isolates, own.evidence) == ("unknown", None, None)
    assert "no port" in own.reason


def test_a_slot_that_no_machine_had_filled_is_not_known_and_says_what_would_tell(database: Database) -> None:
    (accepted,) = submitted(database, hidden())
    two = slots_of(board_of(database, accepted))["PCIEX16_2"]
    assert (two.grade, two.isolates, two.evidence, two.confidence) == ("unknown", None, None, None)
    assert "0000:00:01.3, where this machine shows no port" in two.reason
    assert "would tell" in two.reason


def test_an_empty_slot_whose_port_is_visible_is_answered_by_the_port(database: Database) -> None:
    empty = document(
        host(),
        port("0000:00:01.3", 1, 1, acs=NO_ACS),
        Function("0000:00:01.4", 1, "0c03", vendor="1022", device="149c"),
        slots=(SECOND,),
    )
    (accepted,) = submitted(database, empty)
    (slot,) = board_of(database, accepted).slots
    assert (slot.grade, slot.evidence, slot.occupied) == ("shared_onboard", "observed", False)
    assert [c.address for c in slot.companions] == ["0000:00:01.4"]


def test_a_prediction_for_the_empty_slot_does_not_outweigh_what_another_machine_showed(database: Database) -> None:
    ungrouped = document(
        *(
            Function(f.address, None, **{k: v for k, v in vars(f).items() if k not in {"address", "iommu_group"}})
            for f in (host(), port("0000:00:01.3", None, 1, acs=ACS), port("0000:00:03.1", None, 2, acs=ACS))
        ),
        slots=(FIRST, SECOND),
    )
    only, *_ = submitted(database, ungrouped)
    assert {slot.evidence for slot in board_of(database, only).slots} <= {"predicted", "likely", None}
    submit(database, filled(), key="key-of-another-machine-0001")
    slots = slots_of(board_of(database, only))
    assert {slots[name].evidence for name in ("PCIEX16_1", "PCIEX16_2")} == {"observed"}
    assert slots["PCIEX16_2"].machines == 1


def bare(*cards: Function, slots: tuple[Slot, ...] = ()) -> dict[str, Any]:
    """Return a machine read without root, whose ports say nothing of slots, with these cards behind its port."""
    return document(host(), port("0000:00:03.1", 3, 2), *cards, slots=slots)


def test_different_cards_on_two_machines_make_a_port_a_slot_that_nobody_names(database: Database) -> None:
    first, second = bare(graphics("0000:02:00.0", 4)), bare(graphics("0000:02:00.0", 4, "1002", "67df"))
    (accepted,) = submitted(database, first)
    assert board_of(database, accepted).slots == ()
    submitted(database, first, second)
    (slot,) = board_of(database, accepted).slots
    assert (slot.designation, slot.ports, slot.witnesses) == (None, ("0000:00:03.1",), ("topology",))
    assert (slot.grade, slot.machines, slot.confidence) == ("isolated", 2, "medium")


def test_the_same_chip_on_three_machines_takes_the_firmwares_name_from_its_port(database: Database) -> None:
    def soldered(gpu: str) -> dict[str, Any]:
        mark: dict[str, Any] = {"subsystem_vendor": "1043", "subsystem_device": "8677"}
        return document(
            host(),
            Function("0000:00:14.0", 9, "0c05", vendor="1022", device="790b", **mark),
            port("0000:00:01.3", 1, 1),
            Function("0000:01:00.0", 2, "0200", vendor="10ec", device="8168", **mark),
            port("0000:00:03.1", 3, 2),
            graphics("0000:02:00.0", 4, device=gpu),
            slots=(FIRST, SECOND),
        )

    first, _ = submitted(database, soldered("1b80"), soldered("1b81"))
    assert slots_of(board_of(database, first))["PCIEX16_2"].ports == ("0000:00:01.3",)
    submit(database, soldered("1b82"), key="key-of-the-third-machine-01")
    two = slots_of(board_of(database, first))["PCIEX16_2"]
    assert (two.ports, two.grade) == ((), "unknown")
    assert slots_of(board_of(database, first))["PCIEX16_1"].machines == 3


def test_a_reference_boards_row_is_a_slot_once_two_machines_hold_different_cards_there(database: Database) -> None:
    # AM5's list: nothing but the graphics card's port is known to hold a slot at first.
    rows = {"PCIE1": "0000:00:01.1", "J3502": "0000:00:01.2", "PCIE3": "0000:00:02.2", "PCIE4": "0000:00:02.1"}
    said = tuple(Slot(name, "smbios", "pcie", address=address, usage="in_use") for name, address in rows.items())

    def machine(second: Function) -> dict[str, Any]:
        return document(
            host("14d8"),
            port("0000:00:01.1", 1, 1),
            graphics("0000:01:00.0", 2),
            port("0000:00:02.1", 3, 2, subordinate_bus=3),
            port("0000:02:00.0", 3, 3, port_type="upstream_port", vendor="1022", device="43f4"),
            port("0000:00:02.2", 5, 4),
            second,
            slots=said,
        )

    lan = Function("0000:04:00.0", 6, "0200", vendor="8086", device="1572")
    (accepted,) = submitted(database, machine(lan))
    assert set(slots_of(board_of(database, accepted))) == {"PCIE1"}
    submitted(database, machine(lan), machine(card("0000:04:00.0", 6, "0107")))
    slots = slots_of(board_of(database, accepted))
    assert set(slots) == {"PCIE1", "PCIE3"}
    assert slots["PCIE3"].witnesses == ("smbios", "topology")


def test_with_a_processor_and_with_an_apu_one_slot_has_two_ports(database: Database) -> None:
    processor = document(host("1480"), port("0000:00:03.1", 3, 2), graphics("0000:02:00.0", 4), slots=(FIRST,))
    apu = document(
        host("15d0"),
        port("0000:00:01.1", 3, 1),
        graphics("0000:01:00.0", 4, device="1b81"),
        slots=(Slot("PCIEX16_1", "smbios", "pcie", address="0000:00:01.1"),),
    )
    first, _ = submitted(database, processor, apu)
    view = board_of(database, first)
    (slot,) = view.slots
    assert (slot.ports, slot.machines, slot.disagree) == (("0000:00:01.1", "0000:00:03.1"), 2, 0)
    assert slot.conflicts == ()
    assert {cell.platform for cell in view.matrix} == {"1022:1480", "1022:15d0"}


def pch(function: int, device: str, gpu: str, *, named: bool) -> dict[str, Any]:
    """Return an Intel machine whose slot hangs from one chipset port, whichever function that has been given."""
    address = f"0000:00:1c.{function}"
    said = (Slot("PCIEX4", "smbios", "pcie", address=address),) if named else ()
    root = port(address, 1, 3, vendor="8086", device=device, multifunction=True)
    return document(host("191f", "8086"), root, graphics("0000:03:00.0", 2, device=gpu), slots=said)


def test_a_chipset_port_is_known_by_its_id_when_firmware_swaps_its_function(database: Database) -> None:
    first, _ = submitted(database, pch(4, "a114", "1b80", named=True), pch(0, "a114", "1b81", named=False))
    (slot,) = board_of(database, first).slots
    assert (slot.designation, slot.ports, slot.machines) == ("PCIEX4", ("0000:00:1c[a114]",), 2)


def test_the_function_of_another_chipset_port_is_another_port(database: Database) -> None:
    first, _ = submitted(database, pch(4, "a114", "1b80", named=True), pch(4, "a116", "1b81", named=False))
    named = slots_of(board_of(database, first))["PCIEX4"]
    assert (named.ports, named.machines) == (("0000:00:1c[a114]",), 1)


def siblings(*, second: bool) -> dict[str, Any]:
    """Return a machine with two slots at one multifunction device without ACS, the second one filled or not."""
    facts: dict[str, Any] = {"acs": NO_ACS, "multifunction": True}
    functions = [
        host("3e30", "8086"),
        port("0000:00:01.0", 1, 1, **facts),
        port("0000:00:01.1", 1, 2, **facts),
        graphics("0000:01:00.0", 1, device="1b81" if second else "1b80"),
    ]
    functions += [graphics("0000:02:00.0", 1)] if second else []
    names = (("PCIE1", "0000:00:01.0"), ("PCIE2", "0000:00:01.1"))
    slots = tuple(Slot(name, "smbios", "pcie", address=address) for name, address in names)
    return document(*functions, slots=slots)


def test_a_sibling_that_is_empty_on_one_machine_and_filled_on_another_is_no_disagreement(database: Database) -> None:
    first, _ = submitted(database, siblings(second=False), siblings(second=True))
    view = board_of(database, first)
    slot = slots_of(view)["PCIE1"]
    assert {vote.grade for vote in report_of(database, first).slots if vote.designation == "PCIE1"} == {"conditional"}
    assert slot.disagree == 0
    assert slot.isolates is not True
    assert view.notes == ()


@pytest.mark.corpus
def test_the_seed_its_boards_published_slot_table_and_the_layout_give_one_answer(database: Database) -> None:
    with (CORPUS / "dmi" / "BOARD-SLOTS.tsv").open(encoding="utf-8", newline="") as lines:
        table = list(csv.DictReader(lines, delimiter="\t"))
    rows = tuple(
        Slot(
            one["designation"],
            "smbios",
            "m2" if one["designation"].startswith("M2") else "pcie",
            electrical_lanes=int(one["type"].split()[0][1:]),
            address=one["commonest_address"],
        )
        for one in table
        if (one["vendor"], one["product"]) == ("ASRock", "X399 Taichi")
    )
    assert len(rows) == 8
    published = {**document(slots=rows, bios="P2.00"), "board": seed_document()["board"]}
    for documents in ((seed_document(), published), (published, seed_document())):
        accepted, _ = submitted(database, *documents)
    slots = slots_of(board_of(database, accepted))
    assert {name: (slots[name].grade, slots[name].evidence, slots[name].ports) for name in list(slots)[:5]} == {
        "PCIE1": ("isolated", "observed", ("0000:40:03.1",)),
        "PCIE2": ("isolated", "observed", ("0000:40:01.3",)),
        "PCIE3": ("shared_onboard", "observed", ("0000:00:01.1/00.2/07.0",)),
        "PCIE4": ("isolated", "observed", ("0000:00:03.1",)),
        "PCIE5": ("isolated", "declared", ("0000:00:01.3",)),
    }
    assert all(slots[name].witnesses == ("curated", "submitter", "smbios") for name in list(slots)[:5])
    assert {"M2_1", "M2_2", "M2_3"} < set(slots)
    assert [c.class_ for c in slots["PCIE3"].companions] == ["0c03", "0106", "0200", "0280", "0200"]


SUBMISSIONS = st.lists(
    st.tuples(st.sampled_from(["Board One", "Board Two"]), st.integers(0, 5), st.booleans(), st.booleans()),
    min_size=1,
    max_size=5,
)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(said=SUBMISSIONS)
def test_a_report_changes_no_other_boards_answer(database: Database, said: list[tuple[str, int, bool, bool]]) -> None:
    for name, gpu, shared, named in said:
        before = answers(database)
        one = small(f"2{gpu:03x}", shared=shared, board={"vendor": "Example Inc.", "name": name})
        if not named:
            one["slots"] = []
        accepted = submit(database, one)
        after = answers(database)
        with database.reading() as session:
            own = session.scalars(select(models.Board.id).where(models.Board.slug == accepted.slug)).one()
        assert {board: answer for board, answer in after.items() if board != own} == {
            board: answer for board, answer in before.items() if board != own
        }
