"""The money at risk of each uncertain order, by every price that it may have."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add it; the orders are made anew with `breakwater projections rebuild`."""
    op.add_column("orders", sa.Column("at_risk", _exact()))


def downgrade() -> None:
    """Remove it."""
    op.drop_column("orders", "at_risk")


def _exact() -> sa.types.TypeEngine[Any]:
    return sa.Text() if op.get_bind().dialect.name == "sqlite" else sa.Numeric()
