"""``accept``: one report in, its board's answer rebuilt, in one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from hwdb import models
from hwdb.errors import Withdrawn
from hwdb.identity import identify, owner_hash
from hwdb.intake import catalogue, moved
from hwdb.intake.answers import rebuild_answer
from hwdb.intake.machines import machine_for
from hwdb.intake.projection import derived, project
from hwdb.intake.sources import keep_source
from hwdb.intake.understand import understand
from hwdb.report import canonical, digest, to_document

if TYPE_CHECKING:
    import datetime as dt

    from sqlalchemy.orm import Session

    from hwdb.intake.understand import Understood
    from hwdb.report import Report
    from hwdb.topology import Machine


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


def accept(
    session: Session,
    report: Report,
    *,
    now: dt.datetime,
    key: str | None = None,
    text: str | None = None,
    rebuild: bool = True,
) -> Accepted:
    """Store a report and rebuild its board's answer.

    The board's row is locked before anything of it is read, so that of two reports at once the second sees the first.

    Args:
        session: A writing session; the caller commits.
        report: Decoded or parsed.
        now: The moment it came in, aware.
        key: The submitter's key, of which only the hash is kept.
        text: What it was parsed from, kept redacted for its holder and for moderators; None keeps none.
        rebuild: False when the caller rebuilds the answers of all boards it touched itself, before it commits.

    Raises:
        Withdrawn: This very document was withdrawn by its owner.
    """
    document = canonical(to_document(report))
    sha = digest(document)
    understood = understand(session, report)
    board = catalogue.lock_board(session, report)
    if session.get(models.Tombstone, sha) is not None:
        raise Withdrawn(f"report {sha[:16]} was withdrawn by its owner and is not stored again")
    stored = session.scalar(select(models.Report).where(models.Report.digest == sha))
    created = stored is None
    if stored is None:
        stored = _store(session, understood, document, board, now, key)
        if text is not None:
            keep_source(session, stored, text)
        if rebuild:
            rebuild_answer(session, board.id, now)
    owner = board if created else stored.board
    return Accepted(stored.public_id, owner.vendor.slug, owner.slug, created, remarks_on(report, understood))


def _store(
    session: Session,
    understood: Understood,
    document: bytes,
    board: models.Board,
    now: dt.datetime,
    key: str | None,
) -> models.Report:
    report, sha = understood.report, digest(document)
    owner = None if key is None else owner_hash(key)
    columns = derived(session, understood, board.id)
    stored = models.Report(
        public_id=sha[:16],
        digest=sha,
        machine_id=machine_for(session, board.id, owner, columns["fingerprint"]),
        owner=owner,
        document=document,
        format=report.format,
        collected=report.provenance.collected,
        received_at=now,
        kernel_release=report.kernel.release,
        source=report.provenance.source,
        licence=report.provenance.licence,
        held_reason=_doubted(understood.machine),
        **columns,
    )
    session.add(stored)
    session.flush()
    project(session, stored, understood)
    moved.arrived(session, board.id)
    return stored


def _doubted(machine: Machine) -> str | None:
    """Return why a report is held for review: groups that no rule explains are a mistake of theirs or of ours."""
    if machine.taints or not machine.doubts:
        return None
    return f"Held for review: its groups are not what the kernel's rules give. {machine.doubts[0]}"


def remarks_on(report: Report, understood: Understood) -> tuple[str, ...]:
    """Say what a submitter should know about what their report can and cannot show."""
    machine = understood.machine
    held = [*(taint.reason for taint in machine.taints), _doubted(machine)]
    said = [f"Kept and shown, but not counted. {reason}" for reason in held if reason is not None]
    if not report.functions:
        said.append("It lists no PCI functions, so it says nothing about slots.")
    elif not machine.grouped:
        said.append(_without_groups(understood))
    if not identify(report).known:
        said.append("Neither board nor system name is stated, so it stands for this hardware alone.")
    if not any(slot.designation for slot in report.slots or ()):
        said.append("It names no slots; the slot names of other reports of the board are used where ports agree.")
    return tuple(said)


def _without_groups(understood: Understood) -> str:
    if any(verdict.evidence in {"predicted", "likely"} for verdict in understood.shown.verdicts):
        return (
            "It shows no IOMMU groups, so they were predicted from its topology. Turn the IOMMU on and send again to"
            " show them."
        )
    return "It shows no IOMMU groups, so it cannot say which slots isolate. Turn the IOMMU on and send again."
