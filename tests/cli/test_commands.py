"""The command as people type it: in a process of its own, on a database of its own."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from hwdb.cli import _COMMANDS
from tests.conftest import ROOT
from tests.machines import SEED, seed_document

if TYPE_CHECKING:
    from pathlib import Path

PORTS = ROOT / "hwdb" / "starter" / "asrock-x399-taichi-1900x.ports.toml"
COMPANIONS = {"1022:43ba", "1022:43b6", "8086:1539", "8086:24fb"}
LISTING = """IOMMU
├── 0
│   └── 00:01.1 PCI bridge [0604]: AMD GPP Bridge [1022:1453]
└── 1
    └── 01:00.0 VGA compatible controller [0300]: NVIDIA GP104 [GeForce GTX 1080] [10de:1b80] (rev a1)
"""


class Hwdb:
    """Runs ``hwdb`` with a database in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = {**os.environ, "HWDB_DATABASE_URL": f"sqlite:///{folder / 'hwdb.sqlite3'}"}

    def __call__(self, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "hwdb.cli", *arguments],
            env=self.environment,
            cwd=self.folder,
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
        )

    def said(self, *arguments: str, stdin: str = "") -> str:
        """Run it and return what it printed; it must succeed."""
        done = self(*arguments, stdin=stdin)
        assert done.returncode == 0, done.stderr
        return done.stdout


@pytest.fixture
def hwdb(tmp_path: Path) -> Hwdb:
    return Hwdb(tmp_path)


def slots(document: dict[str, Any]) -> dict[str, tuple[str, str]]:
    return {slot["designation"]: (slot["grade"], slot["evidence"]) for slot in document["slots"]}


def test_the_main_job(hwdb: Hwdb) -> None:
    assert hwdb.said("import", str(SEED)).startswith("Stored report ")
    assert "Already known" in hwdb.said("import", str(SEED))
    answer = hwdb.said("query", "X399 Taichi")
    assert "4 of 5 slots isolate cleanly. PCIE3 (x1) shares its group with onboard USB, SATA, LAN and Wi-Fi." in answer
    assert "This is one machine's word." in answer
    assert all(f"[{ids}]" in answer for ids in COMPANIONS)
    document = json.loads(hwdb.said("query", "taichi", "x399", "--json"))
    assert document["query"] == "taichi x399"
    assert slots(document["boards"][0]) == {
        "PCIE1": ("isolated", "observed"),
        "PCIE2": ("isolated", "observed"),
        "PCIE3": ("shared_onboard", "declared"),
        "PCIE4": ("isolated", "observed"),
        "PCIE5": ("isolated", "declared"),
    }


def test_one_file_is_judged_without_a_database(hwdb: Hwdb) -> None:
    document = json.loads(hwdb.said("analyse", str(SEED), "--json"))
    assert list(document) == ["board", "bios", "kernel", "iommu", "groups", "slots", "cards", "taints"]
    assert slots(document)["PCIE3"] == ("shared_onboard", "declared")
    assert json.loads(hwdb.said("analyse", "-", "--json", stdin=SEED.read_text(encoding="utf-8"))) == document
    assert not (hwdb.folder / "hwdb.sqlite3").exists()


def test_with_the_derived_ports_the_empty_slot_is_observed(hwdb: Hwdb) -> None:
    shown = slots(json.loads(hwdb.said("analyse", str(SEED), "--annotate", str(PORTS), "--json")))
    assert shown["PCIE3"] == ("shared_onboard", "observed")
    assert shown["PCIE5"] == ("isolated", "declared")
    assert shown["M2_1"] == ("isolated", "observed")


def test_a_listing_with_notes_becomes_a_report(hwdb: Hwdb) -> None:
    (hwdb.folder / "tree.txt").write_text(LISTING, encoding="utf-8")
    notes = '[board]\nvendor = "Example"\nname = "One"\n[[slots]]\ndesignation = "S1"\noccupant = "01:00.0"\n'
    (hwdb.folder / "notes.toml").write_text(notes, encoding="utf-8")
    document = json.loads(hwdb.said("convert", "tree.txt", "--annotate", "notes.toml"))
    assert document["board"] == {"name": "One", "vendor": "Example"}
    assert [function["iommu_group"] for function in document["functions"]] == [0, 1]
    (hwdb.folder / "report.json").write_text(json.dumps(document), encoding="utf-8")
    assert json.loads(hwdb.said("convert", "report.json")) == document
    hwdb.said("import", "tree.txt", "--annotate", "notes.toml")
    assert "The one slot known isolates cleanly." in hwdb.said("query", "example one")


