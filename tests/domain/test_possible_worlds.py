"""What may be, beside what is certain: bounds, why, and what ends each doubt."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given

from domain import events as e
from domain.buckets import buckets
from domain.doubts import CLEARS, MAY_HAVE_MATCHED, OF_REASON, Doubt, bounds
from domain.evolve import fold
from domain.lifecycle import Status
from domain.order import Order
from domain.reasons import LEAVES_DOUBT, CancelRejectReason
from domain.standing import standing
from domain.values import ZERO, Price, plain
from tests.building import accepted, filled, placed
from tests.cancelling import Q2, asked, cancelled, refused
from tests.domain.facts import ANY_LIFE
from tests.domain.telling import stands

HUNDRED = Decimal(100)
LOST = e.PlaceOutcomeUnknown(why="timeout")
UNSENT = e.PlaceNotSent()
ASKED_60 = e.AmendRequested(amend_ref="a", size=Decimal(60))


def live(size: str | None = None, price: str | None = None) -> e.OrderReported:
    """A report of the order as live, with the terms that the venue tells."""
    claims = e.Claims(
        status=Status.NEW,
        size=None if size is None else Decimal(size),
        price=None if price is None else Price(Decimal(price)),
    )
    return e.OrderReported(claims=claims)


def may(order: Order) -> str:
    """Remaining and matched, each with its bounds, and why."""
    told = bounds(order, buckets(order))
    figures = f"{plain(told.remaining_min)}..{plain(told.remaining_max)} live, "
    figures += f"{plain(told.matched_min)}..{plain(told.matched_max)} matched"
    return " ".join([figures, *told.why])


CERTAIN = "100..100 live, 0..0 matched"
BROKEN_OFF = "0..0 live, 0..0 matched"


@pytest.mark.parametrize(
    ("life", "expected"),
    [
        pytest.param([placed()], CERTAIN, id="sent, and no answer yet: nothing was lost"),
        pytest.param(
            [placed(), LOST], "0..100 live, 0..100 matched place_unknown", id="its answer was lost"
        ),
        pytest.param(
            [LOST, placed()], "0..100 live, 0..100 matched place_unknown", id="the loss came first"
        ),
        pytest.param([placed(), LOST, accepted()], CERTAIN, id="answered after all"),
        pytest.param([placed(), accepted(), LOST], CERTAIN, id="answered before the loss was told"),
        pytest.param([placed(), LOST, e.OrderPending()], CERTAIN, id="the venue considers it"),
        pytest.param([placed(), LOST, live()], CERTAIN, id="a list holds it"),
        pytest.param(
            [placed(), LOST, filled("40")],
            "60..60 live, 40..40 matched",
            id="it matches: it is there",
        ),
        pytest.param([placed(), LOST, e.OrderRejected()], BROKEN_OFF, id="refused after all"),
        pytest.param([placed(), LOST, cancelled()], BROKEN_OFF, id="a cancel found it"),
        pytest.param(
            [placed(), LOST, asked(), refused(CancelRejectReason.NOT_CANCELLABLE)],
            CERTAIN,
            id="a refusal that speaks of it",
        ),
        pytest.param(
            [placed(), LOST, asked(), refused(CancelRejectReason.UNKNOWN_ORDER)],
            "0..100 live, 0..100 matched place_unknown not_found",
            id="absence proves nothing",
        ),
        pytest.param(
            [placed(), LOST, e.OrderReported(claims=e.Claims(status=Status.REJECTED))],
            "0..100 live, 0..100 matched place_unknown",
            id="a status request that finds no such order proves nothing",
        ),
        pytest.param(
            [
                placed(),
                LOST,
                ASKED_60,
                e.AmendRejected(amend_ref="a", reason=CancelRejectReason.TOO_LATE),
            ],
            CERTAIN,
            id="a refused change that speaks of it",
        ),
    ],
)
def test_an_order_whose_placing_is_in_doubt(life: list[e.OrderEvent], expected: str) -> None:
    assert may(fold(life)) == expected


@pytest.mark.parametrize(
    ("life", "expected"),
    [
        pytest.param([UNSENT], "REJECTED 0/0/0/0/100 by NOT_SENT", id="never live"),
        pytest.param([UNSENT, UNSENT], "REJECTED 0/0/0/0/100 by NOT_SENT", id="told twice"),
        pytest.param([UNSENT, accepted()], "NEW 0/100/0/0/0", id="the venue has it all the same"),
        pytest.param([accepted(), UNSENT], "NEW 0/100/0/0/0", id="the venue had it already"),
        pytest.param(
            [UNSENT, cancelled()], "CANCELLED 0/0/100/0/0 by CANCELLED", id="the venue ended it"
        ),
        pytest.param(
            [UNSENT, placed()], "PENDING_NEW 0/100/0/0/0", id="sent again: on its way once more"
        ),
        pytest.param(
            [UNSENT, placed(), UNSENT],
            "REJECTED 0/0/0/0/100 by NOT_SENT",
            id="and did not leave again",
        ),
        pytest.param([UNSENT, LOST], "PENDING_NEW 0/100/0/0/0 0..100", id="one of two is in doubt"),
        pytest.param([LOST, UNSENT], "PENDING_NEW 0/100/0/0/0 0..100", id="in any order"),
        pytest.param(
            [accepted(), UNSENT, placed()], "NEW 0/100/0/0/0", id="sent again when it was there"
        ),
    ],
)
def test_an_order_that_was_not_sent(life: list[e.OrderEvent], expected: str) -> None:
    assert stands(fold([placed(), *life])) == expected


@pytest.mark.parametrize(
    ("life", "expected"),
    [
        pytest.param(
            [asked(), e.CancelOutcomeUnknown(cancel_id=asked().cancel_id, why="timeout")],
            "0..100 live, 0..0 matched cancel_unknown",
            id="a cancel whose answer was lost",
        ),
        pytest.param(
            [asked("30"), e.CancelOutcomeUnknown(cancel_id=asked().cancel_id, why="timeout")],
            "70..100 live, 0..0 matched cancel_unknown",
            id="a cancel of a part",
        ),
        pytest.param(
            [
                asked("30"),
                e.CancelOutcomeUnknown(cancel_id=asked().cancel_id, why="timeout"),
                asked("80", Q2),
                e.CancelOutcomeUnknown(cancel_id=Q2, why="not_mentioned"),
            ],
            "0..100 live, 0..0 matched cancel_unknown cancel_not_mentioned",
            id="two of them, of more than remains",
        ),
        pytest.param(
            [filled("40"), asked(), refused(CancelRejectReason.TOO_LATE)],
            "0..60 live, 40..100 matched said_complete",
            id="too late, unexplained: it may all have matched",
        ),
        pytest.param(
            [filled("40"), asked(), refused(CancelRejectReason.TAKEN_OR_LAPSED)],
            "0..60 live, 40..100 matched said_over",
            id="taken or lapsed: one of the two",
        ),
        pytest.param(
            [asked(), refused(CancelRejectReason.ALREADY_CANCELLED)],
            "0..100 live, 0..0 matched said_cancelled",
            id="cancelled already: nothing more matched for that",
        ),
        pytest.param(
            [filled("40"), asked(), refused(CancelRejectReason.UNKNOWN_ORDER)],
            "0..60 live, 40..100 matched not_found",
            id="not found after a match: it may be complete",
        ),
        pytest.param(
            [asked(), refused(CancelRejectReason.UNKNOWN_ORDER)],
            "0..100 live, 0..100 matched not_found",
            id="not found",
        ),
        pytest.param(
            [asked(), refused(CancelRejectReason.TOO_LATE), filled("100")],
            "0..0 live, 100..100 matched",
            id="the matches came: nothing is in doubt",
        ),
        pytest.param(
            [filled("40"), e.TotalTold(total=Decimal(30))],
            "60..60 live, 30..40 matched total_fell",
            id="the venue counts less",
        ),
        pytest.param(
            [filled("40"), e.TotalTold(total=Decimal(-5))],
            "60..60 live, 0..40 matched total_fell",
            id="nobody matched less than nothing",
        ),
        pytest.param(
            [filled("40"), e.TotalTold(total=Decimal(30)), e.FillVoided(fill_id="F1")],
            CERTAIN,
            id="because a match was taken back",
        ),
        pytest.param(
            [filled("40"), e.TotalTold(total=Decimal(30)), e.TotalTold(total=Decimal(40))],
            "60..60 live, 40..40 matched",
            id="and then as much again",
        ),
        pytest.param(
            [filled("40"), cancelled(), e.TotalTold(total=Decimal(30))],
            "0..0 live, 30..40 matched total_fell",
            id="the venue counts less, of an order that is over",
        ),
    ],
)
def test_an_order_with_an_unknown_outcome(life: list[e.OrderEvent], expected: str) -> None:
    assert may(fold([placed(), accepted(), *life])) == expected


def test_a_provisional_match_counts_until_it_is_taken_back() -> None:
    match = e.Filled(fill_id="F1", size=Decimal(40), provisional=True)
    assert may(fold([placed(), match])) == "60..60 live, 40..40 matched"


def test_every_doubt_is_cleared_by_something() -> None:
    assert set(CLEARS) == set(Doubt)
    assert set(OF_REASON) == LEAVES_DOUBT
    assert set(Doubt) > MAY_HAVE_MATCHED


@given(ANY_LIFE)
def test_bounds_hold_what_we_hold(life: list[e.OrderEvent]) -> None:
    order = fold(life)
    held = buckets(order)
    told = bounds(order, held)
    assert ZERO <= told.remaining_min <= held.remaining <= told.remaining_max
    assert ZERO <= told.matched_min <= held.matched <= told.matched_max
    stand = standing(order)
    assert stand.certain or stand.why
    assert told.why or (told.remaining_min, told.matched_min) == (held.remaining, held.matched)
