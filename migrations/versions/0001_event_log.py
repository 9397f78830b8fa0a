"""The event log: events, the wire that caused them, names, quarantine, chain, tracking."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from migrations.log_rules import (
    POSTGRES_APPEND,
    POSTGRES_REFUSALS,
    POSTGRES_UNDO,
    SQLITE_REFUSALS,
)

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables, forbid changes to what is recorded, and set the head to the beginning."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    stream: sa.types.TypeEngine[Any] = sa.LargeBinary(16) if sqlite else sa.Uuid()
    _create_log(stream)
    _create_rest(stream)
    op.execute(
        sa.text("INSERT INTO log_head (id, position, hash) VALUES (1, 0, :hash)").bindparams(
            hash=bytes(32)
        )
    )
    for statement in SQLITE_REFUSALS if sqlite else (*POSTGRES_REFUSALS, POSTGRES_APPEND):
        op.get_bind().exec_driver_sql(statement, execution_options={"no_parameters": True})


def downgrade() -> None:
    """Remove an empty log; one that holds events or wire lines is not thrown away."""
    connection = op.get_bind()
    for table in ("events", "wire"):
        if connection.execute(sa.text(f"SELECT 1 FROM {table} LIMIT 1")).first() is not None:  # noqa: S608 - two constants
            raise RuntimeError("the log is not empty; delete the whole database if you mean it")
    for table in (
        "snapshots",
        "tracking",
        "checkpoints",
        "log_head",
        "quarantine",
        "names",
        "wire",
        "captures",
        "events",
    ):
        op.drop_table(table)
    if connection.dialect.name == "postgresql":
        for statement in POSTGRES_UNDO:
            op.execute(statement)


def _integer() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _create_log(stream: sa.types.TypeEngine[Any]) -> None:
    op.create_table(
        "events",
        sa.Column("position", _integer(), autoincrement=False, nullable=False),
        sa.Column("stream_id", stream, nullable=False),
        sa.Column("version", _integer(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("state", sa.LargeBinary(), nullable=False),
        sa.Column("recorded_at", _integer(), nullable=False),
        sa.Column("capture_id", sa.Integer()),
        sa.Column("seq", _integer()),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("position", name="pk_events"),
        sa.UniqueConstraint("stream_id", "version", name="uq_events_stream_id_version"),
    )
    op.create_table(
        "captures",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_captures"),
        sa.UniqueConstraint("name", name="uq_captures_name"),
    )
    op.create_table(
        "wire",
        sa.Column("capture_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", _integer(), autoincrement=False, nullable=False),
        sa.Column("observed_at", _integer(), nullable=False),
        sa.Column("exchange", sa.Text()),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("capture_id", "seq", name="pk_wire"),
        sa.CheckConstraint(
            "outcome IN ('read', 'held', 'set_aside')", name=op.f("ck_wire_outcome")
        ),
    )
    for name, columns, where in (
        ("ix_wire_exchange", ["capture_id", "exchange"], "exchange IS NOT NULL"),
        ("ix_wire_held", ["capture_id", "seq"], "outcome = 'held'"),
    ):
        op.create_index(
            name, "wire", columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where)
        )


def _create_rest(stream: sa.types.TypeEngine[Any]) -> None:
    op.create_table(
        "names",
        sa.Column("venue", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("stream_id", stream, nullable=False),
        sa.PrimaryKeyConstraint("name", "venue", "account", "kind", name="pk_names"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_names_stream_id", "names", ["stream_id"])
    op.create_table(
        "quarantine",
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("line", _integer(), nullable=False),
        sa.Column("capture", sa.Text()),
        sa.Column("seq", _integer()),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.Column("observed_at", _integer()),
        sa.Column("released", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_quarantine"),
    )
    op.create_table(
        "log_head",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("position", _integer(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_log_head"),
        sa.CheckConstraint("id = 1", name=op.f("ck_log_head_one_row")),
        postgresql_with={"fillfactor": "10"},
    )
    op.create_table(
        "checkpoints",
        sa.Column("position", _integer(), autoincrement=False, nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("recorded_at", _integer(), nullable=False),
        sa.PrimaryKeyConstraint("position", name="pk_checkpoints"),
    )
    op.create_table(
        "tracking",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("position", _integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_tracking"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "snapshots",
        sa.Column("stream_id", stream, nullable=False),
        sa.Column("version", _integer(), autoincrement=False, nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("state", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("stream_id", "version", name="pk_snapshots"),
    )
