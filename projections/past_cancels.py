"""The cancel requests of the past, by the time of asking, each with its outcomes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, and_, exists, select, tuple_

from domain import requests as r
from domain.flags.history import order_history
from domain.recorded import Recorded
from projections.batch import FAULTS, ORDER, REQUEST
from projections.cancels import link_rows, request_row
from projections.columns import Row
from projections.past import PastLog, as_now, owned, sizes, there
from projections.queries import Only, Record, cancel_list
from projections.scratch import Scratch, scratch
from projections.setting_aside import why
from projections.tables import cancel_links, cancels, spans

EVERYTHING = Only()
Pages = Iterator[Sequence[Any]]
_SPAN_OF_LINK = and_(
    spans.c.about == ORDER,
    spans.c.venue == cancels.c.venue,
    spans.c.account == cancels.c.account,
    spans.c.stream == cancel_links.c.order_key,
)
_SPAN_OF_REQUEST = and_(
    spans.c.about == REQUEST,
    spans.c.venue == cancels.c.venue,
    spans.c.account == cancels.c.account,
    spans.c.stream == cancels.c.cancel_id,
)


@dataclass(frozen=True, slots=True)
class PastCancels:
    """Cancel requests as they stood. `broken` tells what cannot be folded, and why."""

    connection: Connection
    log: PastLog
    broken: dict[str, str] = field(default_factory=dict[str, str])

    def listed(self, only: Only = EVERYTHING) -> Iterator[Record]:
        """As `queries.cancel_list` would have listed them then.

        One whose answer was seen before its sending stands where it stands now.
        """
        with scratch(cancels, cancel_links) as tables:
            for pages in (self._unasked(only), self._asked(only)):
                for page in pages:
                    self._fill(tables, page)
                    yield from cancel_list(tables.connection)
                    tables.clear()

    def _unasked(self, only: Only) -> Pages:
        """Answers to requests that nobody here sent."""
        key = cancels.c.cancel_id
        last: str | None = None
        for size in sizes():
            query = self._requests(only).where(cancels.c.requested_at.is_(None)).order_by(key)
            query = query if last is None else query.where(key > last)
            page = self.connection.execute(query.limit(size)).all()
            yield page
            if len(page) < size:
                return
            last = page[-1].cancel_id

    def _asked(self, only: Only) -> Pages:
        place = (cancels.c.requested_at, cancels.c.cancel_id)
        last: tuple[object, ...] | None = None
        for size in sizes():
            query = self._requests(only).where(place[0].is_not(None)).order_by(*place)
            query = query if last is None else query.where(tuple_(*place) > tuple_(*last))
            page = self.connection.execute(query.limit(size)).all()
            yield page
            if len(page) < size:
                return
            last = page[-1].requested_at, page[-1].cancel_id

    def _requests(self, only: Only) -> Any:  # noqa: ANN401 - a query of whole rows
        past = self.log.past
        # the spans are looked up request by request: they are far more than a page
        stood = exists().where(_SPAN_OF_REQUEST, as_now(past)).label("span_as_now")
        was_there = exists().where(_SPAN_OF_REQUEST, there(past))
        return select(*cancels.columns, stood).where(was_there, *owned(only, cancels))

    def _fill(self, tables: Scratch, page: Sequence[Any]) -> None:
        """Some requests and what their orders said of them, as both stood."""
        ids = [row.cancel_id for row in page]
        links = self._links(ids)
        moved = {row.cancel_id for row in links if not row.span_as_now}
        again = {row.cancel_id for row in page if not row.span_as_now} | moved
        told = self.log.histories([UUID(key) for key in sorted(again)])
        whole = len(cancels.columns)
        tables.add(cancels, [tuple(row[:whole]) for row in page if row.cancel_id not in again])
        tables.add(cancels, [request_row(stream, events) for stream, events in told.items()])
        standing = [row for row in links if row.span_as_now]
        tables.add(cancel_links, [tuple(row[: len(cancel_links.columns)]) for row in standing])
        orders = {row.order_key for row in links} - {row.order_key for row in standing}
        orders |= named(told) - {row.order_key for row in standing}
        tables.add(cancel_links, self._said(sorted(orders), set(ids)))
        tables.flush()

    def _links(self, ids: Sequence[str]) -> Sequence[Any]:
        """What the orders say of these requests now, and whether they stood so then."""
        stood = exists().where(_SPAN_OF_LINK, as_now(self.log.past)).label("span_as_now")
        query = (
            select(*cancel_links.columns, stood)
            .select_from(
                cancel_links.join(cancels, cancels.c.cancel_id == cancel_links.c.cancel_id)
            )
            .where(cancel_links.c.cancel_id.in_(ids))
        )
        return self.connection.execute(query).all()

    def _said(self, orders: Sequence[str], ids: set[str]) -> list[Row]:
        """What these orders said of these requests then."""
        rows: list[Row] = []
        for stream, events in self.log.histories([UUID(key) for key in orders]).items():
            try:
                history = order_history(stream, events)
                if history.order.merged_into is None:
                    rows.extend(row for row in link_rows(history) if row[0] in ids)
            except FAULTS as error:
                self.broken[str(stream)] = why(error)
        return rows


def named(told: Mapping[UUID, Sequence[Recorded]]) -> set[str]:
    """The orders that requests and answers speak of: one that was merged since is no link now."""
    found: set[UUID | None] = set()
    for events in told.values():
        for entry in events:
            event = entry.event
            if isinstance(event, r.CancelOpened):
                found.update(asked.order for asked in event.asked)
            elif isinstance(event, r.CancelAnswered | r.CancelRefused | r.CancelAnswerStray):
                found.update(outcome.order for outcome in event.outcomes)
    return {str(order) for order in found if order is not None}
