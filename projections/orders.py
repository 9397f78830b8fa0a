"""The projection `orders`: one row per order as it stands."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from sqlalchemy import Connection, Table

from domain.events import OrderPlaced
from domain.flags.history import History
from domain.risk import at_worst
from domain.standing import Standing, standing
from domain.values import NameKind
from projections import bulk
from projections.batch import Batch
from projections.columns import Row
from projections.tables import orders

NAME = "orders"
VERSION = 4
TABLES: tuple[Table, ...] = (orders,)


def row(history: History) -> Row | None:
    """The order's row; None for a stream that was merged into another."""
    order = history.order
    if order.merged_into is not None:
        return None
    stands = standing(order)
    held = stands.buckets
    terms = order.terms
    last = history.events[-1]
    owner = last.owner
    price = terms.price
    return (
        str(history.stream),
        owner.venue,
        owner.account,
        _named(history, NameKind.VENUE),
        _named(history, NameKind.CLIENT),
        terms.user_ref,
        terms.market,
        terms.selection,
        None if terms.side is None else terms.side.value,
        None if price is None else price.value,
        None if price is None else price.format.value,
        terms.currency,
        held.size,
        held.matched,
        held.remaining,
        held.cancelled,
        held.lapsed,
        held.voided,
        stands.status.value,
        stands.cancel_pending,
        stands.replace_pending,
        stands.closed_by,
        stands.certain,
        stands.remaining_min,
        stands.remaining_max,
        terms.placed_at or _placed_at(history),
        max(recorded.observed_at for recorded in history.events),
        last.position,
        stands.is_open,
        *(_CERTAIN if not stands.why else (stands.matched_min, stands.matched_max, _why(stands))),
        history.events[0].observed_at,
        at_worst(order, stands) if stands.why else None,
    )


_CERTAIN = (None, None, None)
"""What most orders tell of their doubts."""


def _why(stands: Standing) -> str:
    return " ".join(stands.why)


def rows(history: History) -> list[Row]:
    """The order's row, in a list; none for a stream that was merged into another."""
    made = row(history)
    return [] if made is None else [made]


def _named(history: History, kind: NameKind) -> str | None:
    for name in history.order.names:
        if name.kind is kind:
            return name.value
    return None


def _placed_at(history: History) -> object:
    if not history.order.placed:
        return None
    return next(
        (entry.at for entry in history.events if isinstance(entry.event, OrderPlaced)), None
    )


def made_of(batch: Batch, history: History) -> Row | None:
    """The order's row, made once for a step."""
    return batch.made(NAME, history.stream, partial(row, history))


def apply(connection: Connection, batch: Batch, histories: Sequence[History]) -> None:
    """Write the rows of the touched orders; `histories` are those that can be folded."""
    stand: list[Row] = []
    gone: list[str] = []
    for history in histories:
        made = made_of(batch, history)
        if made is None:
            gone.append(str(history.stream))
        else:
            stand.append(made)
    bulk.upsert(connection, orders, stand)
    if gone:
        bulk.delete(connection, orders, "order_key", gone)
