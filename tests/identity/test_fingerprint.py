"""When two reports are of one machine."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from hwdb.identity import machine_fingerprint
from hwdb.report import Report
from hwdb.topology import normalise
from tests.machines import seed


def fingerprint(report: Report, platform: str | None = "1022:1450") -> str | None:
    return machine_fingerprint(report, platform, {})


def changed(**facts: str | None) -> Report:
    functions = seed().functions
    return replace(seed(), functions=(*functions[:-1], replace(functions[-1], **facts)))  # type: ignore[arg-type]  # texts


def test_order_and_group_numbers_do_not_matter() -> None:
    functions = [replace(f, iommu_group=(f.iommu_group or 0) + 7) for f in seed().functions]
    random.Random(1).shuffle(functions)
    assert fingerprint(replace(seed(), functions=tuple(functions))) == fingerprint(seed())


def test_what_software_changes_does_not_matter() -> None:
    assert fingerprint(changed(driver="vfio-pci", name="another name")) == fingerprint(seed())


@pytest.mark.parametrize("fact", ["vendor", "device", "subsystem_vendor", "subsystem_device"])
def test_another_id_is_another_machine(fact: str) -> None:
    assert fingerprint(changed(**{fact: "abcd"})) != fingerprint(seed())


def test_another_place_or_platform_is_another_machine() -> None:
    assert fingerprint(changed(address="0000:7f:00.0")) != fingerprint(seed())
    assert fingerprint(seed(), "1022:1480") != fingerprint(seed(), None) != fingerprint(seed())


def test_one_function_less_is_another_machine() -> None:
    assert fingerprint(replace(seed(), functions=seed().functions[1:])) != fingerprint(seed())


def test_bus_numbers_do_not_matter_where_the_tree_is_known() -> None:
    machine = normalise(seed())
    last = seed().functions[-1].address
    elsewhere = {**machine.paths, "0000:7f:00.0": machine.paths.get(last, last)}
    moved = machine_fingerprint(changed(address="0000:7f:00.0"), machine.platform, elsewhere)
    assert moved == machine_fingerprint(seed(), machine.platform, {**machine.paths})


def test_a_report_without_functions_has_none() -> None:
    assert fingerprint(Report()) is None
