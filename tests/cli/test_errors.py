"""What goes wrong is one sentence on stderr, nothing on stdout, and status 2."""

from __future__ import annotations

import json
import re
import sqlite3
import subprocess
from pathlib import Path

import pytest

from tests.cli.commands import HWDB, STARTER, Shell
from tests.machines import seed_document


@pytest.mark.parametrize("command", ["analyse", "convert", "import"])
def test_a_missing_file_is_named(shell: Shell, command: str) -> None:
    assert shell.refuses(command, "nowhere.json") == "nowhere.json cannot be read: No such file or directory"


def test_a_text_that_is_no_listing_is_refused(shell: Shell) -> None:
    said = shell.refuses("analyse", "-", given=b"my slots are fine\n")
    assert said.startswith("standard input: this text is no listing hwdb can read; it reads JSON reports and tree")


def test_malformed_json_is_refused_with_its_place(shell: Shell) -> None:
    (shell.folder / "x.json").write_text('{"format": 1,\n "functions": [}', encoding="utf-8")
    said = shell.refuses("import", "x.json")
    assert said.startswith("x.json: Line 2, column 16: this is not JSON")


@pytest.mark.parametrize(
    ("given", "place"),
    [
        (b"", "no listing"),
        (b"{", "ends in the middle"),
        (b"[]", "no listing"),
        (b"{}", "functions"),
        (b'{"format": 2, "functions": []}', "format: It is 2"),
        (b'{"a": ' + b"[" * 100_000, "nested deeper"),
        (b'{"format": 1, "functions": [{"address": "x"}]}', "functions[0].address"),
        (b"\xff\xfe\x00\xd8", "no listing"),
        (b"\x00" * 100, "no listing"),
    ],
)
def test_what_is_no_report_is_refused(shell: Shell, given: bytes, place: str) -> None:
    assert place in shell.refuses("convert", "-", given=given)


def test_a_listing_of_more_functions_than_a_report_holds_is_refused(shell: Shell) -> None:
    lines = (f"|-- {n >> 8:02x}:{n >> 3 & 31:02x}.{n & 7} A [0300]: B\n" for n in range(5000))
    assert "functions: It has 5,000 items" in shell.refuses("convert", "-", given=("|-- 1\n" + "".join(lines)).encode())


@pytest.mark.parametrize("option", ["file", "notes"])
def test_a_folder_is_no_file(shell: Shell, option: str) -> None:
    folder = shell.folder / "folder"
    folder.mkdir()
    arguments = [folder] if option == "file" else ["--annotate", folder, STARTER]
    assert "is a directory" in shell.refuses("convert", *arguments)


def test_an_endless_file_is_not_read_to_its_end(shell: Shell) -> None:
    assert "larger than 64 MiB" in shell.refuses("convert", "/dev/zero")


