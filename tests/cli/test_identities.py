"""Which boards a pile of files is about."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tests.cli.commands import STARTER, Shell

if TYPE_CHECKING:
    from pathlib import Path

DUMP = """# dmidecode 3.3
Handle 0x0001, DMI type 1, 27 bytes
System Information
\tManufacturer: {2}
\tProduct Name: {3}

Handle 0x0002, DMI type 2, 15 bytes
Base Board Information
\tManufacturer: {0}
\tProduct Name: {1}
"""
MACHINES = [
    ("MSI", "B450 TOMAHAWK MAX (MS-7C02)", "MSI", "MS-7C02"),
    ("Micro-Star International Co., Ltd.", "B450 TOMAHAWK MAX(MS-7C02)", "MSI", "MS-7C02"),
    ("Dell Inc.", "0KWVT8", "Dell Inc.", "XPS 8700"),
    ("LENOVO", "SHARKBAY", "LENOVO", "10AXS11800"),
    ("Default string", "Default string", "Default string", "Default string"),
]


def dumps(folder: Path, count: int = 1) -> None:
    for turn in range(count):
        for number, said in enumerate(MACHINES):
            below = folder / f"{turn}" / "a folder"
            below.mkdir(parents=True, exist_ok=True)
            (below / f"{number}").write_text(DUMP.format(*said), encoding="utf-8")


def document(shell: Shell, *paths: str | Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(shell.says("identities", "--json", *paths))
    return found


def test_boards_are_counted_however_they_are_spelled(shell: Shell) -> None:
    dumps(shell.folder / "dmi")
    found = document(shell, "dmi")
    assert (found["machines"], found["boards"], found["by_system_name"], found["unidentified"]) == (5, 3, 1, 1)
    assert (found["spellings"], found["merged_spellings"]) == (3, 1)
    [merged] = found["merged"]
    assert (merged["vendor"], merged["name"], merged["machines"]) == ("MSI", "B450 TOMAHAWK MAX (MS-7C02)", 2)
    assert sorted(spelled["name"] for spelled in merged["spellings"]) == sorted(m[1] for m in MACHINES[:2])
    assert {one["vendor"]: one["boards"] for one in found["vendors"]} == {"MSI": 1, "Dell": 1, "Lenovo": 1}


def test_the_report_is_read_by_people(shell: Shell) -> None:
    dumps(shell.folder / "dmi")
    said = shell.says("identities", "dmi")
    assert [line.split(None, 1) for line in said.splitlines()[:4]] == [
        ["5", "machines read"],
        ["3", "boards told by name"],
        ["1", "machines known by their system's name only"],
        ["1", "machines that do not say what they are"],
    ]
    assert "Micro-Star International Co., Ltd. | B450 TOMAHAWK MAX(MS-7C02)" in said


def test_many_files_are_read_by_several_processes(shell: Shell) -> None:
    dumps(shell.folder / "dmi", count=50)
    found = document(shell, "dmi")
    assert (found["machines"], found["boards"], found["unidentified"]) == (250, 3, 50)


def test_a_file_that_is_no_report_is_counted_with_its_reason(shell: Shell) -> None:
    dumps(shell.folder / "dmi")
    for name in ("one", "other"):
        (shell.folder / "dmi" / name).write_text("My slots are fine, thank you.\n", encoding="utf-8")
    (shell.folder / "dmi" / "gone").symlink_to("nowhere")
    found = document(shell, "dmi", STARTER)
    assert found["machines"] == 6
    assert {one["reason"]: one["files"] for one in found["unreadable"]} == {
        "this text is no listing hwdb can read": 2,
        "the file cannot be read: No such file or directory": 1,
    }


def test_nothing_found_is_nothing_counted(shell: Shell) -> None:
    (shell.folder / "empty").mkdir()
    assert "       0  machines read\n       0  boards" in shell.says("identities", "empty")
    assert "does not exist" in shell.refuses("identities", "nowhere")
