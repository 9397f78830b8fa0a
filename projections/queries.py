"""What the read models are asked: open orders, one order, cancels, activity.

Every answer is native values (decimals, aware times); printing is for whoever asks.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, or_, select

from domain.ports import LiveOrder
from domain.values import Account
from projections.tables import activity, cancel_links, cancels, dead_letters, orders
from projections.tracking import Tracked, positions_of

Record = dict[str, Any]
PAGE = 1_000
"""Rows that a listing holds in memory at a time."""

_INNER = frozenset({"is_open", "matched_min", "matched_max", "why", "first_seen_at", "at_risk"})
"""Columns of an order that its listing does not tell; doubts have one of their own."""
ORDER_FIELDS: Sequence[str] = [
    column.name for column in orders.columns if column.name not in _INNER
]
_ORDER = [column for column in orders.columns if column.name not in _INNER]
ACTIVITY_FIELDS: Sequence[str] = [column.name for column in activity.columns]
OUTCOME_FIELDS = (
    "asked",
    "order_key",
    "venue_order_id",
    "outcome",
    "reason",
    "raw_reason",
    "cancelled",
)
LINK_FIELDS = ("cancelled", "matched_before", "matched_in_flight", "matched_after")


@dataclass(frozen=True, slots=True)
class Only:
    """What a listing is narrowed to; None does not narrow."""

    venue: str | None = None
    account: str | None = None
    market: str | None = None


def narrow(query: Select[Any], table: Any, only: Only) -> Select[Any]:  # noqa: ANN401 - a table's columns
    """The query, of those rows alone."""
    for name in ("venue", "account", "market"):
        value = getattr(only, name)
        if value is not None and name in table.c:
            query = query.where(table.c[name] == value)
    return query


def order_list(
    connection: Connection, only: Only = Only(), *, open_only: bool = False
) -> Iterator[Record]:
    """Orders by venue, account and key.

    With `open_only` those with anything remaining or uncertain.
    """
    query = narrow(select(*_ORDER), orders, only).order_by(
        orders.c.venue, orders.c.account, orders.c.order_key
    )
    if open_only:
        query = query.where(orders.c.is_open.is_(True))
    for row in connection.execution_options(yield_per=PAGE).execute(query).mappings():
        yield dict(row)


def find_orders(connection: Connection, name: str, only: Only = Only()) -> list[Record]:
    """The orders that go by this key, venue id or client id."""
    columns = orders.c
    called = or_(
        columns.order_key == name,
        columns.venue_order_id == name,
        columns.client_order_id == name,
    )
    query = narrow(select(*_ORDER).where(called), orders, only)
    return [dict(row) for row in connection.execute(query).mappings()]


def live_orders(
    connection: Connection, owner: Account, market: str | None, user_ref: str | None
) -> list[LiveOrder]:
    """An account's orders that may be live, narrowed by market or user reference."""
    columns = orders.c
    query = select(columns.order_key, columns.market, columns.selection, columns.side).where(
        columns.is_open.is_(True),
        columns.venue == owner.venue,
        columns.account == owner.account,
    )
    if market is not None:
        query = query.where(columns.market == market)
    if user_ref is not None:
        query = query.where(columns.user_ref == user_ref)
    return [
        LiveOrder(UUID(row.order_key), row.market, row.selection, row.side)
        for row in connection.execute(query.order_by(columns.order_key))
    ]


def cancel_list(connection: Connection, only: Only = Only()) -> Iterator[Record]:
    """Cancel requests by time of asking, each with its outcomes; first what nobody sent.

    An outcome is what the answer said of the order, joined with what its own history says of it.
    """
    query = narrow(select(cancels), cancels, only).order_by(
        cancels.c.requested_at.nulls_first(), cancels.c.cancel_id
    )
    page: list[Record] = []
    for row in connection.execution_options(yield_per=PAGE).execute(query).mappings():
        page.append(dict(row))
        if len(page) == PAGE:
            yield from _with_outcomes(connection, page)
            page = []
    yield from _with_outcomes(connection, page)


def cancels_called(connection: Connection, ids: Sequence[str]) -> list[Record]:
    """These cancel requests by time of asking, each with its outcomes; first what nobody sent."""
    found: list[Record] = []
    for start in range(0, len(ids), PAGE):
        query = select(cancels).where(cancels.c.cancel_id.in_(ids[start : start + PAGE]))
        found.extend(dict(row) for row in connection.execute(query).mappings())
    found.sort(key=lambda record: (_asked_at(record), record["cancel_id"]))
    return list(_with_outcomes(connection, found))


