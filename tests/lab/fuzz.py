"""Predicted groups beside those a real kernel forms, on random machines: ``python -m tests.lab.fuzz``.

Every machine is a guest of its own. The recorder reads it, our collector reads the record, and every statement about
its groups is held against the kernel's. A machine that differs is made smaller while it differs, and printed.
"""

from __future__ import annotations

import argparse
import json
import os
import shlex
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from random import SystemRandom
from typing import TYPE_CHECKING, Any

from hwdb import schema
from hwdb.topology import normalise
from hwdb.topology.integrity import integrity
from hwdb.topology.predict import predict
from hwdb.topology.taint import observed_taints
from submitter.collect import collect
from tests.lab.config_space import NotRewritten
from tests.lab.guest import NotBooted, boot
from tests.lab.image import image
from tests.lab.random_topologies import Plan, random_plan, smaller
from tests.machines.replay import plant

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from hwdb.topology import Machine
    from tests.lab.image import Image

_RECORDER = Path(__file__).with_name("recorder.py")
_VISIT = b"\npart setup . /lab/setup\npart root python3 -I -S /lab/recorder.py\npart end true\n"
_HEADER = 64
_EVERY = 20
FOUND = Path("lab-transcripts")
"""Where recorded machines whose groups differ are kept."""


def machine_of(record: dict[str, Any], *, as_root: bool = True) -> Machine:
    """Return the machine of a record as our collector reads it; without root, configuration spaces end early."""
    if not as_root:
        short = {
            name: {"size": _HEADER, "hex": data["hex"][: 2 * _HEADER]}
            for name, data in record["binary"].items()
            if name.endswith("/config")
        }
        record = {**record, "binary": short}
    with tempfile.TemporaryDirectory(prefix="hwdb-lab-") as folder:
        path = Path(folder) / "record.json"
        path.write_text(json.dumps(record), encoding="utf-8")
        root = plant(path, Path(folder) / "root")
        return normalise(schema.load(collect(str(root))).report)


def recorded(started_from: Image, plan: Plan) -> dict[str, Any]:
    """Boot a machine and return what was read in it.

    Raises:
        NotBooted, NotRewritten: QEMU cannot build it, or its kernel did not come up.
    """
    parts = boot(started_from, plan.topology(), {"visit": _VISIT, "recorder.py": _RECORDER.read_bytes()})
    record: dict[str, Any] = json.loads(parts["root"].printed)
    return record


def differences(record: dict[str, Any]) -> list[str]:
    """Return sentences on what was foretold or said of a machine and is not so."""
    machine, without_root = machine_of(record), machine_of(record, as_root=False)
    if not machine.grouped:
        return ["The kernel formed no groups."]
    found = [*_predicted(machine, "from its capabilities")]
    found += _predicted(switched_off(machine), "with its ACS bits switched off")
    found += [f"integrity: {sentence}" for sentence in integrity(machine)]
    found += [f"taint: {taint.reason}" for taint in (*machine.taints, *observed_taints(machine))]
    found += [f"without root: {sentence}" for sentence in integrity(without_root)]
    return found


def switched_off(machine: Machine) -> Machine:
    """Return the machine as it is with its IOMMU off, when no bit of ACS is on."""
    functions = tuple(
        f if f.acs is None or f.acs.control is None else replace(f, acs=replace(f.acs, control=0))
        for f in machine.functions.values()
    )
    return normalise(replace(machine.report, functions=functions))


def _predicted(machine: Machine, how: str) -> Iterator[str]:
    """Yield groups that are predicted otherwise than the kernel formed them, and what is not predicted at all."""
    prediction = predict(machine)
    for address, why in prediction.unknown.items():
        yield f"{how}, {address} is not known: {why}"
    yield from (f"{how}, {g.functions} are {g.evidence} only" for g in prediction.groups if g.evidence != "predicted")
    # Which buses an IOMMU leaves out is in firmware tables, so functions without a group are not compared.
    grouped = (tuple(a for a in g.functions if machine.group_of(a) is not None) for g in prediction.groups)
    foretold, formed = set(filter(None, grouped)), set(machine.groups.values())
    yield from (f"{how}, predicted: {' '.join(group)}" for group in sorted(foretold - formed))
    yield from (f"{how}, the kernel's: {' '.join(group)}" for group in sorted(formed - foretold))


