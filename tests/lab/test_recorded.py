"""The recorded guests replay without QEMU, and the lab's own tables are right."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.conftest import ROOT
from tests.lab import smbios
from tests.lab.topologies import TOPOLOGIES
from tests.machines.replay import MACHINES, plant

if TYPE_CHECKING:
    from pathlib import Path

RECORDED = sorted(MACHINES.glob("*.json"))


def test_every_topology_is_recorded() -> None:
    assert set(TOPOLOGIES) <= {path.stem for path in RECORDED}


@pytest.mark.parametrize("recorded", RECORDED, ids=lambda path: path.stem)
def test_a_recorded_guest_replays_with_its_groups(recorded: Path, tmp_path: Path) -> None:
    links = json.loads(recorded.read_text(encoding="utf-8"))["links"]
    functions = {name.rsplit("/", 1)[1] for name in links if name.startswith("sys/bus/pci/devices/")}
    members = (name.split("/") for name in links if name.startswith("sys/kernel/iommu_groups/"))
    groups = {address: int(number) for _, _, _, number, _, address in members}
    root = plant(recorded, tmp_path)
    command = [sys.executable, "-m", "submitter", "collect", "-o", "-", "--root", str(root)]
    collected = json.loads(subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout)
    read = {function["address"]: function["iommu_group"] for function in collected["functions"]}
    assert read == {**dict.fromkeys(functions), **groups}


def test_slot_types_are_those_of_the_standard() -> None:
    # DSP0134 3.7, table 47.
    codes = [smbios.pcie(*kind) for kind in ((1, None), (1, 16), (2, 1), (2, 16), (3, 16), (4, None), (4, 16))]
    assert codes == [0xA5, 0xAA, 0xAC, 0xB0, 0xB6, 0xB8, 0xBD]