def _asked_at(record: Record) -> tuple[bool, datetime | None]:
    """Sorts by time of asking; an answer to a request that nobody here sent has none."""
    at = record["requested_at"]
    return at is not None, at


def cancels_that_are(connection: Connection, owner: Account, status: str) -> list[Record]:
    """An account's cancel requests in this state, by time of asking, each with its outcomes."""
    query = (
        select(cancels)
        .where(cancels.c.status == status)
        .where(cancels.c.venue == owner.venue, cancels.c.account == owner.account)
        .order_by(cancels.c.requested_at.nulls_first(), cancels.c.cancel_id)
    )
    found = [dict(row) for row in connection.execute(query).mappings()]
    return list(_with_outcomes(connection, found))


def _with_outcomes(connection: Connection, page: Sequence[Record]) -> Iterator[Record]:
    ids = [record["cancel_id"] for record in page]
    links: dict[str, dict[str, Record]] = {}
    table = cancel_links
    for start in range(0, len(ids), 500):
        part = ids[start : start + 500]
        query = select(table).where(table.c.cancel_id.in_(part)).order_by(table.c.order_key)
        for row in connection.execute(query).mappings():
            links.setdefault(row["cancel_id"], {})[row["order_key"]] = dict(row)
    for record in page:
        told = json.loads(record.pop("outcomes"))
        record["scope"] = json.loads(record["scope"])
        del record["needs_links"], record["last_position"]
        record["outcomes"] = _outcomes(told, links.get(record["cancel_id"], {}))
        yield record


def _outcomes(told: Sequence[Record], by_order: dict[str, Record]) -> list[Record]:
    """What was asked and answered, each with its order's word.

    Orders that only tell it themselves come after. An order that was merged since tells under the
    key of the one that stayed.
    """
    found = [(outcome, by_order.pop(outcome["order_key"] or "", None)) for outcome in told]
    outcomes: list[Record] = []
    for outcome, link in found:
        if link is None and outcome["outcome"] is None and outcome["order_key"] is not None:
            link = _taken_over(outcome["asked"], by_order)  # noqa: PLW2901 - the better one
            if link is None and outcome["asked"] is None:
                continue  # one of a wide scope: the order that it became is in the scope too
            outcome["order_key"] = None if link is None else link["order_key"]
        outcomes.append(_joined(outcome, link))
    outcomes.extend(_joined({}, link) for link in by_order.values())
    return outcomes


def _taken_over(asked: str | None, by_order: dict[str, Record]) -> Record | None:
    for key, link in by_order.items():
        if asked is not None and link["asked"] == asked:
            return by_order.pop(key)
    return None


def _joined(told: Mapping[str, Any], link: Record | None) -> Record:
    """One outcome. What the order's history proves outranks an answer that left it open."""
    keys = OUTCOME_FIELDS[:-1]
    outcome: Record = {key: told.get(key) for key in OUTCOME_FIELDS}
    for name in LINK_FIELDS[1:]:
        outcome[name] = None
    if link is None:
        return outcome
    for key in keys:
        if outcome[key] is None:
            outcome[key] = link[key]
    if outcome["outcome"] in {"unknown", "not_mentioned"} and link["outcome"] in {
        "cancelled",
        "rejected",
    }:
        outcome.update({key: link[key] for key in ("outcome", "reason", "raw_reason")})
    for name in LINK_FIELDS:
        if link[name] is not None:
            outcome[name] = link[name]
    return outcome


def as_of(connection: Connection) -> datetime | None:
    """The newest observed time that the flags have seen: what "now" is when replaying."""
    tracked = positions_of(connection).get("breaks")
    return None if tracked is None else tracked.newest_observed_at


def activity_list(connection: Connection, only: Only = Only()) -> list[Record]:
    """Counts per venue, account and day."""
    query = narrow(select(activity), activity, only).order_by(
        activity.c.venue, activity.c.account, activity.c.day
    )
    return [dict(row) for row in connection.execute(query).mappings()]


def standings(connection: Connection) -> dict[str, Tracked]:
    """Where every projection stands."""
    return positions_of(connection)


def buried(connection: Connection) -> list[Record]:
    """The streams that projections could not take."""
    query = select(dead_letters).order_by(dead_letters.c.projection, dead_letters.c.stream)
    return [dict(row) for row in connection.execute(query).mappings()]
