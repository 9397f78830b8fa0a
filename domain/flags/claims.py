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
from domain.lifecycle import LIVE, Status
from domain.order import Order
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
    event of its message; `stale` marks old news, `agrees` that nothing differs.
    """

    place: int
    start: int
    after: int
    recorded: Recorded
    claims: e.Claims
    stale: bool
    agrees: bool


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
                before = states[start - 1] if start else _NOTHING
                order = states[after]
                stale = (
                    clock.older(recorded, events, states, start)
                    or _counted(recorded.event, order, claims, clock.top)
                    or _first_word(recorded, before, clock)
                )
                agrees = agreeing(order, claims)
                found.append(Word(index, start, after, recorded, claims, stale, agrees))
            clock.hear(claims)
        clock.tick(recorded)
    return tuple(found)


_NOTHING = Order()


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
    while start and _together(one, events[start - 1]):
        start -= 1
    while after + 1 < len(events) and _together(one, events[after + 1]):
        after += 1
    return start, after


def _together(one: Recorded, two: Recorded) -> bool:
    """One wire line told both. Facts told again after a merge keep the time they were seen at."""
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
        (claims.matched is not None and claims.matched != raw)
        or (claims.size is not None and claims.size != size)
        or (claims.price is not None and claims.price != order.terms.price)
        or size is None
        or raw > size
    ):
        return False
    if order.closure is None and not (order.cancelled_part or order.lapsed_part or order.out):
        return _agreeing_live(order, claims, raw, size)
    held = buckets(order)
    return (
        claims.remaining in {None, held.remaining}
        and claims.cancelled in {None, held.cancelled}
        and claims.lapsed in {None, held.lapsed}
        and claims.voided in {None, held.voided}
        and (claims.status is None or claims.status is status_of(order, held))
        and (held.remaining > ZERO or claims.status not in LIVE)
    )


def _agreeing_live(order: Order, claims: e.Claims, raw: Decimal, size: Decimal) -> bool:
    """As `agreeing`, for the plain case: on the book or filled, nothing taken off."""
    rest = size - raw - order.voided_part
    if claims.remaining is not None and claims.remaining != rest:
        return False
    if claims.cancelled or claims.lapsed or (claims.voided or ZERO) != order.voided_part:
        return False
    if claims.status is None:
        return True
    marked = order.suspended or order.stopped or order.day_over or order.venue_cancel_pending
    if marked or order.amends or not raw:
        return rest > ZERO and claims.status is status_of(order, buckets(order))
    return claims.status is (Status.PARTIALLY_FILLED if rest else Status.FILLED)
