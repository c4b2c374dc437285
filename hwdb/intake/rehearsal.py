"""``rehearse``: what ``accept`` would make of a report, with nothing stored, for its submitter to look at first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from hwdb import models
from hwdb.analysis.answer import Findings, answer
from hwdb.analysis.layouts import layout_claims, layout_for
from hwdb.analysis.port_evidence import port_evidence
from hwdb.analysis.root_buses import RootBuses, acpi_names, machine_on, verdict_on
from hwdb.analysis.sentence import verdict_sentence
from hwdb.analysis.slotmap import claims, slot_map
from hwdb.analysis.words import word_for
from hwdb.identity import board_revision, identify
from hwdb.intake.accept import remarks_on
from hwdb.intake.curated import curated_layouts
from hwdb.intake.understand import Understood, understand
from hwdb.models.aliases import led, revision_key
from hwdb.models.readings import NEWCOMER, claims_of, numbering_of, sightings_of
from hwdb.topology import is_bridge, is_host_bridge
from hwdb.topology.ports import is_internal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sqlalchemy.orm import Session

    from hwdb.analysis.sentence import Sentence
    from hwdb.analysis.shapes import SlotAnswer, Verdict
    from hwdb.analysis.slotmap import Claim
    from hwdb.identity import BoardIdentity
    from hwdb.report import Report

# Classes of what people buy as cards: storage, network, graphics, sound, USB.
_CARDS = ("01", "02", "03", "04", "0c03")


@dataclass(frozen=True)
class Place:
    """Something whose slot a person can name: a card, or the port of an empty slot.

    Attributes:
        address: Of the card's first function, or of the port.
        functions: Addresses of the card's functions; empty for an empty slot.
        names: What the card's functions are called.
        kind: The buyer's word for the card; None for an empty slot.
        groups: The groups the card is in, as the report numbers them.
        companions: How many devices beside it are in its group; None when that is not known.
        slot: The slot it is known to be in, by whatever witness; None when nobody has said.
        witnesses: Who names that slot.
    """

    address: str
    functions: tuple[str, ...]
    names: tuple[str, ...]
    kind: str | None
    groups: tuple[int, ...]
    companions: int | None
    slot: str | None
    witnesses: tuple[str, ...]


@dataclass(frozen=True)
class Rehearsal:
    """What would become of a report.

    Attributes:
        vendor, name: The board it would be filed under.
        vendor_slug, slug: That board's address; None for a board that nobody has reported yet.
        machines: How many machines of the board are counted so far.
        verdict: Of this machine alone.
        slots: Slot by slot, by this report and the names known for the board.
        functions, groups: How many it lists.
        bridges: How many of the functions are bridges.
        remarks: What it can and cannot show, in sentences, as ``accept`` would say them.
        places: What its owner can name the slot of, cards first.
    """

    vendor: str
    name: str
    vendor_slug: str | None
    slug: str | None
    machines: int
    verdict: Sentence
    slots: tuple[SlotAnswer, ...]
    functions: int
    groups: int
    bridges: int
    remarks: tuple[str, ...]
    places: tuple[Place, ...]


def rehearse(session: Session, report: Report) -> Rehearsal:
    """Return what would become of a report.

    Args:
        session: Reads only; nothing is stored or locked.
        report: Decoded or parsed.
    """
    board = _board(session, report)
    identity = identify(report)
    numbers, understood = _renumbered(session, board, understand(session, report))
    machine = understood.machine
    ports = port_evidence(() if board is None else sightings_of(session, board.id, numbers))
    slots = answer(slot_map((*_said(session, board, identity, numbers), *claims(machine)), ports), understood.shown)
    held = bool(machine.taints or machine.doubts)
    shows = any(slot.grade != "unknown" for slot in slots)
    counted = None if board is None else session.get(models.BoardAnswer, board.id)
    known = board is not None and counted is not None
    return Rehearsal(
        vendor=board.vendor.name if board is not None else identity.vendor,
        name=board.name if board is not None else identity.name,
        vendor_slug=board.vendor.slug if board is not None and known else None,
        slug=board.slug if board is not None and known else None,
        machines=0 if counted is None else counted.machines,
        verdict=verdict_sentence(slots, 1 if shows and not held else 0, 1 if held else 0),
        slots=slots,
        functions=len(machine.functions),
        groups=len(machine.groups),
        bridges=sum(is_bridge(one) or is_host_bridge(one) for one in machine.functions.values()),
        remarks=remarks_on(report, understood),
        places=_once(_places(understood, slots)),
    )


def _renumbered(
    session: Session, board: models.Board | None, understood: Understood
) -> tuple[Mapping[int, Mapping[str, str]], Understood]:
    """Return the numberings of a board's root buses, and the new machine in the board's."""
    shown = understood.shown
    newcomer = RootBuses(shown.platform, acpi_names(understood.machine))
    numbers = numbering_of(session, None if board is None else board.id, newcomer)
    buses = numbers.get(NEWCOMER, {})
    verdicts = tuple(verdict_on(verdict, buses) for verdict in shown.verdicts)
    machine = machine_on(understood.machine, buses)
    return numbers, Understood(understood.report, machine, Findings(shown.platform, verdicts))


def _said(
    session: Session,
    board: models.Board | None,
    identity: BoardIdentity,
    numbers: Mapping[int, Mapping[str, str]],
) -> tuple[Claim, ...]:
    """Return what other reports and a curated layout say of the slots of a board."""
    vendor, key = (identity.vendor_key, identity.key) if board is None else (board.vendor.key, board.key)
    layout = layout_for(curated_layouts(), vendor, key)
    said = () if board is None else claims_of(session, board.id, numbers)
    return (*said, *(layout_claims(layout) if layout else ()))


def _board(session: Session, report: Report) -> models.Board | None:
    """Return the board a report would be filed under, None when it would be a new one."""
    identity = identify(report)
    aliased = led(session, identity.vendor_key, identity.key, revision_key(board_revision(report))).board
    if aliased is not None:
        return aliased
    return session.scalar(
        select(models.Board)
        .join(models.Vendor, models.Vendor.id == models.Board.vendor_id)
        .where(models.Vendor.key == identity.vendor_key, models.Board.key == identity.key)
    )


def _places(understood: Understood, slots: tuple[SlotAnswer, ...]) -> Iterator[Place]:
    """Yield the cards, then the empty slots; what is part of the processor or plainly soldered is left out."""
    by_port = {port: slot for slot in slots if slot.designation is not None for port in slot.ports}
    by_name = {slot.designation: slot for slot in slots}
    addresses = {path: address for address, path in understood.machine.paths.items()}
    empty = []
    for verdict in understood.shown.verdicts:
        port = addresses.get(verdict.path or "")
        if port is not None and _is_inside(understood, port):
            continue
        slot = by_port.get(verdict.path or "") or by_name.get(verdict.designation)
        if verdict.card:
            place = _card(understood, verdict, slot)
            if place is not None:
                yield place
        elif port is not None and (verdict.connector or slot is not None):
            empty.append(_place(port, slot, verdict))
    yield from empty


def _once(places: Iterator[Place]) -> tuple[Place, ...]:
    """Return each place once: a card may be judged by its port and by the slot that its owner names."""
    found: dict[str, Place] = {}
    for place in places:
        known = found.get(place.address)
        if known is None or known.slot is None:
            found[place.address] = place
    return tuple(found.values())


def _is_inside(understood: Understood, port: str) -> bool:
    """Whether no slot can hang from a port: it leads to parts of the processor, or to the chipset."""
    machine = understood.machine
    return port in machine.chipset_uplinks or is_internal(machine.functions[port])


def _card(understood: Understood, verdict: Verdict, slot: SlotAnswer | None) -> Place | None:
    functions = understood.machine.functions
    devices = [functions[address] for address in verdict.card if not is_bridge(functions[address])]
    if slot is None and not any((one.class_ or "").startswith(_CARDS) for one in devices):
        return None
    first = (devices or [functions[verdict.card[0]]])[0]
    names = dict.fromkeys(one.name for one in devices if one.name)
    return _place(first.address, slot, verdict, tuple(names), word_for(first.class_))


def _place(
    address: str, slot: SlotAnswer | None, verdict: Verdict, names: tuple[str, ...] = (), kind: str | None = None
) -> Place:
    return Place(
        address=address,
        functions=verdict.card,
        names=names,
        kind=kind,
        groups=verdict.iommu_groups,
        companions=None if verdict.grade == "unknown" else len(verdict.companions),
        slot=None if slot is None else slot.designation,
        witnesses=() if slot is None else slot.witnesses,
    )
