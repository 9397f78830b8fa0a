"""What an order's own history says of each cancel that touched it: the partial fill on cancel."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from domain import events as e
from domain.flags.history import Answer, At, History, Link
from domain.lifecycle import Closure
from domain.matching import in_force
from domain.requests import OutcomeKind
from domain.values import ZERO, NameKind


class Match(NamedTuple):
    """A match that stands, with the best time that is known of it, and the latest it can be."""

    at: datetime
    size: Decimal
    by: datetime


def links_of(history: History) -> list[Link]:
    """One link for every cancel request that touched the order, in the order of asking."""
    if not history.kinds & _TOUCHING:
        return []
    ids: dict[UUID, None] = dict.fromkeys(history.requests)
    for cancelled in history.of(e.Cancelled):
        if cancelled.event.cancel_id is not None:
            ids.setdefault(cancelled.event.cancel_id)
    matches = standing_matches(history)
    return [_link(history, cancel_id, matches) for cancel_id in ids]


_TOUCHING = frozenset({e.CancelRequested, e.Cancelled})


def standing_matches(history: History) -> list[Match]:
    """The matches that stand in the end, recorded ones and what is still only inferred."""
    order = history.order
    matches: list[Match] = []
    inferred = order.inferred
    fills = history.of(e.Filled)
    for fill in fills:
        if fill.event.inferred:
            continue
        size, bust = in_force(
            fill.event.fill_id, order.fills[fill.event.fill_id], order.busts, order.corrections
        )
        if bust is not None:
            size -= size if bust.size is None else min(size, bust.size)
        if size:
            matches.append(Match(fill.recorded.at, size, fill.recorded.by))
    for fill in reversed(fills):
        if fill.event.inferred and inferred > ZERO:
            size = min(inferred, fill.event.size)
            inferred -= size
            matches.append(Match(fill.recorded.at, size, fill.recorded.by))
    return matches


_FATES = (e.Cancelled, e.CancelRejected, e.CancelOutcomeUnknown, e.CancelNotSent)


def _answer(history: History, cancel_id: UUID) -> At[Answer] | None:
    """The best that is known of the request's fate: an answer, else that there is none."""
    mine = [item for item in history.answers.get(cancel_id, ()) if isinstance(item.event, _FATES)]
    answers = [item for item in mine if isinstance(item.event, e.Cancelled | e.CancelRejected)]
    known = answers or mine
    return known[-1] if known else None


def _link(history: History, cancel_id: UUID, matches: Iterable[Match]) -> Link:
    asked = history.requests.get(cancel_id)
    answer = _answer(history, cancel_id)
    sent_at = None if asked is None else asked.recorded.observed_at
    before = in_flight = after = ZERO
    settled_at = None
    if answer is not None and isinstance(answer.event, e.Cancelled | e.CancelRejected):
        settled_at = answer.recorded.at
    for match in matches:
        if sent_at is not None and match.by < sent_at:
            before += match.size
        elif settled_at is not None and match.at > settled_at:
            after += match.size
        elif sent_at is None:
            before += match.size
        else:
            in_flight += match.size
    cancelled = answer.event if answer and isinstance(answer.event, e.Cancelled) else None
    rejected = answer.event if answer and isinstance(answer.event, e.CancelRejected) else None
    return Link(
        cancel_id=cancel_id,
        order=history.stream,
        venue_order_id=_venue_id(history),
        asked=None if asked is None else asked.event.asked,
        requested=asked is not None,
        outcome=_outcome(answer),
        reason=None if rejected is None else rejected.reason.value,
        raw_reason=None if rejected is None else rejected.raw_reason,
        cancelled=None if cancelled is None else _taken(history, cancelled),
        matched_before=before,
        matched_in_flight=in_flight,
        matched_after=after,
        took_off_at=None if cancelled is None else settled_at,
        position=history.events[-1].position,
    )


def _outcome(answer: At[Answer] | None) -> str | None:
    match None if answer is None else answer.event:
        case e.Cancelled(requested=True):
            return OutcomeKind.CANCELLED.value
        case e.Cancelled():
            return OutcomeKind.UNREQUESTED.value
        case e.CancelRejected():
            return OutcomeKind.REJECTED.value
        case e.CancelOutcomeUnknown(why="not_mentioned"):
            return OutcomeKind.NOT_MENTIONED.value
        case e.CancelOutcomeUnknown():
            return OutcomeKind.UNKNOWN.value
        case _:
            return None


def _taken(history: History, event: e.Cancelled) -> Decimal:
    """What the cancel took off the book, by the venue's word.

    Without one: what is left of the size once every match that came to light is counted.
    """
    if event.size is not None:
        return event.size
    order = history.order
    if order.closure is not Closure.CANCELLED:
        return ZERO
    held = history.held(len(history.events) - 1)
    return max(ZERO, held.cancelled - order.cancelled_part)


def _venue_id(history: History) -> str | None:
    names = history.order.names
    return next((name.value for name in names if name.kind is NameKind.VENUE), None)
