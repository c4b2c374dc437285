"""What the commands print, asked in processes of their own."""

from __future__ import annotations

import json
import re
import subprocess
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from tests.cli.commands import HWDB, PORTS, STARTER, Shell
from tests.machines import seed_document

if TYPE_CHECKING:
    from pathlib import Path

COMPANIONS = {
    "0000:01:00.0": "1022:43ba",
    "0000:01:00.1": "1022:43b6",
    "0000:04:00.0": "8086:1539",
    "0000:05:00.0": "8086:24fb",
    "0000:06:00.0": "8086:1539",
}
TREE = """\
├── 0
│   └── 00:01.1 PCI bridge [0604]: Advanced Micro Devices, Inc. [AMD] Device [1022:1453]
└── 1
    └── 01:00.0 VGA compatible controller [0300]: NVIDIA Corporation GP104 [10de:1b80] (rev a1)
"""
COMMANDS = [
    *(
        "analyse",
        "board",
        "convert",
        "device",
        "identities",
        "import",
        "moderate",
        "plan",
        "query",
        "reanalyse",
        "serve",
    ),
    "upgrade",
]


def slots_of(text: str) -> dict[str, str]:
    """Return the block of lines of each slot, by its name."""
    blocks = re.split(r"^  (?=\S)", text, flags=re.MULTILINE)[1:]
    return {block.split()[0]: " ".join(block.split()) for block in blocks}


def public_id(said: str) -> str:
    found = re.search(r"report ([0-9a-f]{16}) of asrock/x399-taichi", said)
    assert found, said
    return found[1]


def test_an_imported_report_answers_for_its_board(filled: Shell) -> None:
    slots = slots_of(filled.says("query", "X399 Taichi"))
    assert set(slots) >= {"PCIE1", "PCIE2", "PCIE3", "PCIE4", "PCIE5"}
    assert slots["PCIE1"].startswith("PCIE1 (x16) isolates (observed")
    assert slots["PCIE3"].startswith("PCIE3 (x1) shared with onboard (")
    for address, ids in COMPANIONS.items():
        assert re.search(rf"{address} \S.* \[{ids}\]", slots["PCIE3"])
    assert len(re.findall(r"\[\w{4}:\w{4}\]", slots["PCIE3"])) == len(COMPANIONS)
    assert slots["PCIE5"].startswith("PCIE5 (x8) isolates (declared")


@pytest.mark.parametrize("words", [["x399", "taichi"], ["taichi", "x399"], ["ASRock X399"], ["x399 tachi"]])
def test_a_board_is_found_by_parts_of_its_name(filled: Shell, words: list[str]) -> None:
    assert filled.says("query", *words).startswith("ASRock X399 Taichi\n")


def test_query_prints_json(filled: Shell) -> None:
    answer = json.loads(filled.says("query", "--json", "X399", "Taichi"))
    assert set(answer) == {"query", "boards"}
    assert answer["query"] == "X399 Taichi"
    [board] = answer["boards"]
    grades = {slot["designation"]: (slot["isolates"], slot["evidence"]) for slot in board["slots"]}
    assert grades["PCIE1"] == (True, "observed")
    assert grades["PCIE3"][0] is False
    assert grades["PCIE5"] == (True, "declared")


@pytest.mark.parametrize("words", ["Z99 Nonesuch", "", " ", "\udcff"])
def test_a_board_nobody_reported_is_said_so(filled: Shell, words: str) -> None:
    assert filled.refuses("query", words).startswith("no board fits ")
    assert json.loads(filled.says("query", "--json", words))["boards"] == []


def test_the_same_report_twice_is_one_report(shell: Shell) -> None:
    first, second = shell.says("import", STARTER), shell.says("import", STARTER)
    assert first.startswith("Stored report ")
    assert second.startswith("Already known: report ")
    assert public_id(first) == public_id(second)


def test_a_held_report_does_not_count_until_it_is_released(own: Shell) -> None:
    number = public_id(own.says("import", STARTER))
    before = own.says("query", "X399 Taichi")
    assert own.says("moderate", "hold", number, "--reason", "Looks odd.").startswith(f"Report {number} is held")
    held = own.says("query", "X399 Taichi")
    assert "4 of 5 slots isolate" in before
    assert "4 of 5 slots isolate" not in held
    assert "1 report is held out" in held
    own.says("moderate", "release", number)
    assert own.says("query", "X399 Taichi") == before


def test_a_withdrawn_report_is_gone_and_not_taken_again(own: Shell) -> None:
    number = public_id(own.says("import", STARTER))
    assert own.run("moderate", "withdraw", number, given=b"n\n").returncode != 0
    assert "X399" in own.says("query", "X399 Taichi")
    assert own.says("moderate", "withdraw", "--yes", number).endswith(f"Report {number} is withdrawn.\n")
    assert own.refuses("import", STARTER).endswith("is not stored again")


