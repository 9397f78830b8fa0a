"""Every order state: what it tells and what it claims; the dossier's traps 4 and 6."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from domain.events import (
    Cancelled,
    Claims,
    Expired,
    Initiator,
    Lapsed,
    OrderRejected,
    OrderReported,
    UnknownValueSeen,
    Voided,
)
from domain.lifecycle import Status
from domain.messages import MatchedTotal, Said
from domain.values import Price, PriceFormat
from tests.adapters.venues.predictstreet.lines import (
    A,
    answered,
    order_messages,
    order_row,
    sent,
)

DETAIL = sent("GET", f"/api/orders/{A}")
OPEN = sent("GET", "/api/orders/open?limit=500")
HISTORY = sent("GET", "/api/orders/history")
PRICE = Price(Decimal("0.41"), PriceFormat.PROBABILITY)
N = Decimal


def claims(status: Status | None, word: str, **told: Any) -> Claims:  # noqa: ANN401 - any of the claims
    """The claims of the builder's row: 100 tokens, 40 matched, price 0.41."""
    row = {"status": status, "raw_status": word, "size": N(100), "matched": N(40), "price": PRICE}
    values: dict[str, Any] = {**row, **told}
    return Claims(**values)


FORTY = MatchedTotal(total=N(40))


@pytest.mark.parametrize(
    ("word", "changed", "said"),
    [
        pytest.param(
            "PENDING",
            {"filledQty": "0", "remainingQty": "100"},
            (
                MatchedTotal(total=N(0)),
                OrderReported(claims=claims(Status.NEW, "PENDING", matched=N(0), remaining=N(100))),
            ),
            id="PENDING: the venue holds it",
        ),
        pytest.param(
            "OPEN",
            {"filledQty": "0", "remainingQty": "100"},
            (
                MatchedTotal(total=N(0)),
                OrderReported(claims=claims(Status.NEW, "OPEN", matched=N(0), remaining=N(100))),
            ),
            id="OPEN",
        ),
        pytest.param(
            "OPEN",
            {},
            (
                FORTY,
                OrderReported(claims=claims(Status.PARTIALLY_FILLED, "OPEN", remaining=N(60))),
            ),
            id="OPEN with matches is the PARTIAL that open hides",
        ),
        pytest.param(
            "PARTIAL",
            {},
            (
                FORTY,
                OrderReported(claims=claims(Status.PARTIALLY_FILLED, "PARTIAL", remaining=N(60))),
            ),
            id="PARTIAL",
        ),
        pytest.param(
            "FILLED",
            {"filledQty": "100", "remainingQty": "0"},
            (
                MatchedTotal(total=N(100)),
                OrderReported(
                    claims=claims(Status.FILLED, "FILLED", matched=N(100), remaining=N(0))
                ),
            ),
            id="FILLED is reported; its matches happened before",
        ),
        pytest.param(
            "FILLED",
            {},
            (FORTY, OrderReported(claims=claims(Status.FILLED, "FILLED", remaining=N(60)))),
            id="FILLED with a rest is told as claimed, so that the contradiction shows",
        ),
        pytest.param(
            "CANCELLED",
            {},
            (
                FORTY,
                Cancelled(
                    initiator=Initiator.VENUE,
                    size=N(60),
                    matched=N(40),
                    claims=claims(Status.CANCELLED, "CANCELLED", remaining=N(0), cancelled=N(60)),
                ),
            ),
            id="CANCELLED: remainingQty is what was taken off, not what is live",
        ),
        pytest.param(
            "CANCELLED",
            {"remainingQty": "0"},
            (
                FORTY,
                Cancelled(
                    initiator=Initiator.VENUE,
                    matched=N(40),
                    claims=claims(Status.CANCELLED, "CANCELLED"),
                ),
            ),
            id="CANCELLED with nothing remaining does not say what was taken off",
        ),
        pytest.param(
            "CANCELLED_BY_RESOLVE",
            {},
            (
                FORTY,
                Lapsed(
                    raw_reason="CANCELLED_BY_RESOLVE",
                    claims=claims(
                        Status.EXPIRED, "CANCELLED_BY_RESOLVE", remaining=N(0), lapsed=N(60)
                    ),
                ),
            ),
            id="CANCELLED_BY_RESOLVE: the market took it off",
        ),
        pytest.param(
            "EXPIRED",
            {},
            (
                FORTY,
                Expired(claims=claims(Status.EXPIRED, "EXPIRED", remaining=N(0), lapsed=N(60))),
            ),
            id="EXPIRED, also after matches",
        ),
        pytest.param(
            "REJECTED",
            {"filledQty": "0", "remainingQty": "100"},
            (
                MatchedTotal(total=N(0)),
                OrderRejected(claims=claims(Status.REJECTED, "REJECTED", matched=N(0))),
            ),
            id="REJECTED: nothing of it is live, whatever remains on paper",
        ),
        pytest.param(
            "SETTLEMENT_FAILED",
            {},
            (
                Voided(
                    raw_reason="SETTLEMENT_FAILED",
                    claims=claims(Status.CANCELLED, "SETTLEMENT_FAILED", matched=N(0)),
                ),
            ),
            id="SETTLEMENT_FAILED: every match was reverted, filledQty counts none",
        ),
        pytest.param(
            "HALTED",
            {},
            (
                FORTY,
                OrderReported(claims=claims(None, "HALTED", remaining=N(60))),
                UnknownValueSeen(field="status", value="HALTED"),
            ),
            id="a state in no table: its figures are told, the word is flagged",
        ),
        pytest.param(
            "cancelled",
            {},
            (
                FORTY,
                Cancelled(
                    initiator=Initiator.VENUE,
                    size=N(60),
                    matched=N(40),
                    claims=claims(Status.CANCELLED, "cancelled", remaining=N(0), cancelled=N(60)),
                ),
            ),
            id="casing makes no other state",
        ),
    ],
)
def test_what_each_state_tells(word: str, changed: dict[str, str], said: tuple[Said, ...]) -> None:
    (told,) = order_messages(answered(DETAIL, order_row(status=word, **changed)))
    assert told.said == said
