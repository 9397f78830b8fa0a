"""What became of a cancel, order by order, as the books have it now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from adapters.bootstrap import App
from projections import queries
from projections.queries import Only

FIELDS = (
    "cancel_id",
    "asked",
    "order_key",
    "venue_order_id",
    "outcome",
    "reason",
    "raw_reason",
    "cancelled",
    "status",
    "size",
    "matched",
    "remaining",
    "certain",
    "remaining_min",
    "remaining_max",
)
OF_ORDER = ("status", "size", "matched", "remaining", "certain", "remaining_min", "remaining_max")
OF_STATUS: Mapping[str, str] = {"not_sent": "not_sent", "refused": "rejected"}
"""What the request's own state says of an order that no answer names; else nobody knows."""
DONE = "cancelled"
Record = Mapping[str, Any]


def reported(app: App, ids: Sequence[str]) -> list[Record]:
    """A row for each order that these requests touched; one for a request that touched none."""
    with app.reading() as connection:
        rows: list[Record] = []
        for request in queries.cancels_called(connection, ids):
            only = Only(request["venue"], request["account"])
            for row in _rows(request):
                key = row["order_key"]
                held = queries.find_orders(connection, key, only) if key is not None else []
                order: Record = held[0] if held else dict.fromkeys(OF_ORDER)
                rows.append({**row, **{name: order[name] for name in OF_ORDER}})
        return rows


def _rows(request: Record) -> Iterator[dict[str, Any]]:
    """The outcomes of one request, each with a word for what became of it."""
    silent = OF_STATUS.get(request["status"], "unknown")
    none_touched = DONE if request["status"] == "answered" else silent
    nothing = dict.fromkeys(queries.OUTCOME_FIELDS, None)
    outcomes: Sequence[Record] = request["outcomes"] or [{**nothing, "outcome": none_touched}]
    for outcome in outcomes:
        told = outcome["outcome"] or silent
        yield {
            "cancel_id": request["cancel_id"],
            "asked": outcome["asked"],
            "order_key": outcome["order_key"],
            "venue_order_id": outcome["venue_order_id"],
            "outcome": "not_sent" if request["status"] == "not_sent" else told,
            "reason": outcome["reason"] or request["reason"],
            "raw_reason": outcome["raw_reason"] or request["raw_reason"],
            "cancelled": outcome["cancelled"],
        }


def all_done(rows: Sequence[Record]) -> bool:
    """Every order that was asked for is off the book by what the venue said."""
    return all(row["outcome"] == DONE for row in rows)
