"""The default run as a person meets it: told first, asked what only they know, and nothing sent without a yes."""

from __future__ import annotations

import json
import shutil
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

from tests.submitter.peers import peer, problem
from tests.submitter.terminal import at_terminal
from tests.submitter.trees import plant

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask

    from tests.submitter.client import Client

QUESTIONS = "A few questions"
CONSENT = "? [y/N]"


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """Return a machine whose firmware names no slot, as one sees it without root."""
    root = plant(tmp_path / "machine")
    (root / "sys/firmware/dmi/tables/DMI").unlink()
    shutil.rmtree(root / "sys/bus/pci/slots")
    return root


def stored(app: Flask) -> list[dict[str, Any]]:
    client = app.test_client()
    reports = []
    for board in client.get("/api/v1/boards").get_json()["boards"]:
        whole = client.get(f"/api/v1/boards/{board['vendor_slug']}/{board['slug']}").get_json()
        reports += [client.get(f"/api/v1/reports/{one['id']}").get_json()["document"] for one in whole["reports"]]
    return reports


def test_what_a_person_says_is_in_the_report(app: Flask, server: str, client: Client, machine: Path) -> None:
    with at_terminal(client, "--root", machine, "--server", server) as terminal:
        terminal.await_text("ASRock X399 Taichi, BIOS P3.90")
        terminal.await_text(QUESTIONS)
        terminal.answer("01:00.0 graphics [10de:1b80]: ", "PCIE1")
        terminal.answer("setting: ", "IOMMU=Enabled")
        terminal.answer("setting: ", "nonsense")
        terminal.await_text("Left out")
        terminal.answer("setting: ", "")
        terminal.answer("device: ", "99:00.0")
        terminal.await_text("There is no 0000:99:00.0")
        terminal.answer("device: ", "01:00.0")
        terminal.answer("does it work", "perhaps")
        terminal.answer("does it work", "workaround")
        terminal.answer("which guest", "Windows 11")
        terminal.answer("what did it take", "vendor-reset, and a second reboot")
        terminal.answer("device: ", "")
        terminal.await_text("every byte of it")
        terminal.await_text("CC0-1.0")
        terminal.answer(CONSENT, "y")
        terminal.await_text("Stored: report ")
        assert terminal.status() == 0
    (document,) = stored(app)
    said = [slot for slot in document["slots"] if slot["witness"] == "submitter"]
    assert said == [{"witness": "submitter", "designation": "PCIE1", "occupied": True, "occupant": "0000:01:00.0"}]
    assert document["settings"] == [{"name": "IOMMU", "value": "Enabled"}]
    assert document["outcomes"] == [
        {
            "function": "0000:01:00.0",
            "role": "guest_gpu",
            "result": "workaround",
            "guest": "Windows 11",
            "note": "vendor-reset, and a second reboot",
        }
    ]
    # What was kept on disk is what was sent.
    assert json.loads((client.state / "report.json").read_bytes())["outcomes"] == document["outcomes"]


def test_every_question_can_be_skipped(app: Flask, server: str, client: Client, machine: Path) -> None:
    with at_terminal(client, "--root", machine, "--server", server) as terminal:
        for prompt in ("[10de:1b80]: ", "setting: ", "device: "):
            terminal.answer(prompt, "")
        terminal.answer(CONSENT, "")
        terminal.await_text("Nothing was sent.")
        assert terminal.status() == 1
    with at_terminal(client, "--root", machine, "--server", server) as terminal:
        terminal.end_of_input("[10de:1b80]: ")
        terminal.answer(CONSENT, "yes")
        assert terminal.status() == 0
    (document,) = stored(app)
    assert "settings" not in document or not document["settings"]


@pytest.mark.parametrize("moment", ["[10de:1b80]: ", "setting: ", "device: ", CONSENT])
def test_ctrl_c_at_any_question_sends_nothing(
    app: Flask, server: str, client: Client, machine: Path, moment: str
) -> None:
    with at_terminal(client, "--root", machine, "--server", server) as terminal:
        for prompt in ("[10de:1b80]: ", "setting: ", "device: "):
            if prompt == moment:
                break
            terminal.answer(prompt, "")
        terminal.interrupt(moment)
        terminal.await_text("Nothing was sent.")
        assert terminal.status() == 130
    assert stored(app) == []


