"""What proves something about a cancel: whose answer it is, what is over, which report is newer."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from uuid import UUID

from domain.events import (
    Cancelled,
    CancelRejected,
    Claims,
    DuplicateReported,
    Filled,
    OrderReported,
)
from domain.flags.history import At, History
from domain.lifecycle import LIVE, TERMINAL, Status
from domain.matching import sums
from domain.order import Fill, Order
from domain.reasons import CancelRejectReason
from domain.recorded import Recorded
from domain.values import ZERO

OVER = TERMINAL | {Status.CALCULATED}
"""A venue that reports one of these says that nothing of the order can match any more."""


def quoted(cancel_id: UUID | None) -> str:
    """How a flag's key names the request: its id, or that there is none."""
    return "unsolicited" if cancel_id is None else str(cancel_id)


def in_brackets(words: str | None) -> str:
    """The words in brackets, to stand after others; nothing if there are none."""
    return f" ({words.strip()})" if words and words.strip() else ""


def proof(history: History, cancel_id: UUID | None, *positions: int) -> tuple[int, ...]:
    """These positions and that of the request they are about, in order."""
    request = history.requests.get(cancel_id) if cancel_id is not None else None
    known = positions if request is None else (request.position, *positions)
    return tuple(sorted(set(known)))


def over(history: History, index: int) -> bool:
    """By our books nothing of the order can match after the event at `index`."""
    order = history.states[index]
    if order.closure is not None:
        return True
    if order.size is None:
        return False
    gone = order.real
    for part in (
        order.inferred,
        order.cancelled_part,
        order.lapsed_part,
        order.voided_part,
        order.out,
    ):
        if part:  # most are nothing, and a sum of decimals costs more than a look
            gone += part
    return gone >= order.size


def refusals(
    history: History, reasons: frozenset[CancelRejectReason]
) -> Iterator[At[CancelRejected]]:
    """The first refusal of each request for one of the reasons."""
    told: set[UUID | None] = set()
    for refusal in history.of(CancelRejected):
        name = refusal.event.cancel_id
        if refusal.event.reason in reasons and name not in told:
            told.add(name)
            yield refusal


def seen_after(one: Recorded, two: Recorded) -> bool:
    """We saw `one` after `two`, whatever order the log got them in."""
    return (one.observed_at, one.position) > (two.observed_at, two.position)


def older(report: Recorded, than: Recorded) -> bool:
    """By the venue's own clock the report is old news; false when the venue told no times."""
    if report.occurred_at is None or than.occurred_at is None:
        return False
    return report.occurred_at < than.occurred_at


def proven_later(fill: Recorded, than: Recorded) -> bool:
    """By the venue's clock the match happened after `than`.

    Nothing is proven without the match's own time. When the venue did not time `than`, the moment
    when we saw it is the latest that it can have been; then the match must also have been seen
    later, or a venue clock that runs ahead of ours would prove it.
    """
    if fill.occurred_at is None:
        return False
    if than.occurred_at is not None:
        return fill.occurred_at > than.occurred_at
    return fill.observed_at > than.observed_at and fill.occurred_at > than.observed_at


def in_force(fill: At[Filled], order: Order) -> Decimal:
    """The size of a match with what was taken back or corrected of it."""
    known = {fill.event.fill_id: Fill(fill.event.size, fill.event.price)}
    return sums(known, order.busts, order.corrections)[0]


def left(claims: Claims) -> Decimal | None:
    """What the venue says is still on the book, told outright or by the rest of its figures."""
    if claims.remaining is not None or claims.size is None or claims.matched is None:
        return claims.remaining
    gone = (claims.matched, claims.cancelled, claims.lapsed, claims.voided)
    return claims.size - sum((size for size in gone if size is not None), ZERO)


def says_live(claims: Claims | None) -> bool:
    """The venue says that the order can still match."""
    if claims is None:
        return False
    if claims.status in LIVE:
        return left(claims) != ZERO
    return claims.status is None and claims.remaining is not None and claims.remaining > ZERO


def says_over(claims: Claims | None) -> bool:
    """The venue says that nothing of the order can match any more."""
    if claims is None:
        return False
    return claims.status in OVER or left(claims) == ZERO


def decides(event: object) -> bool:
    """The event is a report of the order's state that says whether it is live."""
    if not isinstance(event, OrderReported | DuplicateReported):
        return False
    return says_live(event.claims) or says_over(event.claims)


OUTCOMES = Cancelled | CancelRejected | DuplicateReported
"""The answers that tell an outcome: cancelled (told again, too) or refused."""
