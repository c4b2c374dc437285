"""Functions and modules stay small, and no module is named after nothing in particular."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from tests.conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LONGEST_FUNCTION = 40
LONGEST_MODULE = 400
SAYS_NOTHING = {"helpers", "manager", "services", "utils"}


def sources() -> Iterator[Path]:
    for package in ("hwdb", "web", "submitter", "tests", "benchmarks"):
        yield from (ROOT / package).rglob("*.py")
    yield ROOT / "migrations" / "env.py"


def shown(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_no_function_is_longer_than_a_screen() -> None:
    long = [
        f"{shown(path)}:{node.lineno} {node.name}"
        for path in sources()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        and (node.end_lineno or node.lineno) - node.lineno >= LONGEST_FUNCTION
    ]
    assert long == []


def test_no_module_is_too_long() -> None:
    lengths = {shown(path): len(path.read_text(encoding="utf-8").splitlines()) for path in sources()}
    assert {path: length for path, length in lengths.items() if length > LONGEST_MODULE} == {}


def test_every_module_is_named_after_what_it_holds() -> None:
    named = [path for path in sources() if {path.stem, path.parent.name} & SAYS_NOTHING]
    assert [shown(path) for path in named] == []
