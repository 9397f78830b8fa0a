"""From when to when each stream stood in which way, for questions about the past."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0010"
branch_labels = None
depends_on = None

_KEYS = ("about", "venue", "account", "stream")
_TIMES = (
    "seen_from",
    "seen_until",
    "true_from",
    "open_seen_until",
    "open_true_until",
    "merged_at",
    "quiet_from",
    "first_position",
    "last_position",
)


def upgrade() -> None:
    """Make the table; the next command fills it from the log."""
    op.create_table(
        "spans",
        *(sa.Column(name, sa.Text(), primary_key=True) for name in _KEYS),
        sa.Column("market", sa.Text()),
        *(sa.Column(name, _number(), nullable=False) for name in _TIMES),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Remove the table."""
    op.execute("DELETE FROM projection_positions WHERE name = 'spans'")
    op.drop_table("spans")


def _number() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")
