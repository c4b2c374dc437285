"""Whether a machine is known: its board, its BIOS version, its processor. Nothing of what is asked is stored."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import select

from hwdb import models
from hwdb.analysis.words import listing
from hwdb.identity import bios_order, cpu_key, identify, is_placeholder, searchable
from hwdb.models.aliases import led
from hwdb.models.readings import showing
from hwdb.report import Board, Report, System
from hwdb.schema.text import clean

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.orm import Session

    from hwdb.identity import BoardIdentity

LEVELS = ("exact", "other_bios", "related", "unknown")
"""How much is known of a machine, most first."""

_MOST_RELATED = 5
# Two letters and digits (`B5`, `M2`) are too little to tell a model by.
_SHORTEST_MODEL_WORD = 3


@dataclass(frozen=True)
class BoardName:
    """A board: as people know it, and as addresses spell it."""

    vendor: str
    vendor_slug: str
    name: str
    slug: str


@dataclass(frozen=True)
class KnownMachine:
    """What is known of a machine before it reports.

    Attributes:
        level: ``exact`` when a machine that counts ran this very BIOS version on this board, ``other_bios`` when the
            board is known but not with it (or none was named), ``related`` when only boards with a model word of its
            name are known, ``unknown`` otherwise.
        sentence: The same for a person.
        board: The very board, None when it is not known.
        machines: Machines of the board that count.
        with_bios, with_cpu: Those of them that ran this BIOS version, and this processor.
        bios_versions: All versions those machines ran, in order.
        related: Other boards, never the same one: they may group their slots differently.
    """

    level: str
    sentence: str
    board: BoardName | None
    machines: int
    with_bios: int
    with_cpu: int
    bios_versions: tuple[str, ...]
    related: tuple[BoardName, ...]


class _Asked(NamedTuple):
    """What somebody says of their machine; None is not stated."""

    vendor: str | None
    name: str | None
    bios: str | None
    cpu: str | None
    system: System

    @property
    def named(self) -> str | None:
        """What the machine is called in the first place."""
        return self.name or self.system.name

    @property
    def maker(self) -> str | None:
        """Who made it."""
        return self.vendor or self.system.vendor


def known_machine(session: Session, **stated: str) -> KnownMachine:
    """Return what is known of a machine by what its firmware calls it.

    A board is known by its identity alone, as ``accept`` files reports; a likeness of names makes none the same.

    Args:
        session: Reads only.
        stated: ``board_vendor``, ``board_name``, ``system_vendor``, ``system_name``, ``system_version`` (of computers
            that are sold whole, people know the system and not the board), ``bios_version`` and ``cpu``; each as the
            firmware spells it, or left out.
    """
    asked = _asked(stated)
    identity = identify(Report(board=Board(vendor=asked.vendor, name=asked.name), system=asked.system))
    if not identity.known:
        return _not_known(_no_name(asked))
    # What operators say of a name for every revision; which revision it is, nobody asks with.
    aliased = led(session, identity.vendor_key, identity.key, None).board
    itself = (models.Vendor.key == identity.vendor_key) & (models.Board.key == identity.key)
    row = session.execute(
        select(models.Board, models.BoardAnswer.machines)
        .join(models.Vendor, models.Vendor.id == models.Board.vendor_id)
        .join(models.BoardAnswer, models.BoardAnswer.board_id == models.Board.id)
        .where(models.Board.known, itself if aliased is None else models.Board.id == aliased.id)
    ).one_or_none()
    if row is None:
        # Boards whose maker nobody states have no maker in common.
        related = _related(session, identity) if asked.maker else ()
        return _not_known(_no_board(asked, identity, related), related)
    board, machines = row
    return _known(session, board, machines, asked)


def _asked(stated: Mapping[str, str]) -> _Asked:
    said = {name: clean(text) or None for name, text in stated.items()}
    for name in ("board_vendor", "system_vendor", "bios_version"):
        said[name] = None if is_placeholder(said.get(name)) else said[name]
    system = System(said.get("system_vendor"), said.get("system_name"), said.get("system_version"))
    return _Asked(said["board_vendor"], said.get("board_name"), said["bios_version"], said.get("cpu"), system)


def _known(session: Session, board: models.Board, machines: int, asked: _Asked) -> KnownMachine:
    report = models.Report
    rows = session.execute(
        select(report.id, report.machine_id, models.BiosVersion.version, models.Cpu.key)
        .outerjoin(models.BiosVersion, models.BiosVersion.id == report.bios_version_id)
        .outerjoin(models.Cpu, models.Cpu.id == report.cpu_id)
        .where(
            report.board_id == board.id,
            report.held_reason.is_(None),
            report.id.not_in(select(models.Taint.report_id)),
        )
    )
    shown = showing(session, board.id)
    # A machine that has updated its firmware ran both versions: its older reports say so.
    heard = [(machine, version and version.strip(), key) for number, machine, version, key in rows if number in shown]
    processor = cpu_key(asked.cpu) if asked.cpu else None
    with_bios = len({machine for machine, version, _ in heard if asked.bios and version == asked.bios})
    with_cpu = len({machine for machine, _, key in heard if processor and key == processor})
    versions = {version for _, version, _ in heard if version}
    return KnownMachine(
        level="exact" if with_bios else "other_bios",
        sentence=_sentence(board, machines, with_bios, with_cpu, asked),
        board=_named(board),
        machines=machines,
        with_bios=with_bios,
        with_cpu=with_cpu,
        bios_versions=tuple(sorted(versions, key=lambda v: (bios_order(v, board.vendor.name), v))),
        related=(),
    )


def _not_known(sentence: str, related: tuple[BoardName, ...] = ()) -> KnownMachine:
    level = "related" if related else "unknown"
    return KnownMachine(level, sentence, None, 0, 0, 0, (), related)


def _related(session: Session, identity: BoardIdentity) -> tuple[BoardName, ...]:
    """Return the known boards of the same vendor that share a telling word with a board, the most alike first.

    A telling word has letters and digits, at least three of them: ``X399``, ``B450M``, ``X11SSH``. Words without
    digits name series that live for decades (PRIME, Taichi), digits alone count revisions.
    """
    words = set(searchable(identity.name).split())
    telling = {word for word in words if _tells_a_model(word)}
    if not telling:
        return ()
    boards = session.scalars(
        select(models.Board)
        .join(models.Vendor, models.Vendor.id == models.Board.vendor_id)
        .join(models.BoardAnswer, models.BoardAnswer.board_id == models.Board.id)
        .where(models.Vendor.key == identity.vendor_key, models.Board.known)
    )
    shared = [(board, set(searchable(board.name).split())) for board in boards]
    alike = [(board, len(words & theirs)) for board, theirs in shared if telling & theirs]
    alike.sort(key=lambda found: (-found[1], found[0].name))
    return tuple(_named(board) for board, _ in alike[:_MOST_RELATED])


def _tells_a_model(word: str) -> bool:
    mixed = any(c.isdigit() for c in word) and any(c.isalpha() for c in word)
    return mixed and len(word) >= _SHORTEST_MODEL_WORD


def _named(board: models.Board) -> BoardName:
    return BoardName(board.vendor.name, board.vendor.slug, board.name, board.slug)


def _sentence(board: models.Board, machines: int, with_bios: int, with_cpu: int, asked: _Asked) -> str:
    name = f"{board.vendor.name} {board.name}"
    if not machines:
        return f"{name} is known, but no machine of it is counted yet; yours would be the first."
    counted = "1 machine is counted" if machines == 1 else f"{machines} machines are counted"
    of_those = [f"{_some(with_bios)} with BIOS {asked.bios}"] if asked.bios else []
    of_those += [f"{_some(with_cpu)} with this processor"] if asked.cpu else []
    said = f"{name} is known: {counted}"
    said += f", {listing(of_those)}" if of_those else ""
    if with_bios:
        return f"{said}."
    if asked.bios:
        return f"{said}; a report of yours would show what this version does."
    return f"{said}; name your BIOS version to see whether it is among theirs."


def _some(number: int) -> str:
    return str(number) if number else "none"


def _no_name(asked: _Asked) -> str:
    if asked.named is None:
        return "No board is named; say what its maker and the board itself are called."
    return (
        f"The firmware does not name the board ({asked.named} is no name), so it cannot be looked up; a report of it is"
        " welcome all the same and stands for its hardware alone."
    )


def _no_board(asked: _Asked, identity: BoardIdentity, related: Sequence[BoardName]) -> str:
    if asked.maker is None:
        return f"{identity.name} is not known without its maker; name the maker as well."
    name = f"{identity.vendor} {identity.name}"
    if related:
        one = f"another {identity.vendor} board with a similar name"
        others = f"{len(related)} other {identity.vendor} boards with similar names"
        alike = one if len(related) == 1 else others
        return f"{name} is not known yet, only {alike}, whose slots may be grouped differently."
    return f"{name} is not known yet; a report of yours would be the first."
