from __future__ import annotations

import pytest

from adapters.venues.fourcasters.reasons import known, verdict
from domain.reasons import CancelRejectReason as Reason

DOCUMENTED = {
    "invalid order ID format": Reason.INVALID_ID,
    "order not found": Reason.UNKNOWN_ORDER,
    "unauthorized: order does not belong to user": Reason.NOT_OWNED,
    "order already cancelled": Reason.ALREADY_CANCELLED,
    "order is expired": Reason.EXPIRED,
    "order already graded": Reason.SETTLED,
    "game not found": Reason.MARKET_CLOSED,
    "Failed to process cancelMultiple": Reason.VENUE_ERROR,
    "Failed to process cancelAll": Reason.VENUE_ERROR,
    "Failed to process cancelAllByGame": Reason.VENUE_ERROR,
    "Not your order": Reason.NOT_OWNED,
    "Invalid order id.": Reason.INVALID_ID,
    "Order could not be cancelled": Reason.TOO_LATE,
    "Too many requests. Please try again later.": Reason.RATE_LIMITED,
    "InvalidCredentials": Reason.PERMISSION,
}


@pytest.mark.parametrize(("text", "reason"), DOCUMENTED.items(), ids=list(DOCUMENTED))
def test_every_documented_text_has_its_reason(text: str, reason: Reason) -> None:
    assert verdict(text) == (reason, True)
    assert known(f"  {text.upper()} ") is reason


@pytest.mark.parametrize("text", ["order is on holiday", "", "order", None])
def test_any_other_text_is_unmapped(text: str | None) -> None:
    assert verdict(text) == (Reason.OTHER, False)
