"""The starter set is what it says it is: sound documents, stated counts, boards that answer, made from publications."""

from __future__ import annotations

import csv
import json
import re
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from hwdb import schema
from hwdb.analysis.slotmap import key_of
from hwdb.identity import identify
from hwdb.models.engine import open_database
from hwdb.report import to_document
from hwdb.topology import normalise
from tests.conftest import CORPUS
from tests.starter.board_slots import ATTRIBUTION, BoardSlots
from tests.starter.counts import Counts, count
from tests.starter.derive import COLUMNS, SOURCES, STARTER, machines, sources
from tests.starter.published import without_names
from tests.store import submit

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from hwdb.report import Report

FEWEST_BOARDS, FEWEST_ANSWERING = 60, 20
LARGEST = 3 * 2**20
# A name at a machine: an e-mail address or the id of a message. An address on the network has dots and no other words.
NAME_AT = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")
MAC = re.compile(r"(?<![0-9A-Fa-f:])[0-9A-Fa-f]{2}(?:[:-][0-9A-Fa-f]{2}){5}(?![0-9A-Fa-f:])")


def stated() -> list[dict[str, str]]:
    with (STARTER / SOURCES).open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened, delimiter="\t"))


def loaded(name: str) -> schema.Loaded:
    return schema.load(json.loads((STARTER / name).read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def reports() -> dict[str, Report]:
    """Return every document of the set, decoded."""
    return {row["document"]: loaded(row["document"]).report for row in stated()}


@pytest.fixture(scope="module")
def counts(
    reports: dict[str, Report], sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Counts]:
    """Return what a fresh database answers that holds the whole set."""
    path = tmp_path_factory.mktemp("starter") / "hwdb.sqlite3"
    shutil.copy(sqlite_template, path)
    database = open_database(f"sqlite:///{path}")
    accepted = [submit(database, to_document(report)) for report in reports.values()]
    assert all(each.created for each in accepted)
    with database.reading() as session:
        yield count(session)
    database.dispose()


def test_every_document_stands_in_the_sources_and_every_source_has_a_document() -> None:
    rows = stated()
    assert tuple(rows[0]) == COLUMNS
    assert sorted(row["document"] for row in rows) == sorted(path.name for path in STARTER.glob("*.json"))
    assert [row["document"] for row in rows if not row["published"] or not row["inputs"]] == []
    documents = {row["document"].removesuffix(".json") for row in rows}
    assert {path.name.split(".")[0] for path in STARTER.glob("*.toml")} <= documents


def test_documents_hold_what_the_sources_state(reports: dict[str, Report]) -> None:
    for row in stated():
        report = reports[row["document"]]
        held = {
            "functions": len(report.functions),
            "groups": len({f.iommu_group for f in report.functions} - {None}),
            "slots": len({slot.designation for slot in report.slots or ()} - {None}),
            "from_others": sum(ATTRIBUTION in (slot.note or "") for slot in report.slots or ()),
        }
        assert held == {key: int(row[key]) for key in held}, row["document"]
        assert row["published"] == report.provenance.reference


def test_documents_are_whole_and_written_alike(reports: dict[str, Report]) -> None:
    for name, report in reports.items():
        assert loaded(name).ignored == (), name
        text = (STARTER / name).read_text(encoding="utf-8")
        assert text == json.dumps(to_document(report), indent=1, ensure_ascii=False) + "\n", name
    assert sum(path.stat().st_size for path in STARTER.glob("*.json")) < LARGEST


def test_nothing_tells_whose_machine_it_is(reports: dict[str, Report]) -> None:
    texts = {path.name: path.read_text(encoding="utf-8") for path in STARTER.iterdir()}
    assert [name for name, text in texts.items() if NAME_AT.search(text) or MAC.search(text)] == []
    releases = [report.kernel.release for report in reports.values() if report.kernel.release is not None]
    assert [release for release in releases if release != without_names(release)] == []
    assert [name for name, report in reports.items() if report.system.sku] == []


def test_the_word_of_other_machines_says_so(reports: dict[str, Report]) -> None:
    for row in stated():
        others = [s for s in reports[row["document"]].slots or () if ATTRIBUTION in (s.note or "")]
        assert (row["credit"] == ATTRIBUTION) == bool(others)
        assert {slot.witness for slot in others} <= {"smbios"}
        # Nobody has looked into this machine's slots: other machines cannot say what is in them.
        assert [slot for slot in others if slot.usage or slot.occupied is not None or slot.occupant] == []


def test_reports_under_acs_override_are_there_and_counted_nowhere(reports: dict[str, Report], counts: Counts) -> None:
    tainted = {name for name, report in reports.items() if normalise(report).taints}
    assert tainted == {row["document"] for row in stated() if row["counts"] != "yes"}
    boards = {identify(report).key for name, report in reports.items() if name not in tainted}
    print(f"\n{len(boards)} boards of machines that count")
    assert len(boards) >= FEWEST_BOARDS
    assert counts.held_out >= len(tainted) > 0


def test_a_database_of_it_answers_for_slots_by_name(counts: Counts) -> None:
    print(f"\n{counts}", *counts.answering, sep="\n")
    assert counts.boards >= FEWEST_BOARDS
    assert len(counts.answering) >= FEWEST_ANSWERING


def test_builders_names_do_not_stay_in_a_kernels_release() -> None:
    assert without_names("6.5.11-8-pve") == "6.5.11-8-pve"
    assert without_names("4.20.16-200.fc29.x86_64") == "4.20.16-200.fc29.x86_64"
    assert without_names("6.17.0-" + "somebody+") == "6.17.0"
    assert without_names("5.11.0-" + "machine.example") == "5.11.0"


HEAD = (
    "vendor\tproduct\tmachines\tdesignation\ttype\tmachines_with_designation\tin_use_share\tcommonest_address\t"
    "address_share\tdistinct_addresses\tboilerplate"
)


def told(tmp_path: Path, *rows: str, **known: Any) -> dict[str, str | None]:
    """Return designation -> address as other machines of ASUS' board "Made Up" tell them."""
    folder = tmp_path / "dmi"
    folder.mkdir()
    (folder / "BOARD-SLOTS.tsv").write_text("\n".join([HEAD, *rows, ""]), encoding="utf-8")
    report = schema.load({"format": 1, "functions": [], "board": {"vendor": "ASUS", "name": "Made Up"}, **known}).report
    return {key_of(slot.designation or ""): slot.address for slot in BoardSlots(tmp_path).missing_in(report)}


def row(
    name: str, address: str, share: str = "1.00", *, maker: str = "ASUS", machines: int = 20, flag: str = ""
) -> str:
    return f"{maker}\tMade Up\t20\t{name}\tx16 PCI Express\t{machines}\t1.00\t{address}\t{share}\t1\t{flag}"


def test_an_address_on_bus_0_that_most_machines_give_is_believed(tmp_path: Path) -> None:
    assert told(tmp_path, row("PCIEX16_1", "0000:00:03.1", "0.82")) == {"pciex161": "0000:00:03.1"}


@pytest.mark.parametrize(
    "said",
    [
        row("PCIEX16_1", "0000:00:1f.7"),
        row("PCIEX16_1", "0000:00:00.0"),
        row("PCIEX16_1", "0000:ff:01.0"),
        row("PCIEX16_1", "0000:81:00.0"),
        row("PCIEX16_1", "0064:00:01.0"),
        row("PCIEX16_1", "0000:00:03.1", "0.50"),
        row("PCIEX16_1", "0000:00:03.1", machines=2),
        row("PCIEX16_1", "-"),
    ],
)
def test_a_name_stands_alone_where_its_address_proves_nothing(tmp_path: Path, said: str) -> None:
    assert told(tmp_path, said) == {"pciex161": None}


def test_rows_of_a_reference_board_name_no_slot(tmp_path: Path) -> None:
    copied = [row("PCIE3", "0000:00:02.2"), row("PCIE3", "0000:00:02.2", maker="Gigabyte")]
    assert told(tmp_path, *copied, row("J6B2", "0000:00:01.0", flag="intel-crb")) == {}


def test_a_machines_own_table_goes_first(tmp_path: Path) -> None:
    own = [
        {"designation": "PCIEX16_1", "witness": "smbios", "address": "0000:00:01.1"},
        {"designation": "PCIEX16_2", "witness": "smbios"},
        {"designation": "PCIEX1_1", "witness": "smbios"},
    ]
    rows = [row("PCIEX16_1", "0000:00:03.1"), row("PCIEX16_2", "0000:00:03.2"), row("PCIEX1_1", "0000:00:1f.7")]
    assert told(tmp_path, *rows, slots=own) == {"pciex162": "0000:00:03.2"}


@pytest.mark.corpus
@pytest.mark.skipif(not CORPUS.is_dir(), reason=f"the corpus of published machines is not at {CORPUS}")
def test_the_set_is_what_the_publications_give() -> None:
    made = list(machines(CORPUS))
    assert sources(made) == (STARTER / SOURCES).read_text(encoding="utf-8")
    for machine in made:
        assert machine.text() == (STARTER / f"{machine.name}.json").read_text(encoding="utf-8"), machine.name
