"""The real service in a process of its own, and Debian's Chromium looking at it."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import sync_playwright

from tests.conftest import ROOT, missing
from tests.machines import SEED

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

SCREENSHOTS = ROOT / "screenshots"


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Import the starter report, serve it and a stand-in for the client, and yield the service's address."""
    folder = tmp_path_factory.mktemp("service")
    client = folder / "client.pyz"
    client.write_bytes(b"what stands in for the client" * 3000)
    environ = {
        **os.environ,
        "HWDB_DATABASE_URL": f"sqlite:///{folder / 'hwdb.sqlite3'}",
        "HWDB_SUBMITTER": str(client),
    }
    hwdb = [sys.executable, "-m", "hwdb.cli"]
    subprocess.run([*hwdb, "import", str(SEED)], env=environ, check=True, capture_output=True)
    port = _free_port()
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([*hwdb, "serve", "--port", str(port)], env=environ, stdout=log, stderr=log)
        address = f"http://127.0.0.1:{port}"
        _wait_for(address, process, folder / "log")
        yield address
        process.send_signal(signal.SIGINT)
        process.wait(timeout=60)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Yield a running Chromium."""
    chromium = shutil.which("chromium")
    if chromium is None:
        missing("Chromium", "install the package chromium, or run `make browser` as root")
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium, args=arguments)
        yield running
        running.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_for(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(300):
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"{address}/api/v1/health", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    pytest.fail(f"the service did not start: {log.read_text(errors='replace')}")