def test_ctrl_c_while_sending_leaves_a_whole_report_or_none_and_says_how_to_be_sure(
    client: Client, machine: Path
) -> None:
    with peer(problem(503, "Busy.", Retry_After="100")) as other:
        with at_terminal(client, "--root", machine, "--server", other.address, "--yes") as terminal:
            terminal.interrupt("Trying again in 100 s.")
            terminal.await_text("stored whole or not at all")
            terminal.await_text(f"--server {other.address}")
            assert terminal.status() == 130
        ((_, _, headers, body),) = other.seen
    assert len(body) == int(headers["Content-Length"])
    assert body == (client.state / "report.json").read_bytes()


def test_without_a_service_it_still_tells(client: Client, machine: Path) -> None:
    said = client.says("--root", machine)
    assert "01:00.0 graphics [10de:1b80], group 3: isolates" in said
    assert "No service is named, so nothing is sent" in said
    assert "~/.local/state/hwdb/report.json" in said


def test_offline_loads_no_network_code_at_all(client: Client, machine: Path) -> None:
    """Python cannot open a socket without these modules."""
    block = "import sys; sys.modules['socket'] = sys.modules['_socket'] = sys.modules['ssl'] = None; "
    start = f"sys.path.insert(0, {str(client.zipapp)!r}); sys.argv[0] = 'hwdb-submit'; "
    command = [client.python, "-I", "-S", "-c", f"{block}{start}from submitter.cli import main; main()"]
    for arguments in (["--offline"], ["--offline", "--json"], ["collect", "-o", "-"], ["collect"]):
        done = subprocess.run(
            [*command, *arguments, "--root", str(machine)], env=client.variables, capture_output=True, check=False
        )
        assert done.returncode == 0, done.stderr


def test_flags_and_a_notes_file_say_the_same_as_answers(client: Client, machine: Path, tmp_path: Path) -> None:
    notes = tmp_path / "notes.ini"
    notes.write_text(
        "[slots]\nPCIE1 = 01:00.0\n[settings]\nACS Enable = Enabled\n"
        "[outcomes]\n01:00.0 = works, Windows 11, none: needed\n",
        encoding="utf-8",
    )
    by_file = client.collects(machine, "--notes", str(notes))
    by_flags = client.collects(
        machine,
        *("--slot", "PCIE1=01:00.0", "--setting", "ACS Enable=Enabled"),
        *("--outcome", "01:00.0=works, Windows 11, none: needed"),
    )
    for key in ("slots", "settings", "outcomes"):
        assert by_file[key] == by_flags[key]
    assert by_file["outcomes"][0]["note"] == "none: needed"
    assert "no 0000:05:00.0 in this machine" in client.refuses("--root", machine, "--slot", "PCIE2=05:00.0")


def test_data_for_programs_is_one_document(server: str, client: Client, machine: Path) -> None:
    done = client.run("--json", "--yes", "--root", machine, "--server", server)
    whole = json.loads(done.stdout)
    assert {"board", "bios", "kernel", "iommu", "groups", "slots", "cards", "taints", "receipt"} == set(whole)
    assert whole["receipt"]["created"] is True


def test_show_prints_the_verdicts_and_the_whole_document(client: Client, machine: Path, tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    client.says("collect", "--root", machine, "-o", report)
    said = client.says("show", report)
    assert said.startswith("ASRock X399 Taichi")
    assert said.endswith(report.read_text(encoding="utf-8"))
    assert client.says("show", report, "--json") == report.read_text(encoding="utf-8")


def test_hostile_firmware_cannot_steer_the_terminal(client: Client, machine: Path) -> None:
    (machine / "sys/class/dmi/id/board_name").write_text("Taichi\x1b[2J\u202e\x9b", encoding="utf-8")
    said = client.says("--root", machine, "--offline")
    assert not set("\x1b\u202e\x9b") & set(said)