def test_no_standard_input_is_an_empty_one(shell: Shell) -> None:
    done = subprocess.run(
        ["sh", "-c", 'exec "$@" <&-', "sh", *HWDB, "convert", "-"],
        env=shell.variables,
        check=False,
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("hwdb: standard input: this text is no listing")


def test_a_name_of_a_file_cannot_break_the_line(shell: Shell) -> None:
    assert shell.refuses("convert", "a\nb\x1b[31m").startswith("a b\ufffd[31m cannot be read")


@pytest.mark.parametrize(
    ("notes", "sentence"),
    [
        (None, "notes.toml cannot be read: No such file or directory"),
        ("[bord]\nname = 1\n", "notes.toml: the report format has no bord; docs/report-format.md lists what it has"),
        ("[board]\ncolour = 1\n", "notes.toml: the report format has no board.colour;"),
        ('[[slots]]\ndesignation = "X"\nisolates = "yes"\n', "notes.toml: slots[5].isolates: It is text"),
        ("board = 5\n", "notes.toml: board: "),
        ("slots = 5\n", "notes.toml: slots adds statements one by one"),
        ("[board\n", "notes.toml: the notes are not valid TOML: "),
        ('[[functions]]\naddress = "77:00.0"\n', "notes.toml: the notes speak of function '77:00.0'"),
        ("[format]\nx = 1\n", "notes.toml: format: "),
    ],
)
def test_notes_that_do_not_fit_are_refused(shell: Shell, notes: str | None, sentence: str) -> None:
    if notes is not None:
        (shell.folder / "notes.toml").write_text(notes, encoding="utf-8")
    assert shell.refuses("convert", "--annotate", "notes.toml", STARTER).startswith(sentence)


def test_an_unknown_format_is_refused(shell: Shell) -> None:
    said = shell.refuses("convert", "--format", "nope", STARTER)
    assert "there is no format 'nope'; the formats are tree" in said


@pytest.mark.parametrize(
    ("command", "number"),
    [("hold", "0123456789abcdef"), ("release", "0123456789abcdef"), ("hold", ""), ("hold", "\udcff")],
)
def test_an_unknown_report_is_said_so(filled: Shell, command: str, number: str) -> None:
    assert filled.refuses("moderate", command, number).startswith("there is no report ")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["nonsense"], "No such command 'nonsense'."),
        (["--nonsense"], "No such option '--nonsense'."),
        (["query", "--nonsense", "x"], "No such option '--nonsense'."),
        (["query"], "Missing argument 'WORDS...'."),
        (["query", "--limit", "0", "x"], "Invalid value for '--limit'"),
        (["convert"], "Missing argument 'FILE...'."),
        (["convert", "a", "b"], "a cannot be read"),
        (["moderate"], "Missing command."),
        (["moderate", "nonsense"], "No such command 'nonsense'."),
        (["serve", "--port", "0"], "Invalid value for '--port'"),
    ],
)
def test_wrong_use_is_told(shell: Shell, arguments: list[str], sentence: str) -> None:
    assert shell.refuses(*arguments).startswith(sentence)


@pytest.mark.parametrize(
    "url",
    [
        "nonsense",
        "nonsense://host/database",
        "sqlite:////proc/nowhere/hwdb.sqlite3",
        "sqlite:////proc",
        "postgresql://127.0.0.1:1/hwdb",
        "postgresql://127.0.0.1:port/hwdb",
    ],
)
def test_a_database_that_cannot_be_opened_is_told(tmp_path: Path, url: str) -> None:
    shell = Shell(tmp_path, {"HWDB_DATABASE_URL": url})
    assert re.search("HWDB_DATABASE_URL cannot be used|cannot be opened", shell.refuses("upgrade"))


def test_a_password_is_not_told(tmp_path: Path) -> None:
    shell = Shell(tmp_path, {"HWDB_DATABASE_URL": "postgresql://someone:geheim@127.0.0.1:1/hwdb"})
    assert "geheim" not in shell.refuses("upgrade")


def test_a_file_that_is_no_database_is_told(shell: Shell) -> None:
    (shell.folder / "hwdb.sqlite3").write_text("a diary\n" * 1000, encoding="utf-8")
    assert "not a database" in shell.refuses("upgrade")


def test_a_database_of_a_newer_version_is_told(own: Shell) -> None:
    with sqlite3.connect(own.folder / "hwdb.sqlite3") as connection:
        connection.execute("UPDATE alembic_version SET version_num = 'ffffffffffff'")
    connection.close()
    assert "cannot be opened" in own.refuses("query", "X399")


def test_a_replica_that_does_not_answer_is_told(own: Shell) -> None:
    shell = Shell(own.folder, {"HWDB_READ_DATABASE_URL": "postgresql://127.0.0.1:1/hwdb"})
    assert shell.refuses("query", "X399").startswith("the database cannot be used: ")


def test_a_full_disk_is_told(filled: Shell) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [*HWDB, "query", "X399"], env=filled.variables, check=False, stdout=full, stderr=subprocess.PIPE, text=True
        )
    assert (done.returncode, done.stderr) == (2, "hwdb: the output: No space left on device\n")


def test_a_tainted_report_is_not_refused(own: Shell) -> None:
    document = {**seed_document(), "virtualization": {"hypervisor": "kvm"}}
    said = own.says("import", "-", given=json.dumps(document).encode())
    assert "Kept and shown, but not counted." in said