def test_the_starter_report_survives_conversion(hwdb: Hwdb) -> None:
    assert json.loads(hwdb.said("convert", str(SEED))) == seed_document()


def test_a_held_report_leaves_the_answer_and_comes_back(hwdb: Hwdb) -> None:
    number = hwdb.said("import", str(SEED)).split()[2]
    hwdb.said("moderate", "hold", number, "--reason", "Looks edited.")
    (board,) = json.loads(hwdb.said("query", "taichi", "--json"))["boards"]
    assert (board["machines"], board["held_out"], board["reports"][0]["held"]) == (0, 1, "Looks edited.")
    assert {slot["isolates"] for slot in board["slots"]} <= {None}
    hwdb.said("moderate", "release", number)
    assert json.loads(hwdb.said("query", "taichi", "--json"))["boards"][0]["machines"] == 1


def test_judging_again_gives_the_same_answer(hwdb: Hwdb) -> None:
    hwdb.said("import", str(SEED))
    before = hwdb.said("query", "taichi", "--json")
    assert "1 reports judged" in hwdb.said("reanalyse", "--all")
    assert hwdb.said("query", "taichi", "--json") == before
    assert "0 reports judged" in hwdb.said("reanalyse")


def test_upgrade_says_where_the_database_is(hwdb: Hwdb) -> None:
    assert str(hwdb.folder / "hwdb.sqlite3") in hwdb.said("upgrade")


@pytest.mark.parametrize("command", [[], *([name] for name in _COMMANDS)], ids=" ".join)
def test_help_is_there(hwdb: Hwdb, command: list[str]) -> None:
    assert "Usage: hwdb" in hwdb.said(*command, "--help")


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["analyse", "missing.txt"], "missing.txt"),
        (["analyse", "prose.txt"], "no listing"),
        (["import", "broken.json"], "Line 1"),
        (["import", "empty.txt"], "empty.txt"),
        (["import", "."], "."),
        (["analyse", "tree.txt", "--annotate", "wrong.toml"], "colour"),
        (["analyse", "tree.txt", "--annotate", "stranger.toml"], "0000:99:00.0"),
        (["analyse", "tree.txt", "--format", "lsusb"], "lsusb"),
        (["query", "nothing like it"], "nothing like it"),
        (["moderate", "hold", "ffffffffffffffff"], "ffffffffffffffff"),
        (["nonsense"], "nonsense"),
        (["query"], "WORDS"),
        (["query", "--colour", "x"], "--colour"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_cannot_be_done_is_one_sentence(hwdb: Hwdb, arguments: list[str], word: str) -> None:
    (hwdb.folder / "prose.txt").write_text("Dear all,\nmy board is fine.\n", encoding="utf-8")
    (hwdb.folder / "broken.json").write_text('{"format": 1, "functions": ', encoding="utf-8")
    (hwdb.folder / "empty.txt").write_text("", encoding="utf-8")
    (hwdb.folder / "tree.txt").write_text(LISTING, encoding="utf-8")
    (hwdb.folder / "wrong.toml").write_text('[board]\ncolour = "red"\n', encoding="utf-8")
    (hwdb.folder / "stranger.toml").write_text('[[functions]]\naddress = "0000:99:00.0"\n', encoding="utf-8")
    done = hwdb(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("hwdb: ")
    assert done.stderr.count("\n") == 1
    assert word in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("url", ["nonsense", "postgresql://127.0.0.1:1/none", "sqlite:////proc/none/x", "oracle://x"])
def test_a_database_that_cannot_be_used_is_one_sentence(hwdb: Hwdb, url: str) -> None:
    hwdb.environment["HWDB_DATABASE_URL"] = url
    done = hwdb("upgrade")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("hwdb: ")
    assert done.stderr.count("\n") == 1


def test_a_port_in_use_is_one_sentence(hwdb: Hwdb) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = hwdb("serve", "--port", str(taken.getsockname()[1]))
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "--port" in done.stderr


def test_a_reader_that_goes_away_gets_no_traceback(hwdb: Hwdb) -> None:
    command = f"{sys.executable} -m hwdb.cli analyse {SEED} --json | head -c 10"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False, env=hwdb.environment)
    assert "Traceback" not in done.stderr
