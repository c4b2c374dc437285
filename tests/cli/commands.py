"""Running ``hwdb`` as its users do: a process of its own, on a database of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.conftest import ROOT

if TYPE_CHECKING:
    from pathlib import Path

STARTER = ROOT / "hwdb" / "starter" / "asrock-x399-taichi-1900x.json"
PORTS = STARTER.with_suffix(".ports.toml")
HWDB = (sys.executable, "-m", "hwdb.cli")


@dataclass(frozen=True)
class Shell:
    """Where commands run.

    Attributes:
        folder: The working folder, which also holds the database.
        environment: What is set beside the process's own environment.
    """

    folder: Path
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def variables(self) -> dict[str, str]:
        """Return the whole environment."""
        database = {"HWDB_DATABASE_URL": f"sqlite:///{self.folder / 'hwdb.sqlite3'}", "COLUMNS": "120"}
        outside = {key: value for key, value in os.environ.items() if not key.startswith("HWDB_")}
        return {**outside, "PYTHONPATH": str(ROOT), **database, **self.environment}

    def run(self, *arguments: str | Path, given: bytes | None = b"") -> subprocess.CompletedProcess[bytes]:
        """Run a command to its end, whatever that is."""
        return subprocess.run(
            [*HWDB, *map(str, arguments)],
            input=given,
            cwd=self.folder,
            env=self.variables,
            check=False,
            capture_output=True,
            timeout=120,
        )

    def says(self, *arguments: str | Path, given: bytes | None = b"") -> str:
        """Return what a command prints that does its work and has nothing to complain about."""
        done = self.run(*arguments, given=given)
        assert (done.returncode, done.stderr.decode()) == (0, "")
        return done.stdout.decode()

    def refuses(self, *arguments: str | Path, given: bytes | None = b"") -> str:
        """Return the one sentence of a command that fails as commands fail here."""
        done = self.run(*arguments, given=given)
        said = done.stderr.decode()
        assert (done.returncode, done.stdout) == (2, b""), said
        assert said.startswith("hwdb: ")
        assert said.endswith("\n")
        assert len(said.splitlines()) == 1, said
        return said.removeprefix("hwdb: ").rstrip("\n")
