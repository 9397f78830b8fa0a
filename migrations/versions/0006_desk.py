"""What people decided about breaks: the read model `desk`."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table. In a log without such events it stands where the breaks stand."""
    op.create_table(
        "desk",
        sa.Column("break_id", sa.Text(), primary_key=True),
        sa.Column("stream", sa.Text(), nullable=False),
        sa.Column("venue", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text()),
        sa.Column("comments", sa.BigInteger(), nullable=False),
        sa.Column("desk_version", sa.BigInteger(), nullable=False),
        sa.Column("acts", sa.Text(), nullable=False),
        sa.Column("overridden", sa.Boolean(), nullable=False),
        sa.Column("worked_at", _utc(), nullable=False),
        sa.Column("worked_position", _position(), nullable=False),
    )
    op.create_index("ix_desk_owner", "desk", ["owner"])
    op.execute(
        "INSERT INTO projection_positions (name, position, newest_observed_at, version)"
        " SELECT 'desk', position, newest_observed_at, 1 FROM projection_positions"
        " WHERE name = 'breaks'"
        " AND NOT EXISTS (SELECT 1 FROM events WHERE topic LIKE 'Break%:%')"
    )


def downgrade() -> None:
    """Remove the table; the log can make it again."""
    op.execute("DELETE FROM projection_positions WHERE name = 'desk'")
    op.drop_table("desk")


def _utc() -> sa.types.TypeEngine[Any]:
    sqlite = op.get_bind().dialect.name == "sqlite"
    return sa.Text() if sqlite else sa.DateTime(timezone=True)


def _position() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")
