"""``hwdb-submit`` against the real service: shown first, sent when agreed to, errors in the server's own words."""

from __future__ import annotations

import subprocess
import sys
import threading
from typing import TYPE_CHECKING

import pytest
from werkzeug.serving import make_server

from tests.machines import SEED

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flask import Flask


@pytest.fixture
def server(app: Flask) -> Iterator[str]:
    """Serve the application on a free port of this machine."""
    listening = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=listening.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{listening.server_port}"
    listening.shutdown()
    thread.join()
    listening.server_close()


def submit(*arguments: str, answer: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from submitter.cli import main; main()", *arguments]
    return subprocess.run(command, input=answer, capture_output=True, text=True, check=False)


def reports(app: Flask) -> int:
    boards = app.test_client().get("/api/v1/boards").get_json()["boards"]
    return sum(board["machines"] for board in boards)


def test_a_document_is_sent_and_its_board_named(app: Flask, server: str) -> None:
    done = submit(str(SEED), "--server", server, "--yes")
    assert done.returncode == 0, done.stderr
    assert "Stored: report " in done.stdout
    assert f"{server}/boards/asrock/x399-taichi" in done.stdout
    assert "Already there" in submit(str(SEED), "--server", f"{server}/", "--yes").stdout
    assert reports(app) == 1


@pytest.mark.parametrize(("answer", "sent"), [("y\n", 1), ("n\n", 0), ("\n", 0), ("", 0)])
def test_nothing_is_sent_that_was_not_shown_and_agreed_to(app: Flask, server: str, answer: str, sent: int) -> None:
    done = submit(str(SEED), "--server", server, answer=answer)
    assert SEED.read_text(encoding="utf-8") in done.stdout
    assert "CC0-1.0" in done.stdout
    assert reports(app) == sent
    assert sent or "Nothing was sent." in done.stdout + done.stderr


def test_a_refusal_is_the_servers_own_sentence(server: str, tmp_path: Path) -> None:
    wrong = tmp_path / "report.json"
    wrong.write_text('{"format": 1, "functions": [{"address": "here"}]}', encoding="utf-8")
    done = submit(str(wrong), "--server", server, "--yes")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert "functions[0].address" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        ([str(SEED), "--yes"], "--server"),
        ([str(SEED), "--yes", "--server", "ftp://example"], "ftp://example"),
        ([str(SEED), "--yes", "--server", "http://127.0.0.1:1"], "cannot be reached"),
        (["missing.json", "--yes", "--server", "http://127.0.0.1:1"], "missing.json"),
    ],
)
def test_what_cannot_be_sent_is_one_sentence(arguments: list[str], word: str) -> None:
    done = submit(*arguments)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert done.stderr.startswith("hwdb-submit: ")
    assert word in done.stderr
