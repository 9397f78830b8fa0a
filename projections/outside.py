"""CXL-23 across orders: what went off the book just after a cancel that named others alone.

A flag of neither stream alone, found anew for the orders and the requests that a step touches. Its
subject is the order with this question, so that the order's own flags leave it in place.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter
from uuid import UUID

from sqlalchemy import Connection, Table, select

from domain.flags.flag import Flag, Thresholds
from domain.flags.history import RequestHistory, order_history
from domain.flags.outside_scope import outside_scope
from domain.ids import derived
from domain.recorded import Recorded
from domain.values import Account
from projections.columns import Row
from projections.tables import breaks, cancels

UNASKED = "CXL-15"
"""What an order is found by: a cancel that nothing asked for."""
AT_ONCE = 200
HistoriesOf = Callable[[Sequence[UUID]], Mapping[UUID, Sequence[Recorded]]]
MakeRow = Callable[[Flag, UUID, Account, UUID | None], Row]


@dataclass(frozen=True, slots=True)
class Unasked:
    """An order that was cancelled unasked, and when that was seen."""

    order: UUID
    owner: Account
    at: datetime


def subject_of(order: UUID) -> UUID:
    """What such a flag is about."""
    return derived("outside scope", order)


def unasked_of(rows: Iterable[Row]) -> list[Unasked]:
    """The orders among rows of `breaks` that were cancelled unasked."""
    return [
        Unasked(UUID(key), Account(venue, account), at)
        for key, venue, account, at in (_PLACES(row) for row in rows if row[_CODE] == UNASKED)
    ]


_NAMES = [column.name for column in breaks.columns]
_CODE = _NAMES.index("code")
_PLACES: Callable[[Row], tuple[str, str, str, datetime]] = itemgetter(
    *(_NAMES.index(name) for name in ("order_key", "venue", "account", "opened_at"))
)


def stored(
    connection: Connection,
    table: Table = breaks,
    owner: Account | None = None,
    between: tuple[datetime, datetime] | None = None,
) -> list[Unasked]:
    """The orders that were cancelled unasked, by the time at which that was seen."""
    columns = table.c
    query = select(columns.order_key, columns.venue, columns.account, columns.opened_at)
    query = query.where(columns.code == UNASKED).order_by(columns.opened_at, columns.break_id)
    if owner is not None:
        query = query.where(columns.venue == owner.venue, columns.account == owner.account)
    if between is not None:
        query = query.where(columns.opened_at >= between[0], columns.opened_at <= between[1])
    return [
        Unasked(UUID(key), Account(venue, account), at)
        for key, venue, account, at in connection.execute(query)
    ]


def after_requests(
    connection: Connection,
    asked: Mapping[Account, Sequence[datetime]],
    limits: Mapping[str, Thresholds],
) -> list[Unasked]:
    """The orders that were cancelled unasked within a moment of one of these requests."""
    found: list[Unasked] = []
    for owner, times in asked.items():
        span = limits.get(owner.venue, Thresholds()).scope
        near = stored(connection, owner=owner, between=(min(times), max(times) + span))
        found.extend(one for one in near if any(at <= one.at for at in times))
    return found


def rows_of(  # noqa: PLR0913, PLR0917 - the orders, what is known of them, and how a row is made
    connection: Connection,
    unasked: Iterable[Unasked],
    histories: HistoriesOf,
    limits: Mapping[str, Thresholds],
    made: MakeRow,
    table: Table = cancels,
) -> list[Row]:
    """The flags of these orders."""
    by_owner: dict[Account, list[Unasked]] = {}
    for one in unasked:
        by_owner.setdefault(one.owner, []).append(one)
    rows: list[Row] = []
    for owner, found in by_owner.items():
        found.sort(key=lambda one: one.at)
        allowed = limits.get(owner.venue, Thresholds())
        for start in range(0, len(found), AT_ONCE):
            some = found[start : start + AT_ONCE]
            rows.extend(_rows(connection, some, histories, allowed, made, table))
    return rows


def _rows(  # noqa: PLR0913, PLR0917 - as `rows_of`, of one account
    connection: Connection,
    some: Sequence[Unasked],
    histories: HistoriesOf,
    allowed: Thresholds,
    made: MakeRow,
    table: Table,
) -> Iterable[Row]:
    owner = some[0].owner
    near = _requests(connection, some, allowed, table)
    wanted = {one.order: near[one.order] for one in some if near[one.order]}
    if not wanted:
        return
    orders = histories([*wanted])
    requests = histories(list({request for asked in wanted.values() for request in asked}))
    for order in orders:
        asked = wanted[order]
        told = [RequestHistory(item, requests[item]) for item in asked if item in requests]
        for flag in outside_scope(order_history(order, orders[order]), told, allowed):
            yield made(flag, subject_of(order), owner, order)


def _requests(
    connection: Connection, some: Sequence[Unasked], allowed: Thresholds, table: Table
) -> dict[UUID, list[UUID]]:
    """The requests of the account that left within a moment before each of these was seen.

    Seen is not happened: a list may tell of a cancel later, so the venue's time may be earlier.
    """
    owner, columns = some[0].owner, table.c
    query = (
        select(columns.cancel_id, columns.requested_at)
        .where(
            columns.venue == owner.venue,
            columns.account == owner.account,
            columns.requested_at >= some[0].at - allowed.scope,
            columns.requested_at <= some[-1].at,
        )
        .order_by(columns.requested_at, columns.cancel_id)
    )
    asked = connection.execute(query).all()
    times = [at for _, at in asked]
    found: dict[UUID, list[UUID]] = {}
    for one in some:
        first, end = bisect_left(times, one.at - allowed.scope), bisect_right(times, one.at)
        found.setdefault(one.order, []).extend(UUID(key) for key, _ in asked[first:end])
    return found
