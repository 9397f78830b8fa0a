"""Cancels of many orders: counts that disagree, orders nobody asked for, scopes too wide."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from domain.flags.flag import Flag, Thresholds
from domain.flags.history import At, RequestHistory
from domain.flags.rule import RequestRule
from domain.requests import (
    CancelAnswered,
    CancelOpened,
    CancelUnsent,
    Outcome,
    OutcomeKind,
    Scope,
    ScopeKind,
)

_SPOKEN = frozenset({OutcomeKind.CANCELLED, OutcomeKind.REJECTED, OutcomeKind.UNREQUESTED})
"""Outcomes that an answer tells; the others say that it told nothing of an order."""


def cancelled_count_mismatch(history: RequestHistory, limits: Thresholds) -> Iterable[Flag]:
    """CXL-20: the answer's count of cancelled orders is not the number that were cancelled.

    Held against the orders that the answer lists; when it lists none, against the orders of the
    request that are known to be cancelled when the time for their reports is up. Cleared when the
    reports that come later reach the count. FIX TotalAffectedOrders (533).
    """
    for answer in history.of(CancelAnswered):
        count, outcomes = answer.event.count, answer.event.outcomes
        if count is None:
            continue
        opened, number = answer.recorded.observed_at, sum(map(_cancelled, outcomes))
        unknown = sum(_cancelled(outcome) and outcome.order is None for outcome in outcomes)
        times = _times(history, opened)
        if not any(outcome.outcome in _SPOKEN for outcome in outcomes):
            opened += limits.bulk
            number = sum(time <= opened for time in times)
        if number == count:
            continue
        late = count - unknown
        closed = None
        if number < count and len(times) >= late:
            closed = max(opened, times[late - 1])
        yield Flag(
            code="CXL-20",
            key=("request",),
            opened_at=opened,
            closed_at=closed,
            witness=_witness(history, answer.position),
            note=f"The answer counts {count} cancelled and {number} are known to be.",
            ours=str(number),
            theirs=str(count),
            difference=str(count - number),
        )
        return


def _cancelled(outcome: Outcome) -> bool:
    return outcome.took_off or outcome.outcome is OutcomeKind.CANCELLED


def _times(history: RequestHistory, answered: datetime) -> list[datetime]:
    """When each order of the request was known to be cancelled by it, in order."""
    return sorted(
        link.took_off_at or answered
        for link in history.links
        if link.outcome == OutcomeKind.CANCELLED
    )


def _witness(history: RequestHistory, *positions: int) -> tuple[int, ...]:
    opened = (request.position for request in history.of(CancelOpened))
    return tuple(sorted({*opened, *positions}))


def unexpected_in_bulk_reply(history: RequestHistory, _limits: Thresholds) -> Iterable[Flag]:
    """CXL-22: the answer tells of an order that the request did not ask for.

    One for each order. Nothing that the venue says later clears it.
    """
    told: set[str] = set()
    for answer, outcome in _unrequested(history):
        name = _name(outcome)
        if name in told:
            continue
        told.add(name)
        did = "cancelled" if outcome.took_off else "tells of"
        yield Flag(
            code="CXL-22",
            key=(name,),
            opened_at=answer.recorded.observed_at,
            witness=_witness(history, answer.position),
            note=f"The answer {did} {name}, which the request did not ask for.",
            theirs=name,
            order=outcome.order,
        )


def _unrequested(history: RequestHistory) -> list[tuple[At[CancelAnswered], Outcome]]:
    return [
        (answer, outcome)
        for answer in history.of(CancelAnswered)
        for outcome in answer.event.outcomes
        if outcome.outcome is OutcomeKind.UNREQUESTED
    ]


def _name(outcome: Outcome) -> str:
    return outcome.venue_order_id or outcome.asked or str(outcome.order or "")


def cancel_scope_blowout(history: RequestHistory, _limits: Thresholds) -> Iterable[Flag]:
    """CXL-23: a cancel of named orders went out without a name, or took orders outside its scope.

    A list that is empty, or a market or reference that is missing, may be read as "everything".
    Only a person clears it. Betfair cancelOrders without instructions.
    """
    requests = history.of(CancelOpened)
    if not requests:
        return
    request = requests[0]
    positions: list[int] = []
    words: list[str] = []
    opened = request.recorded.observed_at
    if _empty(request.event.scope) and not history.of(CancelUnsent):
        words.append("The request names nothing that it is limited to")
    taken = [pair for pair in _unrequested(history) if pair[1].took_off]
    if taken and request.event.explicit:
        names = dict.fromkeys(_name(outcome) for _answer, outcome in taken)
        positions = [answer.position for answer, _outcome in taken]
        if not words:
            opened = taken[0][0].recorded.observed_at
        words.append(f"The answer cancelled {', '.join(names)} outside what was asked for")
    if words:
        yield Flag(
            code="CXL-23",
            key=("request",),
            opened_at=opened,
            witness=_witness(history, *positions),
            note="; ".join(words) + ".",
        )


def _empty(scopes: Sequence[Scope]) -> bool:
    """Something narrower than everything was meant, and nothing says what."""
    if any(scope.kind is ScopeKind.ALL for scope in scopes):
        return False
    return not scopes or any(not any(value.strip() for value in scope.values) for scope in scopes)


RULES = (
    RequestRule("CXL-20", cancelled_count_mismatch),
    RequestRule("CXL-22", unexpected_in_bulk_reply),
    RequestRule("CXL-23", cancel_scope_blowout),
)
"""The rules about cancels of many orders."""
