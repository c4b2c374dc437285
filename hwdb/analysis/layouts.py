"""Curated layouts: what a board's maker says of its slots, as facts with their sources. No I/O.

A layout is a fact of the board as printed: which slots there are from the processor down, how many lanes each has, who
gives them and who shares them. Ports are named per platform, since processors of one socket lay them out differently.
The schema and how to write one: docs/curated.md.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from hwdb.analysis.curated import Table, read_sources
from hwdb.analysis.slotmap import Claim, key_of
from hwdb.identity import identify
from hwdb.report import Board, Report

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from hwdb.analysis.curated import Source

_KINDS = ("pcie", "m2", "u2", "pci", "mini")
_LOCATIONS = ("cpu", "chipset")
_FORM_FACTORS = ("ATX", "E-ATX", "EEB", "CEB", "Micro-ATX", "Mini-ITX", "Mini-DTX", "XL-ATX")
_LANES = (1, 2, 4, 8, 16)
_GENERATIONS = range(1, 8)
_PLATFORM = re.compile(r"[0-9a-f]{4}:[0-9a-f]{4}")
_PATH = re.compile(r"[0-9a-f]{4,8}:[0-9a-f]{2}:[01][0-9a-f]\.[0-7](?:/[01][0-9a-f]\.[0-7])*")


@dataclass(frozen=True)
class LaneSharing:
    """What happens to a slot's lanes when another slot is filled.

    Attributes:
        others: Designations of the slots it shares with.
        lanes: What is left when one of them is filled; 0 when the slot is off, None when no source says.
        sentence: The same for a reader.
    """

    others: tuple[str, ...]
    lanes: int | None
    sentence: str


@dataclass(frozen=True)
class LayoutPort:
    """Which port a slot hangs from with processors of one platform.

    Attributes:
        platform: ``vvvv:dddd`` of host bridge 00:00.0.
        path: Port path.
        source: Key of the source that says so.
    """

    platform: str
    path: str
    source: str


@dataclass(frozen=True)
class LayoutSlot:
    """One slot of a board. None is unknown.

    Attributes:
        designation: Its name as printed on the board.
        kind: ``pcie``, ``m2``, ``u2``, ``pci`` or ``mini``.
        connector_lanes: Lanes the connector is long.
        electrical_lanes: Lanes that are wired, with no other slot filled.
        location: ``cpu`` or ``chipset``: who gives its lanes.
        generation: Highest PCIe generation.
        pitch: How far below the first slot's place it sits, in slot pitches of 20.32 mm (0.8 inch).
        sharing: Lanes it shares.
        ports: Ports it hangs from, by platform.
        note: What else a buyer should know, a sentence.
        sources: Keys of the sources of all this.
    """

    designation: str
    kind: str
    connector_lanes: int | None
    electrical_lanes: int | None
    location: str | None
    generation: int | None
    pitch: float | None
    sharing: tuple[LaneSharing, ...]
    ports: tuple[LayoutPort, ...]
    note: str | None
    sources: tuple[str, ...]


@dataclass(frozen=True)
class PlacedSlot:
    """One slot of a curated layout as a drawing of the board needs it; None is unknown.

    Attributes:
        designation, kind, connector_lanes, electrical_lanes, location, generation, pitch, note: As in ``LayoutSlot``.
    """

    designation: str
    kind: str
    connector_lanes: int | None
    electrical_lanes: int | None
    location: str | None
    generation: int | None
    pitch: float | None
    note: str | None


@dataclass(frozen=True)
class Layout:
    """The layout of one board.

    Attributes:
        file: Name of the file it was read from.
        vendor, names: As people know the board; several names are one board.
        vendor_key, keys: What identity has for them.
        revision: Revision of the board it holds for; None for all.
        only_platform: The platform of every processor that the board takes, None when there are several or nobody
            says. A listing that leaves out host bridge 00:00.0 has it as well.
        form_factor: Like ``ATX``; None is unknown.
        slots: From the processor down, slots of other kinds than PCIe after those.
        sources: What it rests on.
    """

    file: str
    vendor: str
    names: tuple[str, ...]
    vendor_key: str
    keys: tuple[str, ...]
    revision: str | None
    only_platform: str | None
    form_factor: str | None
    slots: tuple[LayoutSlot, ...]
    sources: tuple[Source, ...]


def parse_layout(file: str, data: Mapping[str, Any]) -> Layout:
    """Return the layout that a parsed file holds.

    Args:
        file: Name of the file, for sentences.
        data: What ``tomllib`` made of it.

    Raises:
        CuratedError: The file breaks the schema; one sentence names the file, the key and what would be right.
    """
    whole = Table(file, "", data)
    board = whole.table("board")
    vendor, names = board.text("vendor"), board.texts("names")
    if not names:
        raise board.wrong("names", "is missing; it lists the names the board goes by.")
    identities = {name: identify(Report(board=Board(vendor=vendor, name=name))) for name in names}
    nameless = [name for name, identity in identities.items() if not identity.known]
    if nameless:
        raise board.wrong("names", f"{nameless[0]!r} names no board that a report could be matched with.")
    sources = read_sources(whole)
    layout = Layout(
        file=file,
        vendor=vendor,
        names=names,
        vendor_key=identities[names[0]].vendor_key,
        keys=tuple(dict.fromkeys(identity.key for identity in identities.values())),
        revision=board.text_or_none("revision"),
        only_platform=board.shaped("only_platform", _PLATFORM, "1022:1450"),
        form_factor=board.word_or_none("form_factor", _FORM_FACTORS),
        slots=_slots(whole, frozenset(source.key for source in sources)),
        sources=sources,
    )
    board.done()
    whole.done()
    return layout


def placed_slots(layout: Layout) -> tuple[PlacedSlot, ...]:
    """Return the slots of a layout in their physical order, for drawing them."""
    names = [one.name for one in fields(PlacedSlot)]
    return tuple(PlacedSlot(**{name: getattr(slot, name) for name in names}) for slot in layout.slots)


def layout_for(layouts: Iterable[Layout], vendor_key: str, key: str) -> Layout | None:
    """Return the layout of the board that these keys of ``identify`` tell, None when nobody wrote one."""
    return next((one for one in layouts if one.vendor_key == vendor_key and key in one.keys), None)


def layout_claims(layout: Layout) -> tuple[Claim, ...]:
    """Return what a layout says of the board's slots, as the slot map takes it beside what reports say.

    A slot without a known port is claimed once without one: its name and lanes are true on every platform. Where a
    board has one platform only, machines that do not show theirs have the same ports: AMD's host bridge 00:00.0 is in
    no group, so that listings of groups leave it out.
    """
    return tuple(
        Claim(
            designation=slot.designation,
            witness="curated",
            kind=slot.kind,
            connector_lanes=slot.connector_lanes,
            electrical_lanes=slot.electrical_lanes,
            platform=platform,
            path=path,
        )
        for slot in layout.slots
        for platform, path in _places(layout, slot)
    )


def _places(layout: Layout, slot: LayoutSlot) -> tuple[tuple[str | None, str | None], ...]:
    shown = tuple((port.platform, port.path) for port in slot.ports)
    not_shown = tuple((None, port.path) for port in slot.ports if port.platform == layout.only_platform)
    return (*shown, *not_shown) or ((None, None),)


def slot_of(layout: Layout, designation: str) -> LayoutSlot | None:
    """Return the slot of a layout that a designation in any spelling means, None when the layout has none of it."""
    key = key_of(designation)
    return next((slot for slot in layout.slots if key_of(slot.designation) == key), None)


def _slots(whole: Table, sources: frozenset[str]) -> tuple[LayoutSlot, ...]:
    tables = whole.tables("slots")
    if not tables:
        raise whole.wrong("slots", "is missing; a layout without slots says nothing.")
    slots: dict[str, LayoutSlot] = {}
    places: dict[tuple[str, str], str] = {}
    for table in tables:
        slot = _slot(table, sources)
        key = key_of(slot.designation)
        if key in slots:
            raise table.wrong("designation", f"{slot.designation!r} names a second slot.")
        slots[key] = slot
        for port in slot.ports:
            other = places.setdefault((port.platform, port.path), slot.designation)
            if other != slot.designation:
                raise table.wrong("ports", f"{port.path} is the port of {other} already.")
    for table, slot in zip(tables, slots.values(), strict=True):
        unknown = [other for sharing in slot.sharing for other in sharing.others if key_of(other) not in slots]
        if unknown:
            raise table.wrong("sharing", f"{unknown[0]!r} is no slot of this board.")
    return tuple(slots.values())


def _slot(table: Table, sources: frozenset[str]) -> LayoutSlot:
    said = table.texts("sources")
    unknown = set(said) - sources
    if not said or unknown:
        raise table.wrong("sources", f"must list keys of [[sources]], which are {', '.join(sorted(sources))}.")
    slot = LayoutSlot(
        designation=table.text("designation"),
        kind=table.word("kind", _KINDS),
        connector_lanes=table.integer("connector_lanes", _LANES),
        electrical_lanes=table.integer("electrical_lanes", _LANES),
        location=table.word_or_none("location", _LOCATIONS),
        generation=table.integer("generation", _GENERATIONS),
        pitch=table.number("pitch"),
        sharing=tuple(_sharing(one) for one in table.tables("sharing")),
        ports=tuple(_port(one, sources) for one in table.tables("ports")),
        note=table.text_or_none("note"),
        sources=said,
    )
    if slot.connector_lanes and slot.electrical_lanes and slot.electrical_lanes > slot.connector_lanes:
        raise table.wrong("electrical_lanes", "more lanes are wired than the connector has.")
    table.done()
    return slot


def _sharing(table: Table) -> LaneSharing:
    sharing = LaneSharing(
        others=table.texts("with"),
        lanes=table.integer("lanes", (0, *_LANES)),
        sentence=table.text("sentence"),
    )
    if not sharing.others:
        raise table.wrong("with", "is missing; it lists the slots that the lanes are shared with.")
    table.done()
    return sharing


def _port(table: Table, sources: frozenset[str]) -> LayoutPort:
    port = LayoutPort(
        platform=table.shaped("platform", _PLATFORM, "1022:1450") or table.text("platform"),
        path=table.shaped("path", _PATH, "0000:00:01.1/00.2/07.0") or table.text("path"),
        source=table.word("source", sorted(sources)),
    )
    table.done()
    return port
