"""Dumps read per second and core, beside the floor: ``python -m benchmarks.importing [FOLDER]``.

The floor is decoding the same bytes and splitting them into lines. The folder holds ``*.lspci.txt`` and
``*.dmidecode.txt``; without one the recorded machines of the tests' corpus are taken.
"""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.report_path import best_of
from hwdb import importers
from tests.conftest import CORPUS

if TYPE_CHECKING:
    from collections.abc import Callable

ROUNDS = 5


def main(folder: Path) -> None:
    """Print a line for each kind of dump: read as what it is said to be, and recognised first."""
    for kind in ("lspci", "dmidecode"):
        raw = [path.read_bytes() for path in sorted(folder.glob(f"*.{kind}.txt"))]
        if not raw:
            sys.exit(f"{folder} holds no *.{kind}.txt; name a folder that does")
        floor = _each(raw, str.splitlines)
        print(f"{kind}: {len(raw)} dumps of {sum(map(len, raw)) / len(raw) / 1024:.0f} KiB")
        _say(f"--format {kind}", _each(raw, partial(importers.parse, name=kind)), floor, len(raw))
        _say("recognised", _each(raw, importers.parse), floor, len(raw))


def _each(raw: list[bytes], read: Callable[[str], object]) -> float:
    return best_of(lambda: [read(one.decode("utf-8", "replace")) for one in raw], ROUNDS)


def _say(what: str, seconds: float, floor: float, dumps: int) -> None:
    print(f"  {what:<20}{dumps / seconds:7.0f} per second, {seconds / floor:5.0f} x the floor")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else CORPUS / "lspci")
