"""Reports stay their owners': one key for a machine, updates, withdrawals, and asking without telling."""

from __future__ import annotations

import json
import os
import pwd
import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from tests.conftest import ROOT
from tests.machines import SEED, seed_document
from tests.submitter.peers import Answer, peer
from tests.submitter.trees import plant

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask

    from tests.submitter.client import Client

TAICHI = "/api/v1/boards/asrock/x399-taichi"


def board(app: Flask) -> dict[str, Any]:
    answer: dict[str, Any] = app.test_client().get(TAICHI).get_json()
    return answer


def test_the_reports_of_one_machine_share_its_key(app: Flask, server: str, client: Client, tmp_path: Path) -> None:
    machine = plant(tmp_path / "machine")
    for version in ("P3.90", "P4.03"):
        (machine / "sys/class/dmi/id/bios_version").write_text(version, encoding="utf-8")
        client.says("--root", machine, "--server", server, "--yes")
    assert (len(board(app)["reports"]), board(app)["machines"]) == (2, 1)


def test_two_machines_sent_from_one_place_are_two(app: Flask, server: str, client: Client, tmp_path: Path) -> None:
    files = []
    for card in ("1b80", "2204"):
        document = seed_document()
        document["functions"][-1]["device"] = card
        files.append(tmp_path / f"{card}.json")
        files[-1].write_text(json.dumps(document), encoding="utf-8")
    client.says("send", *files, "--server", server, "--yes")
    assert board(app)["machines"] == 2


def test_a_withdrawn_report_is_gone_and_does_not_come_back(app: Flask, server: str, client: Client) -> None:
    receipt = json.loads(client.says("send", SEED, "--server", server, "--yes", "--json"))
    said = client.says("delete", "--server", server, "--yes")
    assert f"Withdrawn: report {receipt['id']}." in said
    assert app.test_client().get(receipt["links"]["report"]).status_code == 410
    assert "withdrawn by its owner" in client.refuses("send", SEED, "--server", server, "--yes")
    assert "No report" in client.says("delete", "--server", server, "--yes")


def test_one_report_that_cannot_be_withdrawn_does_not_keep_the_others(
    app: Flask, server: str, client: Client, tmp_path: Path
) -> None:
    """Somebody else sent the same document first, so this key owns one of two reports."""
    replace(client, home=tmp_path / "stranger").says("send", SEED, "--server", server, "--yes")
    machine = plant(tmp_path / "machine")
    client.says("send", SEED, "--server", server, "--yes")
    client.says("--root", machine, "--server", server, "--yes")
    done = client.run("delete", "--server", server, "--yes")
    assert done.returncode == 2
    assert "was submitted under another key" in done.stderr
    assert done.stdout.count("Withdrawn: report") == 1
    assert len(board(app)["reports"]) == 1


def test_only_who_sent_a_report_can_withdraw_it(app: Flask, server: str, client: Client, tmp_path: Path) -> None:
    receipt = json.loads(client.says("send", SEED, "--server", server, "--yes", "--json"))
    stranger = replace(client, home=tmp_path / "stranger")
    assert "was not sent from here" in stranger.refuses("delete", receipt["id"], "--server", server, "--yes")
    assert "No report" in stranger.says("delete", "--server", server, "--yes")
    done = client.run("delete", receipt["id"], "--server", server)
    assert (done.returncode, "say --yes" in done.stdout) == (1, True)
    assert app.test_client().get(receipt["links"]["report"]).status_code == 200


@pytest.mark.parametrize(
    ("bios", "level"), [("P3.90", "exact"), ("P9.99", "other bios")], ids=["same BIOS", "another BIOS"]
)
def test_a_machine_is_looked_up(server: str, client: Client, tmp_path: Path, bios: str, level: str) -> None:
    machine = plant(tmp_path / "machine")
    assert "\nunknown: " in client.says("status", "--root", machine, "--server", server)
    client.says("--root", machine, "--server", server, "--yes")
    (machine / "sys/class/dmi/id/bios_version").write_text(bios, encoding="utf-8")
    said = client.says("status", "--root", machine, "--server", server)
    assert f"\n{level}: " in said
    assert f"{server}/boards/asrock/x399-taichi" in said


def test_looking_up_sends_what_it_says_and_nothing_else(client: Client, tmp_path: Path) -> None:
    machine = plant(tmp_path / "machine")
    with peer(Answer(200, json.dumps({"level": "unknown", "sentence": "Not known."}))) as other:
        said = client.says("status", "--root", machine, "--server", other.address)
    ((method, path, headers, body),) = other.seen
    assert (method, body) == ("GET", b"")
    named = "board_vendor=ASRock&board_name=X399+Taichi&system_vendor=To+Be+Filled+By+O.E.M."
    asked = f"{named}&bios_version=P3.90&cpu=AMD+Ryzen+Threadripper+1900X"
    assert path == f"/api/v1/known?{asked}"
    assert set(headers) <= {"Accept", "Accept-Encoding", "Connection", "Host", "User-Agent"}
    assert said.index("board_name: X399 Taichi") < said.index("unknown")


def test_the_folder_of_keys_is_its_owners_alone(server: str, client: Client) -> None:
    client.says("send", SEED, "--server", server, "--yes")
    assert client.state.stat().st_mode & 0o077 == 0
    assert [path for path in client.state.iterdir() if path.stat().st_mode & 0o077] == []


def test_the_key_survives_a_state_folder_of_ones_own(server: str, client: Client, tmp_path: Path) -> None:
    elsewhere = replace(client, environment={"XDG_STATE_HOME": str(tmp_path / "state")})
    elsewhere.says("send", SEED, "--server", server, "--yes")
    assert len(list((tmp_path / "state" / "hwdb").iterdir())) == 1
    assert not client.state.exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can hand files to somebody else")
def test_under_sudo_the_key_is_the_callers(server: str, client: Client, tmp_path: Path) -> None:
    # A user without an entry of their own, so that no real home folder is written to.
    caller = 54321
    sudo = {"SUDO_UID": str(caller), "SUDO_GID": str(caller), "SUDO_USER": "somebody"}
    said = replace(client, environment=sudo).says("--root", plant(tmp_path / "m"), "--server", server, "--yes")
    kept = [path.stat() for path in (client.home / ".local", client.state, *client.state.iterdir())]
    assert {(one.st_uid, one.st_gid) for one in kept} == {(caller, caller)}
    # The name of the home folder may be the name of its owner.
    assert "~/.local/state/hwdb/report.json" in said


def test_under_sudo_the_home_is_the_callers() -> None:
    """The folder is looked up and not written to."""
    user = next(user for user in pwd.getpwall() if user.pw_uid not in {0, os.geteuid()})
    environ = {"SUDO_UID": str(user.pw_uid), "SUDO_GID": str(user.pw_gid), "HOME": "/elsewhere"}
    ask = "import os; os.geteuid = lambda: 0; from submitter.state import State; print(State().folder)"
    done = subprocess.run(
        [sys.executable, "-c", ask], cwd=ROOT, env=environ, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == f"{user.pw_dir.rstrip('/')}/.local/state/hwdb"


def test_a_damaged_file_of_keys_is_left_alone(server: str, client: Client) -> None:
    client.says("send", SEED, "--server", server, "--yes")
    (kept,) = client.state.glob("127*")
    kept.write_text("{", encoding="utf-8")
    assert "holds the keys" in client.refuses("send", SEED, "--server", server, "--yes")
    assert kept.read_text(encoding="utf-8") == "{"
