"""The books of the past, three ways: as they were printed then, as asked about now, and by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from adapters.bootstrap import App
from adapters.bootstrap_past import past_books
from domain.past import Axis, Past, cut
from projections import queries, several
from projections.break_groups import grouped_list
from projections.break_queries import Wanted, break_list
from projections.past import PastLog
from projections.scratch import scratch
from projections.shaping import Shaping
from projections.spans import FOREVER
from projections.tables import breaks, cancel_links, cancels, desk, orders, reconciliations
from projections.uncertain import uncertain_orders

EVERY = Wanted(everything=True)
Told = Mapping[str, Sequence[Mapping[str, Any]]]
"""Every list of the books, by its name."""


def present(app: App) -> Told:
    """The books as they stand."""
    with app.reading() as connection:
        return _listed(connection, app.as_of(connection))


def _listed(connection: Connection, at: datetime | None) -> Told:
    return {
        "orders": list(queries.order_list(connection)),
        "open": list(queries.order_list(connection, open_only=True)),
        "uncertain": list(uncertain_orders(connection)),
        "cancels": list(queries.cancel_list(connection)),
        "breaks": [] if at is None else list(break_list(connection, at, EVERY)),
        "grouped": [] if at is None else list(grouped_list(connection, at, Wanted())),
    }


def past(app: App, at: datetime, axis: Axis = Axis.KNOWN, known_at: datetime | None = None) -> Told:
    """The books as they stood."""
    with past_books(app, at, axis, known_at) as then:
        with then.breaks(closed=True, notes=True) as every, then.breaks() as standing:
            found = {
                "orders": list(then.orders.listed()),
                "open": list(then.orders.listed(open_only=True)),
                "uncertain": list(then.orders.uncertain()),
                "cancels": list(then.cancels()),
                "breaks": list(break_list(every, then.past.at, EVERY)),
                "grouped": list(grouped_list(standing, then.past.at, Wanted())),
            }
        assert then.broken == {}
        return found


def by_hand(app: App, when: Past) -> Told:
    """The books of all the facts that count, each stream cut and made into rows."""
    with scratch(orders, cancels, cancel_links, breaks, desk, reconciliations) as tables:
        shaping = Shaping(tables, app.limits, FOREVER)
        for stream, events in app.store.by_stream():
            kept = cut(events, when)
            if kept:
                shaping.take(stream, kept)
        several.find(shaping, tables, PastLog(app.store, when))
        return _listed(tables.connection, when.at)


def unordered(told: Told) -> Told:
    """The books with their requests by id: of one that nobody knew to be sent no time is known."""
    return {**told, "cancels": sorted(told["cancels"], key=lambda row: str(row["cancel_id"]))}


def differing(one: Told, other: Told) -> dict[str, list[Any]]:
    """What only one of two books tells, list by list."""
    return {
        name: [row for row in rows if row not in other[name]]
        + [row for row in other[name] if row not in rows]
        for name, rows in one.items()
        if list(rows) != list(other[name])
    }
