from __future__ import annotations

from decimal import Decimal

import pytest

from domain.events import (
    AmendPending,
    CancelOutcomeUnknown,
    CancelPending,
    CancelRejected,
    DoneForDay,
    Expired,
    FillCorrected,
    Lapsed,
    OrderDiscovered,
    OrderPending,
    OrderRejected,
    OrderReported,
    Source,
    Stopped,
    Suspended,
    Voided,
)
from domain.flags.history import History
from domain.flags.statuses import status_mismatch, status_regression
from domain.lifecycle import Status
from domain.reasons import CancelRejectReason
from tests.building import accepted, at, filled, history, placed, terms
from tests.cancelling import LIMITS, Found, Q, asked, cancelled, found, reduced, refused, reported
from tests.claiming import (
    CANCELLED,
    FULL,
    NEW,
    OPEN,
    PARTLY,
    amended,
    amending,
    saying,
    total,
)

FIRST, SECOND = ("1",), ("2",)
LISTED = OrderDiscovered(source=Source.LIST, terms=terms())


ALLOWED: dict[str, History] = {
    "as ours": history(*OPEN, saying(filled("40"), PARTLY)),
    "new before we know that it is": history(placed(), reported(NEW)),
    "still pending before we know more": history(LISTED, reported(Status.PENDING_NEW)),
    "no such order yet": history(placed(), reported(Status.REJECTED)),
    "a part cancelled and the rest matched, called filled": history(
        *OPEN, asked(), reduced("40"), filled("60"), reported(FULL)
    ),
    "a part cancelled and the rest matched, called cancelled": history(
        *OPEN, asked(), reduced("40"), filled("60"), reported(CANCELLED)
    ),
    "a part lapsed and the rest matched, called filled": history(
        *OPEN, Lapsed(size=Decimal(40)), filled("60"), reported(FULL)
    ),
    "a cancel is waiting": history(*OPEN, asked(), reported(Status.PENDING_CANCEL)),
    "a cancel was not mentioned": history(
        *OPEN,
        CancelOutcomeUnknown(cancel_id=Q, why="not_mentioned"),
        reported(Status.PENDING_CANCEL),
    ),
    "the venue has refused a pending cancel unseen": history(
        *OPEN, asked(), CancelPending(cancel_id=Q), reported(NEW)
    ),
    "an amendment waits": history(*OPEN, amending("90"), reported(Status.PENDING_REPLACE)),
    "amended, in the old word": history(
        *OPEN, amending("90"), amended("90"), reported(Status.REPLACED)
    ),
    "a refusal left a doubt": history(
        *OPEN, asked(), saying(refused(CancelRejectReason.TOO_LATE), FULL)
    ),
    "a size that nobody knows may be full": history(accepted(), saying(filled("9"), FULL)),
    "lapsed, called cancelled": history(*OPEN, saying(Lapsed(), CANCELLED)),
    "lapsed, called expired": history(*OPEN, saying(Lapsed(), Status.EXPIRED)),
    "voided, called rejected": history(*OPEN, saying(Voided(), Status.REJECTED)),
    "suspended": history(*OPEN, Suspended(), reported(Status.SUSPENDED)),
    "a guarantee may have been used up": history(*OPEN, Stopped(), reported(NEW)),
    "the next day began unseen": history(
        placed(time_in_force="GTC"), accepted(), DoneForDay(), saying(filled("9"), PARTLY)
    ),
    "cancelled, and then all matched before it": history(
        *OPEN, cancelled(), filled("100"), reported(CANCELLED)
    ),
    "refused, and then matched": history(
        placed(), OrderRejected(), filled("9"), reported(Status.REJECTED)
    ),
    "a request about no order that the venue knows": history(
        *OPEN,
        saying(CancelRejected(reason=CancelRejectReason.UNKNOWN_ORDER), Status.REJECTED),
    ),
    "old news": history(
        *OPEN,
        at(filled("40"), seen=3, venue=3),
        at(reported(NEW), seen=4, venue=2),
    ),
    "the first acknowledgement comes after a match": history(
        placed(), filled("40"), saying(accepted(), NEW)
    ),
    "the first acknowledgement and a match at the same moment": history(
        placed(),
        at(filled("40"), seen=3, venue=3),
        at(saying(accepted(), NEW), seen=4, venue=3),
    ),
    "pending comes after a total": history(
        placed(), total("40"), saying(OrderPending(), Status.PENDING_NEW)
    ),
    "a match told after the cancel that it crossed": history(
        *OPEN, cancelled(), saying(filled("40"), PARTLY)
    ),
    "a match timed before the cancel was seen": history(
        *OPEN, at(cancelled(), seen=5), at(saying(filled("40"), PARTLY), seen=6, venue=4)
    ),
}
"""Statuses that our events allow."""


