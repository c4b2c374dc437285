"""``hwdb analyse``: seen or predicted groups of one machine, and why two functions are together."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from submitter.collect import collect
from tests.machines.replay import MACHINES, plant

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.commands import Shell


@pytest.fixture
def recorded(shell: Shell, tmp_path: Path) -> Path:
    """Return the report of a recorded machine, an ASRock X399 Taichi in QEMU."""
    root = plant(MACHINES / "x399-taichi.json", tmp_path / "root")
    report = shell.folder / "report.json"
    report.write_text(json.dumps(collect(str(root))), encoding="utf-8")
    return report


def document(shell: Shell, *arguments: str | Path) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(shell.says("analyse", "--json", *arguments))
    return read


def partition(groups: list[dict[str, Any]]) -> set[frozenset[str]]:
    return {frozenset(group["functions"]) for group in groups}


def test_what_is_predicted_is_what_the_kernel_had(shell: Shell, recorded: Path) -> None:
    seen, predicted = document(shell, recorded), document(shell, "--predict", recorded)
    assert partition(predicted["groups"]) == partition(seen["groups"])
    assert {group["evidence"] for group in seen["groups"]} == {"observed"}
    assert {group["evidence"] for group in predicted["groups"]} == {"predicted"}
    assert {group["group"] for group in predicted["groups"]} == {None}
    grades = [{slot["designation"]: slot["grade"] for slot in one["slots"]} for one in (seen, predicted)]
    assert grades[0] == grades[1]
    assert {slot["evidence"] for slot in predicted["slots"]} == {"predicted"}
    assert seen.keys() == predicted.keys() == {"board", "bios", "kernel", "iommu", "groups", "slots", "cards", "taints"}


def test_two_functions_are_explained(shell: Shell, recorded: Path) -> None:
    said = shell.says("analyse", "--explain", "01:00.0", "0000:01:00.1", recorded)
    assert "functions of one device" in said
    assert "both in group" in said
    assert "no function of this machine" in shell.refuses("analyse", "--explain", "01:00.0", "7f:00.0", recorded)


def test_a_prediction_says_what_it_is(shell: Shell, recorded: Path) -> None:
    said = " ".join(shell.says("analyse", "--predict", recorded).split())
    assert "predicted from topology and ACS, not something a kernel showed" in said
    pending = " ".join(shell.says("analyse", "--predict", "--kernel", "reachable-sets", recorded).split())
    assert "(predicted" in pending
    assert "--kernel goes with" in shell.refuses("analyse", "--kernel", "current", recorded)
