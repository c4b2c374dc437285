"""What starts quickly stays light: ``--help`` loads no database, the pure rooms need no library."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.conftest import ROOT

HEAVY = {"alembic", "flask", "marshmallow", "rapidfuzz", "sqlalchemy"}
PURE = [
    "hwdb.report",
    "hwdb.topology",
    "hwdb.analysis",
    "hwdb.importers",
    "hwdb.identity",
    "hwdb.errors",
    "hwdb.pciids",
]
IMPORT_PURE = """
import importlib, pkgutil, sys
for name in ("sqlalchemy", "alembic", "marshmallow", "apispec", "flask", "flask_smorest", "click", "rapidfuzz"):
    sys.modules[name] = None
room = importlib.import_module(sys.argv[1])
for module in pkgutil.iter_modules(getattr(room, "__path__", ()), sys.argv[1] + "."):
    importlib.import_module(module.name)
"""


def python(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *arguments], cwd=ROOT, check=True, capture_output=True, text=True)


@pytest.mark.parametrize("arguments", [["--help"], ["--version"]])
def test_help_and_version_load_nothing_heavy(arguments: list[str]) -> None:
    timed = python("-X", "importtime", "-m", "hwdb.cli", *arguments).stderr
    loaded = {line.rsplit("|", 1)[1].strip().split(".")[0] for line in timed.splitlines() if line.count("|") == 2}
    assert "click" in loaded
    assert loaded & HEAVY == set()


def test_the_package_itself_imports_nothing() -> None:
    report = "import sys, hwdb; print(sorted(name for name in sys.modules if name.split('.')[0] == 'hwdb'))"
    assert python("-c", report).stdout.strip() == "['hwdb']"


@pytest.mark.parametrize("room", PURE)
def test_the_pure_rooms_need_no_library(room: str) -> None:
    python("-c", IMPORT_PURE, room)


def test_analysing_a_file_needs_no_database() -> None:
    starter = ROOT / "hwdb" / "starter" / "asrock-x399-taichi-1900x.json"
    blocked = "import sys; sys.modules['sqlalchemy'] = sys.modules['flask'] = None; from hwdb.cli import main; main()"
    assert "PCIE1" in python("-c", blocked, "analyse", str(starter)).stdout
