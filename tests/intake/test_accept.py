"""One report in: stored once, counted once per machine, and its board's answer tells it."""

from __future__ import annotations

import datetime as dt
import hashlib
from itertools import permutations
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from hwdb import models
from hwdb.intake import hold, load_device_names, withdraw
from hwdb.report import canonical, to_document
from tests.machines import seed, seed_document
from tests.store import NOW, answers, board_of, report_of, row_counts, small, submit

if TYPE_CHECKING:
    from hwdb.intake import Accepted
    from hwdb.models.engine import Database

KEY, OTHER_KEY = "first-submitters-key-0001", "other-submitters-key-0002"


def counted(database: Database, accepted: Accepted) -> dict[str, bool]:
    """Return the board's reports by id, and whether each counts."""
    return {one.id: one.counted for one in board_of(database, accepted).reports}


def test_what_is_stored_is_the_canonical_document(database: Database) -> None:
    accepted = submit(database, seed_document())
    document = canonical(to_document(seed()))
    with database.reading() as session:
        stored = session.scalars(select(models.Report)).one()
        assert stored.document == document
        assert stored.digest == hashlib.sha256(document).hexdigest()
    assert accepted.public_id == hashlib.sha256(document).hexdigest()[:16]
    assert (accepted.vendor_slug, accepted.slug) == ("asrock", "x399-taichi")


@pytest.mark.parametrize("key", [None, KEY, OTHER_KEY])
def test_the_same_document_again_changes_nothing(database: Database, key: str | None) -> None:
    first = submit(database, small(), key=KEY)
    before, answered = row_counts(database), answers(database)
    # Another order of keys and other blanks are the same document.
    again = submit(database, dict(reversed(small().items())), key=key, now=NOW + dt.timedelta(days=1))
    assert (first.created, again.created) == (True, False)
    assert (again.public_id, again.vendor_slug, again.slug) == (first.public_id, first.vendor_slug, first.slug)
    assert again.remarks == first.remarks
    assert (row_counts(database), answers(database)) == (before, answered)


def test_the_same_document_again_grants_the_second_sender_nothing(database: Database) -> None:
    submit(database, small("1b80"), key=KEY)
    submit(database, small("1b80"), key=OTHER_KEY)
    accepted = submit(database, small("1b81"), key=OTHER_KEY)
    assert board_of(database, accepted).machines == 2


def test_a_key_is_kept_as_a_hash_only(database: Database) -> None:
    submit(database, small(), key=KEY)
    seen = []
    with database.reading() as session:
        for table in models.Base.metadata.sorted_tables:
            for row in session.execute(select(table)):
                seen += [value if isinstance(value, bytes) else str(value).encode() for value in row]
    assert not [value for value in seen if KEY.encode() in value]
    assert hashlib.sha256(KEY.encode()).hexdigest().encode() in seen


@pytest.mark.parametrize(
    ("second", "keys", "machines"),
    [
        ("1b80", (None, None), 1),
        ("1b80", (KEY, OTHER_KEY), 1),
        ("1b80", (None, KEY), 1),
        ("1b81", (KEY, KEY), 1),
        ("1b81", (KEY, OTHER_KEY), 2),
        ("1b81", (None, None), 2),
        ("1b81", (KEY, None), 2),
    ],
)
def test_reports_of_one_machine_share_a_key_or_their_hardware(
    database: Database, second: str, keys: tuple[str | None, str | None], machines: int
) -> None:
    submit(database, small("1b80"), key=keys[0])
    accepted = submit(database, small(second, kernel={"release": "6.1"}), key=keys[1])
    seen = board_of(database, accepted)
    assert seen.machines == machines
    assert [slot.machines for slot in seen.slots] == [machines]
    assert len(seen.reports) == 2
    assert sum(one.counted for one in seen.reports) == machines


def test_ten_keys_over_one_machine_count_once(database: Database) -> None:
    for number in range(10):
        accepted = submit(database, small(kernel={"release": f"6.{number}"}), key=f"{KEY}-{number}")
    seen = board_of(database, accepted)
    assert (seen.machines, len(seen.reports), seen.slots[0].confidence) == (1, 10, "low")
    assert [one.kernel for one in seen.reports if one.counted] == ["6.9"]


