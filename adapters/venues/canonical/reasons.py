"""Why a cancel or a replace was refused: our words, or FIX tag 102 by number or by name."""

from __future__ import annotations

from collections.abc import Mapping

from adapters.venues.canonical.words import plain_word
from domain.reasons import FIX_102, CancelRejectReason

FIX_NAMES: Mapping[str, int] = {
    "Too late to cancel": 0,
    "Unknown order": 1,
    "Broker / exchange option": 2,
    "Broker option": 2,
    "Order already in Pending Cancel or Pending Replace status": 3,
    "Order already in pending status": 3,
    "Unable to process Order Mass Cancel Request": 4,
    "OrigOrdModTime(586) did not match last TransactTime(60) of order": 5,
    "OrigOrdModTime mismatch": 5,
    "Duplicate ClOrdID(11) received": 6,
    "Duplicate ClOrdID": 6,
    "Price exceeds current price": 7,
    "Price exceeds current price band": 8,
    "Invalid price increment": 18,
    "Other": 99,
}

REASONS: Mapping[str, CancelRejectReason] = {
    **{str(number): reason for number, reason in FIX_102.items()},
    **{plain_word(name): FIX_102[number] for name, number in FIX_NAMES.items()},
    **{plain_word(word): word for word in CancelRejectReason},
}


def reason_of(text: str | None) -> tuple[CancelRejectReason, bool]:
    """The reason, and whether the venue's word maps to one.

    `OTHER` never does, whether the venue says so (99), says nothing, or says what nobody knows:
    a human must look at its words.
    """
    reason = REASONS.get(plain_word(text.strip())) if text is not None else None
    if reason is None or reason is CancelRejectReason.OTHER:
        return CancelRejectReason.OTHER, False
    return reason, True
