"""The orders that are not certain: what may be, why, what clears it, and the money at risk."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, select

from domain.doubts import CLEARS, Bounds, Doubt
from domain.risk import in_doubt
from domain.values import ZERO
from projections.queries import PAGE, Only, Record, narrow
from projections.tables import orders

EVERYTHING = Only()
FIELDS = (
    "order_key",
    "venue",
    "account",
    "venue_order_id",
    "client_order_id",
    "user_ref",
    "market",
    "selection",
    "side",
    "price",
    "price_format",
    "currency",
    "size",
    "matched",
    "matched_min",
    "matched_max",
    "remaining",
    "remaining_min",
    "remaining_max",
    "uncertain",
    "at_risk",
    "why",
    "clears_when",
    "updated_at",
)
"""What is told of an uncertain order. `uncertain`: the size that may be live or matched or not."""

GROUPED = ("orders", "at_risk", "unpriced")
"""What is told of a group; `unpriced` counts orders whose risk cannot be told: no price or side."""

BY: dict[str, tuple[str, ...]] = {
    "market": ("venue", "market", "currency"),
    "account": ("venue", "account", "currency"),
}
"""What a summary groups by: money of two currencies is never added."""


def uncertain_orders(connection: Connection, only: Only = EVERYTHING) -> Iterator[Record]:
    """The uncertain orders by venue, account and key."""
    query = (
        narrow(select(orders), orders, only)
        .where(orders.c.why.is_not(None))
        .order_by(orders.c.venue, orders.c.account, orders.c.order_key)
    )
    for row in connection.execution_options(yield_per=PAGE).execute(query).mappings():
        yield told(dict(row))


def told(record: dict[str, Any]) -> Record:
    """A row of an uncertain order as its list tells it."""
    words = [Doubt(word) for word in record["why"].split(" ")]
    record["uncertain"] = in_doubt(
        Bounds(
            record["remaining_min"],
            record["remaining_max"],
            record["matched_min"],
            record["matched_max"],
        )
    )
    record["why"] = [word.value for word in words]
    record["clears_when"] = list(dict.fromkeys(CLEARS[word] for word in words))
    return {name: record[name] for name in FIELDS}


def money_at_risk(records: Iterable[Record], by: str) -> list[Record]:
    """Money at risk in each market or account, per currency, of these uncertain orders."""
    groups: dict[tuple[Any, ...], tuple[int, Decimal | None, int]] = {}
    for record in records:
        key = tuple(record[name] for name in BY[by])
        count, total, unpriced = groups.get(key, (0, None, 0))
        risk = record["at_risk"]
        if risk is None:
            unpriced += 1
        else:
            total = (total or ZERO) + risk
        groups[key] = (count + 1, total, unpriced)
    return [
        dict(zip((*BY[by], *GROUPED), (*key, *figures), strict=True))
        for key, figures in sorted(
            groups.items(), key=lambda item: [part or "" for part in item[0]]
        )
    ]
