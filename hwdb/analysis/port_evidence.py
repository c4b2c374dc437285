"""What hangs from a port, machine by machine, tells whether a slot does, whatever firmware calls it. No I/O.

A port behind which machines of a board hold different cards is a slot's, though nobody names it. One that leads to the
chipset's switch, or to the same soldered chip on every machine, is none, though a table names it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from hwdb.topology.portable import is_portable
from hwdb.topology.ports import port_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from hwdb.topology import Machine

# Vendors of graphics that people buy: AMD, Intel, NVIDIA. Graphics of a server's management controller are ASPEED's or
# Matrox's, and soldered.
_GRAPHICS = ("1002", "8086", "10de")
# Base and whole classes that boards have no soldered chip of behind a PCIe port, or never two kinds of on one board:
# graphics, NVMe, SAS, accelerators, and bridges, as which a card with a switch of its own appears. LAN, USB, SATA and
# Wi-Fi differ between revisions of a board, so they count only beside something of another kind.
_CARDS = ("03", "0107", "0108", "0604", "12")
_ALIKE = 3
"""Machines on which the same chip at the same place is soldered there."""


class Sighting(NamedTuple):
    """One function of one machine, as far as it tells what hangs where.

    Attributes:
        machine: Which machine of the board; reports of one machine share it.
        platform: The machine's, which the path belongs to.
        path: Of the function.
        class_, vendor, device, subsystem_vendor, subsystem_device: As in the report.
    """

    machine: int
    platform: str | None
    path: str
    class_: str | None = None
    vendor: str | None = None
    device: str | None = None
    subsystem_vendor: str | None = None
    subsystem_device: str | None = None


@dataclass(frozen=True)
class PortEvidence:
    """What is known of ports by what hangs from them, each as (platform, path).

    Attributes:
        slots: Ports behind which different machines hold different cards.
        graphics: Ports behind which a machine holds a graphics card, which is enough to second a name.
        ways: Ports that lead to the chipset's switch or into the processor, each with the reason.
        soldered: Ports of soldered chips, each with the reason.
    """

    slots: frozenset[tuple[str | None, str]] = frozenset()
    graphics: frozenset[tuple[str | None, str]] = frozenset()
    ways: Mapping[tuple[str | None, str], str] = field(default_factory=dict)
    soldered: Mapping[tuple[str | None, str], str] = field(default_factory=dict)


NOTHING = PortEvidence()
"""Where no machine shows what hangs from its ports."""


def sightings(machine: Machine) -> tuple[Sighting, ...]:
    """Return what one machine shows of its ports; none of a laptop, whose soldered parts differ by what was ordered."""
    if is_portable(machine.report):
        return ()
    return tuple(
        Sighting(
            0,
            machine.platform,
            path,
            function.class_,
            function.vendor,
            function.device,
            function.subsystem_vendor,
            function.subsystem_device,
        )
        for function in machine.functions.values()
        if (path := machine.paths.get(function.address)) is not None
    )


def port_evidence(seen: Iterable[Sighting]) -> PortEvidence:
    """Return what functions of a board's machines tell of its ports: root ports and those of the chipset's switch.

    What counts is function 0 of the device right behind a port: a link has one device, so that machines which show
    different ones there hold different cards. Ports of other switches are left alone: the switch may be a card's own.
    """
    everything = tuple(seen)
    ways: dict[tuple[str | None, str], str] = {}
    outlets = set()
    for one in everything:
        place = (one.platform, one.path)
        if _is(one, "internal_root_port"):
            ways[place] = f"{one.path} is a port inside the processor, from which no slot hangs."
        if _is(one, "chipset_upstream_port") or _is(one, "chipset_downstream_port"):
            ways.update(_uplinks(one))
        if "/" not in one.path or _is(one, "chipset_downstream_port"):
            outlets.add(place)
    behind: dict[tuple[str | None, str], list[Sighting]] = {}
    for one in everything:
        port, _, hop = one.path.rpartition("/")
        if hop == "00.0" and (one.platform, port) in outlets and (one.platform, port) not in ways:
            behind.setdefault((one.platform, port), []).append(one)
    soldered = _soldered(everything, behind)
    return PortEvidence(
        slots=frozenset(place for place, members in behind.items() if _hold_cards(members)),
        graphics=frozenset(place for place in _graphics(everything) if place in outlets and place not in ways),
        ways=ways,
        soldered=soldered,
    )


def _is(one: Sighting, kind: str) -> bool:
    return f"{one.vendor}:{one.device}" in port_table()[kind]


def _uplinks(one: Sighting) -> dict[tuple[str | None, str], str]:
    """Return all ports above a function of the chipset's switch."""
    hops = one.path.split("/")
    ports = ("/".join(hops[:end]) for end in range(1, len(hops)))
    return {(one.platform, port): f"{port} leads to the chipset, so it is no slot of its own." for port in ports}


def _hold_cards(members: Iterable[Sighting]) -> bool:
    """Whether different things were seen there, at least one of which is a card for sure.

    One machine that was rearranged between two reports shows the same as two machines do.
    """
    classes = {(m.vendor, m.device): m.class_ for m in members if None not in {m.vendor, m.device, m.class_}}
    kinds = {class_ or "" for class_ in classes.values()}
    return len(classes) > 1 and (len(kinds) > 1 or any(kind.startswith(_CARDS) for kind in kinds))


def _graphics(everything: Iterable[Sighting]) -> Iterable[tuple[str | None, str]]:
    """Yield the ports of graphics cards: right above, or above a switch of the card's own maker."""
    cards = [one for one in everything if (one.class_ or "").startswith("03") and one.vendor in _GRAPHICS]
    bridges = [one for one in everything if one.class_ == "0604" and "/" in one.path]
    switches = {(one.platform, one.path) for one in bridges if one.vendor in _GRAPHICS}
    for one in cards:
        path = one.path.rpartition("/")[0]
        while (one.platform, path) in switches:
            path = path.rpartition("/")[0]
        yield one.platform, path


def _soldered(
    everything: Iterable[Sighting], behind: Mapping[tuple[str | None, str], list[Sighting]]
) -> dict[tuple[str | None, str], str]:
    """Return the ports behind which every machine has the same chip, marked as its own by the board's maker.

    Machines of one owner may all have the same card, and its maker's mark on it; a soldered chip has the mark that the
    chips of the board's root buses have as well.
    """
    machines: dict[str | None, set[int]] = {}
    marks: dict[str | None, set[str]] = {}
    for one in everything:
        machines.setdefault(one.platform, set()).add(one.machine)
        if "/" not in one.path and one.subsystem_vendor not in {None, one.vendor}:
            marks.setdefault(one.platform, set()).add(one.subsystem_vendor or "")
    found: dict[tuple[str | None, str], str] = {}
    for (platform, port), members in behind.items():
        same = len({one[3:] for one in members}) == 1
        everywhere = {one.machine for one in members} == machines[platform]
        first = members[0]
        marked = first.subsystem_vendor in marks.get(platform, ()) and first.subsystem_vendor != first.vendor
        card = (first.class_ or "").startswith(_CARDS)
        if same and everywhere and len(machines[platform]) >= _ALIKE and marked and not card:
            found[platform, port] = f"All {len(machines[platform])} machines have the same chip at {port}: soldered."
    return found
