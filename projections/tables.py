"""The tables of the read models. Alembic makes them; each belongs to one projection."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
)

from projections.columns import Exact, Utc

metadata = MetaData()
Position = BigInteger().with_variant(Integer(), "sqlite")

positions = Table(
    "projection_positions",
    metadata,
    Column("name", Text, primary_key=True),
    Column("position", Position, nullable=False),
    Column("newest_observed_at", Utc),
    Column("version", Integer, nullable=False),
)
"""How far each projection has come, and the newest time that the log had seen there."""

dead_letters = Table(
    "projection_dead_letters",
    metadata,
    Column("projection", Text, primary_key=True),
    Column("stream", Text, primary_key=True),
    Column("position", Position, nullable=False),
    Column("error", Text, nullable=False),
)
"""Streams that a projection could not take: it leaves them out until it is rebuilt."""

orders = Table(
    "orders",
    metadata,
    Column("order_key", Text, primary_key=True),
    Column("venue", Text, nullable=False),
    Column("account", Text, nullable=False),
    Column("venue_order_id", Text),
    Column("client_order_id", Text),
    Column("user_ref", Text),
    Column("market", Text),
    Column("selection", Text),
    Column("side", Text),
    Column("price", Exact),
    Column("price_format", Text),
    Column("currency", Text),
    Column("size", Exact, nullable=False),
    Column("matched", Exact, nullable=False),
    Column("remaining", Exact, nullable=False),
    Column("cancelled", Exact, nullable=False),
    Column("lapsed", Exact, nullable=False),
    Column("voided", Exact, nullable=False),
    Column("status", Text, nullable=False),
    Column("cancel_pending", Boolean, nullable=False),
    Column("replace_pending", Boolean, nullable=False),
    Column("closed_by", Text),
    Column("certain", Boolean, nullable=False),
    Column("remaining_min", Exact, nullable=False),
    Column("remaining_max", Exact, nullable=False),
    Column("placed_at", Utc),
    Column("updated_at", Utc, nullable=False),
    Column("last_position", Position, nullable=False),
    Column("is_open", Boolean, nullable=False),
    Column("matched_min", Exact),
    Column("matched_max", Exact),
    Column("why", Text),
    Column("first_seen_at", Utc),
    Column("at_risk", Exact),
)
Index(
    "ix_orders_uncertain",
    orders.c.venue,
    orders.c.account,
    orders.c.order_key,
    sqlite_where=orders.c.why.is_not(None),
    postgresql_where=orders.c.why.is_not(None),
)
Index(
    "ix_orders_open",
    orders.c.venue,
    orders.c.account,
    orders.c.order_key,
    sqlite_where=orders.c.is_open.is_(True),
    postgresql_where=orders.c.is_open.is_(True),
)
Index("ix_orders_venue_order_id", orders.c.venue_order_id)
Index("ix_orders_client_order_id", orders.c.client_order_id)

cancels = Table(
    "cancels",
    metadata,
    Column("cancel_id", Text, primary_key=True),
    Column("venue", Text, nullable=False),
    Column("account", Text, nullable=False),
    Column("requested_by", Text),
    Column("why", Text),
    Column("scope", Text, nullable=False),
    Column("requested_at", Utc),
    Column("answered_at", Utc),
    Column("latency_ms", BigInteger),
    Column("status", Text, nullable=False),
    Column("reason", Text),
    Column("raw_reason", Text),
    Column("outcomes", Text, nullable=False),
    Column("needs_links", Boolean, nullable=False),
    Column("last_position", Position, nullable=False),
)
Index("ix_cancels_requested_at", cancels.c.requested_at)

cancel_links = Table(
    "cancel_links",
    metadata,
    Column("cancel_id", Text, primary_key=True),
    Column("order_key", Text, primary_key=True),
    Column("venue_order_id", Text),
    Column("asked", Text),
    Column("requested", Boolean, nullable=False),
    Column("outcome", Text),
    Column("reason", Text),
    Column("raw_reason", Text),
    Column("cancelled", Exact),
    Column("matched_before", Exact, nullable=False),
    Column("matched_in_flight", Exact, nullable=False),
    Column("matched_after", Exact, nullable=False),
    Column("took_off_at", Utc),
    Column("last_position", Position, nullable=False),
)
Index("ix_cancel_links_order_key", cancel_links.c.order_key)
"""What each order's own history says of each cancel that touched it."""

