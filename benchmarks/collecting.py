"""Collecting a machine of a hundred functions, as whole processes: ``python -m benchmarks.collecting [PYTHON...]``.

Beside ``hwdb-submit.pyz collect``: the bare interpreter, which is its floor; one ``lspci -vvnn`` on the same recorded
tree, which reads the same files; and the shell script found in most guides, which starts an ``lspci`` for each device.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.report_path import best_of
from submitter.bundle import build
from tests.machines.replay import MACHINES, plant

ROUNDS = 15
RECORDED = MACHINES / "many-functions.json"
# The group listing of the wikis, told where the recorded machine is.
SCRIPT = """
for d in "$1"/sys/kernel/iommu_groups/*/devices/*; do
    n=${d#*/iommu_groups/}; n=${n%%/*}
    printf 'IOMMU Group %s ' "$n"
    lspci -O sysfs.path="$1/sys/bus/pci" -nns "${d##*/}"
done
"""


def main(pythons: list[str]) -> None:
    """Print the times of all four and the ratios."""
    if shutil.which("lspci") is None:
        sys.exit("lspci is missing, which this is compared with; install the package pciutils")
    with tempfile.TemporaryDirectory() as folder:
        root = plant(RECORDED, Path(folder) / "machine")
        _add_resources(root)
        zipapp = Path(folder) / "hwdb-submit.pyz"
        build(str(zipapp))
        lspci = _time("lspci", "-vvnn", "-O", f"sysfs.path={root}/sys/bus/pci")
        script = _time("sh", "-c", SCRIPT, "sh", str(root), rounds=3)
        functions = len(list((root / "sys/bus/pci/devices").iterdir()))
        print(f"{functions} functions; best of {ROUNDS}")
        print(f"{'lspci -vvnn':<44}{lspci * 1000:8.1f} ms")
        print(f"{'a shell script that forks lspci per device':<44}{script * 1000:8.1f} ms")
        for python in pythons:
            _compare(python, zipapp, root, lspci, script)


def _add_resources(root: Path) -> None:
    """Add what lspci cannot do without and no report holds: a function's interrupt and its regions, here none."""
    for function in (root / "sys/bus/pci/devices").iterdir():
        (function / "irq").write_text("0\n", encoding="ascii")
        (function / "resource").write_text("0x0000000000000000 0x0000000000000000 0x0000000000000000\n" * 13, "ascii")


def _compare(python: str, zipapp: Path, root: Path, lspci: float, script: float) -> None:
    version = subprocess.run([python, "-V"], check=True, capture_output=True, text=True).stdout.strip()
    bare = _time(python, "-I", "-S", "-c", "pass")
    report = str(root.parent / "report.json")
    ours = _time(python, "-I", "-S", str(zipapp), "collect", "--root", str(root), "-o", report)
    print(f"{f'hwdb-submit.pyz collect, {version}':<44}{ours * 1000:8.1f} ms   {ours / lspci:.1f} x lspci")
    print(f"{'':<44}{'':11}   1/{script / ours:.1f} of the script, {bare / ours:.0%} of it the bare interpreter")


def _time(*command: str, rounds: int = ROUNDS) -> float:
    return best_of(lambda: subprocess.run(command, check=True, capture_output=True), rounds)


if __name__ == "__main__":
    main(sys.argv[1:] or [sys.executable])
