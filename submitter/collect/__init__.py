"""Collecting: from a machine's files to one report document. No network, no knowledge of what the facts mean.

``collect`` returns plain JSON data in the keys of docs/report-format.md and not the dataclasses of ``hwdb.report``:
making those classes costs a Python process more time than reading a machine of a hundred functions does. Tests hold
what is collected to the format by decoding it as the service does.
"""

from __future__ import annotations

import time

from submitter import VERSION
from submitter.collect.dmi import read_dmi
from submitter.collect.functions import read_functions, root_buses_of
from submitter.collect.iommu import advice, read_iommu
from submitter.collect.kernel import read_kernel
from submitter.collect.processors import read_cpus, read_memory
from submitter.collect.programs import read_programs
from submitter.collect.slots import label_onboard, read_pci_slots, read_smbios_slots
from submitter.collect.smbios import read_structures
from submitter.collect.tree import Tree
from submitter.collect.virtualization import read_virtualization

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeVar

    from hwdb.smbios import Structure

    T = TypeVar("T")

FORMAT = 1
"""The report format that is written; a test holds it to ``hwdb.report.FORMAT``."""

# The most items the format takes of each list.
_MOST = {"functions": 4096, "cpus": 64, "slots": 256, "root_buses": 256}


def collect(root: str = "/", tell: Callable[[str], None] = lambda _: None) -> dict[str, Any]:
    """Return the report of the machine whose files are below ``root``.

    A reader that fails leaves its facts out and adds a sentence to ``provenance.problems``.

    Args:
        root: Folder that stands for ``/``.
        tell: Called with what is read and what may not be, for those who want to know.
    """
    tree = Tree(root, tell)
    tables = _tried(tree, "SMBIOS table", read_structures)
    functions = _tried(tree, "PCI functions", read_functions) or []
    _tried(tree, "labels of onboard devices", lambda _: label_onboard(functions, tables or ()))
    names = _tried(tree, "names of board and BIOS", read_dmi)
    programs = _tried(tree, "versions of QEMU and libvirt", read_programs)
    document: dict[str, Any] = {
        "format": FORMAT,
        **(names or {}),
        "cpus": _tried(tree, "processors", lambda tree: read_cpus(tree, tables or ())),
        "memory": _tried(tree, "memory size", read_memory),
        "kernel": _tried(tree, "kernel", read_kernel),
        "iommu": _tried(tree, "IOMMU", read_iommu),
        "virtualization": {**(_tried(tree, "virtualization", read_virtualization) or {}), **(programs or {})},
        "root_buses": _tried(tree, "root buses", lambda tree: root_buses_of(functions, tree)),
        "slots": _slots(tree, tables),
        "functions": functions,
    }
    hint = advice(document["iommu"] or {}, (document["kernel"] or {}).get("parameters") or [])
    if hint is not None:
        tree.problems.append(hint)
    for path in sorted(tree.denied):
        tell(f"/{path}: not all of it may be read without root")
    return {**_within_limits(tree, document), "provenance": _provenance(tree)}


def _tried(tree: Tree, what: str, read: Callable[[Tree], T]) -> T | None:
    """Return what a reader finds; whatever goes wrong in it is a sentence, and the others go on."""
    tree.tell(f"reading: {what}")
    try:
        return read(tree)
    except Exception as error:  # noqa: BLE001 - one strange machine must not cost its owner the whole report
        # The name of the error only: its text could hold anything that was read.
        tree.problems.append(f"The {what} could not be read ({type(error).__name__}); please report this as a bug.")
        return None


def _slots(tree: Tree, tables: list[Structure] | None) -> list[dict[str, Any]] | None:
    """Return the statements of all witnesses, None when there was none to ask."""
    kernel = _tried(tree, "slots of the kernel", read_pci_slots) or []
    if tables is None:
        return kernel or None
    return [*(_tried(tree, "slots of the firmware", lambda _: read_smbios_slots(tables)) or []), *kernel]


def _within_limits(tree: Tree, document: dict[str, Any]) -> dict[str, Any]:
    for key, most in _MOST.items():
        count = len(document[key] or ())
        if count > most:
            tree.problems.append(f"The machine has {count} {key.replace('_', ' ')}; a report holds {most} at most.")
            document[key] = document[key][:most]
    return {key: fact for key, fact in document.items() if fact not in (None, {})}


def _provenance(tree: Tree) -> dict[str, Any]:
    return {
        "collector": f"hwdb-submit {VERSION}",
        "source": "live" if tree.live else "recorded",
        "collected": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "problems": [*_denied(tree), *tree.problems][:128],
    }


def _denied(tree: Tree) -> list[str]:
    """Say what was there and may not be read, once for each kind."""
    said = []
    if any(path.endswith("/config") for path in tree.denied):
        said.append(
            "ACS, slot numbers and some reset abilities were not read: config space beyond its header needs root."
        )
    if any(path.startswith("sys/firmware/dmi") for path in tree.denied):
        said.append("Slot names of the firmware (SMBIOS type 9) were not read: they need root.")
    return said
