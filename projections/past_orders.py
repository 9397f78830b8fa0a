"""The orders of the past, in the order of their list, a part at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, or_, select, tuple_

from domain.flags.history import order_history
from projections import orders as shaped
from projections.batch import FAULTS, ORDER
from projections.past import PastLog, as_now, keyed, maybe_open, owned, sizes, there
from projections.queries import ORDER_FIELDS, Only, Record
from projections.setting_aside import why
from projections.tables import orders, spans
from projections.uncertain import told

EVERYTHING = Only()
_KEYS = ("venue", "account", "stream")
_PLACE = (spans.c.about, *(spans.c[name] for name in _KEYS))


@dataclass(frozen=True, slots=True)
class PastOrders:
    """Orders as they stood. `broken` tells those that cannot be folded, and why."""

    connection: Connection
    log: PastLog
    broken: dict[str, str] = field(default_factory=dict[str, str])

    def listed(self, only: Only = EVERYTHING, *, open_only: bool = False) -> Iterator[Record]:
        """As `queries.order_list` would have listed them then."""
        for row in self.rows(only, open_only=open_only):
            yield {name: row[name] for name in ORDER_FIELDS}

    def uncertain(self, only: Only = EVERYTHING) -> Iterator[Record]:
        """As `uncertain.uncertain_orders` would have."""
        for row in self.rows(only):
            if row["why"] is not None:
                yield told(row)

    def rows(self, only: Only = EVERYTHING, *, open_only: bool = False) -> Iterator[dict[str, Any]]:
        """The rows of the table `orders`, by venue, account and key."""
        place: Any = None
        for size in sizes():
            found = self._part(only, size, place, open_only=open_only)
            yield from self._made(found, only, open_only=open_only)
            if len(found) < size:
                return
            place = found[-1]

    def _part(
        self,
        only: Only,
        size: int,
        place: Any,  # noqa: ANN401 - a row of the query
        *,
        open_only: bool,
    ) -> Sequence[Any]:
        """Orders that may have been there, with the row that each has now, if it has one."""
        past = self.log.past
        keys = [spans.c[name].label(f"span_{name}") for name in _KEYS]
        page = (
            select(*keys, as_now(past).label("span_as_now"))
            .where(spans.c.about == ORDER, there(past), *owned(only))
            .order_by(*_PLACE)
            .limit(size)
        )
        if only.market is not None:
            page = page.where(or_(spans.c.market == only.market, spans.c.market.is_(None)))
        if open_only:
            page = page.where(maybe_open(past))
        if place is not None:
            # what is the same for all is said apart: SQLite then goes straight to the place
            fixed = {"venue": only.venue, "account": only.account, "stream": None}
            names = [name for name in _KEYS if fixed[name] is None]
            after = (getattr(place, f"span_{name}") for name in names)
            page = page.where(tuple_(*(spans.c[name] for name in names)) > tuple_(*after))
        part = page.subquery("part")  # rows are looked up for these alone, whatever is planned
        query = (
            select(*orders.columns, *part.columns)
            .select_from(part.outerjoin(orders, orders.c.order_key == part.c.span_stream))
            .order_by(*(part.c[f"span_{name}"] for name in _KEYS))
        )
        return self.connection.execute(query).all()

    def _made(
        self, found: Sequence[Any], only: Only, *, open_only: bool
    ) -> Iterator[dict[str, Any]]:
        """The rows of those that were there, and that are wanted as they stood."""
        folded = self.folded([UUID(row.span_stream) for row in found if not row.span_as_now])
        for row in found:
            record = folded.get(row.span_stream)
            if row.span_as_now:
                record = keyed(orders, row[: len(orders.columns)])
            if record is None or record["order_key"] is None:
                continue
            if only.market is not None and record["market"] != only.market:
                continue
            if record["is_open"] or not open_only:
                yield record

    def folded(self, streams: Sequence[UUID]) -> dict[str, dict[str, Any]]:
        """The rows of these orders, from the facts that count; one that was merged has none."""
        made: dict[str, dict[str, Any]] = {}
        for stream, events in self.log.histories(streams).items():
            try:
                row = shaped.row(order_history(stream, events))
            except FAULTS as error:
                self.broken[str(stream)] = why(error)
                continue
            if row is not None:
                made[str(stream)] = keyed(orders, row)
        return made
