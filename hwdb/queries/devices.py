"""Devices: where one PCI id was seen, whether it isolated there, how it resets, and whether passing it on worked."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import defer, joinedload, lazyload

from hwdb import models
from hwdb.analysis.device_words import device_sentence
from hwdb.analysis.platform_notes import PlatformNote, notes_for
from hwdb.errors import NotFound
from hwdb.models.readings import read_document
from hwdb.queries.company import BRIDGES, Company, Seen, SlotNames
from hwdb.schema.text import excerpt

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.orm import Session

    from hwdb.analysis.platform_notes import CuratedNote

MOST_PLACES = 100
"""Places listed with a device, those with the most machines first; all of them are in the figures."""

MOST_REPORTS = 20
"""Reports listed with a place."""

_IDS = re.compile("([0-9a-f]{4}):([0-9a-f]{4})")


@dataclass(frozen=True)
class DevicePlace:
    """One slot of one board in which a device was seen, or a board on which no slot of it is known.

    Attributes:
        vendor, vendor_slug, name, slug: The board.
        slot: Designation of the slot; None for a soldered device and where the slot is not known.
        machines: Machines on which it was seen there.
        alone, shared: Those of them on which it was alone in its group, or with others.
        held_out: Those of them of which no report counts.
        shares_with: What it shared its group with, in words.
        reports: Public ids of the reports that speak for those machines, newest first, at most ``MOST_REPORTS``.
    """

    vendor: str
    vendor_slug: str
    name: str
    slug: str
    slot: str | None
    machines: int
    alone: int
    shared: int
    held_out: int
    shares_with: tuple[str, ...]
    reports: tuple[str, ...]


@dataclass(frozen=True)
class ResetMethod:
    """A way the kernel can reset a device, and on how many machines it offers it."""

    method: str
    machines: int


@dataclass(frozen=True)
class DeviceUse:
    """What one device was used for on one machine, as its owner says.

    Attributes:
        vendor, vendor_slug, name, slug: The board.
        slot: Designation of the slot it sat in; None when that is not known.
        role, guest, result, note: As in the report.
        report: Public id of the report that says so.
    """

    vendor: str
    vendor_slug: str
    name: str
    slug: str
    slot: str | None
    role: str | None
    guest: str | None
    result: str | None
    note: str | None
    report: str


@dataclass(frozen=True, kw_only=True)
class DeviceView:
    """What is known of all devices with one PCI id.

    Attributes:
        id: Like ``10de:1b80``.
        vendor, device: Its halves.
        name: What it is called; None when nothing says.
        class_: PCI class of most of them, four hex digits.
        sentence: The figures in words.
        machines: Machines on which it was seen, in reports of any kind.
        observed: Those of them of which a report that counts shows its group.
        alone, shared: Those of the observed on which it was alone in its group, or with others, were it one of several.
        places: Where it was seen, most machines first, at most ``MOST_PLACES``.
        reset_told: Machines that tell how the kernel can reset it.
        no_reset: Those of them on which it cannot.
        reset_methods: Ways it can, most machines first.
        works, workaround, fails: Machines whose owners passed it to a guest, with that result.
        outcomes: What owners used it for, newest first.
        notes: Curated notes about devices with this id, each with the range it holds for.
    """

    id: str
    vendor: str
    device: str
    name: str | None
    class_: str | None
    sentence: str
    machines: int
    observed: int
    alone: int
    shared: int
    places: tuple[DevicePlace, ...]
    reset_told: int
    no_reset: int
    reset_methods: tuple[ResetMethod, ...]
    works: int
    workaround: int
    fails: int
    outcomes: tuple[DeviceUse, ...]
    notes: tuple[PlatformNote, ...]


def device(session: Session, vendor: str, device: str, notes: Iterable[CuratedNote] = ()) -> DeviceView:
    """Return what reports show of the devices with one PCI id.

    Args:
        session: To read with.
        vendor: Four hex digits.
        device: The same.
        notes: All curated notes; those about the device alone are in the view.

    Raises:
        NotFound: It is no PCI id, or no report lists a device with it.
    """
    ids = f"{vendor}:{device}".casefold()
    if _IDS.fullmatch(ids) is None:
        raise NotFound(
            f"{excerpt(ids.rstrip(':'), 40)} is no PCI id; one is written like 10de:1b80, vendor and device in hex"
        )
    vendor, device = ids.split(":")
    itself = (models.Function.vendor == vendor) & (models.Function.device == device)
    names = SlotNames(session, itself)
    seen = [
        Seen(function, report, names.of(report, function.address, function.path))
        for function, report in session.execute(_with_reports(itself))
    ]
    name = session.scalar(
        select(models.DeviceName.name).where(models.DeviceName.vendor == vendor, models.DeviceName.device == device)
    )
    if not seen:
        raise NotFound(
            f"no report lists a device {ids}{f' ({name})' if name else ''}; a report of a machine with one would"
        )
    seen.sort(key=lambda one: (one.report.speaks_since, one.function.address), reverse=True)
    view = _view(session, ids, name or _name_in(seen[0]), seen, Company(session, itself, names))
    return replace(view, notes=notes_for(notes, devices={ids}))


def _with_reports(itself: ColumnElement[bool]) -> Select[models.Function, models.Report]:
    return (
        select(models.Function, models.Report)
        .join(models.Report, models.Report.id == models.Function.report_id)
        .where(itself)
        .options(
            defer(models.Report.document),
            joinedload(models.Report.board),
            lazyload(models.Report.bios_version),
            lazyload(models.Report.cpu),
        )
    )


def _name_in(newest: Seen) -> str | None:
    """Return what the newest report calls it: the list of names is not everywhere, and not complete."""
    functions = read_document(newest.report.document).functions
    return next((f.name for f in functions if f.address == newest.function.address), None)


def _view(session: Session, ids: str, name: str | None, seen: Sequence[Seen], company: Company) -> DeviceView:
    vendor, device = ids.split(":")
    newest = _per_machine(seen)
    observed = _per_machine(seen, lambda one: one.counts and one.grouped)
    with_others = {m for m, mine in observed.items() if any(company.of(one) for one in mine)}
    told = _per_machine(seen, lambda one: one.report.held_reason is None and one.function.reset_methods is not None)
    methods = Counter(method for mine in told.values() for method in (mine[0].function.reset_methods or "").split())
    uses = _uses(session, seen)
    results = [Counter(use.result for use in mine if (use.role or "").startswith("guest_")) for mine in uses.values()]
    passed = {result: sum(bool(one[result]) for one in results) for result in ("works", "workaround", "fails")}
    classes = Counter(one.function.class_ for one in seen if one.function.class_ is not None)
    class_ = next(iter(dict(classes.most_common(1))), None)
    figures = {
        "machines": len(newest),
        "observed": len(observed),
        "alone": len(observed) - len(with_others),
        "shared": len(with_others),
        "reset_told": len(told),
        "no_reset": sum(mine[0].function.reset_methods == "" for mine in told.values()),
        **passed,
    }
    return DeviceView(
        id=ids,
        vendor=vendor,
        device=device,
        name=name,
        class_=class_,
        sentence=device_sentence(
            **figures, methods=tuple(method for method, _ in methods.most_common()), bridge=class_ in BRIDGES
        ),
        places=_places({**newest, **observed}, company),
        reset_methods=tuple(ResetMethod(*one) for one in methods.most_common()),
        outcomes=tuple(use for mine in uses.values() for use in mine),
        notes=(),
        **figures,
    )


def _per_machine(seen: Iterable[Seen], wanted: Callable[[Seen], bool] | None = None) -> dict[int, list[Seen]]:
    """Return for each machine what its newest report with anything wanted shows of it; ``seen`` is newest first."""
    found: dict[int, list[Seen]] = {}
    for one in seen:
        if wanted is None or wanted(one):
            mine = found.setdefault(one.report.machine_id, [])
            if not mine or mine[0].report.id == one.report.id:
                mine.append(one)
    return found


def _places(machines: Mapping[int, Sequence[Seen]], company: Company) -> tuple[DevicePlace, ...]:
    by_place: dict[tuple[int, str | None], dict[int, list[Seen]]] = {}
    for machine, mine in machines.items():
        for one in mine:
            by_place.setdefault((one.report.board_id, one.slot), {}).setdefault(machine, []).append(one)
    places = [_place(slot, held, company) for (_, slot), held in by_place.items()]
    places.sort(key=lambda p: (-p.machines, p.vendor_slug, p.slug, p.slot is None, p.slot or ""))
    return tuple(places[:MOST_PLACES])


def _place(slot: str | None, machines: Mapping[int, Sequence[Seen]], company: Company) -> DevicePlace:
    everything = [one for mine in machines.values() for one in mine]
    board = everything[0].report.board
    observed = [[one for one in mine if one.counts and one.grouped] for mine in machines.values()]
    shared = [[word for one in mine for word in company.of(one)] for mine in observed if mine]
    return DevicePlace(
        vendor=board.vendor.name,
        vendor_slug=board.vendor.slug,
        name=board.name,
        slug=board.slug,
        slot=slot,
        machines=len(machines),
        alone=sum(not words for words in shared),
        shared=sum(bool(words) for words in shared),
        held_out=sum(not any(one.counts for one in mine) for mine in machines.values()),
        shares_with=tuple(dict.fromkeys(word for words in shared for word in words)),
        reports=tuple(dict.fromkeys(one.report.public_id for one in everything))[:MOST_REPORTS],
    )


def _uses(session: Session, seen: Sequence[Seen]) -> dict[int, list[DeviceUse]]:
    """Return what owners say of it, of each machine in its newest report that counts and says anything."""
    functions = {(one.report.id, one.function.address): one for one in seen if one.counts}
    reports = {number for number, _ in functions}
    rows = session.scalars(
        select(models.Outcome)
        .join(
            models.Function,
            (models.Function.report_id == models.Outcome.report_id)
            & (models.Function.address == models.Outcome.function),
        )
        .where(models.Function.vendor == seen[0].function.vendor, models.Function.device == seen[0].function.device)
        .order_by(models.Outcome.report_id, models.Outcome.ordinal)
    )
    said: dict[tuple[int, str], list[models.Outcome]] = {}
    for row in rows:
        if row.report_id in reports:
            said.setdefault((row.report_id, row.function or ""), []).append(row)
    newest = _per_machine(functions.values(), lambda one: (one.report.id, one.function.address) in said)
    return {
        machine: [_use(one, row) for one in mine for row in said.get((one.report.id, one.function.address), ())]
        for machine, mine in newest.items()
    }


def _use(one: Seen, row: models.Outcome) -> DeviceUse:
    board = one.report.board
    return DeviceUse(
        vendor=board.vendor.name,
        vendor_slug=board.vendor.slug,
        name=board.name,
        slug=board.slug,
        slot=one.slot,
        role=row.role,
        guest=row.guest,
        result=row.result,
        note=row.note,
        report=one.report.public_id,
    )
