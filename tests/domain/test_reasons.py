"""Why cancels are refused: the closed set, FIX's numbers, and what each says of the order."""

from __future__ import annotations

from domain.reasons import FIX_102, LEAVES_DOUBT, SAYS_OVER, CancelRejectReason

REASONS = """
    TOO_LATE           over
    TAKEN_OR_LAPSED    over
    ALREADY_TERMINAL   over
    ALREADY_CANCELLED  over
    EXPIRED            over
    SETTLED            over
    UNKNOWN_ORDER      doubtful
    NOT_OWNED          unchanged
    INVALID_ID         unchanged
    ALREADY_PENDING    unchanged
    NOT_CANCELLABLE    unchanged
    CONFIRMED_BETS     unchanged
    MARKET_CLOSED      unchanged
    MARKET_SUSPENDED   unchanged
    DUPLICATE_REQUEST  unchanged
    RATE_LIMITED       unchanged
    PERMISSION         unchanged
    BALANCE_LOCK       doubtful
    VENUE_ERROR        unchanged
    OTHER              doubtful
"""
TAG_102 = """
    0   TOO_LATE           Too late to cancel
    1   UNKNOWN_ORDER      Unknown order
    2   NOT_CANCELLABLE    Broker / exchange option
    3   ALREADY_PENDING    Order already in Pending Cancel or Pending Replace status
    4   VENUE_ERROR        Unable to process Order Mass Cancel Request
    5   NOT_CANCELLABLE    OrigOrdModTime did not match last TransactTime of order
    6   DUPLICATE_REQUEST  Duplicate ClOrdID received
    7   NOT_CANCELLABLE    Price exceeds current price
    8   NOT_CANCELLABLE    Price exceeds current price band
    18  NOT_CANCELLABLE    Invalid price increment
    99  OTHER              Other
"""


def test_the_closed_set_and_what_each_reason_says_of_the_order() -> None:
    said = {
        reason.value: "over"
        if reason in SAYS_OVER
        else "doubtful"
        if reason in LEAVES_DOUBT
        else "unchanged"
        for reason in CancelRejectReason
    }
    rows = REASONS.strip().splitlines()
    assert said == {row.split()[0]: row.split()[1] for row in rows}


def test_every_number_of_tag_102_has_a_reason() -> None:
    table = {
        int(number): CancelRejectReason(reason)
        for number, reason, *_ in map(str.split, TAG_102.strip().splitlines())
    }
    assert table == FIX_102


def test_a_reason_that_says_over_leaves_doubt() -> None:
    assert SAYS_OVER < LEAVES_DOUBT
