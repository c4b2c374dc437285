"""The real service, in a process of its own on a database of its own, and its REST API."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@dataclass(frozen=True)
class Service:
    """A running service, on a port of this machine."""

    port: int

    @property
    def address(self) -> str:
        """Return where it answers."""
        return f"http://127.0.0.1:{self.port}"

    def get(self, path: str) -> Any:
        """Return what the API answers below ``/api/v1/``."""
        with urllib.request.urlopen(f"{self.address}/api/v1/{path}", timeout=60) as answer:
            return json.load(answer)


@contextmanager
def serving(folder: Path, imported: Path | None = None, **settings: str) -> Iterator[Service]:
    """Serve a new database until the block is left.

    Args:
        folder: Where the database and the log are.
        imported: A report that is imported first.
        settings: ``HWDB_*`` variables.
    """
    database = {"HWDB_DATABASE_URL": f"sqlite:///{folder / 'hwdb.sqlite3'}", "HWDB_SUBMIT_LIMIT": "1000000 per minute"}
    environ = {**os.environ, **database, **settings}
    hwdb = [sys.executable, "-m", "hwdb.cli"]
    if imported is not None:
        subprocess.run([*hwdb, "import", str(imported)], env=environ, check=True, capture_output=True)
    service = Service(_free_port())
    with (folder / "log").open("wb") as log:
        command = [*hwdb, "serve", "--port", str(service.port)]
        process = subprocess.Popen(command, env=environ, stdout=log, stderr=log)
        try:
            _wait_for(service, process, folder / "log")
            yield service
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=60)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_for(service: Service, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(300):
        if process.poll() is not None:
            break
        try:
            service.get("health")
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"the service did not start: {log.read_text(errors='replace')}")
