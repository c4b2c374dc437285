"""On random machines, the groups foretold are those a real kernel forms; and how these machines are made."""

from __future__ import annotations

import json
import struct
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from random import SystemRandom
from typing import TYPE_CHECKING

import pytest

from tests.lab.config_space import Rewrite
from tests.lab.fuzz import Outcome, differences, shrunk, told, tried
from tests.lab.random_topologies import Part, Plan, quirk_rows, random_plan, smaller
from tests.machines.replay import MACHINES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from concurrent.futures import Future
    from pathlib import Path

    from tests.lab.image import Image

# Always the same ones, which hold every kind of part and rows of every table between them, and one that is new in
# every run; `make lab-fuzz` tries hundreds.
SEEDS = (10, 58, 93, 135, 220, 230, 263)
NEW = SystemRandom().randrange(10**9)


@pytest.fixture(scope="module")
def outcomes(booted_from: Image) -> Iterator[dict[int, Future[Outcome]]]:
    """Boot the machines two at a time, before the first test asks."""
    with ThreadPoolExecutor(2) as several:
        known = {seed: several.submit(tried, booted_from, random_plan(seed)) for seed in SEEDS}
        yield {**known, NEW: several.submit(first_to_boot, booted_from)}
        several.shutdown(cancel_futures=True)


def first_to_boot(image: Image) -> Outcome:
    """Try new machines; QEMU's interrupt remapping leaves one in a hundred hanging, which says nothing of groups."""
    outcome = tried(image, random_plan(NEW))
    for seed in (NEW + 1, NEW + 2):
        if not outcome.booted:
            outcome = tried(image, random_plan(seed))
    return outcome


@pytest.mark.lab
@pytest.mark.parametrize("seed", [*SEEDS, pytest.param(NEW, id="new")])
def test_a_real_kernel_forms_the_groups_foretold(
    seed: int, outcomes: dict[int, Future[Outcome]], booted_from: Image
) -> None:
    print(f"seed {seed}")
    outcome = outcomes[seed].result()
    if outcome.found and outcome.booted:
        outcome = shrunk(outcome, lambda plan: tried(booted_from, plan), jobs=2)
    assert not outcome.found, told(outcome, seed)


def parts_of(parts: tuple[Part, ...]) -> Iterator[Part]:
    for part in parts:
        yield part
        yield from parts_of(part.below)


PLANS = [random_plan(seed) for seed in range(300)]


def test_a_seed_always_gives_the_same_machine() -> None:
    assert PLANS[:20] == [random_plan(seed) for seed in range(20)]
    assert len(set(PLANS)) > 290


def test_no_two_functions_have_one_place() -> None:
    for plan in PLANS:
        for bus in (plan.parts, *(part.below for part in parts_of(plan.parts))):
            assert len({part.place for part in bus}) == len(bus)
            # Without function 0 nobody looks for the others.
            assert {part.place[0] for part in bus} == {part.place[0] for part in bus if part.place[1] == 0}


def test_all_that_can_be_plugged_in_comes_up() -> None:
    parts = [part for plan in PLANS for part in parts_of(plan.parts)]
    kinds = {part.kind for part in parts}
    assert {"pcie-root-port", "ioh3420", "x3130-upstream", "xio3130-downstream", "pxb-pcie"} < kinds
    assert {"pcie-pci-bridge", "i82801b11-bridge", "pci-bridge", "nvme", "e1000e", "e1000"} < kinds
    assert {plan.iommu for plan in PLANS} == {"intel", "amd"}
    switches = [part for part in parts if part.kind == "x3130-upstream"]
    assert any(below.kind == "x3130-upstream" for switch in switches for below in parts_of(switch.below))
    empty = [part for part in parts if part.kind == "pcie-root-port" and not part.below]
    assert any(part.options for part in empty)
    assert any(not part.options for part in empty)
    assert any(part.acs is not None for part in parts if part.kind == "xio3130-downstream")
    assert any(part.virtual for part in parts)


def test_every_table_of_quirks_is_drawn_from() -> None:
    drawn = {part.ids for plan in PLANS for part in parts_of(plan.parts)}
    vendors = {ids.partition(":")[0] for ids in drawn if ids is not None}
    for name, rows in quirk_rows().items():
        assert {ids.partition(":")[0] for row in rows for ids in row["ids"]} & vendors, name


