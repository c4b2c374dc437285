"""``hwdb import linuxhw``: the data sets LsPCI and DMI, one report for each machine of either."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from hwdb import models
from tests.cli.commands import Shell
from tests.cli.listings import PROSE, dmidecode, lspci

if TYPE_CHECKING:
    from pathlib import Path

    from hwdb.models.engine import Database

ONE, TWO, THREE = "0123456789AB", "1123456789AB", "2123456789AB"


@pytest.fixture
def clones(tmp_path: Path, database_url: str) -> Shell:
    """Return a place with clones of both data sets: three machines, of which one stands in both."""
    where = {
        f"lspci/Desktop/Example/Board/Board One/{ONE}/DEBIAN-11/5.10.0-21-AMD64/X86_64/0123456789": lspci("1b80"),
        f"lspci/Desktop/Example/Board/Board One/{ONE}/DEBIAN-12/6.1.0-9-AMD64/X86_64/1123456789": lspci("1b81"),
        f"lspci/Desktop/Example/Board/Board One/{ONE}/DEBIAN-12/6.1.0-21-AMD64/X86_64/2123456789": lspci("1b82"),
        f"lspci/Desktop/Example/Board/Board One/{ONE}/DEBIAN-13/6.12.0-1-AMD64/X86_64/3123456789": lspci(
            "1b83", groups=False
        ),
        f"lspci/Server/Example/Big/Big Iron 3/{TWO}/ARCH-ROLLING/6.9.1-ARCH1-1/X86_64/4123456789": lspci("1b84"),
        f"dmi/Desktop/Others/Others/Others/{ONE}": dmidecode("Board Zero"),
        f"dmi/Desktop/Example/Board/Board One/{ONE}": dmidecode("Board One"),
        f"dmi/Notebook/Example/Book/Book 3 \u00bd/{THREE}": dmidecode("Board Three"),
        "dmi/README.md": PROSE,
        "dmi/.git/config": PROSE,
    }
    for name, text in where.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return Shell(tmp_path, {"HWDB_DATABASE_URL": database_url})


def outcomes(shell: Shell, *arguments: str) -> dict[str, int]:
    told = json.loads(shell.says("import", "linuxhw", *arguments, "--json"))
    return {outcome: count for outcome, count in told["outcomes"].items() if count}


def documents(database: Database) -> dict[str, Any]:
    """Return the stored documents by the name of their board."""
    with database.reading() as session:
        return {r.board.name: json.loads(r.document) for r in session.scalars(select(models.Report))}


def test_both_data_sets_give_one_report_for_each_machine(clones: Shell, database: Database) -> None:
    assert outcomes(clones, "--lspci", "lspci", "--dmi", "dmi") == {"stored": 3}
    assert outcomes(clones, "--lspci", "lspci", "--dmi", "dmi") == {"passed": 3}
    stored = documents(database)
    assert set(stored) == {"Board One", "Big Iron 3", "Board Three"}
    joined = stored["Board One"]
    # Of four probes the newest that shows groups, of two dumps the one that is filed with the probes.
    assert joined["functions"][-1]["device"] == "1b82"
    assert joined["kernel"] == {"release": "6.1.0-21-amd64", "distribution": "DEBIAN-12"}
    assert joined["provenance"]["source"] == "lspci+dmidecode"
    assert joined["provenance"]["licence"] == "CC-BY-4.0"
    assert joined["provenance"]["reference"] == (
        "https://github.com/linuxhw/LsPCI/blob/HEAD/Desktop/Example/Board/Board%20One/"
        f"{ONE}/DEBIAN-12/6.1.0-21-AMD64/X86_64/2123456789"
        f" and https://github.com/linuxhw/DMI/blob/HEAD/Desktop/Example/Board/Board%20One/{ONE}"
    )


def test_a_machine_without_smbios_is_called_what_its_folder_says(clones: Shell, database: Database) -> None:
    assert outcomes(clones, "--lspci", "lspci") == {"stored": 2}
    assert {doc["system"]["vendor"] for doc in documents(database).values()} == {"Example"}


def test_smbios_alone_is_stored_too(clones: Shell, database: Database) -> None:
    assert outcomes(clones, "--dmi", "dmi") == {"stored": 2}
    # Without a probe beside them, the dump that is filed under a model counts.
    assert set(documents(database)) == {"Board One", "Board Three"}
    reference = documents(database)["Board Three"]["provenance"]["reference"]
    assert reference == f"https://github.com/linuxhw/DMI/blob/HEAD/Notebook/Example/Book/Book%203%20%C2%BD/{THREE}"


def test_machines_of_one_model_are_not_one_for_having_equal_dumps(clones: Shell, database: Database) -> None:
    twin = clones.folder / f"dmi/Desktop/Example/Board/Board One/{TWO}"
    twin.write_text(dmidecode("Board One"))
    assert outcomes(clones, "--dmi", "dmi", "--limit", "1") == {"stored": 1}
    assert outcomes(clones, "--dmi", "dmi") == {"stored": 2, "passed": 1}


def test_types_and_a_limit_choose_machines(clones: Shell, database: Database) -> None:
    both = ("--lspci", "lspci", "--dmi", "dmi")
    assert outcomes(clones, *both, "--type", "Server", "--type", "Notebook") == {"stored": 2}
    assert set(documents(database)) == {"Big Iron 3", "Board Three"}
    assert outcomes(clones, *both, "--limit", "1")["stored"] == 1


def test_a_dump_that_cannot_be_read_leaves_the_other(clones: Shell, database: Database) -> None:
    (clones.folder / f"dmi/Desktop/Example/Board/Board One/{ONE}").write_text(PROSE)
    (clones.folder / f"dmi/Desktop/Others/Others/Others/{ONE}").write_text(PROSE)
    (clones.folder / f"dmi/Notebook/Example/Book/Book 3 \u00bd/{THREE}").write_text("")
    said = clones.says("import", "linuxhw", "--lspci", "lspci", "--dmi", "dmi").splitlines()
    assert said[0] == "3 machines, 2 reports stored."
    assert said[-1].strip() == "1  DMI: it is empty"
    assert documents(database)["Board One"]["provenance"]["source"] == "lspci"


def test_a_type_that_is_not_there_is_told(clones: Shell) -> None:
    said = clones.refuses("import", "linuxhw", "--dmi", "dmi", "--type", "Toaster")
    assert said.startswith("dmi holds no dumps of the types Toaster where linuxhw/DMI has them; give the folder")
