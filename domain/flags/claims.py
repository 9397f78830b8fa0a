"""The venue's word beside each fact, and whether it can be held against what we held then.

A claim speaks of the state after its whole message, so it is held against ours after the last
event of that message. A message that can be seen to be older than what came before it is old
news: it says nothing of the present.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple, get_args

from domain import events as e
from domain.buckets import buckets
from domain.lifecycle import LIVE, Closure, Status
from domain.order import NOTHING_KNOWN, Order
from domain.recorded import Recorded
from domain.standing import status_of
from domain.values import ZERO

CLAIMING: frozenset[type] = frozenset(
    kind for kind in get_args(e.OrderEvent) if "claims" in kind.__dataclass_fields__
)
"""The facts that a venue's claims may stand beside."""

OURS = (
    e.OrderPlaced,
    e.CancelRequested,
    e.CancelNotSent,
    e.CancelOutcomeUnknown,
    e.AmendRequested,
)
"""What this side did: its times are of our clock and prove nothing about the venue's."""


class Word(NamedTuple):
    """What a venue claimed.

    `place` is the index of the event that carries it, `start` and `after` are the first and last
    event of its message; `stale` marks old news.
    """

    place: int
    start: int
    after: int
    recorded: Recorded
    claims: e.Claims
    stale: bool


def agreed(events: Sequence[Recorded], states: Sequence[Order]) -> bool:
    """No claim differs from ours: so it is with most orders, and then no rule need look further.

    Asked of every order that an ingest touches, so it does no more than it must: whether a claim
    is old news does not matter while it agrees.
    """
    last = len(events) - 1
    for index, recorded in enumerate(events):
        claims: e.Claims | None = getattr(recorded.event, "claims", None)
        if claims is None:
            continue
        after = index
        while after < last and same_message(recorded, events[after + 1]):
            after += 1
        if not agreeing(states[after], claims):
            return False
    return True


def words(events: Sequence[Recorded], states: Sequence[Order]) -> tuple[Word, ...]:
    """Every claim of an order's history, in log order."""
    found: list[Word] = []
    clock = _Clock()
    for index, recorded in enumerate(events):
        claims: e.Claims | None = getattr(recorded.event, "claims", None)
        if claims is not None:
            start, after = _message(events, index)
            said_before = found[-1] if found else None
            if said_before is None or (said_before.start, said_before.claims) != (start, claims):
                before = states[start - 1] if start else NOTHING_KNOWN
                order = states[after]
                stale = (
                    clock.older(recorded, events, states, start)
                    or _counted(recorded.event, order, claims, clock.top)
                    or _first_word(recorded, before, clock)
                )
                found.append(Word(index, start, after, recorded, claims, stale))
            clock.hear(claims)
        clock.tick(recorded)
    return tuple(found)


def old_news(events: Sequence[Recorded], index: int) -> bool:
    """By the times told, the event is older than something that came before it."""
    one = events[index]
    return any(
        not isinstance(entry.event, OURS)
        and (
            entry.observed_at > one.observed_at
            or (
                entry.occurred_at is not None
                and one.occurred_at is not None
                and entry.occurred_at > one.occurred_at
            )
        )
        for entry in events[:index]
    )


class _Clock:
    """How far the venue's story has come: its newest times and its highest matched total."""

    def __init__(self) -> None:
        self.occurred: datetime | None = None
        self.observed: datetime | None = None
        self.top: Decimal | None = None

    def tick(self, recorded: Recorded) -> None:
        if isinstance(recorded.event, OURS):
            return
        occurred = recorded.occurred_at
        if occurred is not None and (self.occurred is None or occurred > self.occurred):
            self.occurred = occurred
        if self.observed is None or recorded.observed_at > self.observed:
            self.observed = recorded.observed_at
        if isinstance(recorded.event, e.FillVoided | e.FillCorrected):
            self.top = None  # totals may go down from here

    def hear(self, claims: e.Claims) -> None:
        if claims.matched is not None and (self.top is None or claims.matched > self.top):
            self.top = claims.matched

    def older(
        self,
        recorded: Recorded,
        events: Sequence[Recorded],
        states: Sequence[Order],
        start: int,
    ) -> bool:
        """The message can be seen to be older than what came before it."""
        occurred = recorded.occurred_at
        if occurred is not None and self.occurred is not None and occurred < self.occurred:
            return True
        if self.observed is not None and recorded.observed_at < self.observed:
            return True
        event = recorded.event
        if type(event) is e.DuplicateReported:
            return event.what == "fill"
        if type(event) is not e.Filled or not start or states[start - 1].closure is None:
            return False
        closed_at = next(
            entry.at
            for entry, order in zip(events, states, strict=True)
            if order.closure is not None
        )
        return occurred is None or occurred <= closed_at  # a late report, unless proven later


