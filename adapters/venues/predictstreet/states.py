"""The venue's order states in our words: what each says happened, and what it claims.

A total table of the nine documented states. `remainingQty` of an order that is over is the part
that never matched, not a part that is live: it is claimed under the bucket that took it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from domain.events import (
    Cancelled,
    Claims,
    Expired,
    Initiator,
    Lapsed,
    OrderEvent,
    OrderRejected,
    OrderReported,
    UnknownValueSeen,
    Voided,
)
from domain.lifecycle import Status
from domain.messages import MatchedTotal, Said
from domain.values import ZERO, Price


class State(StrEnum):
    """The documented order states."""

    PENDING = "PENDING"
    OPEN = "OPEN"
    PARTIAL = "PARTIAL"
    FILLED = "FILLED"
    CANCELLED = "CANCELLED"
    CANCELLED_BY_RESOLVE = "CANCELLED_BY_RESOLVE"
    EXPIRED = "EXPIRED"
    REJECTED = "REJECTED"
    SETTLEMENT_FAILED = "SETTLEMENT_FAILED"


LIVE = frozenset({State.PENDING, State.OPEN, State.PARTIAL})


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """The numbers that stand beside a state; None is not told."""

    word: str
    size: Decimal | None = None
    filled: Decimal | None = None
    rest: Decimal | None = None
    price: Price | None = None
    why: str | None = None
    records: bool = False


def state_of(word: str | None) -> State | None:
    """The documented state that this word is, if it is one."""
    if word is None:
        return None
    try:
        return State(word.strip().upper())
    except ValueError:
        return None


def told(figures: Figures) -> tuple[Said, ...]:
    """What a row in this state tells: the running total first, then how the order stands."""
    state = state_of(figures.word)
    total: tuple[Said, ...] = ()
    if figures.filled is not None and state is not State.SETTLEMENT_FAILED:
        total = (MatchedTotal(total=figures.filled),)
    if state is None:
        unknown = UnknownValueSeen(field="status", value=figures.word)
        return (*total, OrderReported(claims=_claims(figures, None)), unknown)
    return (*total, TELLS[state](figures))


def _claims(figures: Figures, status: Status | None) -> Claims:
    return Claims(
        status=status,
        raw_status=figures.word,
        size=figures.size,
        matched=figures.filled,
        remaining=figures.rest,
        price=figures.price,
        records=figures.records,
    )


def _over(
    figures: Figures,
    status: Status,
    *,
    cancelled: Decimal | None = None,
    lapsed: Decimal | None = None,
) -> Claims:
    """Claims of an order off the book: nothing of it is live, whatever `remainingQty` prints."""
    return Claims(
        status=status,
        raw_status=figures.word,
        size=figures.size,
        matched=figures.filled,
        remaining=None if cancelled is None and lapsed is None else ZERO,
        cancelled=cancelled,
        lapsed=lapsed,
        price=figures.price,
        records=figures.records,
    )


def _unmatched(figures: Figures) -> Decimal | None:
    """The part taken off the book.

    0 is not believed: an order that is over may print what still rests, which is nothing.
    """
    return figures.rest or None


def _live(figures: Figures) -> OrderEvent:
    """PARTIAL is shown as OPEN by `open`: what matched says which of the two it is."""
    partly = state_of(figures.word) is State.PARTIAL or bool(figures.filled)
    status = Status.PARTIALLY_FILLED if partly else Status.NEW
    return OrderReported(claims=_claims(figures, status))


def _filled(figures: Figures) -> OrderEvent:
    return OrderReported(claims=_claims(figures, Status.FILLED))


def _cancelled(figures: Figures) -> OrderEvent:
    rest = _unmatched(figures)
    return Cancelled(
        initiator=Initiator.VENUE,
        size=rest,
        matched=figures.filled,
        raw_reason=figures.why,
        claims=_over(figures, Status.CANCELLED, cancelled=rest),
    )


def _resolved(figures: Figures) -> OrderEvent:
    """The market was resolved and its book purged: a market event, not anybody's cancel."""
    return Lapsed(
        raw_reason=figures.why or figures.word,
        claims=_over(figures, Status.EXPIRED, lapsed=_unmatched(figures)),
    )


def _expired(figures: Figures) -> OrderEvent:
    claims = _over(figures, Status.EXPIRED, lapsed=_unmatched(figures))
    return Expired(raw_reason=figures.why, claims=claims)


def _rejected(figures: Figures) -> OrderEvent:
    return OrderRejected(raw_reason=figures.why, claims=_over(figures, Status.REJECTED))


def _unsettled(figures: Figures) -> OrderEvent:
    """Every match was reverted on chain, so by the venue's own word nothing is matched.

    Which matches those were, only the trade list says.
    """
    claims = Claims(
        status=Status.CANCELLED,
        raw_status=figures.word,
        size=figures.size,
        matched=ZERO,
        price=figures.price,
    )
    return Voided(raw_reason=figures.why or figures.word, claims=claims)


TELLS: Mapping[State, Callable[[Figures], OrderEvent]] = {
    State.PENDING: _live,
    State.OPEN: _live,
    State.PARTIAL: _live,
    State.FILLED: _filled,
    State.CANCELLED: _cancelled,
    State.CANCELLED_BY_RESOLVE: _resolved,
    State.EXPIRED: _expired,
    State.REJECTED: _rejected,
    State.SETTLEMENT_FAILED: _unsettled,
}
"""What each documented state tells."""
