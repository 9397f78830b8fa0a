"""Orders that went off the book just after a cancel of other orders, unasked and unexplained."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.events import Cancelled
from domain.flags.flag import Flag, Thresholds
from domain.flags.history import At, History, RequestHistory
from domain.order import Try
from domain.requests import CancelAnswered, CancelOpened, CancelUnsent
from domain.values import ZERO

CODE = "CXL-23"
MAY_BE_ASKED = frozenset(
    {
        "",
        "canceled",
        "canceledbyclient",
        "canceledbyuser",
        "cancelled",
        "cancelledbyclient",
        "cancelledbyuser",
        "clientrequest",
        "requested",
        "user",
        "usercanceled",
        "usercancelled",
        "userrequest",
    }
)
"""What a venue calls a cancel that somebody asked for; any other reason explains it otherwise."""

AT_ONCE = frozenset({"FAK", "FOK", "IOC"})
"""Orders whose rest is cancelled as they come."""

_LETTERS = str.maketrans("", "", " _-.")


@dataclass(frozen=True, slots=True)
class _Request:
    """A request of the account that left this side; `others` are how many orders it named."""

    at: datetime
    position: int
    explicit: bool
    others: int


def outside_scope(
    history: History, requests: Sequence[RequestHistory], limits: Thresholds
) -> Iterable[Flag]:
    """CXL-23: an order was cancelled within a moment of a request that named others alone.

    The venue may have taken the request wider than it was. Not where the venue tells another cause,
    the order was not known before the request, was to end by itself, or was ever asked for by a
    cancel of ours, or where a request that names no orders left as well; not where the answer tells
    of the order itself. Only a person clears it.
    """
    if any(attempt.state is not Try.NOT_SENT for attempt in history.order.cancels.values()):
        return
    if any(_answers_for(request, history) for request in requests):
        return
    sent = [found for request in requests if (found := _sent(request)) is not None]
    for cancel in history.of(Cancelled):
        event, entry = cancel.event, cancel.recorded
        if (
            event.cancel_id is not None
            or not event.requested
            or not _unexplained(history, cancel, limits)
        ):
            continue
        known = history.events[0].observed_at
        near = [one for one in sent if known <= one.at and _just_after(one, cancel, limits)]
        if not near or not all(one.explicit for one in near):
            continue
        last = max(near, key=lambda one: (one.at, one.position))
        after = max(timedelta(), entry.by - last.at).total_seconds()
        orders = "1 other order" if last.others == 1 else f"{last.others} other orders"
        yield Flag(
            code=CODE,
            key=("outside", event.report_id or str(cancel.index)),
            opened_at=entry.observed_at,
            witness=tuple(sorted({last.position, cancel.position})),
            note=f"The order was cancelled {after:g} s after a cancel of {orders}, and no cancel "
            "of ours asked for it: the venue may have taken the request wider than it was.",
            theirs=event.raw_reason,
            order=history.stream,
        )
        return


def _sent(request: RequestHistory) -> _Request | None:
    """The request, if it left; None else."""
    opened = next(iter(request.of(CancelOpened)), None)
    if opened is None or request.of(CancelUnsent):
        return None
    event = opened.event
    named = len(event.touched) + len(event.unknown)
    narrow = event.explicit and bool(event.scope) and named > 0
    return _Request(opened.recorded.observed_at, opened.position, narrow, named)


def _answers_for(request: RequestHistory, history: History) -> bool:
    """The request's own answer names the order: what it proves is told of the request."""
    return any(
        outcome.order == history.stream
        for answer in request.of(CancelAnswered)
        for outcome in answer.event.outcomes
    )


def _unexplained(history: History, cancel: At[Cancelled], limits: Thresholds) -> bool:
    """The order was on the book, and nothing but a request explains that it is not any more."""
    said = (cancel.event.raw_reason or "").translate(_LETTERS).casefold()
    before = history.before(cancel.index)
    in_force = before.terms.time_in_force
    return (
        said in MAY_BE_ASKED
        and cancel.index > 0
        and history.held(cancel.index - 1).remaining > ZERO
        and (in_force is None or in_force.upper() not in AT_ONCE)
        and (
            before.terms.expires_at is None
            or abs(cancel.recorded.by - before.terms.expires_at) > limits.expiry
        )
    )


def _just_after(request: _Request, cancel: At[Cancelled], limits: Thresholds) -> bool:
    """By both clocks, and the order was there before the request."""
    entry = cancel.recorded
    if entry.observed_at < request.at:
        return False
    return request.at - limits.clock <= entry.by <= request.at + limits.scope
