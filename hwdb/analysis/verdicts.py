"""``judge_groups``: one machine in its groups -> verdicts about its ports and slots whose port is not known. No I/O.

The port decides: ``companions = group(port) - everything below the port - PCI bridges - host bridges``, so that the
same rule answers an empty slot. The grades and their order are those of docs/how-verdicts-work.md; where a fact is not
known the weaker grade is chosen and the reason says so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hwdb.analysis.companions import Companions, card_of
from hwdb.analysis.shapes import Companion, Link, Verdict
from hwdb.analysis.words import listing, onboard
from hwdb.topology.acs import acs_all_the_way, acs_enabled
from hwdb.topology.connectors import Connectors
from hwdb.topology.ports import (
    CONVENTIONAL,
    ids_of,
    is_bridge,
    is_host_bridge,
    is_internal,
    location_of,
    port_kind,
    port_table,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from hwdb.topology import Machine, SlotWitness

MOST_COMPANIONS = 64
"""Companions listed with a verdict; the reason speaks of all of them."""


def judge_groups(machine: Machine) -> tuple[Verdict, ...]:
    """Return a verdict for every port a slot could hang from, and for every slot statement without one.

    ``hwdb.analysis.judging.judge`` calls it with the groups that were seen, or that are predicted. Ports of a tree that
    was only derived claim no slot; they are judged because another machine or a layout of the board may name them.
    """
    companions = Companions(machine)
    seen = {(w.port, w.device) for w in machine.slots if w.port is not None}
    if machine.tree is not None:
        seen |= {(address, None) for address in machine.functions if _may_hold_a_slot(machine, address)}
    slotless = _without_slots(machine)
    ports = tuple(
        _judge_port(machine, companions, slotless, port, device)
        for port, device in sorted(seen, key=lambda place: (place[0] or "", place[1] or 0))
        if port is not None
    )
    return ports + tuple(_judge_statement(machine, companions, w) for w in _without_port(machine))


def _judge_port(
    machine: Machine, neighbours: Companions, slotless: Collection[str], port: str, device: int | None
) -> Verdict:
    """Return the verdict for one port, or for one device number behind a conventional bridge."""
    card = machine.below(port, device)
    path = next((w.path for w in machine.slots if (w.port, w.device) == (port, device)), None)
    function = machine.functions[port]
    groups = {number for a in (port, *card) if (number := machine.group_of(a)) is not None}
    companions = neighbours.among(groups, card)
    grade, reason = _grade(machine, port, card, groups, companions)
    below = next((a for a in card if machine.parents[a] == port), None)
    return Verdict(
        grade=grade,
        reason=reason,
        evidence=None if grade == "unknown" else "observed",
        path=path or _own_path(machine, port, device),
        occupied=_occupied(machine, port, device, card),
        card=card,
        iommu_groups=_own_groups(machine, card) or tuple(sorted(groups)),
        companions=companions[:MOST_COMPANIONS],
        location=location_of(machine, port),
        connector=False if port in slotless else function.slot_implemented,
        link_max=_link(function.link_width_max, function.link_speed_max),
        link_now=_link(function.link_width, function.link_speed) if below is not None else None,
    )


def _without_slots(machine: Machine) -> frozenset[str]:
    """Return the ports known to hold no slot of the board, whatever they say themselves: many of these say they do.

    They are the ways to the chipset, the ports inside the processor, and those of a card's own switch.
    """
    connectors = Connectors(machine)
    inner = (a for a, f in machine.functions.items() if is_internal(f) or (is_bridge(f) and connectors.is_a_cards(a)))
    return frozenset((*machine.chipset_uplinks, *inner))


def _own_groups(machine: Machine, card: tuple[str, ...]) -> tuple[int, ...]:
    """Return the groups a card's functions are in: those its owner would hand over."""
    return tuple(sorted({number for a in card if (number := machine.group_of(a)) is not None}))


def _may_hold_a_slot(machine: Machine, address: str) -> bool:
    function = machine.functions[address]
    return is_bridge(function) and port_kind(machine, address) not in {"upstream_port", *CONVENTIONAL}


