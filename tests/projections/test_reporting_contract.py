"""The columns of the views for SQL users: names, order and types, once and for all."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest
from sqlalchemy import text

from adapters.bootstrap import App
from projections.reporting import Kind
from projections.reporting_v1 import VIEWS
from tests.feeding import desk
from tests.projections.reporting import rows_of

POSTGRESQL = {
    Kind.TEXT: "text",
    Kind.EXACT: "numeric",
    Kind.TRUTH: "boolean",
    Kind.MOMENT: "timestamp with time zone",
    Kind.DAY: "date",
}
CONTRACT = {
    "rpt_orders_v1": "order_key text, venue text, account text, venue_order_id text, "
    "client_order_id text, user_ref text, market text, selection text, side text, price exact, "
    "price_format text, currency text, size exact, matched exact, remaining exact, "
    "cancelled exact, lapsed exact, voided exact, status text, cancel_pending truth, "
    "replace_pending truth, closed_by text, certain truth, remaining_min exact, "
    "remaining_max exact, uncertain_because text, placed_at moment, first_seen_at moment, "
    "updated_at moment, last_position whole, day day",
    "rpt_fills_v1": "order_key text, fill_id text, venue text, account text, venue_order_id text, "
    "client_order_id text, user_ref text, market text, selection text, side text, currency text, "
    "source text, state text, size exact, price exact, price_format text, turnover exact, "
    "told_size exact, told_price exact, voided exact, returned truth, corrected_by text, "
    "fee exact, against_order_key text, settled truth, result text, raw_result text, "
    "profit exact, payout exact, settlement_fee exact, settlement_currency text, "
    "settled_at moment, occurred_at moment, observed_at moment, position whole, "
    "last_position whole, day day",
    "rpt_cancels_v1": "cancel_id text, venue text, account text, requested_by text, why text, "
    "scope text, requested_at moment, answered_at moment, latency_ms whole, status text, "
    "request_reason text, request_raw_reason text, entry whole, asked text, order_key text, "
    "venue_order_id text, outcome text, reason text, raw_reason text, cancelled exact, "
    "matched_before exact, matched_in_flight exact, matched_after exact, took_off_at moment, "
    "last_position whole, day day",
    "rpt_breaks_v1": "break_id text, code text, name text, severity text, kind text, "
    "order_key text, venue text, account text, opened_at moment, closed_at moment, status text, "
    "owner text, decided_by text, decided_at moment, reason text, approved_by text, "
    "comments whole, worked_at moment, ours text, theirs text, difference text, exposed exact, "
    "witness text, clears_when text, note text, rule_version whole, last_position whole, day day",
    "rpt_daily_v1": "day day, venue text, account text, orders_placed whole, fills whole, "
    "matched exact, turnover exact, unpriced exact, currency text, by_currency text, "
    "cancel_requests whole, cancels_asked whole, cancels_done whole, cancels_rejected whole, "
    "cancels_unknown whole, cancels_open whole, cancels_unrequested whole, breaks_opened whole, "
    "breaks_closed whole",
}
"""Names, order and kinds of the columns, once and for all: another is a view of version 2."""


@pytest.mark.parametrize("name", list(CONTRACT))
def test_the_contract_stands_in_the_dictionary(name: str) -> None:
    (view,) = [view for view in VIEWS.values() if view.name == name]
    told = ", ".join(f"{column.name} {column.kind}" for column in view.columns)
    assert told == CONTRACT[name]
    assert all(column.meaning.endswith((".", "…")) for column in view.columns)


def test_the_views_are_as_the_contract_says_on_postgresql(postgres_url: str) -> None:
    query = text(
        "SELECT column_name, data_type FROM information_schema.columns"
        " WHERE table_name = :name ORDER BY ordinal_position"
    )
    comments = text(
        "SELECT attname, col_description(attrelid, attnum), obj_description(attrelid)"
        " FROM pg_attribute WHERE attrelid = CAST(:name AS regclass) AND attnum > 0 ORDER BY attnum"
    )
    with desk(postgres_url) as app, app.reading() as connection:
        for view in VIEWS.values():
            found = connection.execute(query, {"name": view.name}).all()
            assert [name for name, _ in found] == [column.name for column in view.columns]
            for column, (_, kind) in zip(view.columns, found, strict=True):
                whole = {"bigint", "integer"}
                wanted = whole if column.kind is Kind.WHOLE else {POSTGRESQL[column.kind]}
                assert kind in wanted, f"{view.name}.{column.name} is {kind}"
            said = connection.execute(comments, {"name": view.name}).all()
            assert said == [(each.name, each.meaning, view.meaning) for each in view.columns]


def test_values_are_of_the_kind_that_the_contract_says(golden: App) -> None:
    types = _TYPES[golden.engine.dialect.name]
    for view in VIEWS.values():
        rows = rows_of(golden, view.name)
        assert list(rows[0]) == [column.name for column in view.columns]
        for column in view.columns:
            values: set[object] = {
                type(row[column.name]) for row in rows if row[column.name] is not None
            }
            wanted = types.get(column.kind, str)
            assert values <= {wanted}, f"{view.name}.{column.name} has {values}"


_TYPES: dict[str, dict[Kind, type]] = {
    "sqlite": {Kind.WHOLE: int, Kind.TRUTH: int},
    "postgresql": {
        Kind.WHOLE: int,
        Kind.TRUTH: bool,
        Kind.EXACT: Decimal,
        Kind.MOMENT: datetime,
        Kind.DAY: date,
    },
}
"""What a driver makes of each kind; text where nothing is said."""