def test_the_machines_of_every_run_have_all_kinds_of_parts_between_them() -> None:
    def kinds(plans: Iterable[Plan]) -> set[tuple[object, ...]]:
        found: set[tuple[object, ...]] = set()
        for plan in plans:
            found |= {(plan.iommu, plan.parameters)}
            found |= {(p.kind, p.place[1] > 0, bool(p.virtual)) for p in parts_of(plan.parts) if p.kind != "pxb-pcie"}
            found |= {(p.kind, "bypass" in p.options, p.acs is None) for p in parts_of(plan.parts)}
        return found

    assert kinds(random_plan(seed) for seed in SEEDS) >= kinds(PLANS)


def test_a_capability_is_written_over_the_devices_own_or_behind_its_last() -> None:
    # An empty list; one with error reporting (1) only; one with ACS (0xd) between two others.
    empty, one, own = bytearray(4096), bytearray(4096), bytearray(4096)
    struct.pack_into("<I", one, 0x100, 0x00020001)
    for at, header in ((0x100, 0x14820001), (0x148, 0x2A01000D), (0x2A0, 0x00010003)):
        struct.pack_into("<I", own, at, header)
    written = Rewrite("1b36:000c", "1022:1453", acs=0x11)
    ids = {0x00: b"\x22\x10\x53\x14"}
    assert written.bytes_at(bytes(empty)) == {**ids, 0x100: b"\x0d\x00\x01\x00\x11\x00\x11\x00"}
    assert written.bytes_at(bytes(one)) == {
        **ids,
        0x100: b"\x01\x00\x02\xfc",
        0xFC0: b"\x0d\x00\x01\x00\x11\x00\x11\x00",
    }
    assert written.bytes_at(bytes(own)) == {**ids, 0x148: b"\x0d\x00\x01\x2a\x11\x00\x11\x00"}
    apart = replace(written, acs_apart=True)
    assert apart.bytes_at(bytes(own))[0x148] == b"\x0d\x00\x01\x2a\x11\x00\x00\x00\x11\x00\x00\x00"


def test_smaller_machines_have_less_in_them() -> None:
    def simplicity(plan: Plan) -> tuple[int, int]:
        written = [p.ids or p.acs or p.options for p in parts_of(plan.parts)]
        return plan.functions(), sum(map(bool, [*written, plan.parameters, plan.iommu == "amd"]))

    for plan in PLANS[:50]:
        for less in smaller(plan):
            assert less.functions() < plan.functions() or simplicity(less) <= simplicity(plan)
            assert less != plan


def test_a_machine_that_fails_is_made_as_small_as_still_fails() -> None:
    def attempt(plan: Plan) -> Outcome:
        """Fail for a switch with a network card behind it."""
        switches = [part for part in parts_of(plan.parts) if part.kind == "x3130-upstream"]
        bad = any(part.kind == "e1000e" for switch in switches for part in parts_of(switch.below))
        return Outcome(plan, ("bad",) if bad else ())

    failed = next(outcome for outcome in map(attempt, PLANS) if outcome.found)
    smallest = shrunk(failed, attempt)
    assert [part.kind for part in parts_of(smallest.plan.parts)][1:] in (
        ["x3130-upstream", "e1000e"],
        ["x3130-upstream", "xio3130-downstream", "e1000e"],
    )
    assert {(part.ids, part.acs, part.options) for part in parts_of(smallest.plan.parts)} == {(None, None, "")}


def test_a_group_that_differs_is_told_with_its_seed_and_how_to_build_it(tmp_path: Path) -> None:
    record = json.loads((MACHINES / "no-acs-functions.json").read_text(encoding="utf-8"))
    assert differences(record) == []
    # The kernel would have to part what nothing keeps apart.
    members = "sys/kernel/iommu_groups/{}/devices/0000:03:00.0"
    own = next(name for name in record["links"] if name.endswith("/devices/0000:03:00.0") and "iommu_groups" in name)
    moved = {name: link for name, link in record["links"].items() if name != own}
    moved[members.format(99)] = record["links"][own]
    function = next(name for name in moved if name.endswith("0000:03:00.0/iommu_group"))
    moved[function] = moved[function].rsplit("/", 1)[0] + "/99"
    changed = {**record, "links": moved}
    found = differences(changed)
    assert any("the kernel's: 0000:03:00.0" in sentence for sentence in found)

    plan = replace(random_plan(1), parameters="iommu=pt")
    words = told(Outcome(plan, tuple(found), changed), 1, tmp_path)
    assert "seed 1:" in words
    assert "-device pcie-root-port" in words
    assert repr(plan) in words
    kept = json.loads((tmp_path / "seed-1.json").read_text(encoding="utf-8"))
    assert kept["links"] == moved
