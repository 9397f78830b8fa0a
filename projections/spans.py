"""The projection `spans`: from when to when each stream stood in which way, by each clock.

It tells which streams stood at a moment of the past as they stand now, which were not there yet,
and which must be folded anew. Times are microseconds since 1970. They may promise too little, so
that a stream is folded for nothing; never too much.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import pairwise
from uuid import UUID

from sqlalchemy import Connection, Table

from domain import events as e
from domain.buckets import buckets
from domain.doubts import bounds
from domain.flags.flag import RULES_VERSION, Thresholds
from domain.flags.history import History
from domain.flags.rules import examine_order
from domain.order import Order
from domain.past import ALWAYS, NAMING, happened, seen_times
from domain.recorded import Recorded
from projections import bulk
from projections.batch import ORDER, Batch, family
from projections.breaks import DEFAULTS, Limits
from projections.columns import Row
from projections.tables import spans

NAME = "spans"
VERSION = RULES_VERSION
TABLES: tuple[Table, ...] = (spans,)

FOREVER = 2**63 - 1
LONG = 60_000_000
"""A minute: whoever waited as long for the next word on an order may well be asked about then."""
NO_MARKET = ""
"""What stands for the market of an order that nobody told; None: several were told."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_TELLING = (e.OrderPlaced, e.OrderAccepted, e.OrderDiscovered, e.OrderReported)
_INERT = frozenset(
    {
        e.Filled,
        e.FillConfirmed,
        e.TotalTold,
        e.Settled,
        e.SettlementRevised,
        e.DuplicateReported,
        e.CancelRequested,
        e.CancelRejected,
        e.Cancelled,
        e.Lapsed,
        e.Expired,
        e.Voided,
        e.TermsDisputed,
        e.UnknownValueSeen,
        *NAMING,
    }
)
"""Facts that put nothing back on the book: without some of them a closed order is closed too."""


def micros(moment: datetime) -> int:
    """Microseconds since 1970."""
    return (moment - _EPOCH) // _MICROSECOND


def moment_of(value: int) -> datetime:
    """The time that `micros` made a number of."""
    return _EPOCH + value * _MICROSECOND


def span_row(
    stream: UUID, events: Sequence[Recorded], limits: Limits, history: History | None = None
) -> Row:
    """The row of one stream; `history` is its fold when it is an order's."""
    seen = [micros(at) for at in seen_times(events)]
    times = [happened(entry) for entry in events]
    true = [micros(at) for at in times if at is not ALWAYS]
    owner = events[0].owner
    open_seen, open_true = (0, 0) if history is None else _open_until(history, seen, times)
    return (
        family(events),
        owner.venue,
        owner.account,
        str(stream),
        _market(events) if history is not None else NO_MARKET,
        min(seen),
        max(seen),
        min(true, default=FOREVER),
        open_seen,
        open_true,
        _merged_at(history, seen),
        _quiet_from(history, seen, limits.get(owner.venue, DEFAULTS)),
        events[0].position,
        events[-1].position,
    )


def _open_until(
    history: History, seen: Sequence[int], times: Sequence[datetime]
) -> tuple[int, int]:
    """From when on the order was certainly off the book for good: by our clock, by the venue's."""
    states = history.states
    closed = len(states)
    while closed and not _is_open(states[closed - 1]):
        closed -= 1
    if closed == len(states):
        return FOREVER, FOREVER
    inert = _INERT.issuperset(type(entry.event) for entry in history.events[closed + 1 :])
    ordered = inert or _rises(seen)
    open_seen = max(seen[: closed + 1]) if ordered else FOREVER
    true = [micros(at) if at is not ALWAYS else 0 for at in times]
    told = [at for at in true if at]
    known = inert or (ordered and _rises(told))
    return open_seen, max(true[: closed + 1]) if known else FOREVER


def _rises(times: Sequence[int]) -> bool:
    return all(one <= two for one, two in pairwise(times))


def _is_open(order: Order) -> bool:
    return bounds(order, buckets(order)).remaining_max > 0


def _market(events: Sequence[Recorded]) -> str | None:
    """The only market that any fact tells; None when there are several."""
    told = {
        entry.event.terms.market
        for entry in events
        if isinstance(entry.event, _TELLING) and entry.event.terms.market is not None
    }
    return next(iter(told), NO_MARKET) if len(told) < 2 else None  # noqa: PLR2004 - one or none


def _merged_at(history: History | None, seen: Sequence[int]) -> int:
    if history is None or history.order.merged_into is None:
        return FOREVER
    return seen[history.of(e.OrderMerged)[0].index]


def _quiet_from(history: History | None, seen: Sequence[int], limits: Thresholds) -> int:
    """From when on, until its last event was seen, no rule had found anything in an order.

    The rules are asked after each event that something was waited for long after; what they find
    shows unless the next event was seen before it would have opened. An order that never rested is
    in flight for so short that asking would cost more than it saves, and other streams are few.
    """
    last = len(seen) - 1
    if history is None or not _rises(seen):
        return max(seen)
    rested = (index for index in range(last) if seen[index + 1] - seen[index] >= LONG)
    first = next(rested, last)
    agreed = first < last and history.agreed
    for index in range(last - 1, first - 1, -1):
        if seen[index] == seen[index + 1]:
            continue
        part = History(history.stream, history.events[: index + 1], history.states[: index + 1])
        if agreed:  # what agreed in the end did so all the time
            part.__dict__["agreed"] = True
        found = examine_order(part, limits)
        if any(micros(flag.opened_at) < seen[index + 1] for flag in found):
            return seen[index + 1]
    return seen[first]


class Spans:
    """Writes the spans of touched streams."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits

    def made_of(self, batch: Batch, history: History) -> Row:
        """The row of an order, made once for a step."""
        make = partial(span_row, history.stream, history.events, self._limits, history)
        return batch.made(NAME, history.stream, make)

    def apply(self, connection: Connection, batch: Batch, histories: Sequence[History]) -> None:
        """Write the rows of the touched streams anew."""
        rows = [self.made_of(batch, history) for history in histories]
        for stream, events in batch.histories.items():
            if family(events) != ORDER:
                rows.append(span_row(stream, events, self._limits))
        bulk.upsert(connection, spans, rows)
