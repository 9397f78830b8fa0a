"""What was at risk while a break stood, and breaks by account and code."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add them; the breaks are made anew with `breakwater projections rebuild`."""
    op.add_column("breaks", sa.Column("exposed", _exact()))
    op.create_index("ix_breaks_kind", "breaks", ["venue", "account", "code", "opened_at"])


def downgrade() -> None:
    """Remove them."""
    op.drop_index("ix_breaks_kind", "breaks")
    op.drop_column("breaks", "exposed")


def _exact() -> sa.types.TypeEngine[Any]:
    return sa.Text() if op.get_bind().dialect.name == "sqlite" else sa.Numeric()
