"""What each fact does to an order, as sentences; and that every fact has its row."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any, get_args

import pytest

from domain import events as e
from domain.evolve import APPLY, fold
from domain.lifecycle import Status
from domain.order import Fill, Order
from tests.building import accepted, filled, placed
from tests.cancelling import cancelled
from tests.domain.facts import CLAIMS, ORDER_EVENTS, full
from tests.domain.telling import after, stands

HUNDRED = Decimal(100)
GTC = e.OrderPlaced(terms=e.Terms(size=HUNDRED, time_in_force="GTC"))
OPEN = "NEW 0/100/0/0/0"
PARTLY = "PARTIALLY_FILLED 40/60/0/0/0"


@pytest.mark.parametrize(
    ("life", "expected"),
    [
        pytest.param([placed()], "PENDING_NEW 0/100/0/0/0", id="placed: the venue is silent"),
        pytest.param([placed(), e.OrderPending()], "PENDING_NEW 0/100/0/0/0", id="pending"),
        pytest.param([placed(), accepted()], OPEN, id="accepted: on the book"),
        pytest.param([placed(), accepted(), e.OrderPending()], OPEN, id="pending told late"),
        pytest.param(
            [placed(), e.OrderRejected()], "REJECTED 0/0/0/0/100 by REJECTED", id="never live"
        ),
        pytest.param(
            [placed(), e.OrderRejected(), filled("40")],
            "PARTIALLY_FILLED 40/0/0/0/60 by REJECTED",
            id="rejected, and yet it matched: the match counts",
        ),
        pytest.param(
            [placed(), e.OrderRejected(), accepted()],
            "REJECTED 0/0/0/0/100 by REJECTED",
            id="accepted after its end: it stays over",
        ),
        pytest.param(
            [e.OrderDiscovered(source=e.Source.LIST, terms=e.Terms(size=HUNDRED))],
            OPEN,
            id="discovered: the venue holds it",
        ),
        pytest.param(
            [
                e.OrderDiscovered(source=e.Source.REPORT, terms=e.Terms(size=HUNDRED)),
                e.OrderPending(),
            ],
            "PENDING_NEW 0/100/0/0/0",
            id="discovered by a pending report: not decided yet",
        ),
        pytest.param(
            [e.OrderDiscovered(source=e.Source.FILL), filled("40")],
            "PARTIALLY_FILLED 40/0/0/0/0",
            id="discovered by a match: its size is not known",
        ),
        pytest.param([placed(), filled("40")], PARTLY, id="matched before the acceptance came"),
        pytest.param(
            [placed(), accepted(), filled("100")], "FILLED 100/0/0/0/0 by FILLED", id="all matched"
        ),
        pytest.param(
            [placed(), accepted(), e.OrderRestated(size=Decimal(90))],
            "NEW 0/90/0/0/0",
            id="restated down: the order is smaller, nothing was cancelled",
        ),
        pytest.param([placed(), e.OrderRestated()], OPEN, id="restated: it is on the book, then"),
        pytest.param(
            [placed(), accepted(), e.DoneForDay(), e.OrderRestated()],
            OPEN,
            id="renewed for another day",
        ),
        pytest.param(
            [placed(), accepted(), e.Calculated(), e.OrderRestated()],
            OPEN,
            id="renewed after the books were closed",
        ),
        pytest.param(
            [placed(), accepted(), cancelled(), e.OrderRestated(size=Decimal(90))],
            "CANCELLED 0/0/90/0/0 by CANCELLED",
            id="restated after the cancel: it stays cancelled",
        ),
    ],
)
def test_how_it_begins(life: list[e.OrderEvent], expected: str) -> None:
    assert stands(fold(life)) == expected


@pytest.mark.parametrize(
    ("life", "expected"),
    [
        pytest.param([e.Lapsed()], "EXPIRED 0/0/0/100/0 by LAPSED", id="lapsed"),
        pytest.param([e.Lapsed(size=Decimal(30))], "NEW 0/70/0/30/0", id="a part lapsed"),
        pytest.param(
            [e.Lapsed(size=HUNDRED)], "EXPIRED 0/0/0/100/0 by LAPSED", id="all of it in parts"
        ),
        pytest.param([e.Expired()], "EXPIRED 0/0/0/100/0 by EXPIRED", id="expired"),
        pytest.param([e.Voided()], "CANCELLED 0/0/0/0/100 by VOIDED", id="voided"),
        pytest.param(
            [e.Voided(size=HUNDRED)], "CANCELLED 0/0/0/0/100 by VOIDED", id="voided in parts"
        ),
        pytest.param(
            [filled("40"), e.Voided(size=Decimal(60))],
            "FILLED 40/0/0/0/60 by FILLED",
            id="all that was not voided matched",
        ),
        pytest.param([e.Calculated()], "DONE_FOR_DAY 0/0/0/100/0 by CALCULATED", id="calculated"),
        pytest.param(
            [e.DoneForDay()], "DONE_FOR_DAY 0/0/0/100/0 by DONE_FOR_DAY", id="a day order's day"
        ),
        pytest.param(
            [e.DoneForDay(), filled("40")],
            "DONE_FOR_DAY 40/0/0/60/0 by DONE_FOR_DAY",
            id="a late match does not re-open the day",
        ),
        pytest.param(
            [filled("40"), e.Voided()],
            "CANCELLED 40/0/0/0/60 by VOIDED",
            id="settlement failed: matches stay until their records fall",
        ),
        pytest.param([e.Stopped(size=Decimal(10))], "STOPPED 0/100/0/0/0", id="guaranteed"),
        pytest.param(
            [e.Stopped(), filled("40")],
            "STOPPED 40/60/0/0/0",
            id="a match under a guarantee",
        ),
        pytest.param(
            [e.Stopped(), cancelled()],
            "CANCELLED 0/0/100/0/0 by CANCELLED",
            id="a guarantee ends with the order",
        ),
        pytest.param(
            [cancelled(), e.Stopped()],
            "CANCELLED 0/0/100/0/0 by CANCELLED",
            id="a guarantee told after the end",
        ),
        pytest.param([e.Suspended()], "SUSPENDED 0/100/0/0/0", id="suspended"),
        pytest.param([e.Suspended(), e.Resumed()], OPEN, id="resumed"),
        pytest.param([e.Suspended(), accepted()], OPEN, id="accepted again"),
        pytest.param(
            [cancelled(), e.Suspended()],
            "CANCELLED 0/0/100/0/0 by CANCELLED",
            id="suspended after the end",
        ),
        pytest.param(
            [cancelled(), e.Resumed()],
            "CANCELLED 0/0/100/0/0 by CANCELLED",
            id="resumed after the end",
        ),
        pytest.param(
            [e.Expired(), cancelled()],
            "EXPIRED 0/0/0/100/0 by EXPIRED",
            id="two ends: the first stands",
        ),
    ],
)
def test_what_a_market_and_a_day_do(life: list[e.OrderEvent], expected: str) -> None:
    assert stands(after(*life)) == expected


@pytest.mark.parametrize(
    ("life", "expected"),
    [
        pytest.param([e.DoneForDay()], "DONE_FOR_DAY 0/100/0/0/0", id="it rests"),
        pytest.param([e.DoneForDay(), e.OrderRestated()], OPEN, id="renewed"),
        pytest.param([e.DoneForDay(), accepted()], OPEN, id="accepted for another day"),
        pytest.param([e.DoneForDay(), e.Resumed()], OPEN, id="resumed"),
        pytest.param([e.DoneForDay(), filled("40")], PARTLY, id="it matches: another day"),
        pytest.param(
            [cancelled(), e.DoneForDay()],
            "CANCELLED 0/0/100/0/0 by CANCELLED",
            id="done after the cancel",
        ),
    ],
)
def test_a_good_till_order_outlives_its_day(life: list[e.OrderEvent], expected: str) -> None:
    assert stands(fold([GTC, accepted(), *life])) == expected


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        pytest.param([replace(filled("40"), provisional=True)], True, id="may still be taken back"),
        pytest.param(
            [replace(filled("40"), provisional=True), e.FillConfirmed(fill_id="F1")],
            False,
            id="confirmed",
        ),
        pytest.param(
            [e.FillConfirmed(fill_id="F1"), replace(filled("40"), provisional=True)],
            False,
            id="confirmed before it was told",
        ),
    ],
)
def test_provisional_matches(facts: list[e.OrderEvent], *, expected: bool) -> None:
    assert after(*facts).fills == {"F1": Fill(Decimal(40), filled("40").price, expected)}


def test_implied_matches_make_room_for_records() -> None:
    implied = e.Filled(fill_id="total:40", size=Decimal(40), inferred=True)
    assert stands(after(implied)) == PARTLY
    assert stands(after(implied, filled("30"))) == PARTLY
    assert stands(after(implied, filled("50"))) == "PARTIALLY_FILLED 50/50/0/0/0"


@pytest.mark.parametrize(
    "kind", [e.DuplicateReported, e.UnknownValueSeen, e.ClientRefReused], ids=str
)
def test_notes_leave_the_order_as_it_was(kind: type[Any]) -> None:
    assert stands(after(full(kind))) == stands(after())


@pytest.mark.parametrize("kind", ORDER_EVENTS, ids=lambda kind: str(kind.__name__))
def test_facts_with_every_field_set_fold(kind: type[Any]) -> None:
    event = full(kind)
    assert isinstance(fold([event, event]), Order)


def test_every_fact_has_a_row() -> None:
    assert set(APPLY) == set(get_args(e.OrderEvent))


def test_claims_alone_never_change_how_an_order_stands() -> None:
    for status in (None, *Status):
        told = replace(CLAIMS, status=status)
        assert stands(after(e.OrderReported(claims=told))) == stands(after())
