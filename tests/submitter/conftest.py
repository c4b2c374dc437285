"""Fixtures: the shipped single file, run as its users run it, and services to send to."""

from __future__ import annotations

import shutil
import threading
from typing import TYPE_CHECKING

import pytest
from werkzeug.serving import make_server

from submitter.bundle import build
from tests.submitter.client import Client

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flask import Flask


@pytest.fixture(scope="session")
def zipapp(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the single file."""
    path = tmp_path_factory.mktemp("dist") / "hwdb-submit.pyz"
    build(str(path))
    return path


@pytest.fixture
def client(zipapp: Path, tmp_path: Path) -> Client:
    """Return the client on a home of its own."""
    return Client(zipapp, tmp_path / "home")


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


@pytest.fixture
def database_url(sqlite_template: Path, tmp_path: Path) -> str:
    """Return an empty database on one engine: that both answer alike is tested where they differ."""
    path = tmp_path / "hwdb.sqlite3"
    shutil.copy(sqlite_template, path)
    return f"sqlite:///{path}"
