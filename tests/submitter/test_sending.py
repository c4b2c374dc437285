"""Sending: what servers answer, and that nothing is ever lost or sent to somebody else."""

from __future__ import annotations

import json
import os
import shlex
import ssl
import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
import trustme

from tests.machines import SEED
from tests.submitter.peers import STORED, Answer, peer, problem
from tests.submitter.trees import plant

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask

    from tests.submitter.client import Client


def machines(app: Flask) -> int:
    boards = app.test_client().get("/api/v1/boards").get_json()["boards"]
    return sum(board["machines"] for board in boards)


def test_a_document_is_sent_and_its_board_named(app: Flask, server: str, client: Client) -> None:
    said = client.says("send", SEED, "--server", server, "--yes")
    assert "Stored: report " in said
    assert f"{server}/boards/asrock/x399-taichi" in said
    assert "CC0-1.0" in said
    assert "Already there" in client.says("send", SEED, "--server", f"{server}/", "--yes")
    assert machines(app) == 1


def test_the_consent_is_stored_with_the_document(app: Flask, server: str, client: Client) -> None:
    receipt = json.loads(client.says("send", SEED, "--server", server, "--yes", "--json"))
    stored = app.test_client().get(receipt["links"]["report"]).get_json()["document"]
    assert stored["provenance"]["licence"] == "CC0-1.0"


def test_nothing_is_sent_without_a_yes(app: Flask, server: str, client: Client) -> None:
    done = client.run("send", SEED, "--server", server, given="y\n")
    assert (done.returncode, machines(app)) == (1, 0)
    assert "Say --yes to agree" in done.stderr


def test_a_refusal_is_the_servers_own_sentence_and_is_not_tried_again(
    server: str, client: Client, tmp_path: Path
) -> None:
    wrong = tmp_path / "report.json"
    wrong.write_text('{"format": 1, "functions": [{"address": "here"}]}', encoding="utf-8")
    sentence = client.refuses("send", wrong, "--server", server, "--yes")
    assert "functions[0].address" in sentence
    assert "try again" not in sentence


def test_one_bad_file_does_not_stop_the_others(app: Flask, server: str, client: Client, tmp_path: Path) -> None:
    wrong = tmp_path / "report.json"
    wrong.write_text('{"format": 1, "functions": [{"address": "here"}]}', encoding="utf-8")
    done = client.run("send", wrong, SEED, "--server", server, "--yes")
    assert (done.returncode, machines(app)) == (2, 1)


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["send", str(SEED), "--yes"], "HWDB_SERVER"),
        (["send", str(SEED), "--yes", "--server", "ftp://example"], "ftp://example"),
        (["send", str(SEED), "--yes", "--server", "http://user:secret@example"], "no server address"),
        (["send", str(SEED), "--yes", "--server", "http://127.0.0.1:1"], "cannot be reached"),
        (["send", "missing.json", "--yes", "--server", "http://127.0.0.1:1"], "missing.json"),
        (["send", str(SEED), "--yes", "--offline", "--server", "http://127.0.0.1:1"], "--offline"),
        (["update", "--server", "http://127.0.0.1:1"], "no report was sent"),
        (["--outcome", "0a:00.0=maybe", "--offline"], "works, workaround, fails"),
        (["--slot", "PCIE1", "--offline"], "PCIE4=0a:00.0"),
        (["--slot", "PCIE1=elsewhere", "--offline"], "no PCI address"),
        (["collect", "--root", "/nowhere", "-o", "-"], "no recorded machine"),
        (["collect", "-o", "/nowhere/report.json"], "cannot be written"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(client: Client, arguments: list[str], word: str) -> None:
    assert word in client.refuses(*arguments)


def test_the_network_is_tried_again_when_the_server_is_busy(client: Client) -> None:
    busy = problem(429, "One address may send 1 per hour.", Retry_After="0")
    with peer(busy, problem(503, "The database did not answer.", Retry_After="0"), STORED) as other:
        done = client.run("send", SEED, "--server", other.address, "--yes")
    assert (done.returncode, len(other.seen)) == (0, 3)
    assert "One address may send 1 per hour. Trying again in 0 s." in done.stderr
    assert len({body for _, _, _, body in other.seen}) == 1


def test_a_server_that_stays_down_leaves_a_command_that_sends_the_same_later(client: Client, tmp_path: Path) -> None:
    machine = plant(tmp_path / "machine")
    with peer(problem(503, "Down for an hour.", Retry_After="3600")) as other:
        sentence = client.refuses("--root", machine, "--server", other.address, "--yes")
        assert len(other.seen) == 1
    assert "3600" in sentence
    again = shlex.split(sentence.split("try again with: ")[1])
    again = [os.path.expandvars(word.replace("~", str(client.home), 1)) for word in again]
    with peer(STORED) as later:
        command = [sys.executable, "-I", "-S", *again[1:-1], later.address, "--yes"]
        done = subprocess.run(command, env=client.variables, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert later.seen[0][3] == other.seen[0][3] == (client.state / "report.json").read_bytes()


def test_an_answer_that_leads_elsewhere_is_not_followed(client: Client) -> None:
    with peer(STORED) as stranger, peer(Answer(307, headers={"Location": f"{stranger.address}/x"})) as other:
        sentence = client.refuses("send", SEED, "--server", other.address, "--yes")
    assert stranger.address in sentence
    assert stranger.seen == []


def test_a_page_that_is_not_hwdbs_is_told_apart(client: Client) -> None:
    with peer(Answer(200, "<html>")) as other:
        assert "is the address right?" in client.refuses("send", SEED, "--server", other.address, "--yes")


def test_what_a_server_says_cannot_steer_the_terminal(client: Client) -> None:
    with peer(problem(422, "\x1b[2Jgone \u202eevil")) as other:
        sentence = client.refuses("send", SEED, "--server", other.address, "--yes")
    assert "\x1b" not in sentence
    assert "\u202e" not in sentence


def test_plain_http_is_warned_of_only_beyond_this_machine(client: Client) -> None:
    with peer(STORED) as other:
        assert "Warning" not in client.run("send", SEED, "--server", other.address, "--yes").stderr
    # Nobody listens there: the address is of no network (RFC 5737).
    done = replace(client, environment={"http_proxy": "http://127.0.0.1:1"}).run(
        "send", SEED, "--server", "http://192.0.2.1", "--yes"
    )
    assert "Warning: http://192.0.2.1 is plain http" in done.stderr


def test_certificates_are_verified(client: Client, tmp_path: Path) -> None:
    authority = trustme.CA()
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(tls)
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    with peer(STORED, tls=tls) as other:
        sentence = client.refuses("send", SEED, "--server", other.address, "--yes")
        assert "certificate cannot be verified" in sentence
        assert other.seen == []
        trusting = replace(client, environment={"SSL_CERT_FILE": str(tmp_path / "ca.pem")})
        trusting.says("send", SEED, "--server", other.address.removeprefix("https://"), "--yes")
        assert len(other.seen) == 1


def test_the_key_travels_in_one_header_only(client: Client) -> None:
    with peer(STORED) as other:
        client.says("send", SEED, "--server", other.address, "--yes")
    ((method, path, headers, body),) = other.seen
    (kept,) = [json.loads(file.read_bytes()) for file in client.state.glob("127*")]
    key = kept["machines"][0]["key"]
    assert headers["Authorization"] == f"Bearer {key}"
    assert key not in f"{method} {path} {body.decode()} { {**headers, 'Authorization': ''} }"
