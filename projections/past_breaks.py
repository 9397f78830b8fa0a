"""The breaks of the past: the rules asked of the facts that count, judged at that moment.

Streams that stood as now give their rows; the others are cut and asked anew. What comes of it are
tables of their own, which the questions about breaks are asked of like the live ones.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Table, and_, exists, not_, or_, select, true

from domain.desk_decisions import OVERRIDE
from domain.flags.account_history import UNRESOLVED
from domain.flags.flag import Thresholds
from domain.ids import desk_stream
from domain.past import Axis
from projections import outside, several
from projections.accounts import GAP
from projections.batch import DESK, NOTICE, ORDER, REQUEST, RUN
from projections.breaks import Limits
from projections.past import PastLog, as_now, owned, there
from projections.past_orders import PastOrders
from projections.queries import PAGE, Only
from projections.scratch import Scratch, scratch
from projections.shaping import Shaping
from projections.spans import FOREVER, micros
from projections.tables import breaks, cancel_links, cancels, desk, orders, reconciliations, spans

STREAMS_AT_ONCE = 500
EVERYTHING = Only()
_PROVEN_BY_STREAMS = (ORDER, REQUEST, NOTICE, RUN)
_MADE = (orders, cancel_links, cancels, breaks, desk, reconciliations)


@dataclass(frozen=True, slots=True)
class PastBreaks:
    """Breaks as they stood. `broken` tells the streams that cannot be taken, and why."""

    connection: Connection
    log: PastLog
    limits: Limits
    broken: dict[str, str] = field(default_factory=dict[str, str])

    @contextmanager
    def tables(
        self, only: Only = EVERYTHING, *, closed: bool = False, notes: bool = False
    ) -> Generator[Connection]:
        """The tables `breaks`, `desk` and what goes with them.

        With `closed` also what was over by then, with `notes` also what only annotates.
        """
        some = [] if notes else [breaks.c.kind == "break"]
        if not closed:
            some.append(or_(breaks.c.closed_at.is_(None), breaks.c.closed_at > self.log.past.at))
        with scratch(*_MADE) as made:
            self._fill(made, only, and_(true(), *some))
            yield made.connection

    def _fill(self, made: Scratch, only: Only, wanted: ColumnElement[bool]) -> None:
        shaping = Shaping(made, self.limits, FOREVER)
        counted = self._counted(only)
        for some in self._changed(only, counted):
            for stream, events in self.log.histories(some).items():
                shaping.take(stream, events)
        self._copy(made, only, counted, wanted)
        shaping.left.worked.extend(self._overridden(only))
        made.flush()
        self._find_orders(made)
        self._find_orders_of_gaps(made)
        self._find_requests(made)
        several.find(shaping, made, self.log)
        self._find_orders(made)
        self.broken.update({str(broken.stream): broken.error for broken in shaping.left.broken})

    def _counted(self, only: Only) -> list[str]:
        """Requests whose flags only their orders can tell, where any of these stood otherwise."""
        past = self.log.past
        moved = exists().where(
            cancel_links.c.cancel_id == cancels.c.cancel_id,
            exists()
            .where(_span(cancels, cancel_links.c.order_key, ORDER), not_(as_now(past)))
            .correlate(cancels, cancel_links),
        )
        request = _span(cancels, cancels.c.cancel_id, REQUEST)
        query = select(cancels.c.cancel_id).where(
            cancels.c.needs_links.is_(True),
            *owned(only, cancels),
            exists().where(request, *self._wanted(only)),
            or_(exists().where(request, not_(as_now(past))), moved),
        )
        return sorted(self.connection.execute(query).scalars())

    def _changed(self, only: Only, counted: Sequence[str]) -> Iterator[list[UUID]]:
        """The streams of which something counts and that stand otherwise now, some at a time."""
        query = select(spans.c.stream).where(
            spans.c.about.in_((*_PROVEN_BY_STREAMS, DESK)),
            *self._wanted(only),
            not_(as_now(self.log.past)),
        )
        if self.log.past.axis is Axis.KNOWN:
            query = query.where(spans.c.quiet_from > micros(self.log.past.at))
        paged = self.connection.execution_options(yield_per=STREAMS_AT_ONCE).execute(query)
        apart = set(counted)
        for part in paged.scalars().partitions():
            yield [UUID(key) for key in part if key not in apart]
        for start in range(0, len(counted), STREAMS_AT_ONCE):
            yield [UUID(key) for key in counted[start : start + STREAMS_AT_ONCE]]

    def _copy(
        self, made: Scratch, only: Only, counted: Sequence[str], wanted: ColumnElement[bool]
    ) -> None:
        """The rows of the streams that stood as now, and what flags of accounts are made of."""
        columns = breaks.c
        limited = any(limits.exposure_max is not None for limits in self.limits.values())
        needed = columns.code.in_((*(sorted(UNRESOLVED) if limited else ()), GAP))
        stood = [
            columns.opened_at <= self.log.past.at,
            columns.code != OVERRIDE,
            or_(wanted, needed),
        ]
        known = set(counted)
        for row in self._standing(breaks, columns.subject, _PROVEN_BY_STREAMS, only, *stood):
            if row.subject not in known:
                made.add(breaks, [tuple(row)])
        for some in _parts(counted):
            is_one = cancel_links.c.cancel_id.in_(some)
            for row in self._links(is_one):
                made.add(cancel_links, [tuple(row)])
        for table, about in ((desk, DESK), (reconciliations, RUN)):
            for row in self._standing(table, table.c.stream, (about,), only):
                made.add(table, [tuple(row)])

    def _standing(
        self,
        table: Table,
        key: ColumnElement[Any],
        about: Sequence[str],
        only: Only,
        *tests: ColumnElement[bool],
    ) -> Iterator[Any]:
        """The rows of a table of streams that stood as now; the spans are far more than these."""
        stood = exists().where(
            _span(table, key, *about), as_now(self.log.past), *self._wanted(only)
        )
        query = select(table).where(stood, *owned(only, table), *tests)
        yield from self.connection.execution_options(yield_per=PAGE).execute(query)

    def _links(self, test: ColumnElement[bool]) -> Sequence[Any]:
        """What orders that stood as now say of counted requests."""
        request = cancels.c.cancel_id == cancel_links.c.cancel_id
        span = _span(cancels, cancel_links.c.order_key, ORDER)
        query = (
            select(cancel_links)
            .select_from(cancel_links.join(cancels, request))
            .where(exists().where(span, as_now(self.log.past)), test)
        )
        return self.connection.execute(query).all()

    def _overridden(self, only: Only) -> list[UUID]:
        """The desk's streams about breaks that were closed by force and that stood as now."""
        test = desk.c.overridden.is_(True)
        rows = self._standing(desk, desk.c.stream, (DESK,), only, test)
        return [desk_stream(UUID(row.break_id)) for row in rows]

    def _find_orders(self, made: Scratch) -> None:
        """The orders that breaks are about, where they are not there yet."""
        missing = (
            select(breaks.c.order_key)
            .where(
                breaks.c.order_key.is_not(None),
                breaks.c.order_key.not_in(select(orders.c.order_key)),
            )
            .distinct()
        )
        past_orders = PastOrders(self.connection, self.log, self.broken)
        for some in _parts(sorted(made.connection.execute(missing).scalars())):
            is_one = orders.c.order_key.in_(some)
            stood = self._standing(orders, orders.c.order_key, (ORDER,), EVERYTHING, is_one)
            found = {row.order_key: tuple(row) for row in stood}
            rest = [UUID(key) for key in some if key not in found]
            folded = past_orders.folded(rest).values()
            made.add(orders, [*found.values(), *(tuple(row.values()) for row in folded)])
        made.flush()

    def _find_orders_of_gaps(self, made: Scratch) -> None:
        """For each jump in a feed an order that was on the book then, if there was one."""
        columns = breaks.c
        query = select(columns.venue, columns.account, columns.opened_at).where(
            columns.code == GAP, columns.difference.is_(None)
        )
        past_orders = PastOrders(self.connection, self.log, self.broken)
        for gap in made.connection.execute(query).all():
            rows = past_orders.rows(Only(venue=gap.venue, account=gap.account))
            row = next((row for row in rows if _on_the_book(row, gap.opened_at)), None)
            if row is not None:
                made.add(orders, [tuple(row.values())])
        made.flush()

    def _find_requests(self, made: Scratch) -> None:
        """The requests that left within a moment before an order was cancelled unasked."""
        unasked = outside.stored(made.connection)
        if not unasked:
            return
        span = max((limits.scope for limits in self.limits.values()), default=Thresholds().scope)
        columns = cancels.c
        near = columns.requested_at >= unasked[0].at - max(span, Thresholds().scope)
        until = columns.requested_at <= unasked[-1].at
        query = (
            select(cancels)
            .select_from(cancels.join(spans, _span(cancels, columns.cancel_id, REQUEST)))
            .where(there(self.log.past), near, until)
        )
        for row in self.connection.execution_options(yield_per=PAGE).execute(query):
            made.add(cancels, [tuple(row)])
        made.flush()

    def _wanted(self, only: Only) -> list[ColumnElement[bool]]:
        return [there(self.log.past), *owned(only)]


def _span(table: Table, key: ColumnElement[Any], *about: str) -> ColumnElement[bool]:
    """The span of the stream that a row is about."""
    return and_(
        spans.c.about.in_(about),
        spans.c.venue == table.c.venue,
        spans.c.account == table.c.account,
        spans.c.stream == key,
    )


def _on_the_book(row: dict[str, Any], at: datetime) -> bool:
    placed: datetime | None = row["placed_at"]
    return (placed is None or placed <= at) and (row["is_open"] or row["updated_at"] > at)


def _parts(keys: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(keys), STREAMS_AT_ONCE):
        yield keys[start : start + STREAMS_AT_ONCE]
