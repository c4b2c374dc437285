"""Bus numbers derived from listings of real machines, against those that lspci printed for the same bridges."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from hwdb.report import Function
from hwdb.topology.numbering import derive_secondary_buses
from tests.conftest import CORPUS

if TYPE_CHECKING:
    from pathlib import Path

_HEADER = re.compile(r"(?:([0-9a-f]{4,}):)?([0-9a-f]{2}:[0-9a-f]{2}\.[0-7]) ([^:\[]+?)(?: \[([0-9a-f]{4})\])?: (.*)")
_SECONDARY = re.compile(r"\s+Bus: primary=\w\w, secondary=(\w\w), subordinate")
_CLASSES = {"PCI bridge": "0604", "Host bridge": "0600"}


def dumps() -> list[Path]:
    return sorted([*CORPUS.glob("lspci/*.lspci.txt"), *CORPUS.glob("lab/*/lspci.txt")])


def read(path: Path) -> tuple[dict[str, Function], dict[str, int]]:
    """Return the functions as a listing would show them, and the secondary buses that it would not."""
    functions: dict[str, Function] = {}
    stated: dict[str, int] = {}
    address = ""
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        header, secondary = _HEADER.match(line), _SECONDARY.match(line)
        if header is not None:
            address = f"{header[1] or '0000'}:{header[2]}"
            functions[address] = _function(address, header[4] or _CLASSES.get(header[3], "ffff"), header[5])
        elif secondary is not None and functions[address].class_ == "0604":
            stated[address] = int(secondary[1], 16)
    return functions, stated


def _function(address: str, class_: str, name: str) -> Function:
    ids = re.search(r"\[([0-9a-f]{4}):([0-9a-f]{4})\]", name)
    if ids is not None:
        return Function(address, class_=class_, vendor=ids[1], device=ids[2])
    # Without ids, the names still tell AMD's internal ports, which is what the derivation asks for.
    amd = "Advanced Micro Devices" in name
    return Function(
        address, class_=class_, vendor="1022" if amd else "ffff", device="1454" if "Internal" in name else "0"
    )


@pytest.mark.corpus
def test_a_derived_tree_is_never_wrong() -> None:
    if not dumps():
        pytest.skip(f"no recorded machines at {CORPUS}; HWDB_CORPUS names their folder")
    exact, undecided, wrong = 0, 0, []
    for path in dumps():
        functions, stated = read(path)
        derived = derive_secondary_buses(list(functions.values()))
        if derived is None:
            undecided += 1
        elif {bridge: derived.get(bridge) for bridge in stated} == stated:
            exact += 1
        else:
            wrong.append(path.name)
    print(f"{exact} exact, {undecided} not derived, {len(wrong)} wrong")
    assert wrong == []
    assert exact > undecided