def _own_path(machine: Machine, port: str, device: int | None) -> str | None:
    path = machine.paths.get(port)
    return path if path is None or device is None else f"{path}/{device:02x}"


def _occupied(machine: Machine, port: str, device: int | None, card: tuple[str, ...]) -> bool | None:
    """A card is there when functions are; none are below a port only proves it empty where the tree is known."""
    if card:
        return True
    said = [w.slot.occupied for w in machine.slots if (w.port, w.device) == (port, device)]
    return next((answer for answer in said if answer is not None), False if machine.tree is not None else None)


def _link(width: int | None, speed: int | None) -> Link | None:
    return None if width is None and speed is None else Link(width, speed)


def _grade(
    machine: Machine, port: str, card: tuple[str, ...], groups: set[int], companions: tuple[Companion, ...]
) -> tuple[str, str]:
    """Return the first grade of the table that applies to a port, and why."""
    if machine.taints:
        return "unknown", f"Held out: {machine.taints[0].reason}"
    if not groups:
        return "unknown", no_groups(machine)
    if companions:
        return shared(companions)
    why = _kept_apart(machine, port, card)
    if why is not None:
        return "isolated", why
    return _weaker(machine, port, bool(card))


def no_groups(machine: Machine) -> str:
    """Return why a machine's own groups say nothing, and what would tell."""
    if machine.grouped:
        return "The kernel put this port in no group, so nothing can be read off it."
    if machine.report.iommu.state == "off":
        return "The IOMMU was off, so the kernel formed no groups. A report with it on would tell."
    return "The report shows no IOMMU groups. A report made with the IOMMU on would tell."


def shared(companions: tuple[Companion, ...]) -> tuple[str, str]:
    """Return the grade and the reason of a slot that shares its group with these functions, at least one."""
    slots = sorted({c.slot for c in companions if c.slot is not None})
    if all(c.slot is not None for c in companions):
        return "shared_slots", f"Only together with {listing(slots)}: what is in it shares the group."
    with_slots = f", and with {listing(slots)}" if slots else ""
    return "shared_onboard", f"Shares its group with onboard {onboard(companions)}{with_slots}."


def _kept_apart(machine: Machine, port: str, card: tuple[str, ...]) -> str | None:
    """Return why a port without companions is known to isolate, None when that is not shown."""
    groups = {machine.group_of(address) for address in card} - {None}
    own = machine.group_of(port)
    if groups and own is not None and own not in groups:
        return "Nothing else is in the card's group, and its port is in another."
    if acs_all_the_way(machine, port):
        return "Nothing else is in its group, and ACS keeps its port apart all the way up."
    # A function that cannot have ACS would pull every sibling without ACS into its group (pci_device_group, step of
    # the multifunction siblings); a port that stays out shows that it has ACS. AMD's dummy host bridges are such.
    apart = [a for a in machine.siblings(port) if is_host_bridge(machine.functions[a])]
    if machine.parents.get(port, "") is None and any(machine.group_of(a) not in {None, own} for a in apart):
        return "Nothing else is in its group, and its port is kept apart from a part of its own device without ACS."
    return None


def _weaker(machine: Machine, port: str, filled: bool) -> tuple[str, str]:
    kind = port_kind(machine, port)
    if filled and machine.group_of(port) is None:
        return "isolated_legacy", "Nothing else is in its group today. Whether its port is kept apart was not shown."
    if kind is None:
        return "isolated_legacy", "Nothing else is in its group today. What kind of port it is was not shown."
    if kind == "downstream_port":
        known = "has no ACS" if acs_enabled(machine, port) is False else "does not show ACS"
        return "isolated_legacy", f"Nothing else is in its group today, but its switch port {known}."
    if kind in CONVENTIONAL:
        return (
            "conditional",
            "Nothing else is behind its PCI bridge now; any other card on that bus would share the group.",
        )
    if _siblings_may_join(machine, port):
        return (
            "conditional",
            "Nothing else is in its group now; a card in a sibling port of the same device may join it.",
        )
    state = "The port is in the group as well" if filled else "A card would share it with its port at most"
    return "isolated_bridge", f"Nothing else is in its group. {state}, which is harmless."


