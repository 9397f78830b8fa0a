"""Matches and their days, when an order was first seen, and the views for SQL users."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import op

from projections.reporting import View
from projections.reporting_v1 import VIEWS

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_SQL = Path(__file__).parents[1] / "sql"
_MADE = ("orders", "fills", "cancels", "breaks", "daily")
"""In this order: `daily` reads the others."""


def upgrade() -> None:
    """Make them; the orders are made anew with `breakwater projections rebuild`."""
    op.add_column("orders", sa.Column("first_seen_at", _utc()))
    _fills()
    _fill_days()
    dialect = op.get_bind().dialect.name
    text = (_SQL / f"0014_reporting_{dialect}.sql").read_text(encoding="utf-8")
    for statement in text.split(";\n"):
        if "CREATE VIEW" in statement:
            op.get_bind().exec_driver_sql(statement)
    if dialect == "postgresql":
        for name in _MADE:
            _comment(VIEWS[name])


def downgrade() -> None:
    """Remove them; the log can make the rows again."""
    for name in reversed(_MADE):
        op.execute(f"DROP VIEW {VIEWS[name].name}")
    op.execute("DELETE FROM projection_positions WHERE name = 'fills'")
    op.execute("DELETE FROM projection_dead_letters WHERE projection = 'fills'")
    op.drop_table("fill_days")
    op.drop_table("fills")
    op.drop_column("orders", "first_seen_at")


def _comment(view: View) -> None:
    """What the view and each of its columns means, where SQL tools show it."""
    told = [(f"VIEW {view.name}", view.meaning)]
    told += [(f"COLUMN {view.name}.{column.name}", column.meaning) for column in view.columns]
    for what, meaning in told:
        text = meaning.replace("'", "''")
        op.get_bind().exec_driver_sql(f"COMMENT ON {what} IS '{text}'")


def _exact() -> sa.types.TypeEngine[Any]:
    return sa.Text() if op.get_bind().dialect.name == "sqlite" else sa.Numeric()


def _utc() -> sa.types.TypeEngine[Any]:
    sqlite = op.get_bind().dialect.name == "sqlite"
    return sa.Text() if sqlite else sa.DateTime(timezone=True)


def _position() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _fills() -> None:
    op.create_table(
        "fills",
        sa.Column("order_key", sa.Text(), primary_key=True),
        sa.Column("fill_id", sa.Text(), primary_key=True),
        sa.Column("venue", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text()),
        sa.Column("size", _exact(), nullable=False),
        sa.Column("price", _exact()),
        sa.Column("price_format", sa.Text()),
        sa.Column("turnover", _exact()),
        sa.Column("told_size", _exact(), nullable=False),
        sa.Column("told_price", _exact()),
        sa.Column("voided", _exact(), nullable=False),
        sa.Column("returned", sa.Boolean(), nullable=False),
        sa.Column("corrected_by", sa.Text()),
        sa.Column("fee", _exact()),
        sa.Column("against_order_key", sa.Text()),
        sa.Column("settled", sa.Boolean(), nullable=False),
        sa.Column("result", sa.Text()),
        sa.Column("raw_result", sa.Text()),
        sa.Column("profit", _exact()),
        sa.Column("payout", _exact()),
        sa.Column("settlement_fee", _exact()),
        sa.Column("settlement_currency", sa.Text()),
        sa.Column("settled_at", _utc()),
        sa.Column("occurred_at", _utc()),
        sa.Column("observed_at", _utc(), nullable=False),
        sa.Column("position", _position(), nullable=False),
        sa.Column("last_position", _position(), nullable=False),
    )


def _fill_days() -> None:
    op.create_table(
        "fill_days",
        sa.Column("venue", sa.Text(), primary_key=True),
        sa.Column("account", sa.Text(), primary_key=True),
        sa.Column("day", sa.Text(), primary_key=True),
        sa.Column("fills", sa.BigInteger(), nullable=False),
        sa.Column("matched", _exact()),
        sa.Column("turnover", _exact()),
        sa.Column("unpriced", _exact()),
        sa.Column("currency", sa.Text()),
        sa.Column("by_currency", sa.Text(), nullable=False),
    )
