"""What may be of an order beside what is certain: bounds of its matches, and why."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_WHERE = sa.text("why IS NOT NULL")


def upgrade() -> None:
    """Add the columns; the orders are made anew with `breakwater projections rebuild`."""
    for column in (
        sa.Column("matched_min", _exact()),
        sa.Column("matched_max", _exact()),
        sa.Column("why", sa.Text()),
    ):
        op.add_column("orders", column)
    op.create_index(
        "ix_orders_uncertain",
        "orders",
        ["venue", "account", "order_key"],
        sqlite_where=_WHERE,
        postgresql_where=_WHERE,
    )


def downgrade() -> None:
    """Remove the columns."""
    op.drop_index("ix_orders_uncertain", "orders")
    for name in ("why", "matched_max", "matched_min"):
        op.drop_column("orders", name)


def _exact() -> sa.types.TypeEngine[Any]:
    return sa.Text() if op.get_bind().dialect.name == "sqlite" else sa.Numeric()