def _siblings_may_join(machine: Machine, port: str) -> bool:
    function = machine.functions[port]
    if ids_of(function) in port_table()["bifurcating_root_port"]:
        return True
    if function.multifunction is None:
        return True
    return function.multifunction or bool(machine.siblings(port))


def _without_port(machine: Machine) -> Iterable[SlotWitness]:
    """Return one statement per slot that no statement of this report could tie to a port."""
    tied = {w.designation for w in machine.slots if w.port is not None}
    best: dict[str | None, SlotWitness] = {}
    for witness in machine.slots:
        name = witness.designation
        if name in tied or name is None:
            continue
        if name not in best or (_says(witness) > _says(best[name])):
            best[name] = witness
    return best.values()


def _says(witness: SlotWitness) -> int:
    """Rank what a statement lets one conclude: a card that was seen, a group, a word, nothing."""
    claims = (witness.slot.isolates is not None, witness.slot.iommu_group is not None, witness.occupant is not None)
    return max((rank for rank, claim in enumerate(claims, start=1) if claim), default=0)


def _judge_statement(machine: Machine, neighbours: Companions, witness: SlotWitness) -> Verdict:
    """Judge a slot whose port is not seen: by the card in it, by the group its owner names, by the owner's word."""
    slot = witness.slot
    if witness.occupant is not None:
        return _judge_card(machine, neighbours, witness)
    grade, reason, evidence = "unknown", _why_unknown(witness), None
    companions: tuple[Companion, ...] = ()
    groups: tuple[int, ...] = ()
    if machine.taints:
        reason = f"Held out: {machine.taints[0].reason}"
    elif slot.iommu_group is not None and slot.iommu_group in machine.groups:
        groups = (slot.iommu_group,)
        companions = neighbours.among(groups, ())
        if companions:
            grade, reason = shared(companions)
            reason, evidence = f"The owner says so, and names the group. {reason}", "declared"
    elif slot.isolates:
        grade, evidence = "isolated", "declared"
        shows = "no listing shows the card that is in it" if slot.occupied else "nothing was in it that would show it"
        reason = f"The owner says it has a group of its own; {shows}."
    elif slot.isolates is False:
        reason = (
            "The owner says it does not isolate, but not with what it shares. A listing with a card in it would tell."
        )
    return Verdict(
        grade,
        reason,
        evidence,
        path=witness.path,
        designation=witness.designation,
        occupied=slot.occupied,
        iommu_groups=groups,
        companions=companions[:MOST_COMPANIONS],
    )


def _why_unknown(witness: SlotWitness) -> str:
    why = witness.void or "No witness ties it to a port, and no card in it was reported."
    if witness.path is not None:
        why = "Its port is not visible on this machine."
    elif witness.void is None and witness.slot.witness == "smbios" and witness.slot.address is not None:
        why = f"The firmware ties it to {witness.slot.address}, where this machine shows no port."
    return f"{why} A report with a card in it would tell."


def _judge_card(machine: Machine, neighbours: Companions, witness: SlotWitness) -> Verdict:
    """Judge a card in a listing without a tree by its own group: companions are all but itself and bridges."""
    card = card_of(machine, witness.occupant or "")
    groups = set(_own_groups(machine, card))
    companions = neighbours.among(groups, card)
    if machine.taints or not groups:
        grade, reason = "unknown", f"Held out: {machine.taints[0].reason}" if machine.taints else no_groups(machine)
    elif companions:
        grade, reason = shared(companions)
    elif any(is_bridge(machine.functions[a]) for a in machine.members(groups)):
        grade = "isolated_legacy"
        reason = "Only bridges share the card's group today. Whether its port has ACS was not shown."
    else:
        grade, reason = "isolated", "Nothing but the card is in its group, not even a port."
    return Verdict(
        grade,
        reason,
        None if grade == "unknown" else "observed",
        path=witness.path,
        designation=witness.designation,
        occupied=True,
        card=card,
        iommu_groups=tuple(sorted(groups)),
        companions=companions[:MOST_COMPANIONS],
    )
