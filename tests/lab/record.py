"""Write down guests as files, so that their machines replay where no QEMU is: ``python -m tests.lab.record [NAME...]``.

Each becomes ``tests/machines/NAME.json``, as root sees it; one is written as an ordinary user sees it, too.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

from tests.lab.guest import boot
from tests.lab.image import image
from tests.lab.topologies import TOPOLOGIES
from tests.machines.replay import MACHINES

if TYPE_CHECKING:
    from tests.lab.image import Image
    from tests.lab.topology import Topology

_RECORDER = Path(__file__).with_name("recorder.py")
_VISIT = """
. /lab/setup
for reader in root owner; do
    part $reader su $reader -c "python3 -I -S /lab/recorder.py"
done
part end true
"""
# The one whose owner has no root, with the name that record gets.
WITHOUT_ROOT = {"x399-taichi": "x399-taichi-without-root"}


def main() -> None:
    """Boot the named guests, or all, and write what was read in them."""
    parser = argparse.ArgumentParser(prog="python -m tests.lab.record", description="Record guests of the lab.")
    parser.add_argument("name", nargs="*", help=f"one of {', '.join(TOPOLOGIES)}; all of them when none is named")
    asked = parser.parse_args().name or list(TOPOLOGIES)
    unknown = [name for name in asked if name not in TOPOLOGIES]
    if unknown:
        parser.error(f"there is no topology {unknown[0]}")
    started_from = image()
    for name in asked:
        for path in record(started_from, TOPOLOGIES[name]):
            print(f"{path.name}: {path.stat().st_size:,} bytes")


def record(started_from: Image, topology: Topology) -> list[Path]:
    """Boot a guest and return the files written."""
    parts = boot(started_from, topology, {"visit": _VISIT.encode(), "recorder.py": _RECORDER.read_bytes()})
    written = [_write(topology.name, f"{topology.name}, read by root", parts["root"].printed)]
    if topology.name in WITHOUT_ROOT:
        printed = parts["owner"].printed
        written.append(_write(WITHOUT_ROOT[topology.name], f"{topology.name}, read without root", printed))
    return written


def _write(name: str, what: str, printed: str) -> Path:
    path = MACHINES / f"{name}.json"
    document = {"source": f"hwdb lab: {what}", **json.loads(printed)}
    path.write_text(json.dumps(document, indent=0, sort_keys=True) + "\n", encoding="utf-8")
    return path


if __name__ == "__main__":
    main()
