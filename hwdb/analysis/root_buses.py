r"""Root buses of a board's machines in one numbering, by the nodes that ACPI names them by. No I/O.

Firmware numbers root buses by what is plugged in, so that one port may be ``0000:40:03.1`` on one machine and
``0000:60:03.1`` on the next. The ACPI node of a root bus (``\_SB_.PCI1``) stays what it is. Where machines do not
state it, equal numbers are taken for equal buses.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from hwdb.analysis.shapes import Verdict
    from hwdb.topology import Machine

K = TypeVar("K")


class RootBuses(NamedTuple):
    """The root buses of one machine, as far as ACPI names them.

    Attributes:
        platform: The machine's; buses of different platforms are never one.
        names: Bus (``0000:40``) to ACPI path, None for a bus that has none.
    """

    platform: str | None
    names: Mapping[str, str | None]


def acpi_names(machine: Machine) -> Mapping[str, str | None]:
    """Return the root buses of a machine, each with its ACPI path; none of two buses has one name.

    Nothing is returned of a machine that states no path at all.
    """
    stated = {root.bus: root.acpi_path for root in machine.report.root_buses or () if root.bus and root.acpi_path}
    paths = list(stated.values())
    buses = {path.partition("/")[0].rpartition(":")[0] for path in machine.paths.values()} | set(stated)
    names = {bus: path if paths.count(path := stated.get(bus, "")) == 1 else None for bus in sorted(buses)}
    return names if any(names.values()) else {}


def numbering(machines: Iterable[tuple[K, RootBuses]]) -> Mapping[K, Mapping[str, str]]:
    r"""Return how to renumber the root buses of each machine: own bus to the board's, those that differ only.

    The first machine that shows a root bus gives its number to it. A bus whose number already is another bus's goes by
    its ACPI path instead (``0000:\_SB_.PCI1``), which no other port can have; so does one whose number on the board is
    that of a bus without a path on its own machine, since two buses of one machine are never one.

    Args:
        machines: Of one board, in an order that stays, each with what it is asked for by.
    """
    numbers: dict[tuple[str | None, str, str], str] = {}
    taken: set[tuple[str | None, str]] = set()
    renumbered: dict[K, Mapping[str, str]] = {}
    for key, (platform, names) in machines:
        own: dict[str, str] = {}
        for bus, path in sorted(names.items()):
            if path is None:
                continue
            domain = bus.partition(":")[0]
            if (platform, domain, path) not in numbers:
                number = f"{domain}:{path}" if (platform, bus) in taken else bus
                numbers[platform, domain, path] = number
                taken.add((platform, number))
            number = numbers[platform, domain, path]
            own[bus] = f"{domain}:{path}" if names.get(number, path) is None else number
        changed = {bus: number for bus, number in own.items() if bus != number}
        if changed:
            renumbered[key] = changed
    return renumbered


def path_on(path: str, buses: Mapping[str, str]) -> str:
    """Return a port path with its root bus in the board's numbering."""
    root, _, rest = path.partition("/")
    bus, _, hop = root.rpartition(":")
    return f"{buses[bus]}:{hop}{'/' * bool(rest)}{rest}" if bus in buses else path


def verdict_on(verdict: Verdict, buses: Mapping[str, str]) -> Verdict:
    """Return a verdict with its port, and those above its companions, in the board's numbering."""
    if not buses:
        return verdict
    companions = tuple(replace(c, behind=tuple(path_on(path, buses) for path in c.behind)) for c in verdict.companions)
    path = None if verdict.path is None else path_on(verdict.path, buses)
    return replace(verdict, path=path, companions=companions)


def machine_on(machine: Machine, buses: Mapping[str, str]) -> Machine:
    """Return a machine with its port paths in the board's numbering; addresses stay its own."""
    if not buses:
        return machine
    paths = {address: path_on(path, buses) for address, path in machine.paths.items()}
    slots = tuple(
        replace(w, path=w.path and path_on(w.path, buses), hint=w.hint and path_on(w.hint, buses))
        for w in machine.slots
    )
    return replace(machine, paths=paths, slots=slots)
