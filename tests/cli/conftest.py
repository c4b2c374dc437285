"""Fixtures: a folder and an environment to run commands in."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from tests.cli.commands import STARTER, Shell

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    """Return a place without a database."""
    return Shell(tmp_path)


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Shell:
    """Return a place whose database holds the starter report; tests only read it."""
    made = Shell(tmp_path_factory.mktemp("filled"))
    made.says("import", STARTER)
    return made


@pytest.fixture
def own(filled: Shell, tmp_path: Path) -> Shell:
    """Return a place with a copy of that database, to be changed."""
    shutil.copy(filled.folder / "hwdb.sqlite3", tmp_path)
    return Shell(tmp_path)
