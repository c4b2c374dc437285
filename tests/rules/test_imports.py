"""The import contracts of pyproject.toml hold, and each of them notices when it is broken."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
from typing import TYPE_CHECKING

import pytest

from tests.conftest import ROOT

if TYPE_CHECKING:
    from pathlib import Path

PACKAGES = ("hwdb", "web", "submitter", "migrations")

# Contract -> (module that is given one line more, the line).
VIOLATIONS = [
    ("layers", "hwdb/report/parts.py", "import hwdb.topology"),
    ("layers", "hwdb/topology/address.py", "import hwdb.identity"),
    ("layers", "hwdb/importers/tree.py", "import hwdb.schema"),
    ("layers", "hwdb/analysis/words.py", "import hwdb.models"),
    ("layers", "hwdb/models/base.py", "import hwdb.queries"),
    ("layers", "hwdb/queries/boards.py", "import hwdb.intake"),
    ("layers", "hwdb/intake/accept.py", "import hwdb.cli"),
    ("layers", "hwdb/cli/query.py", "import web"),
    ("pure-core", "hwdb/topology/ports.py", "import sqlalchemy"),
    ("pure-core", "hwdb/importers/tree.py", "import marshmallow"),
    ("core-without-web", "hwdb/intake/accept.py", "import flask"),
    ("client-is-light", "submitter/service.py", "import hwdb.schema"),
    ("client-is-light", "submitter/cli.py", "import click"),
    ("service-and-client-apart", "web/config.py", "import submitter"),
    ("views-without-queries", "web/api/boards.py", "import sqlalchemy"),
    ("views-without-queries", "web/pages/words.py", "import hwdb.models"),
    ("api-and-pages-apart", "web/pages/words.py", "import web.api"),
    ("migrations-without-web", "migrations/env.py", "import flask"),
]


def lint(tree: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run import-linter on the packages of a tree, whatever else is installed."""
    return subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()", "--no-cache", *arguments],
        cwd=tree,
        env={**os.environ, "PYTHONPATH": str(tree)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    tree = tmp_path_factory.mktemp("tree")
    shutil.copy(ROOT / "pyproject.toml", tree)
    for package in PACKAGES:
        shutil.copytree(ROOT / package, tree / package, ignore=shutil.ignore_patterns("__pycache__", "static"))
    return tree


def test_every_contract_is_proven_by_a_violation() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    assert {contract["id"] for contract in contracts} == {contract for contract, _, _ in VIOLATIONS}


def test_the_contracts_hold(copy: Path) -> None:
    said = lint(copy)
    assert said.returncode == 0, said.stdout + said.stderr
    assert "0 broken" in said.stdout


@pytest.mark.parametrize(("contract", "module", "line"), VIOLATIONS, ids=lambda value: value)
def test_a_violation_is_noticed(copy: Path, contract: str, module: str, line: str) -> None:
    target = copy / module
    sound = target.read_text(encoding="utf-8")
    target.write_text(f"{sound}\n{line}\n", encoding="utf-8")
    try:
        said = lint(copy, "--contract", contract)
    finally:
        target.write_text(sound, encoding="utf-8")
    assert said.returncode == 1, said.stdout + said.stderr
    # The chain it reports ends in what was imported.
    assert line.removeprefix("import ") in said.stdout
    assert "1 broken" in said.stdout