def test_one_key_on_two_boards_is_two_machines(database: Database) -> None:
    one = submit(database, small(), key=KEY)
    two = submit(database, small(board={"vendor": "Example Inc.", "name": "Board Two"}), key=KEY)
    assert [board_of(database, accepted).machines for accepted in (one, two)] == [1, 1]


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_a_report_that_joins_two_machines_merges_them_until_it_is_withdrawn(
    database: Database, order: tuple[int, int, int]
) -> None:
    # The second has the key of the first and the hardware of the third.
    senders: list[tuple[str, str]] = [("1b80", KEY), ("1b81", KEY), ("1b81", OTHER_KEY)]
    sent = {}
    for number in order:
        card, key = senders[number]
        sent[number] = submit(database, small(card, kernel={"release": f"6.{number}"}), key=key)
    assert board_of(database, sent[1]).machines == 1
    assert len(report_of(database, sent[0]).history) == 2
    assert row_counts(database)["machines"] == 1
    with database.writing() as session:
        withdraw(session, sent[1].public_id, NOW)
        session.commit()
    assert board_of(database, sent[0]).machines == 2
    assert report_of(database, sent[0]).history == ()
    assert row_counts(database)["machines"] == 2


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ("2024-05-30", "2024-05-31"),
        ("2024-05-31T08:00:00Z", "2024-05-31T18:00:00Z"),
        ("2024-05-31", "2024-05-31T18:00:00Z"),
        # The same day, told by clocks of two places: 22:00 and 23:00 in UTC.
        ("2024-06-01T07:00:00+09:00", "2024-05-31T23:00:00Z"),
        ("2024-05-31T18:00:00Z", "2024-05-31t18:00:00.5z"),
    ],
)
@pytest.mark.parametrize("newest_first", [True, False])
def test_the_newest_report_of_a_machine_speaks(
    database: Database, earlier: str, later: str, newest_first: bool
) -> None:
    old = small(shared=True, provenance={"collected": earlier})
    new = small(shared=False, provenance={"collected": later})
    sent = [submit(database, document, key=KEY) for document in ((new, old) if newest_first else (old, new))]
    speaks = sent[0 if newest_first else 1]
    seen = board_of(database, speaks)
    assert (seen.slots[0].grade, seen.machines, seen.groups_from) == ("isolated", 1, speaks.public_id)
    assert counted(database, speaks) == {one.public_id: one is speaks for one in sent}
    assert {one.public_id: report_of(database, one).summary.counted for one in sent} == counted(database, speaks)


def test_a_report_made_with_the_iommu_off_silences_nothing(database: Database) -> None:
    good = submit(database, small(), key="one machine of one owner")
    off = small(iommu={"state": "off"})
    off["functions"] = [{**function, "iommu_group": None} for function in off["functions"]]
    later = submit(database, off, key="one machine of one owner", now=NOW + dt.timedelta(days=9))
    board = board_of(database, later)
    assert board.machines == 1
    assert [slot.grade for slot in board.slots] == ["isolated"]
    assert report_of(database, good).summary.counted
    shown = report_of(database, later).summary
    assert not shown.counted
    assert report_of(database, later).slots[0].evidence == "likely"


def test_a_date_in_the_future_does_not_silence_later_reports(database: Database) -> None:
    submit(database, small(shared=True, provenance={"collected": "9999-12-31"}), key=KEY)
    later = NOW + dt.timedelta(days=1)
    accepted = submit(
        database, small(shared=False, provenance={"collected": later.date().isoformat()}), key=KEY, now=later
    )
    assert board_of(database, accepted).slots[0].grade == "isolated"


