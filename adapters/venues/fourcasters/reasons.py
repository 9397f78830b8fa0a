"""Why 4casters did not cancel: every documented text, in our closed set of reasons.

The socket has no code field: the reason is the text of `description` or of the envelope's
`error`. An unknown text says that the order's state is unknown: `OTHER`, unmapped.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from domain.reasons import CancelRejectReason as Reason


class Verdict(NamedTuple):
    """A reason, and whether the venue's words were in the table."""

    reason: Reason
    mapped: bool


BY_TEXT: Mapping[str, Reason] = {
    # Orders WebSocket: envelope `error`, and per order in `data[].description`.
    "invalid order id format": Reason.INVALID_ID,
    "order not found": Reason.UNKNOWN_ORDER,
    "unauthorized: order does not belong to user": Reason.NOT_OWNED,
    "order already cancelled": Reason.ALREADY_CANCELLED,
    "order is expired": Reason.EXPIRED,
    "order already graded": Reason.SETTLED,
    # "The referenced game is not in the cache": no book to cancel on, for all the venue knows.
    "game not found": Reason.MARKET_CLOSED,
    "failed to process cancelmultiple": Reason.VENUE_ERROR,
    "failed to process cancelall": Reason.VENUE_ERROR,
    "failed to process cancelallbygame": Reason.VENUE_ERROR,
    # REST: `reason` per order, and the error texts of the cancel pages.
    "invalid order id": Reason.INVALID_ID,
    "not your order": Reason.NOT_OWNED,
    "order could not be cancelled": Reason.TOO_LATE,
    # Every REST surface.
    "invalidcredentials": Reason.PERMISSION,
    "too many requests. please try again later": Reason.RATE_LIMITED,
}

BY_STATUS: Mapping[int, Reason] = {
    400: Reason.INVALID_ID,
    403: Reason.NOT_OWNED,
    404: Reason.UNKNOWN_ORDER,
    409: Reason.TOO_LATE,  # "could not be cancelled (e.g. already fully filled)"
}
"""What a status says of the one order of `POST /session/cancel`, when its text says nothing."""


def verdict(text: str | None) -> Verdict:
    """The reason that a text stands for; never fails."""
    reason = known(text)
    return Verdict(Reason.OTHER, mapped=False) if reason is None else Verdict(reason, mapped=True)


def known(text: str | None) -> Reason | None:
    """The reason if the text is documented; case, outer blanks and a full stop do not count."""
    return None if text is None else BY_TEXT.get(text.strip().rstrip(".").strip().casefold())
