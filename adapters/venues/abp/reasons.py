"""Why ABP refuses a cancel: its one shared reason in our closed set."""

from __future__ import annotations

from collections.abc import Mapping

from domain.reasons import CancelRejectReason

REASONS: Mapping[str, CancelRejectReason] = {
    "order not cancellable": CancelRejectReason.NOT_CANCELLABLE,
    "orders with confirmed bets cannot be fully cancelled": CancelRejectReason.CONFIRMED_BETS,
}
"""Every documented text, compared without case and outer blanks. Refusals of a whole request
(401, 403, 404, 422, 429) go by their HTTP status: `adapters.venues.outcomes`."""


def reason_of(raw: str | None, *, holds_confirmed_bets: bool) -> tuple[CancelRejectReason, bool]:
    """The reason for one order, and whether the venue's words were in the table.

    The venue gives one text for all orders that it did not cancel. For an order that is not over
    and holds confirmed bets, the documents say why: it cannot be cancelled whole.
    """
    reason = REASONS.get(raw.strip().rstrip(".").lower()) if raw is not None else None
    if reason is None:
        return CancelRejectReason.OTHER, False
    if reason is CancelRejectReason.NOT_CANCELLABLE and holds_confirmed_bets:
        return CancelRejectReason.CONFIRMED_BETS, True
    return reason, True
