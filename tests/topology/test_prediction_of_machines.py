"""Predicted groups beside those that real kernels formed: of recorded guests and of other people's machines."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

import pytest

from hwdb import schema
from hwdb.errors import ParseError
from hwdb.importers import parse
from hwdb.topology import is_bridge, normalise
from hwdb.topology.integrity import compare, integrity
from hwdb.topology.predict import predict
from hwdb.topology.rule_sets import BEFORE_5_8, CURRENT
from hwdb.topology.taint import observed_taints
from tests.conftest import CORPUS, ROOT, missing
from tests.machines.replay import MACHINES, plant
from tests.topology.partitions import observed, regrouped, seen_part

if TYPE_CHECKING:
    from pathlib import Path

    from hwdb.topology import Machine

RECORDED = sorted(MACHINES.glob("*.json"))
# Its groups are not those of the rules, and its parameters say so; its capabilities were not readable.
SWITCHED_OFF, WITHOUT_ROOT = "redirection-off", "x399-taichi-without-root"


def collected(recorded: Path, folder: Path) -> Machine:
    root = plant(recorded, folder)
    command = [sys.executable, "-m", "submitter", "collect", "-o", "-", "--root", str(root)]
    told = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return normalise(schema.load(json.loads(told)).report)


@pytest.mark.parametrize("recorded", RECORDED, ids=lambda path: path.stem)
def test_a_recorded_guests_groups_are_predicted(recorded: Path, tmp_path: Path) -> None:
    machine = collected(recorded, tmp_path)
    prediction = predict(machine)
    assert integrity(machine) == ()
    assert observed_taints(machine) == ()
    if recorded.stem == WITHOUT_ROOT:
        assert seen_part(machine, prediction) < observed(machine)
        assert len(prediction.unknown) == 11
    elif recorded.stem == SWITCHED_OFF:
        assert [taint.code for taint in machine.taints] == ["pci_parameters"]
        assert observed(machine) - seen_part(machine, prediction) == {("0000:00:1c.1", "0000:02:00.0")}
    else:
        assert prediction.unknown == {}
        assert seen_part(machine, prediction) == observed(machine)


@cache
def listings() -> dict[str, Machine]:
    """Return the listings made by root that show groups, by name."""
    if not CORPUS.is_dir():
        missing("the corpus of listings", "HWDB_CORPUS names its folder")
    found = {}
    for path in sorted((CORPUS / "lspci").glob("*.lspci.txt")):
        machine = normalise(parse(path.read_text(encoding="utf-8", errors="replace")))
        denied = sum(function.acs is None for function in machine.functions.values())
        if machine.grouped and denied <= 1:
            found[path.name] = machine
    return found


def without_control(machine: Machine) -> Machine:
    """Return the machine as it is with its IOMMU off, when no ACS bit is switched on."""
    functions = tuple(
        f if f.acs is None else replace(f, acs=replace(f.acs, control=None if f.acs.control is None else 0))
        for f in machine.functions.values()
    )
    return normalise(replace(machine.report, functions=functions))


@pytest.mark.corpus
@pytest.mark.parametrize("control", [True, False], ids=["as listed", "ACS switched off"])
def test_every_listing_made_by_root_has_the_groups_that_are_predicted(control: bool) -> None:
    machines = listings()
    same = functions = 0
    for name, listed in machines.items():
        machine = listed if control else without_control(listed)
        prediction = predict(machine)
        assert seen_part(machine, prediction) == observed(machine), name
        assert {group.evidence for group in prediction.groups} == {"predicted"}, name
        same, functions = same + 1, functions + len(machine.functions)
    print(f"{same} of {len(machines)} listings, {functions} functions")
    assert len(machines) >= 12


@pytest.mark.corpus
def test_older_rules_do_not_give_the_groups_of_newer_kernels() -> None:
    machines = listings()
    differing = [n for n, m in machines.items() if seen_part(m, predict(m, BEFORE_5_8)) != observed(m)]
    assert len(differing) >= 3


@cache
def everyones() -> list[tuple[str, Machine]]:
    """Return every machine of other people with groups, whoever made the listing."""
    if not CORPUS.is_dir():
        missing("the corpus of listings", "HWDB_CORPUS names its folder")
    paths = [p for kind in ("facter", "forum", "lspci") for p in sorted((CORPUS / kind).glob("*.*"))]
    found = []
    for path in paths:
        if path.suffix not in {".json", ".txt"} or "dmidecode" in path.name:
            continue
        try:
            machine = normalise(parse(path.read_text(encoding="utf-8", errors="replace")))
        except ParseError:
            continue
        if machine.grouped:
            found.append((path.name, machine))
    return found


@pytest.mark.corpus
def test_no_honest_report_is_held_back_or_taken_for_overridden() -> None:
    machines = everyones()
    compared = 0
    held, tainted = [], []
    for name, machine in machines:
        compared += compare(machine).compared
        held += [name] if integrity(machine) else []
        tainted += [name[:3]] if observed_taints(machine) else []
    assert held == []
    # Three listings show an NVIDIA card with every function in a group of its own.
    assert tainted == ["007", "009", "018"]
    print(f"{len(machines)} machines, {compared} certain groups")
    assert compared > 500


@pytest.mark.corpus
@pytest.mark.parametrize("options", [("downstream",), ("multifunction",), ("downstream", "multifunction")])
def test_an_override_shows_wherever_it_changes_anything(options: tuple[str, ...]) -> None:
    machines = listings()
    changed = 0
    for name, machine in machines.items():
        forced = predict(machine, CURRENT.overridden(*options))
        numbered = {i: group.functions for i, group in enumerate(forced.groups)}
        if set(numbered.values()) == {group.functions for group in predict(machine).groups}:
            continue
        changed += 1
        overridden = normalise(regrouped(machine.report, numbered))
        assert [taint.code for taint in observed_taints(overridden)] == ["acs_override"], name
    print(f"{changed} of {len(machines)} changed")
    assert changed >= 2


@pytest.mark.corpus
def test_the_port_decides_on_every_port_of_other_peoples_machines() -> None:
    checked = 0
    for name, machine in ((n, m) for n, m in everyones() if n.endswith(".json") and m.tree == "stated"):
        for address, above in machine.parents.items():
            if above is None or machine.group_of(above) is None or machine.group_of(address) is None:
                continue
            if not is_bridge(machine.functions[above]):
                continue
            inside = {above, *machine.below(above)}
            confined = [inside.issuperset(machine.groups[machine.group_of(a) or 0]) for a in (above, address)]
            assert confined[0] == confined[1], (name, above, address)
            checked += 1
    print(f"{checked} pairs of a port and a function below it")
    assert checked > 500
