"""Lay a recorded machine out below a folder, for a collector that is told to take the folder for ``/``."""

from __future__ import annotations

import json
from pathlib import Path

MACHINES = Path(__file__).parent
"""Recorded machines, one file each; ``python -m tests.lab.record`` writes them."""


def plant(recorded: Path, folder: Path) -> Path:
    """Write the files of a recorded machine below a folder, and return the folder.

    Links lead where they led; what was not recorded is not at their other end.
    """
    machine = json.loads(recorded.read_text(encoding="utf-8"))
    for name, text in machine["files"].items():
        _place(folder, name).write_text(text, encoding="utf-8")
    for name, data in machine["binary"].items():
        _place(folder, name).write_bytes(bytes.fromhex(data["hex"]).ljust(data["size"], b"\0"))
    for name, target in machine["links"].items():
        _place(folder, name).symlink_to(target)
    for name in machine["empty"]:
        (folder / name).mkdir(parents=True, exist_ok=True)
    return folder


def _place(folder: Path, name: str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    return path
