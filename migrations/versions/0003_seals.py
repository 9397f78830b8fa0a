"""Seals for the rows beside the chain; rows that would replace others are refused."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.log_seals import (
    POSTGRES_RULES,
    POSTGRES_UNDO,
    SQLITE_RULES,
    SQLITE_UNDO,
    found_seals,
)

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Seal what is there, and refuse what could replace it. Whoever writes waits until the end."""
    connection = op.get_bind()
    sqlite = connection.dialect.name == "sqlite"
    if not sqlite:
        op.execute("LOCK TABLE log_head IN EXCLUSIVE MODE")
    whole = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    seals = op.create_table(
        "seals",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("part", whole, nullable=False),
        sa.Column("members", whole, nullable=False),
        sa.Column("mark", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "part", name="pk_seals"),
        sqlite_with_rowid=False,
        postgresql_with={"fillfactor": "50"},
    )
    op.bulk_insert(seals, found_seals(connection))
    _run(SQLITE_RULES if sqlite else POSTGRES_RULES)


def downgrade() -> None:
    """Take the seals away; a later upgrade makes them of what it finds then."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    op.drop_table("seals")
    _run(SQLITE_UNDO if sqlite else POSTGRES_UNDO)


def _run(statements: tuple[str, ...]) -> None:
    for statement in statements:
        op.get_bind().exec_driver_sql(statement, execution_options={"no_parameters": True})