@dataclass(frozen=True)
class Outcome:
    """What came of one machine: nothing when all was foretold, else sentences and what was recorded."""

    plan: Plan
    found: tuple[str, ...] = ()
    record: dict[str, Any] | None = None
    booted: bool = True


def tried(started_from: Image, plan: Plan) -> Outcome:
    """Boot a machine and compare."""
    try:
        record = recorded(started_from, plan)
    except (NotBooted, NotRewritten) as error:
        return Outcome(plan, (f"It did not boot: {error}",), booted=False)
    return Outcome(plan, tuple(differences(record)), record)


def shrunk(failed: Outcome, attempt: Callable[[Plan], Outcome], jobs: int = 1) -> Outcome:
    """Return the smallest machine found that still fails in the same way, by leaving out one thing after the other."""
    with ThreadPoolExecutor(jobs) as several:
        while True:
            plans = list(smaller(failed.plan))
            for first in range(0, len(plans), jobs):
                outcomes = several.map(attempt, plans[first : first + jobs])
                still = [o for o in outcomes if o.found and o.booted == failed.booted]
                if still:
                    failed = still[0]
                    break
            else:
                return failed


def told(failed: Outcome, seed: int, folder: Path = FOUND) -> str:
    """Return a failure in words: the seed, what differs, QEMU's options, and the plan to paste as a test."""
    lines = [f"seed {seed}:", *failed.found]
    if failed.record is not None:
        folder.mkdir(exist_ok=True)
        path = folder / f"seed-{seed}.json"
        path.write_text(json.dumps({"source": f"hwdb lab: seed {seed}", **failed.record}, indent=0, sort_keys=True))
        lines.append(f"recorded in {path}; below tests/machines it is a test that needs no QEMU")
    return "\n".join([*lines, shlex.join(failed.plan.topology().options()), repr(failed.plan)])


def main() -> int:
    """Try random machines, shrink the first that fails, and count."""
    parser = argparse.ArgumentParser(prog="python -m tests.lab.fuzz", description=__doc__)
    parser.add_argument("--count", type=int, default=200, help="how many machines (default: %(default)s)")
    parser.add_argument("--seed", type=int, help="seed of the first; the others follow it (default: drawn)")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="guests at once (default: %(default)s)")
    asked = parser.parse_args()
    first = SystemRandom().randrange(10**9) if asked.seed is None else asked.seed
    print(f"seeds {first} to {first + asked.count - 1}", flush=True)
    return 1 if _run(range(first, first + asked.count), asked.jobs) else 0


def _run(seeds: range, jobs: int) -> int:
    """Try the machines of these seeds and return how many failed, each printed in its smallest form."""
    started_from, began = image(), time.monotonic()
    functions = failures = 0
    with ThreadPoolExecutor(jobs) as several:
        outcomes = several.map(lambda seed: tried(started_from, random_plan(seed)), seeds)
        for seed, outcome in zip(seeds, outcomes, strict=True):
            functions += outcome.plan.functions()
            if (seed - seeds[0]) % _EVERY == _EVERY - 1:
                print(f"{seed - seeds[0] + 1} of {len(seeds)}, {failures} failed", flush=True)
            if outcome.found:
                failures += 1
                print(f"seed {seed} fails: {outcome.found[0]}", flush=True)
                smallest = shrunk(outcome, lambda plan: tried(started_from, plan), jobs) if outcome.booted else outcome
                print(told(smallest, seed), flush=True)
    seconds = time.monotonic() - began
    print(f"{len(seeds)} machines, {functions} functions plugged in, {failures} failed, {seconds:.0f} s")
    return failures


if __name__ == "__main__":
    sys.exit(main())