breaks = Table(
    "breaks",
    metadata,
    Column("break_id", Text, primary_key=True),
    Column("subject", Text, nullable=False, index=True),
    Column("code", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("severity", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("order_key", Text),
    Column("venue", Text, nullable=False),
    Column("account", Text, nullable=False),
    Column("opened_at", Utc, nullable=False),
    Column("closed_at", Utc),
    Column("ours", Text),
    Column("theirs", Text),
    Column("difference", Text),
    Column("witness", Text, nullable=False),
    Column("clears_when", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("rule_version", Integer, nullable=False),
    Column("exposed", Exact),
)
Index("ix_breaks_kind", breaks.c.venue, breaks.c.account, breaks.c.code, breaks.c.opened_at)
Index("ix_breaks_open", breaks.c.kind, breaks.c.closed_at, breaks.c.opened_at)

desk = Table(
    "desk",
    metadata,
    Column("break_id", Text, primary_key=True),
    Column("stream", Text, nullable=False),
    Column("venue", Text, nullable=False),
    Column("account", Text, nullable=False),
    Column("owner", Text, index=True),
    Column("comments", BigInteger, nullable=False),
    Column("desk_version", BigInteger, nullable=False),
    Column("acts", Text, nullable=False),
    Column("overridden", Boolean, nullable=False),
    Column("worked_at", Utc, nullable=False),
    Column("worked_position", Position, nullable=False),
)
"""What people decided about each break that somebody worked."""

reconciliations = Table(
    "reconciliations",
    metadata,
    Column("run_id", Text, primary_key=True),
    Column("stream", Text, nullable=False, index=True),
    Column("venue", Text, nullable=False),
    Column("account", Text, nullable=False),
    Column("as_of", Utc, nullable=False),
    Column("recorded_at", Utc, nullable=False),
    Column("complete", Boolean, nullable=False),
    Column("rows_read", BigInteger, nullable=False),
    Column("matched", BigInteger, nullable=False),
    Column("differing", BigInteger, nullable=False),
    Column("only_ours", BigInteger, nullable=False),
    Column("only_theirs", BigInteger, nullable=False),
    Column("by_aspect", Text, nullable=False),
    Column("inputs", Text, nullable=False),
    Column("parts", Text, nullable=False),
    Column("books", Position, nullable=False),
    Column("position", Position, nullable=False),
)
"""Every run of a reconciliation, clean ones too."""

spans = Table(
    "spans",
    metadata,
    Column("about", Text, primary_key=True),
    Column("venue", Text, primary_key=True),
    Column("account", Text, primary_key=True),
    Column("stream", Text, primary_key=True),
    Column("market", Text),
    Column("seen_from", Position, nullable=False),
    Column("seen_until", Position, nullable=False),
    Column("true_from", Position, nullable=False),
    Column("open_seen_until", Position, nullable=False),
    Column("open_true_until", Position, nullable=False),
    Column("merged_at", Position, nullable=False),
    Column("quiet_from", Position, nullable=False),
    Column("first_position", Position, nullable=False),
    Column("last_position", Position, nullable=False),
    sqlite_with_rowid=False,
)
"""From when to when each stream stood in which way; times are microseconds since 1970."""

activity = Table(
    "activity",
    metadata,
    Column("venue", Text, primary_key=True),
    Column("account", Text, primary_key=True),
    Column("day", Text, primary_key=True),
    Column("events", BigInteger, nullable=False),
    Column("orders_placed", BigInteger, nullable=False),
    Column("orders_discovered", BigInteger, nullable=False),
    Column("orders_rejected", BigInteger, nullable=False),
    Column("fills", BigInteger, nullable=False),
    Column("fills_taken_back", BigInteger, nullable=False),
    Column("cancels_sent", BigInteger, nullable=False),
    Column("cancels_not_sent", BigInteger, nullable=False),
    Column("cancels_unanswered", BigInteger, nullable=False),
    Column("orders_cancelled", BigInteger, nullable=False),
    Column("cancels_rejected", BigInteger, nullable=False),
    Column("repeats", BigInteger, nullable=False),
    Column("first_position", Position, nullable=False),
    Column("last_position", Position, nullable=False),
)

fills = Table(
    "fills",
    metadata,
    Column("order_key", Text, primary_key=True),
    Column("fill_id", Text, primary_key=True),
    Column("venue", Text, nullable=False),
    Column("account", Text, nullable=False),
    Column("day", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("currency", Text),
    Column("size", Exact, nullable=False),
    Column("price", Exact),
    Column("price_format", Text),
    Column("turnover", Exact),
    Column("told_size", Exact, nullable=False),
    Column("told_price", Exact),
    Column("voided", Exact, nullable=False),
    Column("returned", Boolean, nullable=False),
    Column("corrected_by", Text),
    Column("fee", Exact),
    Column("against_order_key", Text),
    Column("settled", Boolean, nullable=False),
    Column("result", Text),
    Column("raw_result", Text),
    Column("profit", Exact),
    Column("payout", Exact),
    Column("settlement_fee", Exact),
    Column("settlement_currency", Text),
    Column("settled_at", Utc),
    Column("occurred_at", Utc),
    Column("observed_at", Utc, nullable=False),
    Column("position", Position, nullable=False),
    Column("last_position", Position, nullable=False),
)
"""Every match of every order, as it stands."""

fill_days = Table(
    "fill_days",
    metadata,
    Column("venue", Text, primary_key=True),
    Column("account", Text, primary_key=True),
    Column("day", Text, primary_key=True),
    Column("fills", BigInteger, nullable=False),
    Column("matched", Exact),
    Column("turnover", Exact),
    Column("unpriced", Exact),
    Column("currency", Text),
    Column("by_currency", Text, nullable=False),
)
"""What the matches of a day come to: added up in exact decimals, which SQLite itself cannot."""
