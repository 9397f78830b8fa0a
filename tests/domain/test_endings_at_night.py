"""What a venue says while an order rests for the night, or after its end."""

from __future__ import annotations

from decimal import Decimal

import pytest

from domain import events as e
from domain.evolve import fold
from domain.ids import derived
from domain.reasons import CancelRejectReason
from tests.building import accepted, filled, placed
from tests.cancelling import cancelled
from tests.domain.telling import stands

HUNDRED = Decimal(100)
RESTING = (
    e.OrderPlaced(terms=e.Terms(size=HUNDRED, time_in_force="GTC")),
    accepted(),
    e.DoneForDay(),
)
ONE, TWO, THREE = (derived("cancel", number) for number in (1, 2, 3))


@pytest.mark.parametrize(
    ("ending", "expected"),
    [
        pytest.param(cancelled(), "CANCELLED 0/0/100/0/0 by CANCELLED", id="cancelled"),
        pytest.param(e.Expired(), "EXPIRED 0/0/0/100/0 by EXPIRED", id="expired"),
        pytest.param(e.Calculated(), "DONE_FOR_DAY 0/0/0/100/0 by CALCULATED", id="calculated"),
    ],
)
def test_a_good_till_order_that_ends_at_night_rests_no_more(
    ending: e.OrderEvent, expected: str
) -> None:
    assert stands(fold([*RESTING])) == "DONE_FOR_DAY 0/100/0/0/0"
    assert stands(fold([*RESTING, ending])) == expected


@pytest.mark.parametrize(
    ("ending", "expected"),
    [
        pytest.param(cancelled(), "DONE_FOR_DAY 0/0/0/100/0 by DONE_FOR_DAY", id="cancelled"),
        pytest.param(e.Calculated(), "DONE_FOR_DAY 0/0/0/100/0 by DONE_FOR_DAY", id="calculated"),
    ],
)
def test_a_day_order_is_over_with_its_day(ending: e.OrderEvent, expected: str) -> None:
    assert stands(fold([placed(), accepted(), e.DoneForDay(), ending])) == expected


def test_a_day_order_whose_day_was_over_before_its_validity_was_told() -> None:
    resting = (e.OrderDiscovered(source=e.Source.LIST, terms=e.Terms(size=HUNDRED)), accepted())
    life: list[e.OrderEvent] = [*resting, e.DoneForDay(), e.DoneForDay()]
    assert stands(fold(life)) == "DONE_FOR_DAY 0/0/0/100/0 by DONE_FOR_DAY"


def test_a_refusal_after_the_end_leaves_nothing_pending() -> None:
    pending = [
        fact
        for cancel in (ONE, TWO, THREE)
        for fact in (e.CancelRequested(cancel_id=cancel), e.CancelPending(cancel_id=cancel))
    ]
    refused = e.CancelRejected(cancel_id=ONE, reason=CancelRejectReason.TOO_LATE)
    life = [placed(), accepted(), *pending, e.Cancelled(cancel_id=THREE), refused]
    assert stands(fold(life)).startswith("CANCELLED 0/0/100/0/0")


@pytest.mark.parametrize(
    "match",
    [
        pytest.param([filled("40", "f1"), e.FillVoided(fill_id="f1")], id="taken back"),
        pytest.param(
            [filled("40", "f1"), e.FillVoided(fill_id="f1"), e.OrderPending()], id="pending late"
        ),
    ],
)
def test_who_has_matched_an_order_has_it(match: list[e.OrderEvent]) -> None:
    assert stands(fold([placed(), *match])) == "NEW 0/100/0/0/0"
