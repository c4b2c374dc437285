"""Bus and group numbers identify nothing: verdicts are the same under any consistent renumbering."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

from hypothesis import given, settings
from hypothesis import strategies as st

from hwdb import schema
from hwdb.analysis import judge
from hwdb.analysis.answer import answer_machine
from hwdb.analysis.groups import cards_of
from hwdb.analysis.public import plain
from hwdb.topology import checked, normalise, parse_address
from tests.conftest import ROOT

if TYPE_CHECKING:
    import random
    from collections.abc import Iterable, Mapping

    from hwdb.report import Report
    from hwdb.topology import Machine

RECORDED = sorted((ROOT / "hwdb" / "starter").glob("*.json"))
_ADDRESS = re.compile(r"\b[0-9a-f]{4,8}:[0-9a-f]{2}:[01][0-9a-f]\.[0-7]\b")

Bus = tuple[int, int]


@cache
def recorded() -> tuple[Report, ...]:
    """Return the recorded machines whose listings state their tree: a derived one rests on the bus numbers."""
    reports = (schema.load(json.loads(path.read_text(encoding="utf-8"))).report for path in RECORDED)
    return tuple(report for report in reports if normalise(report).tree == "stated")


def renumbered_buses(machine: Machine, chance: random.Random) -> Mapping[Bus, int]:
    """Return new numbers for the buses behind bridges, as another population of the slots could give them.

    Buses of a root keep between the numbers of the roots around it, in any order of siblings, with any gaps.
    """
    holds: dict[Bus, Bus] = {}
    for address, function in machine.functions.items():
        own, above = parse_address(address), machine.parents.get(address)
        if above is not None:
            holds[own[:2]] = parse_address(above)[:2]
        if function.secondary_bus:
            holds[own.domain, function.secondary_bus] = own[:2]
    children: dict[Bus, list[Bus]] = defaultdict(list)
    for bus, outer in sorted(holds.items()):
        children[outer].append(bus)
    stated = {(parse_address(a).domain, f.secondary_bus) for a, f in machine.functions.items() if f.secondary_bus}
    used = {parse_address(a)[:2] for a in machine.functions} | stated | set(_named(machine))
    fixed = sorted(used - set(holds))
    new: dict[Bus, int] = {}
    for root in fixed:
        order = list(_below(root, children, chance))
        last = min((bus for domain, bus in fixed if domain == root[0] and bus > root[1]), default=0x100)
        free = range(root[1] + 1, last)
        new.update(zip(order, sorted(chance.sample(free, len(order))), strict=True))
    return new


def _named(machine: Machine) -> Iterable[Bus]:
    """Yield the buses that slot statements name."""
    for slot in machine.report.slots or ():
        for text in (slot.address, slot.occupant):
            if text is not None and _ADDRESS.fullmatch(text):
                yield parse_address(text)[:2]


def _below(bus: Bus, children: Mapping[Bus, list[Bus]], chance: random.Random) -> Iterable[Bus]:
    # Buses of virtual functions follow that of the bridge, so they are children like the others here.
    inner = chance.sample(children.get(bus, []), len(children.get(bus, [])))
    for one in inner:
        yield one
        yield from _below(one, children, chance)


class Renumbering:
    """New bus and group numbers for one machine."""

    def __init__(self, machine: Machine, chance: random.Random) -> None:
        self.buses = renumbered_buses(machine, chance)
        numbers = sorted(machine.groups)
        self.groups = dict(zip(numbers, chance.sample(range(4 * len(numbers) + 1), len(numbers)), strict=True))

    def address(self, text: str) -> str:
        own = parse_address(text)
        return str(own._replace(bus=self.buses.get(own[:2], own.bus)))

    def text(self, said: str) -> str:
        return _ADDRESS.sub(lambda match: self.address(match[0]), said)

    def maybe(self, text: str | None) -> str | None:
        return None if text is None or _ADDRESS.fullmatch(text) is None else self.address(text)

    def report(self, report: Report) -> Report:
        functions = []
        for f in report.functions:
            domain = parse_address(f.address).domain
            inside = [
                new
                for (d, old), new in self.buses.items()
                if d == domain and (f.secondary_bus or 1) <= old <= (f.subordinate_bus or f.secondary_bus or 0)
            ]
            functions.append(
                replace(
                    f,
                    address=self.address(f.address),
                    parent=self.maybe(f.parent),
                    physical_function=self.maybe(f.physical_function),
                    secondary_bus=f.secondary_bus and self.buses.get((domain, f.secondary_bus), f.secondary_bus),
                    subordinate_bus=f.subordinate_bus and max(inside, default=f.subordinate_bus),
                    iommu_group=None if f.iommu_group is None else self.groups[f.iommu_group],
                )
            )
        slots = tuple(
            replace(
                slot,
                address=self.maybe(slot.address) or slot.address,
                occupant=self.maybe(slot.occupant),
                iommu_group=self.groups.get(slot.iommu_group, 9999) if slot.iommu_group is not None else None,
            )
            for slot in report.slots or ()
        )
        return replace(report, functions=tuple(functions), slots=slots)


def shown(report: Report, renumbering: Renumbering | None) -> list[str]:
    """Return the verdicts, answers and cards of a machine in the new numbers, in an order that knows no numbers."""
    machine = checked(normalise(report))
    slots = answer_machine(machine)
    said: list[Any] = [plain(one) for one in (*judge(machine), *slots, *cards_of(machine, slots))]
    if renumbering is not None:
        said = [_translated(one, renumbering) for one in said]
    for one in said:
        for key in ("card", "functions", "companions", "iommu_groups"):
            if key in one:
                one[key] = sorted(one[key], key=lambda part: json.dumps(part, sort_keys=True))
    return sorted(json.dumps(one, sort_keys=True) for one in said)


def _translated(value: Any, renumbering: Renumbering, key: str = "") -> Any:
    if isinstance(value, dict):
        return {name: _translated(part, renumbering, name) for name, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [_translated(part, renumbering, key) for part in value]
    if isinstance(value, str):
        return renumbering.text(value)
    return renumbering.groups[value] if key == "iommu_groups" else value


@settings(max_examples=60)
@given(which=st.integers(0, 10_000), chance=st.randoms(use_true_random=False))
def test_verdicts_do_not_depend_on_bus_and_group_numbers(which: int, chance: random.Random) -> None:
    report = recorded()[which % len(recorded())]
    renumbering = Renumbering(normalise(report), chance)
    assert shown(renumbering.report(report), None) == shown(report, renumbering)


def test_the_renumbering_renumbers() -> None:
    import random

    changed = 0
    for report in recorded():
        renumbering = Renumbering(normalise(report), random.Random(1))
        changed += {f.address for f in renumbering.report(report).functions} != {f.address for f in report.functions}
    assert changed > len(recorded()) // 2
