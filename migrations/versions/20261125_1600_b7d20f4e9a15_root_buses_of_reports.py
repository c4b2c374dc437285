"""The ACPI path of each root bus of a report."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "b7d20f4e9a15"
down_revision = "4c1de0a7b92f"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply; it is filled when the reports are analysed again."""
    op.add_column("reports", sa.Column("root_buses", sa.JSON(), nullable=True))


def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table("reports", schema=None) as batch_op:
        batch_op.drop_column("root_buses")
