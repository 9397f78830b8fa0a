"""Cancels asked for again: while one is under way, after the end of the order, in a loop."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from uuid import UUID

from domain.events import Cancelled, CancelPending, CancelRejected, CancelRequested
from domain.flags.cancel_evidence import over, proof, quoted
from domain.flags.claims_spans import places
from domain.flags.flag import Flag, Thresholds, closing
from domain.flags.history import Answer, At, History
from domain.flags.rule import OrderRule
from domain.order import Try
from domain.reasons import CancelRejectReason
from domain.recorded import Recorded

SETTLED = frozenset({Try.DONE, Try.REJECTED, Try.NOT_SENT})
"""Nothing is open any more about a cancel or an amendment of ours that has come this far."""


def cancel_already_pending(history: History, _limits: Thresholds) -> Iterable[Flag]:
    """CXL-09: we asked again while a cancel of the order was unresolved.

    Told by our own second request, or by the venue's refusal of it. Cleared when the first one is
    resolved, or by the end of the order. FIX D.2.d.
    """
    told: set[str] = set()
    for cancel_id, index, entries in _second_asks(history):
        name = quoted(cancel_id)
        if name in told:
            continue
        told.add(name)
        first, entry = _unresolved(history, index, cancel_id), entries[-1]
        clear = _resolved(history, index, first)
        yield Flag(
            code="CXL-09",
            key=(name,),
            opened_at=entry.observed_at,
            closed_at=closing(entry.observed_at, clear),
            witness=proof(history, first, *(item.position for item in entries)),
            note="The order was asked for again while a cancel of it had no outcome yet.",
        )


_Second = tuple[UUID | None, int, tuple[Recorded, ...]]
"""A request that came second, where it stands, and the events that show it."""


def _second_asks(history: History) -> Iterator[_Second]:
    for request in history.requests.values():
        at, second = request.index, request.event.cancel_id
        if at and not over(history, at - 1) and _unresolved(history, at, second) is not None:
            yield second, at, (request.recorded,)
    for refusal in history.of(CancelRejected):
        if refusal.event.reason is CancelRejectReason.ALREADY_PENDING:
            own = refusal.event.cancel_id
            asked = None if own is None else history.requests.get(own)
            shown = (refusal.recorded,) if asked is None else (asked.recorded, refusal.recorded)
            yield own, refusal.index, shown


def _unresolved(history: History, index: int, other: UUID | None) -> UUID | None:
    """The first cancel, not `other`, of which nobody knew the outcome before this event."""
    for cancel_id, attempt in history.before(index).cancels.items():
        if cancel_id != other and attempt.state not in SETTLED:
            return cancel_id
    return None


def _resolved(history: History, index: int, first: UUID | None) -> Recorded | None:
    """What resolved the first request: any outcome of it, or the end of the order."""
    for later in range(index, len(history.events)):
        attempt = None if first is None else history.states[later].cancels[first]
        if over(history, later) or (attempt is not None and attempt.state in SETTLED):
            return history.events[later]
    return None


def cancel_on_terminal(history: History, _limits: Thresholds) -> Iterable[Flag]:
    """CXL-26: we asked to cancel an order that our own log showed to be over.

    A note that counts a defect of the client; nothing clears it.
    """
    for request in history.requests.values():
        index, asked = request.index, request.recorded
        order = history.before(index)
        if not index or not over(history, index - 1) or (not order.size and not order.closure):
            continue  # an order of nothing is not over: it never began
        ended = next(place for place in range(index) if over(history, place))
        entry = history.events[ended]
        if entry.observed_at <= asked.observed_at:
            yield Flag(
                code="CXL-26",
                key=(str(request.event.cancel_id),),
                opened_at=asked.observed_at,
                witness=places(entry, asked),
                note="We asked to cancel an order that was over already.",
                ours=_ended_by(history, index - 1),
            )


def _ended_by(history: History, index: int) -> str:
    closure = history.states[index].closure
    return "FILLED" if closure is None else closure.value


def cancel_storm(history: History, limits: Thresholds) -> Iterable[Flag]:
    """CXL-27: the order was asked for over and over, and the answer was the same or none.

    Cleared when the loop ends: by another answer, or when no further request comes within the
    time that such requests are counted in. flumine #455; NT #299.
    """
    sent = [request for request in history.requests.values() if not _unsent(history, request)]
    sent.sort(key=lambda request: (request.recorded.observed_at, request.position))
    start = 0
    while len(sent) - start >= limits.storm_min:
        storm = _run(history, sent[start:], limits)
        if len(storm) < limits.storm_min:
            start += 1
            continue
        start += len(storm)
        opened_at = storm[limits.storm_min - 1].recorded.observed_at
        last = storm[-1].recorded
        yield Flag(
            code="CXL-27",
            key=(str(storm[0].event.cancel_id),),
            opened_at=opened_at,
            closed_at=max(opened_at, _calm(history, storm, limits)),
            witness=places(storm[0].recorded, last),
            note=f"{len(storm)} cancels of the order were sent within "
            f"{(last.observed_at - storm[0].recorded.observed_at).total_seconds():g} s, "
            "to no other answer.",
            difference=str(len(storm)),
        )


_Request = At[CancelRequested]


def _unsent(history: History, request: _Request) -> bool:
    return history.order.cancels[request.event.cancel_id].state is Try.NOT_SENT


def _run(history: History, sent: Sequence[_Request], limits: Thresholds) -> Sequence[_Request]:
    """The requests from the first on that make one loop, as far as it goes.

    Each of them lies within the time of the one so many requests before it, and nothing but one
    and the same answer was heard between the first and the last.
    """
    step = limits.storm_min - 1
    length = 0
    for number, request in enumerate(sent):
        near = sent[max(0, number - step)].recorded.observed_at
        if request.recorded.observed_at - near > limits.storm:
            break
        if len(_heard(history, sent[: number + 1], request.recorded.observed_at)) > 1:
            break
        length = number + 1
    return sent[:length]


def _heard(history: History, sent: Sequence[_Request], until: datetime) -> set[str]:
    """The different answers to these requests that were seen by then."""
    return {
        _kind(answer)
        for request in sent
        for answer in history.answers.get(request.event.cancel_id, ())
        if answer.recorded.observed_at <= until
    } - {_WAITS}


_TAKEN, _WAITS = Cancelled.__name__, CancelPending.__name__


def _kind(answer: At[Answer]) -> str:
    event = answer.event
    return event.reason if isinstance(event, CancelRejected) else type(event).__name__


def _calm(history: History, storm: Sequence[_Request], limits: Thresholds) -> datetime:
    """When the loop had ended: another answer was heard, or no further request in time."""
    last = storm[-1].recorded.observed_at
    heard = _heard(history, storm, last)
    others = (
        answer.recorded.observed_at
        for request in storm
        for answer in history.answers.get(request.event.cancel_id, ())
        if answer.recorded.observed_at > last
        and (_kind(answer) == _TAKEN or (heard and _kind(answer) not in heard | {_WAITS}))
    )
    return min((last + limits.storm, *others))


_ASKED = frozenset({CancelRequested})

RULES = (
    OrderRule(
        "CXL-09", frozenset({CancelRequested, CancelRejected}), cancel_already_pending, since=2
    ),
    OrderRule("CXL-26", _ASKED, cancel_on_terminal, since=2),
    OrderRule("CXL-27", _ASKED, cancel_storm, since=2),
)
"""The rules about cancels that were asked for again."""
