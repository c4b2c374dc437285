"""Small machines to submit, and what a test asks of a database afterwards."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from hwdb import models, queries, schema
from hwdb.intake import Accepted, accept

if TYPE_CHECKING:
    from hwdb.models.engine import Database
    from hwdb.queries import BoardView, ReportView

NOW = dt.datetime(2026, 1, 2, 3, 4, 5, tzinfo=dt.UTC)


def small(card: str = "1b80", *, shared: bool = False, **parts: Any) -> dict[str, Any]:
    """Return the document of a machine with one slot, its card and a USB controller soldered to the board.

    Args:
        card: Device id of the card; another card makes another machine.
        shared: Whether the kernel groups the card with the USB controller.
        parts: What replaces or joins the top level.
    """
    amd = {"vendor": "1022"}
    port = {"class": "0604", "device": "1483", "port_type": "root_port", "slot_implemented": True, "secondary_bus": 1}
    gpu = {"class": "0300", "vendor": "10de", "device": card, "port_type": "legacy_endpoint"}
    functions: list[dict[str, Any]] = [
        {"address": "0000:00:00.0", "iommu_group": 0, "class": "0600", "device": "1480", **amd},
        # Functions of one device: together where the port has no ACS, as the kernel has them.
        {"address": "0000:00:01.1", "iommu_group": 2 if shared else 1, **amd, **port},
        {"address": "0000:00:01.2", "iommu_group": 2, "class": "0c03", "device": "149c", **amd},
        {"address": "0000:01:00.0", "iommu_group": 2 if shared else 3, "parent": "0000:00:01.1", **gpu},
    ]
    functions[2]["name"] = "USB as the report calls it"
    smbus = {"address": "0000:00:14.0", "iommu_group": 4, "class": "0c05", "device": "790b", **amd}
    functions.append({**smbus, "subsystem_vendor": "1043", "subsystem_device": "8747"})
    slot = {"designation": "PCIE1", "witness": "smbios", "kind": "pcie", "address": "0000:00:01.1"}
    board = {"vendor": "Example Inc.", "name": "Board One"}
    return {"format": 1, "functions": functions, "board": board, "slots": [slot], **parts}


def submit(database: Database, document: dict[str, Any], *, key: str | None = None, now: dt.datetime = NOW) -> Accepted:
    """Submit a document as an edge does: decode, accept, commit."""
    with database.writing() as session:
        accepted = accept(session, schema.load(document).report, now=now, key=key)
        session.commit()
    return accepted


def board_of(database: Database, accepted: Accepted) -> BoardView:
    """Return the board a report went to."""
    with database.reading() as session:
        return queries.board(session, accepted.vendor_slug, accepted.slug)


def report_of(database: Database, accepted: Accepted) -> ReportView:
    """Return a report as its readers see it."""
    with database.reading() as session:
        return queries.report(session, accepted.public_id)


def row_counts(database: Database) -> dict[str, int]:
    """Return how many rows each table holds."""
    with database.reading() as session:
        tables = models.Base.metadata.sorted_tables
        return {table.name: session.scalar(select(func.count()).select_from(table)) or 0 for table in tables}


def answers(database: Database) -> dict[int, bytes]:
    """Return the stored answer of every board."""
    with database.reading() as session:
        return {row.board_id: row.document for row in session.scalars(select(models.BoardAnswer))}