@pytest.mark.parametrize("given", ALLOWED.values(), ids=ALLOWED)
def test_a_status_that_our_events_allow_is_no_mismatch(given: History) -> None:
    assert found(status_mismatch(given, LIMITS)) == []


@pytest.mark.parametrize(
    ("given", "then"),
    [
        pytest.param(
            history(*OPEN, reported(PARTLY)),
            [(FIRST, 2, None, (3,))],
            id="partly matched, not ours",
        ),
        pytest.param(
            history(*OPEN, reported(PARTLY), filled("40")),
            [(FIRST, 2, 3, (3,))],
            id="the match comes",
        ),
        pytest.param(
            history(*OPEN, saying(filled("100"), PARTLY), reported(FULL)),
            [(FIRST, 2, 3, (3,))],
            id="all matched and called partly, then corrected",
        ),
        pytest.param(
            history(*OPEN, saying(filled("40"), FULL)), [(FIRST, 2, None, (3,))], id="called filled"
        ),
        pytest.param(
            history(*OPEN, saying(cancelled(), Status.EXPIRED)),
            [(FIRST, 2, None, (3,))],
            id="cancelled, called expired",
        ),
        pytest.param(
            history(*OPEN, saying(Expired(), CANCELLED)),
            [(FIRST, 2, None, (3,))],
            id="expired, called cancelled",
        ),
        pytest.param(
            history(*OPEN, reported(Status.PENDING_CANCEL)),
            [(FIRST, 2, None, (3,))],
            id="pending cancel, and we asked for none",
        ),
        pytest.param(
            history(*OPEN, reported(Status.PENDING_REPLACE)),
            [(FIRST, 2, None, (3,))],
            id="pending replace, and we asked for none",
        ),
        pytest.param(
            history(*OPEN, filled("100"), reported(CANCELLED)),
            [(FIRST, 3, None, (4,))],
            id="all matched and nothing taken off, called cancelled",
        ),
        pytest.param(
            history(*OPEN, reduced("40", cancel_id=None), filled("50"), reported(FULL)),
            [(FIRST, 4, None, (5,))],
            id="a part cancelled and some left, called filled",
        ),
        pytest.param(
            history(*OPEN, reported(Status.PENDING_NEW)),
            [(FIRST, 2, None, (3,))],
            id="pending new after it was accepted",
        ),
        pytest.param(
            history(*OPEN, Suspended(), reported(NEW)),
            [(FIRST, 3, None, (4,))],
            id="suspended, called new",
        ),
        pytest.param(
            history(*OPEN, amending("90"), amended("90"), filled("90"), reported(Status.REPLACED)),
            [(FIRST, 5, None, (6,))],
            id="replaced is said of a live order",
        ),
        pytest.param(
            history(
                *OPEN,
                at(cancelled(), seen=5, venue=5),
                at(saying(filled("40"), PARTLY), seen=6, venue=6),
            ),
            [(FIRST, 6, None, (4,))],
            id="a match proven to be later than the cancel",
        ),
        pytest.param(
            history(
                placed(),
                at(filled("40"), seen=3, venue=3),
                at(saying(accepted(), NEW), seen=4, venue=4),
            ),
            [(FIRST, 4, None, (3,))],
            id="an acknowledgement proven to be later than the match",
        ),
        pytest.param(
            history(*OPEN, saying(filled("40"), FULL), reported(NEW), OrderReported()),
            [(FIRST, 2, None, (3, 4))],
            id="wrong twice in other words: one finding",
        ),
    ],
)
def test_status_mismatch(given: History, then: list[Found]) -> None:
    assert found(status_mismatch(given, LIMITS)) == then


def test_a_mismatch_names_both_statuses() -> None:
    (flag,) = status_mismatch(history(*OPEN, saying(filled("40"), FULL)), LIMITS)
    assert (flag.ours, flag.theirs, flag.difference) == ("PARTIALLY_FILLED", "FILLED", None)
    (flag,) = status_regression(history(*OPEN, filled("40"), reported(NEW)), LIMITS)
    assert (flag.ours, flag.theirs) == ("PARTIALLY_FILLED", "NEW")


def test_pending_replace_outranks_but_does_not_hide() -> None:
    pending = saying(AmendPending(amend_ref="R1"), Status.PENDING_REPLACE)
    given = history(*OPEN, filled("40"), amending("90"), pending, reported(PARTLY, matched="1"))
    assert found(status_mismatch(given, LIMITS)) == []
    given = history(
        *OPEN,
        filled("1"),
        FillCorrected(fill_id="F1", correction_id="F2", size=LISTED.terms.size or filled("1").size),
        reported(NEW),
    )
    assert found(status_regression(given, LIMITS)) == []
