"""``hwdb serve`` as a process: it answers, and it goes when it is told to."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from typing import Any

import pytest

from tests.cli.commands import HWDB, Shell

pytest.importorskip("web")
pytest.importorskip("granian")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def get(address: str) -> Any:
    with urllib.request.urlopen(address, timeout=10) as answer:
        return json.load(answer)


def get_when_ready(address: str, running: subprocess.Popen[bytes]) -> Any:
    for _ in range(240):
        try:
            return get(address)
        except (urllib.error.URLError, ConnectionError):
            assert running.poll() is None, "the service ended by itself"
            time.sleep(0.25)
    pytest.fail("the service never answered")


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_the_service_answers_until_it_is_told_to_go(own: Shell, stop: signal.Signals) -> None:
    port = free_port()
    log = own.folder / "log"
    command = [*HWDB, "serve", "--port", str(port)]
    with (
        log.open("wb") as said,
        subprocess.Popen(command, env=own.variables, stdout=said, stderr=said) as running,
    ):
        try:
            health = get_when_ready(f"http://127.0.0.1:{port}/api/v1/health", running)
            assert (health["status"], health["boards"]) == ("ok", 1)
            assert get(f"http://127.0.0.1:{port}/api/v1/boards/asrock/x399-taichi")["name"] == "X399 Taichi"
            running.send_signal(stop)
            status = running.wait(timeout=60)
        finally:
            running.kill()
    text = log.read_text(encoding="utf-8")
    assert status == 0, text
    assert f"hwdb serves http://127.0.0.1:{port}/ until Ctrl-C." in text
    assert "Traceback" not in text


def test_a_port_in_use_is_told(shell: Shell) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        said = shell.refuses("serve", "--port", str(port))
    assert said.startswith(f"127.0.0.1 port {port} cannot be listened on: Address already in use; ")


def test_an_address_of_another_machine_is_told(shell: Shell) -> None:
    # An address for documentation, which no machine has.
    assert "192.0.2.1 port 8399 cannot be listened on: " in shell.refuses("serve", "--host", "192.0.2.1")