def test_reanalyse_changes_nothing_while_the_rules_are_the_same(own: Shell) -> None:
    before = own.says("query", "--json", "X399 Taichi")
    assert "0 reports judged" in own.says("reanalyse")
    assert "1 report judged" in own.says("reanalyse", "--all", "--batch", "1")
    after = own.says("query", "--json", "X399 Taichi")
    assert without_moments(json.loads(after)) == without_moments(json.loads(before))


def without_moments(document: Any) -> Any:
    """Return JSON data without the moments in it."""
    if isinstance(document, dict):
        return {key: without_moments(value) for key, value in document.items()}
    if isinstance(document, list):
        return [without_moments(item) for item in document]
    return None if isinstance(document, str) and re.match(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d", document) else document


def test_upgrade_says_which_database(shell: Shell) -> None:
    assert shell.says("upgrade").startswith(f"sqlite:///{shell.folder}/hwdb.sqlite3 is up to date.\n")
    assert (shell.folder / "hwdb.sqlite3").is_file()


def test_without_a_setting_the_database_is_in_the_data_directory(tmp_path: Path) -> None:
    shell = Shell(tmp_path, {"HWDB_DATABASE_URL": "", "XDG_DATA_HOME": str(tmp_path / "data")})
    assert shell.says("upgrade").startswith(f"sqlite:///{tmp_path}/data/hwdb/hwdb.sqlite3 ")


def test_analyse_needs_no_database(shell: Shell) -> None:
    said = shell.says("analyse", STARTER)
    assert said.startswith("ASRock X399 Taichi\n4 of 5 slots isolate cleanly.")
    assert set(slots_of(said)) == {"PCIE1", "PCIE2", "PCIE3", "PCIE4", "PCIE5"}
    assert not (shell.folder / "hwdb.sqlite3").exists()


def test_analyse_prints_json(shell: Shell) -> None:
    answer = json.loads(shell.says("analyse", "--json", STARTER))
    assert list(answer) == ["board", "bios", "kernel", "iommu", "groups", "slots", "cards", "taints"]
    assert len(answer["groups"]) == 40
    [pcie3] = [slot for slot in answer["slots"] if slot["designation"] == "PCIE3"]
    assert {c["address"]: f"{c['vendor']}:{c['device']}" for c in pcie3["companions"]} == COMPANIONS


def test_a_dash_is_standard_input(shell: Shell) -> None:
    assert shell.says("analyse", "-", given=STARTER.read_bytes()) == shell.says("analyse", STARTER)
    assert json.loads(shell.says("convert", "-", given=TREE.encode()))["functions"][1]["device"] == "1b80"


def test_notes_about_ports_turn_a_word_into_an_observation(shell: Shell) -> None:
    slots = slots_of(shell.says("analyse", "--annotate", PORTS, STARTER))
    assert slots["PCIE3"].startswith("PCIE3 (x1) shared with onboard (observed")
    assert slots["PCIE5"].startswith("PCIE5 (x8) isolates (declared")
    answer = json.loads(shell.says("analyse", "--json", "--annotate", PORTS, STARTER))
    evidence = {slot["designation"]: slot["evidence"] for slot in answer["slots"]}
    assert (evidence["PCIE3"], evidence["PCIE5"]) == ("observed", "declared")


def test_convert_gives_back_what_it_was_given(shell: Shell) -> None:
    once = shell.says("convert", STARTER)
    assert json.loads(once) == seed_document()
    assert shell.says("convert", "-", given=once.encode()) == once


def test_convert_gives_a_list_where_a_text_holds_several_machines(shell: Shell) -> None:
    line = "IOMMU Group {} 01:00.0 VGA compatible controller [0300]: NVIDIA Corporation GP104 [10de:1b80]\n"
    both = (line.format(1) + "The other one:\n" + line.format(14)).encode()
    made = json.loads(shell.says("convert", "-", given=both))
    assert [document["functions"][0]["iommu_group"] for document in made] == [1, 14]
    assert isinstance(json.loads(shell.says("convert", "-", given=line.format(1).encode())), dict)


def test_convert_reads_json_of_other_programs(shell: Shell) -> None:
    given = json.dumps({"iommu_groups": [{"id": 7, "devices": [{"address": "0000:01:00.0"}]}]}).encode()
    assert json.loads(shell.says("convert", "-", given=given))["functions"][0]["iommu_group"] == 7


def test_convert_makes_a_report_of_a_listing_and_its_notes(own: Shell) -> None:
    (own.folder / "listing.txt").write_text(TREE, encoding="utf-8")
    (own.folder / "notes.toml").write_text('[board]\nvendor = "ASUS"\nname = "Prime"\n', encoding="utf-8")
    (own.folder / "more.toml").write_text('[board]\nname = "Prime X399-A"\n', encoding="utf-8")
    said = own.says("convert", "--annotate", "notes.toml", "--annotate", "more.toml", "listing.txt")
    document = json.loads(said)
    assert document["board"] == {"vendor": "ASUS", "name": "Prime X399-A"}
    assert document["functions"][1] == {
        "address": "0000:01:00.0",
        "iommu_group": 1,
        "class": "0300",
        "vendor": "10de",
        "device": "1b80",
        "revision": "a1",
        "name": "NVIDIA Corporation GP104",
    }
    assert "Stored report" in own.says("import", "-", given=said.encode())


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("text", [TREE, STARTER.read_text(encoding="utf-8")], ids=["listing", "document"])
def test_files_may_come_from_windows(shell: Shell, text: str, encoding: str) -> None:
    said = shell.says("convert", "-", given=text.replace("\n", "\r\n").encode(encoding))
    assert said == shell.says("convert", "-", given=text.encode())


def test_a_listing_is_cleaned_like_a_document(shell: Shell) -> None:
    dirty = TREE.replace("GP104", "GP\x00104\x1b[31m")
    name = json.loads(shell.says("convert", "-", given=dirty.encode()))["functions"][1]["name"]
    assert name == "NVIDIA Corporation GP\ufffd104"


def test_a_terminal_without_the_letters_still_gets_an_answer(tmp_path: Path) -> None:
    shell = Shell(tmp_path, {"PYTHONIOENCODING": "latin-1"})
    document = seed_document()
    document["board"]["name"] = "华南 X99"
    given = json.dumps(document).encode()
    assert json.loads(shell.says("convert", "-", given=given))["board"]["name"] == "华南 X99"
    assert shell.says("analyse", "-", given=given).startswith("ASRock ?? X99\n")


def test_help_is_there_for_everything(shell: Shell) -> None:
    nested = [["moderate", "hold"], ["moderate", "release"], ["moderate", "withdraw"]]
    asked = [[], ["-h"], ["--help"], *([*command, "--help"] for command in [*([name] for name in COMMANDS), *nested])]
    with ThreadPoolExecutor(4) as several:
        answers = several.map(lambda arguments: shell.says(*arguments), asked)
        for arguments, said in zip(asked, answers, strict=True):
            assert said.startswith(" ".join(["Usage: hwdb", *arguments[:-1]]))


def test_help_lists_every_command(shell: Shell) -> None:
    listed = shell.says("--help").split("Commands:\n")[1]
    assert [line.split()[0] for line in listed.splitlines()] == COMMANDS


def test_the_version_is_told(shell: Shell) -> None:
    assert re.fullmatch(r"hwdb, version \d+\.\d+\.\d+\n", shell.says("--version"))


@pytest.mark.parametrize("arguments", [["convert", str(STARTER)], ["query", "X399"], ["query", "--json", "X399"]])
def test_a_reader_that_goes_away_is_no_error(filled: Shell, arguments: list[str]) -> None:
    with subprocess.Popen(
        [*HWDB, *arguments],
        cwd=filled.folder,
        env=filled.variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.close()
        assert running.stderr.read() == b""


def test_files_about_one_machine_become_one_report(own: Shell) -> None:
    listing = "".join(
        f"0{n}:00.0 USB controller [0c03]: Example [1022:43b{n}]\n\tFlags: fast devsel, IOMMU group {n}\n"
        for n in range(3)
    )
    table = "Base Board Information\n\tManufacturer: ASUS\n\tProduct Name: Prime X399-A\n"
    (own.folder / "lspci.txt").write_text(listing, encoding="utf-8")
    (own.folder / "dmidecode.txt").write_text(table, encoding="utf-8")
    (own.folder / "other.txt").write_text(table.replace("X399", "X570"), encoding="utf-8")
    document = json.loads(own.says("convert", "lspci.txt", "dmidecode.txt"))
    assert (document["board"], len(document["functions"])) == ({"vendor": "ASUS", "name": "Prime X399-A"}, 3)
    assert document["provenance"]["source"] == "lspci+dmidecode"
    assert own.says("analyse", "lspci.txt", "dmidecode.txt").startswith("ASUS Prime X399-A\n")
    assert "of asus/prime-x399-a." in own.says("import", "lspci.txt", "dmidecode.txt")
    assert own.refuses("convert", "dmidecode.txt", "other.txt").startswith("other.txt is about another board")


def test_a_listing_is_kept_redacted_for_moderators(shell: Shell) -> None:
    host = "tower" + "47"
    said = shell.says("import", "-", given=f"someone@{host}:~$ ./groups.sh\n{TREE}".encode())
    number = said.split()[2]
    kept = shell.says("moderate", "source", number)
    assert host not in kept
    assert kept.splitlines()[1:] == TREE.splitlines()
    document = shell.says("import", STARTER).split()[2]
    assert "came without a text" in shell.refuses("moderate", "source", document)
