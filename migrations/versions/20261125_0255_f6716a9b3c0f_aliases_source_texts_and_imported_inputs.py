"""Aliases, source texts, imported inputs, and what reports show of their boards."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "f6716a9b3c0f"
down_revision = "dc48e967e43b"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    for name in ("chipset", "socket", "form_factor"):
        op.add_column("reports", sa.Column(name, sa.String(length=64), nullable=True))
    op.create_table(
        "imported_inputs",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("outcome", sa.String(length=32), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_imported_inputs")),
    )
    op.create_table(
        "board_aliases",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("vendor_key", sa.String(length=200), nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("revision", sa.String(length=200), nullable=True),
        sa.Column("board_id", sa.Integer(), nullable=False),
        sa.Column("says", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind IN ('alias', 'merge', 'split')", name=op.f("ck_board_aliases_kind")),
        sa.ForeignKeyConstraint(["board_id"], ["boards.id"], name=op.f("fk_board_aliases_board_id_boards")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_board_aliases")),
    )
    with op.batch_alter_table("board_aliases", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_board_aliases_board_id"), ["board_id"], unique=False)
        batch_op.create_index("ix_board_aliases_vendor_key_key", ["vendor_key", "key"], unique=False)

    op.create_table(
        "moved_boards",
        sa.Column("board_id", sa.Integer(), nullable=False),
        sa.Column("to_board_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["board_id"], ["boards.id"], name=op.f("fk_moved_boards_board_id_boards")),
        sa.ForeignKeyConstraint(["to_board_id"], ["boards.id"], name=op.f("fk_moved_boards_to_board_id_boards")),
        sa.PrimaryKeyConstraint("board_id", name=op.f("pk_moved_boards")),
    )
    with op.batch_alter_table("moved_boards", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_moved_boards_to_board_id"), ["to_board_id"], unique=False)

    op.create_table(
        "source_texts",
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("format", sa.String(length=64), nullable=True),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["report_id"], ["reports.id"], name=op.f("fk_source_texts_report_id_reports"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("report_id", name=op.f("pk_source_texts")),
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table("source_texts")
    with op.batch_alter_table("moved_boards", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_moved_boards_to_board_id"))

    op.drop_table("moved_boards")
    with op.batch_alter_table("board_aliases", schema=None) as batch_op:
        batch_op.drop_index("ix_board_aliases_vendor_key_key")
        batch_op.drop_index(batch_op.f("ix_board_aliases_board_id"))

    op.drop_table("board_aliases")
    op.drop_table("imported_inputs")
    for name in ("form_factor", "socket", "chipset"):
        op.drop_column("reports", name)
