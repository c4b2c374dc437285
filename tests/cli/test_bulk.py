"""``hwdb import FOLDER``: everything in it is read, and nothing in it stops the rest."""

from __future__ import annotations

import gzip
import json
import os
import signal
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from hwdb import models
from hwdb.intake import withdraw
from tests.cli.commands import HWDB, Shell
from tests.cli.listings import PROSE, dmidecode, listing, lspci
from tests.conftest import CORPUS
from tests.store import NOW, row_counts, small

if TYPE_CHECKING:
    from hwdb.models.engine import Database


@pytest.fixture
def bulk(tmp_path: Path, database_url: str) -> Shell:
    """Return a place whose commands use the database of the test, on each engine in turn."""
    (tmp_path / "all").mkdir()
    return Shell(tmp_path, {"HWDB_DATABASE_URL": database_url})


@pytest.fixture
def folder(bulk: Shell) -> Path:
    return bulk.folder / "all"


def keep(folder: Path, **texts: str) -> None:
    """Write texts below a folder; two underscores stand for a slash, one for a dot."""
    for name, text in texts.items():
        path = folder / name.replace("__", "/").replace("_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def summary(shell: Shell, *arguments: str | Path) -> dict[str, int]:
    """Import and return the outcomes that occurred."""
    told = json.loads(shell.says("import", *arguments, "--json"))
    assert sum(told["outcomes"].values()) == told["total"]
    return {outcome: count for outcome, count in told["outcomes"].items() if count}


def reports(database: Database) -> list[models.Report]:
    with database.reading() as session:
        return list(session.scalars(select(models.Report).order_by(models.Report.id)))


def test_everything_is_read_and_the_summary_tells_what_became_of_it(bulk: Shell, folder: Path) -> None:
    keep(folder, a__listing_txt=listing("1b80"), b__c__dump=lspci("1b81"), notes_txt=PROSE, blank="\n", other_json="{}")
    keep(folder, a__report_json=json.dumps(small("1b82")))
    (folder / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20)
    (folder / "cut.tar.gz").write_bytes(gzip.compress(bytes(10000))[:30])
    (folder / "broken.json").write_text('{"format": 1, "functions": "none"}')
    os.mkfifo(folder / "pipe")
    (folder / "outside").symlink_to("/etc")
    (folder / "round").symlink_to(folder)
    said = bulk.says("import", folder, "--failures", "unread.tsv").splitlines()
    assert said[:2] == ["3 links, devices and closed folders are not followed.", "9 files, 3 reports stored."]
    assert [" ".join(line.split()) for line in said[2:]] == [
        "3 stored",
        "4 nothing in it that hwdb reads",
        "2 its text is no listing that hwdb reads",
        "1 it is empty",
        "1 it is no text",
        "2 cannot be read",
        "1 functions: It is text; write a list, [] when there is none.",
        "1 this archive is damaged or cut off; download or copy it again",
    ]
    unread = [line.split("\t") for line in (bulk.folder / "unread.tsv").read_text().splitlines()]
    assert {Path(file).name for file, outcome, _ in unread if outcome == "unreadable"} == {"cut.tar.gz", "broken.json"}
    assert {len(line) for line in unread} == {3}
    assert len(unread) == 6


def test_files_named_alike_are_one_machine_when_they_fit(bulk: Shell, folder: Path, database: Database) -> None:
    keep(folder, one_lspci_txt=lspci("1b80"), one_dmidecode_txt=dmidecode("Board One"), one_md=PROSE)
    keep(folder, two_before_txt=lspci("1b81"), two_after_txt=lspci("1b82"))
    keep(folder, three_listing_txt=listing("1b83"), three_lspci_txt=lspci("1b84"))
    assert summary(bulk, folder) == {"stored": 6, "nothing": 1}
    stored = reports(database)
    assert [report.source for report in stored] == ["lspci+dmidecode", "listing", "lspci", "lspci", "lspci"]
    with database.reading() as session:
        named = session.get_one(models.Report, stored[0].id)
        assert (named.board.name, len(json.loads(named.document)["functions"])) == ("Board One", 3)


def test_a_folder_with_the_output_of_programs_is_one_machine(bulk: Shell, folder: Path, database: Database) -> None:
    for number, board in enumerate(("Board One", "Board Two")):
        texts = {"lspci_txt": lspci(f"1b8{number}"), "dmidecode_log": dmidecode(board), "lspci__all_txt": ""}
        keep(folder / f"machine{number}", **texts)
    assert summary(bulk, folder)["stored"] == 4
    assert [report.source for report in reports(database)] == ["lspci+dmidecode"] * 2


def test_a_text_of_several_machines_gives_a_report_for_each(bulk: Shell, folder: Path, database: Database) -> None:
    keep(folder, thread_txt=f"{listing('1b80')}\nAnd this is my other one:\n\n{listing('1b81')}")
    told = json.loads(bulk.says("import", folder, "--json"))
    assert (told["outcomes"]["stored"], told["reports_stored"]) == (1, 2)
    assert row_counts(database)["reports"] == 2


def test_the_next_run_passes_over_what_is_dealt_with(bulk: Shell, folder: Path, database: Database) -> None:
    keep(folder, a_txt=listing("1b80"), b_txt=PROSE, same_log=listing("1b80"))
    assert summary(bulk, folder) == {"stored": 1, "known": 1, "nothing": 1}
    keep(folder, c_txt=listing("1b81"))
    assert summary(bulk, folder) == {"stored": 1, "passed": 3}
    assert summary(bulk, folder, "--again") == {"known": 3, "nothing": 1}
    assert row_counts(database)["reports"] == 2


def test_what_was_withdrawn_stays_out(bulk: Shell, folder: Path, database: Database) -> None:
    keep(folder, a_txt=listing("1b80"))
    summary(bulk, folder)
    with database.writing() as session:
        withdraw(session, reports(database)[0].public_id, NOW)
        session.commit()
    assert summary(bulk, folder, "--again") == {"withdrawn": 1}
    assert row_counts(database)["reports"] == 0


def test_a_run_that_was_killed_goes_on_where_it_was(bulk: Shell, folder: Path, database: Database) -> None:
    for number in range(300):
        keep(folder, **{f"{number:03}_txt": lspci(f"{number:04x}")})
    command = [*HWDB, "import", str(folder)]
    running = subprocess.Popen(command, env=bulk.variables, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    give_up = time.monotonic() + 100
    while row_counts(database)["imported_inputs"] == 0:
        assert time.monotonic() < give_up
        time.sleep(0.05)
    running.send_signal(signal.SIGKILL)
    running.wait()
    counts = row_counts(database)
    assert 0 < counts["reports"] == counts["imported_inputs"] < 300
    assert summary(bulk, folder) == {"passed": counts["reports"], "stored": 300 - counts["reports"]}
    assert row_counts(database)["reports"] == 300


def test_a_folder_and_files_beside_it_are_each_imported(shell: Shell) -> None:
    keep(shell.folder, all__a_txt=listing("1b80"), lspci_txt=lspci("1b81"), dmidecode_txt=dmidecode())
    assert summary(shell, "all", "lspci.txt", "dmidecode.txt", "all") == {"stored": 3}


def test_a_file_too_large_is_not_read(shell: Shell) -> None:
    keep(shell.folder, all__a_txt=listing("1b80"))
    with (shell.folder / "all" / "endless").open("wb") as sparse:
        sparse.truncate(10 * 1024**3)
    assert "it is larger than N MiB; a report is far smaller" in shell.says("import", "all")


def test_a_folder_without_a_report_is_told_and_refused(shell: Shell) -> None:
    keep(shell.folder, all__a_txt=PROSE)
    done = shell.run("import", "all")
    assert (done.returncode, done.stdout.decode().splitlines()[0]) == (2, "1 file, 0 reports stored.")
    assert done.stderr.decode() == "hwdb: none of these files gave a report that could be stored\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["all", "--format", "lspci"], "a folder is read file by file"),
        (["all", "-"], "standard input"),
        (["all", "--annotate", "notes.toml"], "--annotate, --format and standard input go with the files of one"),
        (["a.txt", "--again"], "--again, --failures and --json go with folders"),
        (["all", "--failures", "nowhere/list"], "nowhere/list: No such file or directory"),
        (["linuxhw"], "give --lspci, --dmi or both: the folders of local clones"),
        (["linuxhw", "--dmi", "all"], "all holds no dumps where linuxhw/DMI has them; give the folder of a clone"),
        (["linuxhw", "--lspci", "nowhere"], "nowhere cannot be read: No such file or directory"),
    ],
)
def test_what_does_not_go_together_is_refused(shell: Shell, arguments: list[str], said: str) -> None:
    (shell.folder / "all").mkdir()
    assert said in shell.refuses("import", *arguments)


def test_the_help_tells_of_folders_and_data_sets(shell: Shell) -> None:
    said = shell.says("import", "--help")
    assert "FILE may be a folder" in said
    assert "hwdb import linuxhw" in said
    assert "Usage: hwdb import linuxhw [OPTIONS]" in shell.says("import", "linuxhw", "--help")


@pytest.mark.corpus
def test_the_recorded_machines_are_imported_as_a_folder(shell: Shell) -> None:
    if not CORPUS.is_dir():
        pytest.skip(f"no recorded machines at {CORPUS}; HWDB_CORPUS names their folder")
    outcomes = summary(shell, CORPUS / "lspci")
    # All but the index: seven machines have a dmidecode dump beside their lspci.
    assert outcomes == {"stored": 28, "nothing": 1}
    told = json.loads(shell.says("import", CORPUS / "lspci", "--json", "--again"))
    assert (told["outcomes"]["known"], told["reports_stored"]) == (28, 0)
