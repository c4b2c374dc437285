"""Running ``hwdb-submit.pyz`` as its users do: a process of its own, with nothing but the standard library."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class Client:
    """The client on one machine.

    Attributes:
        zipapp: The single file.
        home: The home folder of who runs it.
        python: The interpreter.
        environment: What is set beside ``HOME``.
    """

    zipapp: Path
    home: Path
    python: str = sys.executable
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def command(self) -> list[str]:
        """Return the program without arguments: isolated, without site packages."""
        return [self.python, "-I", "-S", str(self.zipapp)]

    @property
    def variables(self) -> dict[str, str]:
        """Return the whole environment."""
        self.home.mkdir(exist_ok=True)
        return {"HOME": str(self.home), "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", **self.environment}

    @property
    def state(self) -> Path:
        """Return where it keeps its keys."""
        return self.home / ".local" / "state" / "hwdb"

    def run(self, *arguments: str | Path, given: str = "") -> subprocess.CompletedProcess[str]:
        """Run it to its end, whatever that is."""
        command = [*self.command, *map(str, arguments)]
        return subprocess.run(
            command, input=given, env=self.variables, capture_output=True, text=True, check=False, timeout=120
        )

    def says(self, *arguments: str | Path) -> str:
        """Return what it prints when it does its work."""
        done = self.run(*arguments)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def refuses(self, *arguments: str | Path) -> str:
        """Return the one sentence of a run that fails as it should."""
        done = self.run(*arguments)
        assert done.returncode == 2, done.stdout + done.stderr
        (sentence,) = [line for line in done.stderr.splitlines() if not line.startswith("Warning: ")]
        assert sentence.startswith("hwdb-submit: ")
        return sentence.removeprefix("hwdb-submit: ")

    def collects(self, root: Path, *arguments: str) -> dict[str, Any]:
        """Return the document of a recorded machine."""
        document: dict[str, Any] = json.loads(self.says("collect", "--root", root, *arguments))
        return document
