"""Why a cancel was refused: one closed set of reasons, and what each says of the order."""

from __future__ import annotations

from collections.abc import Mapping

from domain.values import Choice


class CancelRejectReason(Choice):
    """The closed set of cancel-reject reasons; the venue's own words are kept beside it."""

    TOO_LATE = "TOO_LATE"
    TAKEN_OR_LAPSED = "TAKEN_OR_LAPSED"
    ALREADY_TERMINAL = "ALREADY_TERMINAL"
    ALREADY_CANCELLED = "ALREADY_CANCELLED"
    EXPIRED = "EXPIRED"
    SETTLED = "SETTLED"
    UNKNOWN_ORDER = "UNKNOWN_ORDER"
    NOT_OWNED = "NOT_OWNED"
    INVALID_ID = "INVALID_ID"
    ALREADY_PENDING = "ALREADY_PENDING"
    NOT_CANCELLABLE = "NOT_CANCELLABLE"
    CONFIRMED_BETS = "CONFIRMED_BETS"
    MARKET_CLOSED = "MARKET_CLOSED"
    MARKET_SUSPENDED = "MARKET_SUSPENDED"
    DUPLICATE_REQUEST = "DUPLICATE_REQUEST"
    RATE_LIMITED = "RATE_LIMITED"
    PERMISSION = "PERMISSION"
    BALANCE_LOCK = "BALANCE_LOCK"
    VENUE_ERROR = "VENUE_ERROR"
    OTHER = "OTHER"


SAYS_OVER = frozenset(
    {
        CancelRejectReason.TOO_LATE,
        CancelRejectReason.TAKEN_OR_LAPSED,
        CancelRejectReason.ALREADY_TERMINAL,
        CancelRejectReason.ALREADY_CANCELLED,
        CancelRejectReason.EXPIRED,
        CancelRejectReason.SETTLED,
    }
)
"""The venue says the order is over without saying how: what we hold open may be gone."""

LEAVES_DOUBT = SAYS_OVER | {
    CancelRejectReason.UNKNOWN_ORDER,
    CancelRejectReason.BALANCE_LOCK,
    CancelRejectReason.OTHER,
}
"""After these, an order that we hold open may or may not still be live. Words that nobody has
mapped leave the state unknown until somebody looks (4casters' page, section 4.5)."""

KNOWS_THE_ORDER = SAYS_OVER | {
    CancelRejectReason.ALREADY_PENDING,
    CancelRejectReason.NOT_CANCELLABLE,
    CancelRejectReason.CONFIRMED_BETS,
    CancelRejectReason.BALANCE_LOCK,
}
"""These speak of an order that the venue has: it arrived, whatever became of it since."""

FIX_102: Mapping[int, CancelRejectReason] = {
    0: CancelRejectReason.TOO_LATE,
    1: CancelRejectReason.UNKNOWN_ORDER,
    2: CancelRejectReason.NOT_CANCELLABLE,
    3: CancelRejectReason.ALREADY_PENDING,
    4: CancelRejectReason.VENUE_ERROR,
    5: CancelRejectReason.NOT_CANCELLABLE,
    6: CancelRejectReason.DUPLICATE_REQUEST,
    7: CancelRejectReason.NOT_CANCELLABLE,
    8: CancelRejectReason.NOT_CANCELLABLE,
    18: CancelRejectReason.NOT_CANCELLABLE,
    99: CancelRejectReason.OTHER,
}
"""FIX tag 102 (CxlRejReason) in our words."""