@pytest.mark.parametrize("collected", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"])
def test_a_date_at_the_ends_of_the_calendar_is_taken(database: Database, collected: str) -> None:
    accepted = submit(database, small(provenance={"collected": collected}))
    assert [one.collected for one in board_of(database, accepted).reports] == [collected]


TAINTS: list[tuple[dict[str, Any], str]] = [
    ({"kernel": {"acs_override": True}}, "ACS override"),
    ({"kernel": {"parameters": ["pcie_acs_override=downstream,multifunction"]}}, "ACS override"),
    ({"kernel": {"parameters": ["pci=config_acs=1@pci:0:0"]}}, "config_acs"),
    ({"kernel": {"parameters": ["pci=config_acs=1@pci:0:0;disable_acs_redir=pci:0:0"]}}, "disable_acs_redir"),
    ({"virtualization": {"hypervisor": "kvm"}}, "virtual machine"),
    ({"virtualization": {"hypervisor": "kvm", "container": "docker"}}, "container"),
]


@pytest.mark.parametrize(("parts", "why"), TAINTS)
def test_a_tainted_report_is_stored_and_shown_and_never_counted(
    database: Database, parts: dict[str, Any], why: str
) -> None:
    accepted = submit(database, small(**parts))
    assert accepted.created
    assert any(why in remark and "not counted" in remark for remark in accepted.remarks)
    alone = board_of(database, accepted)
    assert (alone.machines, alone.held_out) == (0, 1)
    assert [slot.isolates for slot in alone.slots] == [None] * len(alone.slots)
    assert [(one.counted, why in (one.held or "")) for one in alone.reports] == [(False, True)]
    seen = report_of(database, accepted)
    assert any(why in taint for taint in seen.taints)
    assert not seen.summary.counted
    assert len(seen.groups) == 5
    # Beside an honest report of another machine, and of the same one at a later date, it changes nothing.
    honest = submit(database, small("1b81"))
    board = board_of(database, honest)
    assert (board.machines, board.held_out, board.slots[0].machines, board.slots[0].grade) == (1, 1, 1, "isolated")
    submit(database, small("1b81", provenance={"collected": "2026-01-01"}, **parts))
    board = board_of(database, honest)
    assert (board.machines, board.held_out, board.slots[0].grade, board.groups_from) == (
        1,
        2,
        "isolated",
        honest.public_id,
    )


PLACEHOLDER = {"vendor": "Default string", "name": "To Be Filled By O.E.M."}


@pytest.mark.parametrize("where", ["root bus", "behind a bridge", "not listed at all"])
def test_placeholders_never_merge_different_hardware(database: Database, where: str) -> None:
    documents = [small("1b80", board=PLACEHOLDER), small("1b80", board=PLACEHOLDER)]
    documents[1]["functions"][4]["device"] = "780b"
    if where == "behind a bridge":
        for document, device in zip(documents, ("1b80", "1b81"), strict=True):
            document["functions"] = [{**document["functions"][3], "device": device, "parent": None}]
    if where == "not listed at all":
        for document, designation in zip(documents, ("PCIE1", "SLOT1"), strict=True):
            document["functions"] = []
            document["slots"] = [{"designation": designation, "isolates": True}]
    one, two = (submit(database, document) for document in documents)
    assert one.slug != two.slug
    assert [board_of(database, accepted).machines for accepted in (one, two)] == [1, 1]
    assert any("stands for this hardware alone" in remark for remark in one.remarks)


def test_the_same_hardware_without_a_name_is_one_board(database: Database) -> None:
    one = submit(database, small("1b80", board=PLACEHOLDER))
    two = submit(database, small("1b81", board={"vendor": "O.E.M.", "name": "Default string"}))
    assert (one.vendor_slug, one.slug) == (two.vendor_slug, two.slug)
    assert board_of(database, two).machines == 2


def test_the_systems_name_stands_in_for_a_missing_board_name(database: Database) -> None:
    accepted = submit(database, small(board=PLACEHOLDER, system={"vendor": "Dell Inc.", "name": "OptiPlex 7050"}))
    assert (accepted.vendor_slug, accepted.slug) == ("dell", "optiplex-7050")


def test_names_that_differ_in_punctuation_get_addresses_of_their_own(database: Database) -> None:
    names = ["X9DRi-LN4", "X9DRi-LN4+", "X9DRi-LN4++", "X9DRI LN4", "主板", "母板", "../..", "%2e%2e", "a/b", "a?b#c"]
    vendors = ["Supermicro"] * 8 + ["Föö", "Foo"]
    sent = [
        submit(database, small(board={"vendor": vendor, "name": name}))
        for vendor, name in zip(vendors, names, strict=True)
    ]
    places = [(one.vendor_slug, one.slug) for one in sent]
    # Only the fourth is another spelling of an earlier name; "../.." is no name at all.
    assert places[3] == places[0]
    assert len(set(places)) == len(places) - 1
    assert places[1] == ("supermicro", "x9dri-ln4-2")
    assert {places[8][0], places[9][0]} == {"foo", "foo-2"}
    assert [board_of(database, one).name for one in sent[:3]] == names[:3]


@pytest.mark.parametrize(
    ("parts", "remark"),
    [
        ({"functions": []}, "lists no PCI functions"),
        ({"functions": [], "slots": [], "board": None}, "Neither board nor system name"),
        ({"functions": [{"address": "01:00.0"}], "iommu": {"state": "off"}}, "Turn the IOMMU on"),
        ({"slots": None}, "names no slots"),
    ],
)
def test_a_report_that_shows_little_is_taken_and_told_so(
    database: Database, parts: dict[str, Any], remark: str
) -> None:
    accepted = submit(database, small(**parts))
    assert accepted.created
    assert any(remark in said for said in accepted.remarks), accepted.remarks
    assert all(said.endswith(".") for said in accepted.remarks)
    seen = report_of(database, accepted)
    assert seen.summary.id == accepted.public_id
    assert not any(slot.isolates is False for slot in seen.slots)
    assert board_of(database, accepted).reports[0].id == accepted.public_id


def test_a_good_report_is_told_nothing(database: Database) -> None:
    assert submit(database, small()).remarks == ()


def test_a_report_changes_the_answer_of_its_own_board_only(database: Database) -> None:
    submit(database, seed_document())
    submit(database, small())
    before = answers(database)
    submit(database, small("1b81", board={"vendor": "Example Inc.", "name": "Board Two"}))
    tainted = submit(database, small("1b82", kernel={"acs_override": True}))
    after = answers(database)
    changed = {board for board in before if before[board] != after[board]}
    with database.reading() as session:
        own = session.scalars(select(models.Board.id).where(models.Board.slug == tainted.slug)).one()
    assert changed == {own}
    assert len(after) == 3


def test_a_new_name_reaches_the_ports_of_earlier_reports(database: Database) -> None:
    unnamed = submit(database, small("1b80", slots=None))
    assert [slot.designation for slot in board_of(database, unnamed).slots] == [None]
    submit(database, small("1b81"))
    slots = board_of(database, unnamed).slots
    assert [(slot.designation, slot.machines) for slot in slots] == [("PCIE1", 2)]
    assert [slot.designation for slot in report_of(database, unnamed).slots] == ["PCIE1"]


def test_companions_are_called_what_the_list_of_ids_calls_them(database: Database) -> None:
    before = submit(database, small("1b80", shared=True))
    assert [c.name for c in board_of(database, before).slots[0].companions] == ["USB as the report calls it"]
    with database.writing() as session:
        text = "# Version: 2026.01.01\n1022  Advanced Micro Devices, Inc. [AMD]\n\t149c  Matisse USB Controller\n"
        assert load_device_names(session, text) == 1
        assert load_device_names(session, text) == 0
        session.commit()
    after = submit(database, small("1b81", shared=True))
    assert [c.name for c in report_of(database, after).slots[0].companions] == ["AMD Matisse USB Controller"]


def test_a_held_report_neither_counts_nor_names_slots(database: Database) -> None:
    accepted = submit(database, small())
    with database.writing() as session:
        hold(session, accepted.public_id, "Looks made up.", NOW)
        session.commit()
    seen = board_of(database, accepted)
    assert (seen.machines, seen.held_out, seen.slots) == (0, 1, ())
    assert seen.reports[0].held == "Looks made up."


LONG = 200
LONGEST: dict[str, dict[str, Any]] = {
    "names that grow when compared": {
        "board": {"vendor": "\ufdfa" * LONG, "name": "\ufdfa" * LONG},
        "cpus": [{"name": "\ufdfa" * LONG}],
        "slots": [{"designation": "\u0390" * LONG, "isolates": True}],
    },
    "names of four bytes each": {
        "board": {"vendor": "\U0001d4d0" * LONG, "name": "\U00020000" * LONG, "version": "\U00020000" * LONG},
        "cpus": [{"name": "\U00020000" * LONG}],
        "bios": {"version": "\U00020000" * LONG, "date": "\U00020000" * 64},
        "slots": [{"designation": "\U00020000" * LONG, "isolates": True}],
    },
    "every text at its maximum": {
        "kernel": {"release": "k" * LONG},
        "provenance": {"source": "s" * 64, "licence": "l" * 64, "reference": "r" * 500, "collector": "c" * LONG},
        "settings": [{"name": "n" * LONG, "value": "v" * LONG, "note": "\n" + "n" * 1999}],
        "outcomes": [{"device": "d" * LONG, "guest": "g" * LONG, "note": "n" * 2000, "function": "ffffffff:ff:1f.7"}],
        "functions": [{"address": "ffffffff:ff:1f.7", "iommu_group": 2**31 - 1, "name": "n" * LONG}],
        "slots": [{"designation": "d" * LONG, "port": "ffffffff:00:01.1" + "/01.1" * 47}],
    },
    "a path that grows by its domain": {"slots": [{"designation": "A", "port": "00:01.1" + "/01.1" * 48}]},
    "a tree of two hundred bridges": {
        "functions": [
            {
                "address": f"0000:{bus:02x}:00.0",
                "class": "0604",
                "port_type": "downstream_port",
                "parent": f"0000:{bus - 1:02x}:00.0" if bus else None,
                "iommu_group": 1,
                "secondary_bus": bus + 1,
            }
            for bus in range(200)
        ],
        "slots": [{"designation": "DEEP", "witness": "smbios", "address": "0000:c7:00.0"}],
    },
}


@pytest.mark.parametrize("parts", LONGEST.values(), ids=LONGEST)
def test_the_longest_facts_fit_every_column(database: Database, parts: dict[str, Any]) -> None:
    accepted = submit(database, small(**parts))
    assert report_of(database, accepted).summary.id == accepted.public_id
    assert board_of(database, accepted).reports[0].id == accepted.public_id
    again = submit(database, small(**{**parts, "memory": {"bytes": 2**53}}))
    assert (again.vendor_slug, again.slug) == (accepted.vendor_slug, accepted.slug)


def test_long_names_that_differ_at_their_end_stay_apart(database: Database) -> None:
    start = "\ufdfa" * (LONG - 1)
    one, two = (submit(database, small(board={"vendor": "V", "name": start + end})) for end in "ab")
    assert one.slug != two.slug
