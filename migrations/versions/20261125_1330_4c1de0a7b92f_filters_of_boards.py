"""Filters of boards: what a search asks of them, in one small row each."""

from __future__ import annotations

import json
import zlib
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "4c1de0a7b92f"
down_revision = "9f3a1c52d7be"
branch_labels = None
depends_on = None

_FILTERS = sa.table(
    "board_filters",
    sa.column("board_id", sa.Integer()),
    sa.column("chipset", sa.String()),
    sa.column("socket", sa.String()),
    sa.column("form_factor", sa.String()),
    sa.column("slots", sa.JSON()),
    sa.column("machines", sa.Integer()),
    sa.column("bios_versions", sa.Integer()),
    sa.column("no_override", sa.Boolean()),
    sa.column("newest", sa.String()),
)


def upgrade() -> None:
    """Apply."""
    op.add_column("reports", sa.Column("no_override", sa.Boolean(), nullable=True))
    op.create_table(
        "board_filters",
        sa.Column("board_id", sa.Integer(), nullable=False),
        sa.Column("chipset", sa.String(length=64), nullable=True),
        sa.Column("socket", sa.String(length=64), nullable=True),
        sa.Column("form_factor", sa.String(length=64), nullable=True),
        sa.Column("slots", sa.JSON(), nullable=False),
        sa.Column("machines", sa.Integer(), nullable=False),
        sa.Column("bios_versions", sa.Integer(), nullable=False),
        sa.Column("no_override", sa.Boolean(), nullable=False),
        sa.Column("newest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["board_id"], ["boards.id"], name=op.f("fk_board_filters_board_id_boards"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("board_id", name=op.f("pk_board_filters")),
    )
    # Every board is found at once; what only its reports tell follows when they are analysed again.
    answers = op.get_bind().execute(sa.text("SELECT board_id, document, machines, newest FROM board_answers"))
    for board_id, document, machines, newest in answers.all():
        row = _filters(json.loads(zlib.decompress(document)))
        op.get_bind().execute(_FILTERS.insert().values(board_id=board_id, machines=machines, newest=newest, **row))


def downgrade() -> None:
    """Take back."""
    op.drop_table("board_filters")
    with op.batch_alter_table("reports", schema=None) as batch_op:
        batch_op.drop_column("no_override")


def _filters(answer: dict[str, Any]) -> dict[str, Any]:
    named = [slot for slot in answer["slots"] if slot["designation"] is not None]
    counted = [slot for slot in named if slot["kind"] in {None, "pcie", "pci"}]
    if all(slot["grade"] == "unknown" for slot in counted):
        counted = named or answer["slots"]
    return {
        **{name: answer.get(name) for name in ("chipset", "socket", "form_factor")},
        "slots": [_slot(slot) for slot in counted if slot["isolates"] is not False],
        "bios_versions": len(answer["bios_versions"]),
        "no_override": False,
    }


def _slot(slot: dict[str, Any]) -> list[Any]:
    widths = [slot["electrical_lanes"] or (slot["link_max"] or {}).get("width"), slot["connector_lanes"]]
    known = [width for width in widths if width is not None]
    lasting = slot["grade"] not in {"isolated_legacy", "unknown"}
    isolates = slot["isolates"] if slot["designation"] else None
    return [isolates, lasting, min(known) if widths[0] else None, slot["location"]]
