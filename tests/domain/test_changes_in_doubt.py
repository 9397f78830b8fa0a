"""Changes whose answer was lost: the old terms or the new, until something tells which."""

from __future__ import annotations

from decimal import Decimal

import pytest

from domain import events as e
from domain.evolve import fold
from domain.lifecycle import Status
from domain.reasons import CancelRejectReason
from domain.risk import at_worst
from domain.standing import standing
from domain.values import ZERO, Price, Side, plain
from tests.building import accepted, filled, placed
from tests.cancelling import asked, cancelled
from tests.domain.test_possible_worlds import ASKED_60, BROKEN_OFF, CERTAIN, live, may

ASKED_150 = e.AmendRequested(amend_ref="a", size=Decimal(150))
ASKED_PRICE = e.AmendRequested(amend_ref="a", price=Price(Decimal("2.1")))
ASKED_BETTER = e.AmendRequested(amend_ref="a", price=Price(Decimal("1.5")))
ASKED_BOTH = e.AmendRequested(amend_ref="a", size=Decimal(150), price=Price(Decimal("2.1")))
REPLACED_BY_30 = e.AmendRequested(amend_ref="a", rest=Decimal(30))
AMEND_LOST = e.AmendOutcomeUnknown(amend_ref="a", why="timeout")
AMEND_UNSENT = e.AmendNotSent(amend_ref="a")


@pytest.mark.parametrize(
    ("life", "expected"),
    [
        pytest.param(
            [ASKED_60, AMEND_LOST], "60..100 live, 0..0 matched amend_unknown", id="down: either"
        ),
        pytest.param(
            [AMEND_LOST, ASKED_60], "60..100 live, 0..0 matched amend_unknown", id="loss first"
        ),
        pytest.param(
            [ASKED_150, AMEND_LOST], "100..150 live, 0..0 matched amend_unknown", id="up: either"
        ),
        pytest.param(
            [filled("80"), ASKED_60, AMEND_LOST],
            "0..20 live, 80..80 matched amend_unknown",
            id="down below what matched: nothing would remain",
        ),
        pytest.param(
            [filled("100"), ASKED_150, AMEND_LOST],
            "0..50 live, 100..100 matched amend_unknown",
            id="up, of a filled order: it may be live again",
        ),
        pytest.param(
            [ASKED_PRICE, AMEND_LOST],
            "100..100 live, 0..0 matched amend_unknown",
            id="the price alone: the size is certain, the order is not",
        ),
        pytest.param(
            [REPLACED_BY_30, AMEND_LOST],
            "0..100 live, 0..0 matched amend_unknown",
            id="taken off and put back: there may be nothing",
        ),
        pytest.param(
            [AMEND_LOST],
            "100..100 live, 0..0 matched amend_unknown",
            id="nobody knows what was asked",
        ),
        pytest.param([ASKED_60, AMEND_LOST, cancelled()], BROKEN_OFF, id="over"),
        pytest.param(
            [filled("100"), ASKED_PRICE, AMEND_LOST],
            "0..0 live, 100..100 matched",
            id="the price of a filled order: nothing of it is live",
        ),
        pytest.param(
            [ASKED_60, AMEND_LOST, e.Amended(amend_ref="a")],
            "60..60 live, 0..0 matched",
            id="taken",
        ),
        pytest.param(
            [ASKED_60, e.Amended(amend_ref="a"), AMEND_LOST],
            "60..60 live, 0..0 matched",
            id="taken before the loss was told",
        ),
        pytest.param(
            [ASKED_60, AMEND_LOST, e.AmendRejected(amend_ref="a", reason=CancelRejectReason.OTHER)],
            CERTAIN,
            id="refused",
        ),
        pytest.param([ASKED_60, AMEND_UNSENT], CERTAIN, id="not sent: as it was"),
        pytest.param(
            [ASKED_60, AMEND_LOST, AMEND_UNSENT],
            "60..100 live, 0..0 matched amend_unknown",
            id="one of two sendings did not leave: the other is in doubt",
        ),
        pytest.param(
            [ASKED_60, e.Amended(amend_ref="a"), AMEND_UNSENT],
            "60..60 live, 0..0 matched",
            id="not sent, and yet it was taken",
        ),
        pytest.param([ASKED_60, AMEND_LOST, live("100")], CERTAIN, id="reported with the old size"),
        pytest.param(
            [ASKED_60, AMEND_LOST, live("60")], "60..60 live, 0..0 matched", id="with the new size"
        ),
        pytest.param(
            [REPLACED_BY_30, AMEND_LOST, live()], CERTAIN, id="live: it was not taken off"
        ),
        pytest.param([ASKED_PRICE, AMEND_LOST, live("100", "2.1")], CERTAIN, id="the new price"),
        pytest.param([ASKED_PRICE, AMEND_LOST, live(price="1.95")], CERTAIN, id="the old price"),
        pytest.param(
            [ASKED_60, AMEND_LOST, live("77")],
            "60..100 live, 0..0 matched amend_unknown",
            id="reported with a size that nobody asked for: it tells neither",
        ),
        pytest.param(
            [AMEND_LOST, live("60")],
            "100..100 live, 0..0 matched amend_unknown",
            id="reported, and nobody knows what was asked",
        ),
    ],
)
def test_an_order_whose_change_is_in_doubt(life: list[e.OrderEvent], expected: str) -> None:
    assert may(fold([placed(), accepted(), *life])) == expected


