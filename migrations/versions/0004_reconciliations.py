"""Runs of reconciliations: the read model `reconciliations`."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table. In a log without such events it stands where the breaks stand."""
    op.create_table(
        "reconciliations",
        sa.Column("run_id", sa.Text(), primary_key=True),
        sa.Column("stream", sa.Text(), nullable=False),
        sa.Column("venue", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("as_of", _utc(), nullable=False),
        sa.Column("recorded_at", _utc(), nullable=False),
        sa.Column("complete", sa.Boolean(), nullable=False),
        sa.Column("rows_read", sa.BigInteger(), nullable=False),
        sa.Column("matched", sa.BigInteger(), nullable=False),
        sa.Column("differing", sa.BigInteger(), nullable=False),
        sa.Column("only_ours", sa.BigInteger(), nullable=False),
        sa.Column("only_theirs", sa.BigInteger(), nullable=False),
        sa.Column("by_aspect", sa.Text(), nullable=False),
        sa.Column("inputs", sa.Text(), nullable=False),
        sa.Column("parts", sa.Text(), nullable=False),
        sa.Column("books", _position(), nullable=False),
        sa.Column("position", _position(), nullable=False),
    )
    op.create_index("ix_reconciliations_stream", "reconciliations", ["stream"])
    op.execute(
        "INSERT INTO projection_positions (name, position, newest_observed_at, version)"
        " SELECT 'reconciliations', position, newest_observed_at, 1 FROM projection_positions"
        " WHERE name = 'breaks'"
        " AND NOT EXISTS (SELECT 1 FROM events WHERE topic LIKE 'ReconciliationRan:%')"
    )


def downgrade() -> None:
    """Remove the table; the log can make it again."""
    op.execute("DELETE FROM projection_positions WHERE name = 'reconciliations'")
    op.drop_table("reconciliations")


def _sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def _utc() -> sa.types.TypeEngine[Any]:
    return sa.Text() if _sqlite() else sa.DateTime(timezone=True)


def _position() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")
