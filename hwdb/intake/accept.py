"""``accept``: one report in, its board's answer rebuilt, in one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from hwdb import models
from hwdb.analysis import ANALYSIS
from hwdb.errors import Withdrawn
from hwdb.identity import identify, machine_fingerprint, owner_hash
from hwdb.intake import catalogue
from hwdb.intake.answers import rebuild_answer
from hwdb.intake.machines import machine_for
from hwdb.intake.projection import project
from hwdb.intake.understand import understand
from hwdb.report import canonical, digest, to_document

if TYPE_CHECKING:
    import datetime as dt

    from sqlalchemy.orm import Session

    from hwdb.intake.understand import Understood
    from hwdb.report import Report


@dataclass(frozen=True)
class Accepted:
    """Where a report went.

    Attributes:
        public_id: The report's id.
        vendor_slug, slug: Its board's address.
        created: False when the same document was already there, which changes nothing and grants nothing.
        remarks: What its submitter should know, in sentences: why it is held out, what is missing.
    """

    public_id: str
    vendor_slug: str
    slug: str
    created: bool
    remarks: tuple[str, ...]


def accept(session: Session, report: Report, *, now: dt.datetime, key: str | None = None) -> Accepted:
    """Store a report and rebuild its board's answer.

    The board's row is locked before anything of it is read, so that of two reports at once the second sees the first.

    Args:
        session: A writing session; the caller commits.
        report: Decoded or parsed.
        now: The moment it came in, aware.
        key: The submitter's key, of which only the hash is kept.

    Raises:
        Withdrawn: This very document was withdrawn by its owner.
    """
    document = canonical(to_document(report))
    sha = digest(document)
    understood = understand(session, report)
    board = catalogue.lock_board(session, identify(report))
    if session.get(models.Tombstone, sha) is not None:
        raise Withdrawn(f"report {sha[:16]} was withdrawn by its owner and is not stored again")
    stored = session.scalar(select(models.Report).where(models.Report.digest == sha))
    created = stored is None
    if stored is None:
        owner_mark = None if key is None else owner_hash(key)
        stored = _store(session, understood, document, sha, board, now, owner_mark)
        project(session, stored, understood)
        rebuild_answer(session, board.id, now)
    owner = board if created else stored.board
    return Accepted(stored.public_id, owner.vendor.slug, owner.slug, created, _remarks(report, understood))


def _store(
    session: Session,
    understood: Understood,
    document: bytes,
    sha: str,
    board: models.Board,
    now: dt.datetime,
    owner: str | None,
) -> models.Report:
    report, machine = understood.report, understood.machine
    fingerprint = machine_fingerprint(report, machine.platform, machine.paths)
    stored = models.Report(
        public_id=sha[:16],
        digest=sha,
        board_id=board.id,
        machine_id=machine_for(session, board.id, owner, fingerprint),
        bios_version_id=catalogue.bios_version_id(session, board.id, report.bios),
        cpu_id=catalogue.cpu_id(session, report.cpus),
        owner=owner,
        fingerprint=fingerprint,
        document=document,
        format=report.format,
        analysis=ANALYSIS,
        platform=machine.platform,
        collected=report.provenance.collected,
        received_at=now,
        kernel_release=report.kernel.release,
        source=report.provenance.source,
        licence=report.provenance.licence,
    )
    session.add(stored)
    session.flush()
    return stored


def _remarks(report: Report, understood: Understood) -> tuple[str, ...]:
    """Say what a submitter should know about what their report can and cannot show."""
    said = [f"Kept and shown, but not counted. {taint.reason}" for taint in understood.machine.taints]
    if not report.functions:
        said.append("It lists no PCI functions, so it says nothing about slots.")
    elif not understood.machine.grouped:
        said.append("It shows no IOMMU groups, so it cannot say which slots isolate. Turn the IOMMU on and send again.")
    if not identify(report).known:
        said.append("Neither board nor system name is stated, so it stands for this hardware alone.")
    if not any(slot.designation for slot in report.slots or ()):
        said.append("It names no slots; the slot names of other reports of the board are used where ports agree.")
    return tuple(said)