def _message(events: Sequence[Recorded], index: int) -> tuple[int, int]:
    """The first and last event of the message that told the event at `index`."""
    one = events[index]
    start = after = index
    while start and same_message(one, events[start - 1]):
        start -= 1
    while after + 1 < len(events) and same_message(one, events[after + 1]):
        after += 1
    return start, after


def same_message(one: Recorded, two: Recorded) -> bool:
    """Both were told by one wire message.

    The time counts too: the facts of an order that was merged into another are told again by the
    message that showed that the two are one.
    """
    return (
        one.seq == two.seq
        and one.seq is not None
        and one.capture == two.capture
        and one.observed_at == two.observed_at
    )


def _counted(event: object, order: Order, claims: e.Claims, top: Decimal | None) -> bool:
    """The match was in an earlier report's total already: that report is the newer one."""
    told = claims.matched
    if type(event) is not e.Filled or event.inferred or top is None or told is None:
        return False
    raw = order.real + order.inferred
    return raw <= top and told <= top and (told != raw or raw == top)


def _first_word(recorded: Recorded, before: Order, clock: _Clock) -> bool:
    """A first acknowledgement after a match was said before the match, unless proven otherwise."""
    if not isinstance(recorded.event, e.OrderAccepted | e.OrderPending):
        return False
    if before.closure is not None or not before.real + before.inferred:
        return False
    occurred = recorded.occurred_at
    return occurred is None or clock.occurred is None or occurred <= clock.occurred


def agreeing(order: Order, claims: e.Claims) -> bool:
    """Every figure that was claimed is ours, and they make sense together."""
    raw = order.real + order.inferred
    size = order.size
    if (
        claims.average is not None  # of the matches: weighed by a rule of its own
        or (claims.matched is not None and claims.matched != raw)
        or (claims.size is not None and claims.size != size)
        or (claims.price is not None and claims.price != order.terms.price)
        or size is None
        or raw > size
    ):
        return False
    if order.suspended or order.stopped or order.day_over or order.amends or order.out:
        return _agreeing_buckets(order, claims)
    if order.cancelled_part or order.lapsed_part or order.voided_part:
        return _agreeing_buckets(order, claims)
    if order.closure is Closure.CANCELLED:
        return _agreeing_plain(claims, off=size - raw, status=_CANCELLED if raw < size else _FILLED)
    if order.closure is not None or order.venue_cancel_pending or not (raw or order.accepted):
        return _agreeing_buckets(order, claims)
    status = _FILLED if raw == size else _PARTLY if raw else _NEW
    return _agreeing_plain(claims, rest=size - raw, status=status)


_NEW, _PARTLY = Status.NEW, Status.PARTIALLY_FILLED
_FILLED, _CANCELLED = Status.FILLED, Status.CANCELLED


def _agreeing_plain(
    claims: e.Claims, *, status: Status, rest: Decimal = ZERO, off: Decimal = ZERO
) -> bool:
    """The rest of the figures where no mark and no partial step needs a closer look."""
    return (
        (claims.status is None or claims.status is status)
        and (claims.remaining is None or claims.remaining == rest)
        and (claims.cancelled is None or claims.cancelled == off)
        and not claims.lapsed
        and not claims.voided
    )


def _agreeing_buckets(order: Order, claims: e.Claims) -> bool:
    """The rest of the figures, by the buckets."""
    held = buckets(order)
    return (
        claims.remaining in {None, held.remaining}
        and claims.cancelled in {None, held.cancelled}
        and claims.lapsed in {None, held.lapsed}
        and claims.voided in {None, held.voided}
        and (claims.status is None or claims.status is status_of(order, held))
        and (held.remaining > ZERO or claims.status not in LIVE)
    )
