"""Several inputs about one machine become one report; inputs about different machines are refused."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hwdb import importers
from hwdb.errors import ParseError
from hwdb.importers.combine import combine
from hwdb.report import Board, Function, Kernel, Provenance, Report, Slot
from tests.importers.groups import problems
from tests.importers.lspci_samples import SHORT, VERBOSE
from tests.importers.test_dmidecode import TABLE

LISTED, NAMED = importers.parse(VERBOSE), importers.parse(TABLE)


def test_functions_come_from_one_and_the_board_from_the_other() -> None:
    for both in (combine([LISTED, NAMED]), combine([NAMED, LISTED])):
        assert {f.address for f in both.functions} == {f.address for f in LISTED.functions}
        assert (both.board, both.bios, both.cpus) == (NAMED.board, NAMED.bios, NAMED.cpus)
        assert both.iommu.state == "on"
        assert {slot.witness for slot in both.slots or ()} == {"pci_slots", "smbios"}
        assert len(both.slots or ()) == 3
        # What one lacks, the other has.
        assert problems(both) == ()
    assert combine([LISTED, NAMED]).provenance.source == "lspci+dmidecode"


def test_one_report_stays_as_it_is() -> None:
    assert combine([LISTED]) == LISTED
    assert combine([LISTED, LISTED]) == LISTED


def test_functions_are_merged_field_by_field_and_the_first_is_believed() -> None:
    one = Report((Function("0000:01:00.0", 1, vendor="10de", device="1b80", name="A"), Function("0000:00:00.0")))
    more = Report((Function("0000:01:00.0", 1, "0300", vendor="10de", name="B"), Function("0000:02:00.0", 4)))
    assert combine([one, more]).functions == (
        Function("0000:01:00.0", 1, "0300", vendor="10de", device="1b80", name="A"),
        Function("0000:00:00.0"),
        Function("0000:02:00.0", 4),
    )


def test_facts_within_an_object_are_merged() -> None:
    one, more = Report(kernel=Kernel(release="6.1")), Report(kernel=Kernel(release="6.2", distribution="Debian 12"))
    assert combine([one, more]).kernel == Kernel(release="6.1", distribution="Debian 12")


def test_groups_of_two_states_are_not_mixed() -> None:
    one = Report((Function("0000:01:00.0", 1),))
    more = Report((Function("0000:01:00.0", 2), Function("0000:02:00.0", 1)))
    both = combine([one, more])
    assert [f.iommu_group for f in both.functions] == [1, None]
    assert "other IOMMU groups" in problems(both)[0]


def test_unknown_slots_and_no_slots_are_different() -> None:
    assert combine([Report(), Report()]).slots is None
    assert combine([Report(slots=()), Report()]).slots == ()
    assert combine([Report(slots=()), Report(slots=(Slot("PCIE1"),))]).slots == (Slot("PCIE1"),)


def test_a_licence_covers_what_was_submitted_under_it() -> None:
    free = Report(provenance=Provenance(licence="CC0-1.0"))
    assert combine([free, free]).provenance.licence == "CC0-1.0"
    assert combine([free, Report()]).provenance.licence is None


def test_two_boards_are_refused() -> None:
    other = replace(NAMED, board=Board("Example Inc.", "B550 Example"))
    with pytest.raises(ParseError, match=r"^input 2 is about another board"):
        combine([NAMED, other])
    with pytest.raises(ParseError, match=r"^b\.txt is about another board"):
        combine([NAMED, other], ["a.txt", "b.txt"])


@pytest.mark.parametrize("name", ["x399  example", "Default string", "To Be Filled By O.E.M.", None])
def test_one_board_may_be_written_in_two_ways_or_not_at_all(name: str | None) -> None:
    other = replace(NAMED, board=Board("EXAMPLE", name))
    assert combine([NAMED, other]).board.name == "X399 Example"


def test_other_devices_at_the_same_addresses_are_another_machine() -> None:
    other = importers.parse(VERBOSE.replace("[10de:1b80]", "[1002:73bf]"))
    with pytest.raises(ParseError, match=r"^input 2 is about another machine: 1 of the 5 addresses"):
        combine([LISTED, other])


def test_other_classes_at_the_same_addresses_are_another_machine_where_ids_are_not_known() -> None:
    with pytest.raises(ParseError, match="another machine"):
        combine([LISTED, importers.parse(SHORT)])


def test_nothing_is_refused() -> None:
    with pytest.raises(ParseError, match=r"^there is nothing to combine"):
        combine([])
