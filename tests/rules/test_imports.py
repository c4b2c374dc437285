"""Imports go the ways pyproject.toml allows, and every contract there catches what it forbids."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.conftest import ROOT

PACKAGES = ("hwdb", "migrations", "submitter", "web")
LINT = "from importlinter.cli import lint_imports_command; lint_imports_command(prog_name='lint-imports')"

VIOLATIONS = [
    ("layers", "hwdb/queries/__init__.py", "hwdb.intake"),
    ("layers", "hwdb/intake/__init__.py", "hwdb.queries"),
    ("layers", "hwdb/topology/__init__.py", "hwdb.identity"),
    ("layers", "hwdb/identity/names.py", "hwdb.importers"),
    ("layers", "hwdb/importers/tree.py", "hwdb.schema"),
    ("layers", "hwdb/schema/text.py", "hwdb.pciids"),
    ("layers", "hwdb/topology/acs.py", "hwdb.analysis"),
    ("layers", "hwdb/analysis/words.py", "hwdb.models"),
    ("layers", "hwdb/models/base.py", "hwdb.intake"),
    ("layers", "hwdb/queries/views.py", "hwdb.cli"),
    ("layers", "hwdb/report/parts.py", "hwdb.topology"),
    ("layers", "hwdb/errors.py", "hwdb.report"),
    ("layers", "hwdb/cli/printing.py", "web.config"),
    ("layers", "web/api/boards.py", "hwdb.cli.inputs"),
    ("pure-core", "hwdb/topology/__init__.py", "sqlalchemy"),
    ("pure-core", "hwdb/importers/__init__.py", "marshmallow"),
    ("pure-core", "hwdb/pciids.py", "click"),
    ("core-without-web", "hwdb/models/engine.py", "flask"),
    ("core-without-web", "hwdb/cli/query.py", "granian"),
    ("client-is-light", "submitter/__init__.py", "hwdb.schema"),
    ("client-is-light", "submitter/__init__.py", "click"),
    ("service-and-client-apart", "web/config.py", "submitter"),
    ("service-and-client-apart", "submitter/__init__.py", "web.config"),
    ("views-without-queries", "web/api/boards.py", "sqlalchemy"),
    ("views-without-queries", "web/pages/__init__.py", "hwdb.models"),
    ("api-and-pages-apart", "web/api/boards.py", "web.pages"),
    ("api-and-pages-apart", "web/pages/__init__.py", "web.api"),
    ("migrations-without-web", "migrations/env.py", "flask"),
]


def lint(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", LINT, "--no-cache", "--no-logo", *arguments]
    return subprocess.run(command, cwd=folder, env=imported_from(folder), capture_output=True, text=True, timeout=300)


def imported_from(folder: Path) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1", "COLUMNS": "200"}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Return a copy of this project's packages, to be spoilt."""
    for package in PACKAGES:
        for source in (ROOT / package).rglob("*"):
            if source.suffix in {".py", ".json"}:
                copy = tmp_path / source.relative_to(ROOT)
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(source, copy)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_every_contract_holds() -> None:
    done = lint(ROOT)
    assert done.returncode == 0, done.stdout


def test_every_contract_has_a_violation_below() -> None:
    configured = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    assert {contract["id"] for contract in configured["contracts"]} == {contract for contract, _, _ in VIOLATIONS}


def test_the_copy_is_what_is_looked_at(tree: Path) -> None:
    found = subprocess.run(
        [sys.executable, "-c", "import hwdb, migrations, submitter, web.config; print(hwdb.__file__, web.__file__)"],
        cwd=tree,
        env=imported_from(tree),
        check=True,
        capture_output=True,
        text=True,
    )
    assert found.stdout.split() == [str(tree / "hwdb" / "__init__.py"), str(tree / "web" / "__init__.py")]
    assert lint(tree).returncode == 0


@pytest.mark.parametrize(("contract", "module", "imported"), VIOLATIONS)
def test_a_forbidden_import_breaks_its_contract(tree: Path, contract: str, module: str, imported: str) -> None:
    with (tree / module).open("a", encoding="utf-8") as source:
        source.write(f"\nimport {imported}\n")
    done = lint(tree, "--contract", contract)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "Contracts: 0 kept, 1 broken." in done.stdout
    dotted = module.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    assert f"{dotted} -> {imported}" in done.stdout


def test_an_import_for_annotations_only_is_free(tree: Path) -> None:
    with (tree / "hwdb" / "errors.py").open("a", encoding="utf-8") as source:
        source.write("\nfrom typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import hwdb.report\n")
    assert lint(tree, "--contract", "layers").returncode == 0
