"""The read models: orders, cancels, breaks, activity, and how far each has come."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables; the first command that reads fills them from the log."""
    _activity()
    _breaks()
    _cancel_links()
    _cancels()
    _orders()
    _projection_dead_letters()
    _projection_positions()


def downgrade() -> None:
    """Remove the read models; the log can make them again."""
    op.drop_table("projection_positions")
    op.drop_table("projection_dead_letters")
    op.drop_table("orders")
    op.drop_table("cancels")
    op.drop_table("cancel_links")
    op.drop_table("breaks")
    op.drop_table("activity")


def _sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def _exact() -> sa.types.TypeEngine[Any]:
    return sa.Text() if _sqlite() else sa.Numeric()


def _utc() -> sa.types.TypeEngine[Any]:
    return sa.Text() if _sqlite() else sa.DateTime(timezone=True)


def _position() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _activity() -> None:
    op.create_table(
        "activity",
        sa.Column("venue", sa.Text(), primary_key=True),
        sa.Column("account", sa.Text(), primary_key=True),
        sa.Column("day", sa.Text(), primary_key=True),
        sa.Column("events", sa.BigInteger(), nullable=False),
        sa.Column("orders_placed", sa.BigInteger(), nullable=False),
        sa.Column("orders_discovered", sa.BigInteger(), nullable=False),
        sa.Column("orders_rejected", sa.BigInteger(), nullable=False),
        sa.Column("fills", sa.BigInteger(), nullable=False),
        sa.Column("fills_taken_back", sa.BigInteger(), nullable=False),
        sa.Column("cancels_sent", sa.BigInteger(), nullable=False),
        sa.Column("cancels_not_sent", sa.BigInteger(), nullable=False),
        sa.Column("cancels_unanswered", sa.BigInteger(), nullable=False),
        sa.Column("orders_cancelled", sa.BigInteger(), nullable=False),
        sa.Column("cancels_rejected", sa.BigInteger(), nullable=False),
        sa.Column("repeats", sa.BigInteger(), nullable=False),
        sa.Column("first_position", _position(), nullable=False),
        sa.Column("last_position", _position(), nullable=False),
    )


def _breaks() -> None:
    op.create_table(
        "breaks",
        sa.Column("break_id", sa.Text(), primary_key=True),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("severity", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("order_key", sa.Text()),
        sa.Column("venue", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("opened_at", _utc(), nullable=False),
        sa.Column("closed_at", _utc()),
        sa.Column("ours", sa.Text()),
        sa.Column("theirs", sa.Text()),
        sa.Column("difference", sa.Text()),
        sa.Column("witness", sa.Text(), nullable=False),
        sa.Column("clears_when", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("rule_version", sa.Integer(), nullable=False),
    )
    op.create_index("ix_breaks_open", "breaks", ["kind", "closed_at", "opened_at"])
    op.create_index("ix_breaks_subject", "breaks", ["subject"])


def _cancel_links() -> None:
    op.create_table(
        "cancel_links",
        sa.Column("cancel_id", sa.Text(), primary_key=True),
        sa.Column("order_key", sa.Text(), primary_key=True),
        sa.Column("venue_order_id", sa.Text()),
        sa.Column("asked", sa.Text()),
        sa.Column("requested", sa.Boolean(), nullable=False),
        sa.Column("outcome", sa.Text()),
        sa.Column("reason", sa.Text()),
        sa.Column("raw_reason", sa.Text()),
        sa.Column("cancelled", _exact()),
        sa.Column("matched_before", _exact(), nullable=False),
        sa.Column("matched_in_flight", _exact(), nullable=False),
        sa.Column("matched_after", _exact(), nullable=False),
        sa.Column("took_off_at", _utc()),
        sa.Column("last_position", _position(), nullable=False),
    )
    op.create_index("ix_cancel_links_order_key", "cancel_links", ["order_key"])


def _cancels() -> None:
    op.create_table(
        "cancels",
        sa.Column("cancel_id", sa.Text(), primary_key=True),
        sa.Column("venue", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("requested_by", sa.Text()),
        sa.Column("why", sa.Text()),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("requested_at", _utc()),
        sa.Column("answered_at", _utc()),
        sa.Column("latency_ms", sa.BigInteger()),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text()),
        sa.Column("raw_reason", sa.Text()),
        sa.Column("outcomes", sa.Text(), nullable=False),
        sa.Column("needs_links", sa.Boolean(), nullable=False),
        sa.Column("last_position", _position(), nullable=False),
    )
    op.create_index("ix_cancels_requested_at", "cancels", ["requested_at"])


def _orders() -> None:
    op.create_table(
        "orders",
        sa.Column("order_key", sa.Text(), primary_key=True),
        sa.Column("venue", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("venue_order_id", sa.Text()),
        sa.Column("client_order_id", sa.Text()),
        sa.Column("user_ref", sa.Text()),
        sa.Column("market", sa.Text()),
        sa.Column("selection", sa.Text()),
        sa.Column("side", sa.Text()),
        sa.Column("price", _exact()),
        sa.Column("price_format", sa.Text()),
        sa.Column("currency", sa.Text()),
        sa.Column("size", _exact(), nullable=False),
        sa.Column("matched", _exact(), nullable=False),
        sa.Column("remaining", _exact(), nullable=False),
        sa.Column("cancelled", _exact(), nullable=False),
        sa.Column("lapsed", _exact(), nullable=False),
        sa.Column("voided", _exact(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("cancel_pending", sa.Boolean(), nullable=False),
        sa.Column("replace_pending", sa.Boolean(), nullable=False),
        sa.Column("closed_by", sa.Text()),
        sa.Column("certain", sa.Boolean(), nullable=False),
        sa.Column("remaining_min", _exact(), nullable=False),
        sa.Column("remaining_max", _exact(), nullable=False),
        sa.Column("placed_at", _utc()),
        sa.Column("updated_at", _utc(), nullable=False),
        sa.Column("last_position", _position(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
    )
    op.create_index("ix_orders_client_order_id", "orders", ["client_order_id"])
    op.create_index(
        "ix_orders_open",
        "orders",
        ["venue", "account", "order_key"],
        sqlite_where=sa.text("is_open = 1"),
        postgresql_where=sa.text("is_open IS true"),
    )
    op.create_index("ix_orders_venue_order_id", "orders", ["venue_order_id"])


def _projection_dead_letters() -> None:
    op.create_table(
        "projection_dead_letters",
        sa.Column("projection", sa.Text(), primary_key=True),
        sa.Column("stream", sa.Text(), primary_key=True),
        sa.Column("position", _position(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
    )


def _projection_positions() -> None:
    op.create_table(
        "projection_positions",
        sa.Column("name", sa.Text(), primary_key=True),
        sa.Column("position", _position(), nullable=False),
        sa.Column("newest_observed_at", _utc()),
        sa.Column("version", sa.Integer(), nullable=False),
    )
