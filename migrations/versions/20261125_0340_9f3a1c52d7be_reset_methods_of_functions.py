"""Reset methods of functions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "9f3a1c52d7be"
down_revision = "f6716a9b3c0f"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column("functions", sa.Column("reset_methods", sa.Text(), nullable=True))


def downgrade() -> None:
    """Take back."""
    op.drop_column("functions", "reset_methods")
