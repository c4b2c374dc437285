"""Platform notes: sourced facts about a processor family, chipset, board or device, shown where they apply. No I/O.

A note says what it holds for and from which kernels or BIOS versions; it is shown with that range and never as if it
held for all. What is unknown of a board matches nothing. The schema and how to write one: docs/curated.md.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fnmatch import fnmatchcase
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from hwdb.analysis.curated import Source, Table, read_sources
from hwdb.identity import bios_date, cpu_name, vendor_key

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from hwdb.report import Cpu

KINDS = ("requirement", "pitfall", "setting_name", "regression")
"""What must be so, what goes wrong, what the firmware calls a setting, what a version broke; shown in this order."""

_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_VERSION = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,4}){1,2}")
_RELEASE = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,4}){1,2}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DEVICE = re.compile(r"[0-9a-f]{4}:[0-9a-f?]{4}")
_MODELS = range(256)


@dataclass(frozen=True)
class PlatformNote:
    """A note as it is shown.

    Attributes:
        id: Its name, the same for good.
        kind: One of ``KINDS``.
        text: What is so, one or two sentences.
        holds_for: The kernels and BIOS versions it holds for, a phrase; None when for all.
        sources: Who says so.
    """

    id: str
    kind: str
    text: str
    holds_for: str | None
    sources: tuple[Source, ...]


@dataclass(frozen=True)
class Condition:
    """What a note is about: everything stated here must hold, and of each list one.

    Attributes:
        cpus: Patterns of processor names, ``*`` and ``?`` as in a shell: ``*Threadripper 29??*``.
        cpu_family, cpu_models: CPUID family, and its models.
        chipsets, sockets: As a board's facts have them: ``X399``, ``AM4``.
        vendors: As people know them.
        boards: Patterns of board names, of one of the vendors: ``ProLiant *``.
        devices: ``vvvv:dddd``, where a ``?`` stands for any digit.
    """

    cpus: tuple[str, ...] = ()
    cpu_family: int | None = None
    cpu_models: tuple[int, ...] = ()
    chipsets: tuple[str, ...] = ()
    sockets: tuple[str, ...] = ()
    vendors: tuple[str, ...] = ()
    boards: tuple[str, ...] = ()
    devices: tuple[str, ...] = ()


@dataclass(frozen=True)
class CuratedNote:
    """A note with what tells where to show it.

    Attributes:
        note: What is shown.
        applies_to: It applies where any of these holds.
        kernels: First kernel it holds for, and the first it does not; None is open.
        bios_dates: The same of BIOS release dates, ISO days.
    """

    note: PlatformNote
    applies_to: tuple[Condition, ...]
    kernels: tuple[str | None, str | None] = (None, None)
    bios_dates: tuple[str | None, str | None] = (None, None)


def parse_notes(file: str, data: Mapping[str, Any]) -> tuple[CuratedNote, ...]:
    """Return the notes that a parsed file holds.

    Args:
        file: Name of the file, for sentences.
        data: What ``tomllib`` made of it.

    Raises:
        CuratedError: The file breaks the schema; one sentence names the file, the key and what would be right.
    """
    whole = Table(file, "", data)
    tables = whole.tables("notes")
    if not tables:
        raise whole.wrong("notes", "is missing; a file of notes has at least one [[notes]].")
    notes = [_note(table) for table in tables]
    for number, (table, one) in enumerate(zip(tables, notes, strict=True)):
        if any(one.note.id == other.note.id for other in notes[:number]):
            raise table.wrong("id", f"{one.note.id!r} is the id of another note.")
    whole.done()
    return tuple(notes)


def notes_for(
    notes: Iterable[CuratedNote],
    *,
    cpus: Collection[Cpu] = (),
    chipset: str | None = None,
    socket: str | None = None,
    vendor: str | None = None,
    board: str | None = None,
    kernels: Collection[str] = (),
    bios_versions: Collection[tuple[str, str | None]] = (),
    devices: Collection[str] = (),
) -> tuple[PlatformNote, ...]:
    """Return the notes that apply to a board, most urgent kind first.

    A range does not decide whether a note is shown, since a reader's kernel is not the reports': the note says it. What
    a version broke is over for whoever runs another one, so a regression is shown only where a report lies in its range
    or none says what it ran.

    Args:
        notes: All there are.
        cpus: Processors of the board's reports.
        chipset: What its reports agree on, like ``X399``.
        socket: The same, like ``TR4``.
        vendor: As people know it.
        board: As people know it.
        kernels: What ``uname -r`` printed in its reports.
        bios_versions: Versions its reports ran, each with its release date as the firmware spells it.
        devices: ``vvvv:dddd`` of the functions in its reports.
    """
    maker, name = None if vendor is None else vendor_key(vendor), None if board is None else board.casefold()
    facts = _Facts(tuple(cpus), chipset, socket, maker, name, frozenset(devices))
    ran = tuple(version for release in kernels if (version := _numbers(release)))
    built = tuple(day for _, date in bios_versions if (day := bios_date(date)))
    fitting = (one for one in notes if any(facts.fit(condition) for condition in one.applies_to))
    shown = (one.note for one in fitting if _concerns(one, ran, built))
    return tuple(sorted(shown, key=lambda note: KINDS.index(note.kind)))


@dataclass(frozen=True)
class _Facts:
    """What is known of a board, as conditions are compared with."""

    cpus: tuple[Cpu, ...]
    chipset: str | None
    socket: str | None
    vendor: str | None
    board: str | None
    devices: frozenset[str]

    def fit(self, said: Condition) -> bool:
        """Whether everything that a condition states is known to be so."""
        return (
            ((not said.cpus and said.cpu_family is None) or any(_is_meant(cpu, said) for cpu in self.cpus))
            and (not said.chipsets or self.chipset in said.chipsets)
            and (not said.sockets or self.socket in said.sockets)
            and (not said.vendors or self.vendor in {vendor_key(vendor) for vendor in said.vendors})
            and (not said.boards or (self.board is not None and _fits(self.board, said.boards)))
            and (not said.devices or any(_fits(device, said.devices) for device in self.devices))
        )


def _fits(text: str, patterns: Iterable[str]) -> bool:
    return any(fnmatchcase(text, pattern.casefold()) for pattern in patterns)


def _is_meant(cpu: Cpu, said: Condition) -> bool:
    named = not said.cpus or (cpu.name is not None and _fits(cpu_name(cpu.name).casefold(), said.cpus))
    family = said.cpu_family is None or cpu.family == said.cpu_family
    return named and family and (not said.cpu_models or cpu.model in said.cpu_models)


def _concerns(one: CuratedNote, kernels: Collection[tuple[int, ...]], bios_dates: Collection[str]) -> bool:
    """Whether a note is worth showing to a reader of this board, its range considered."""
    if one.note.kind != "regression":
        return True
    first, end = (_numbers(bound or "") for bound in one.kernels)
    since, before = one.bios_dates
    ran = not kernels or any((not first or first <= version) and (not end or version < end) for version in kernels)
    built = not bios_dates or any((since or "") <= day < (before or "9") for day in bios_dates)
    return ran and built


def _note(table: Table) -> CuratedNote:
    kernels = _bounds(table, "kernel", _VERSION, "4.15 or 6.11.7")
    if kernels[0] and kernels[1] and _numbers(kernels[0]) >= _numbers(kernels[1]):
        raise table.wrong("kernel_before", "must be newer than kernel_from.")
    bios_dates = _bounds(table, "bios_date", _DAY, "2019-05-27")
    if any(day is not None and bios_date(day) is None for day in bios_dates):
        raise table.wrong("bios_date_from", "or bios_date_before is no day of the calendar.")
    if bios_dates[0] and bios_dates[1] and bios_dates[0] >= bios_dates[1]:
        raise table.wrong("bios_date_before", "must be later than bios_date_from.")
    conditions = tuple(_condition(one) for one in table.tables("applies_to"))
    if not conditions:
        raise table.wrong("applies_to", "is missing; it says what the note is about.")
    note = PlatformNote(
        id=table.shaped("id", _ID, "threadripper-d3") or table.text("id"),
        kind=table.word("kind", KINDS),
        text=table.text("text"),
        holds_for=_holds_for(kernels, bios_dates, table.text_or_none("holds_for")),
        sources=read_sources(table),
    )
    table.done()
    return CuratedNote(note, conditions, kernels, bios_dates)


def _condition(table: Table) -> Condition:
    first, last = table.integer("cpu_model_from", _MODELS), table.integer("cpu_model_to", _MODELS)
    condition = Condition(
        cpus=table.texts("cpus"),
        cpu_family=table.integer("cpu_family", _MODELS),
        cpu_models=() if first is None and last is None else tuple(range(first or 0, (last or 255) + 1)),
        chipsets=table.texts("chipsets"),
        sockets=table.texts("sockets"),
        vendors=table.texts("vendors"),
        boards=table.texts("boards"),
        devices=table.texts("devices"),
    )
    if condition.cpu_models and condition.cpu_family is None:
        raise table.wrong("cpu_family", "is missing; models count within a family.")
    if condition.boards and not condition.vendors:
        raise table.wrong("vendors", "is missing; boards of two vendors may have one name.")
    odd = [device for device in condition.devices if _DEVICE.fullmatch(device) is None]
    if odd:
        raise table.wrong("devices", f"must look like 1002:687f or 8086:8c1?; one is {odd[0]!r}.")
    table.done()
    if condition == Condition():
        raise table.wrong("", "says nothing; a note that applies to everything is no note of a platform.")
    return condition


def _bounds(table: Table, what: str, shape: re.Pattern[str], example: str) -> tuple[str | None, str | None]:
    return table.shaped(f"{what}_from", shape, example), table.shaped(f"{what}_before", shape, example)


def _holds_for(
    kernels: tuple[str | None, str | None], bios_dates: tuple[str | None, str | None], said: str | None
) -> str | None:
    """Return a range as a reader is told it: ``kernels from 6.11, before 6.11.7; BIOS released before 2018-03-01``.

    A phrase of the file says what dates and versions cannot, as AGESA versions or several series of kernels.
    """
    parts = [_range("kernels", *kernels), _range("BIOS released", *bios_dates), said]
    return "; ".join(part for part in parts if part) or None


def _range(what: str, first: str | None, end: str | None) -> str | None:
    bounds = [f"from {first}" if first else "", f"before {end}" if end else ""]
    said = ", ".join(bound for bound in bounds if bound)
    return f"{what} {said}" if said else None


def _numbers(release: str) -> tuple[int, ...]:
    """Return the numbers of a kernel release, three of them, empty when it does not begin with a version."""
    match = _RELEASE.match(release)
    if match is None:
        return ()
    return tuple(int(part) for part, _ in zip_longest(match[0].split("."), range(3), fillvalue=0))