def test_a_change_of_price_in_doubt_leaves_the_order_uncertain() -> None:
    told = standing(fold([placed(), accepted(), ASKED_PRICE, AMEND_LOST]))
    assert (told.certain, told.is_open, told.replace_pending) == (False, True, True)


def test_a_filled_order_that_may_have_been_made_larger_counts_as_open() -> None:
    told = standing(fold([placed(), accepted(), filled("100"), ASKED_150, AMEND_LOST]))
    assert (told.status, told.certain, told.is_open) == (Status.FILLED, False, True)


@pytest.mark.parametrize(
    ("life", "worst"),
    [
        pytest.param([ASKED_60, AMEND_LOST], "78", id="the size alone: what is in doubt of it"),
        pytest.param([ASKED_PRICE, AMEND_LOST], "210", id="a worse price: all of it at that"),
        pytest.param([ASKED_BETTER, AMEND_LOST], "195", id="a better price: all of it at ours"),
        pytest.param([ASKED_BOTH, AMEND_LOST], "315", id="size and price: the most of both"),
        pytest.param([filled("80"), ASKED_PRICE, AMEND_LOST], "42", id="what remains alone"),
        pytest.param([AMEND_LOST], "195", id="nobody knows what was asked: at our price"),
        pytest.param(
            [ASKED_PRICE, AMEND_LOST, asked()],
            "210",
            id="a cancel that was asked for beside",
        ),
    ],
)
def test_money_at_risk_counts_the_price_that_was_asked_for(
    life: list[e.OrderEvent], worst: str
) -> None:
    order = fold([placed(), accepted(), *life])
    assert plain(at_worst(order, standing(order)) or ZERO) == worst


def test_without_any_price_nobody_can_tell_the_risk() -> None:
    unpriced = e.OrderPlaced(terms=e.Terms(size=Decimal(100), side=Side.BUY))
    order = fold([unpriced, AMEND_LOST])
    assert at_worst(order, standing(order)) is None


def test_a_taken_change_has_the_new_terms() -> None:
    both = e.AmendRequested(amend_ref="a", size=Decimal(60), price=Price(Decimal("2.1")))
    order = fold([placed(), accepted(), both, AMEND_LOST, live(price="2.1")])
    assert (order.size, order.terms.price) == (Decimal(60), Price(Decimal("2.1")))
    divided = fold([placed(), accepted(), both, AMEND_LOST, live("60", "1.95")])
    assert not standing(divided).certain
