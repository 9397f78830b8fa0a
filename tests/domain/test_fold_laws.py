"""Laws of the fold: whatever came before, one more fact leaves a whole order that knows of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace
from decimal import Decimal
from typing import Any

import pytest

from domain import events as e
from domain.evolve import evolve, fold
from domain.lifecycle import Closure
from domain.marks import marks
from domain.order import Order, Try, quantities
from domain.reasons import CancelRejectReason
from tests.building import filled, placed
from tests.domain.facts import CANCEL, CLAIMS, ORDER_EVENTS, full

ASKED = e.CancelRequested(cancel_id=CANCEL)
CHANGE = e.AmendRequested(amend_ref="a-1", size=Decimal(80))
OPEN = (placed("100"), e.OrderAccepted())
DAYS = (placed("100", time_in_force="GTC"), e.OrderAccepted())
LATE = CancelRejectReason.TOO_LATE

LIVES: dict[str, tuple[e.OrderEvent, ...]] = {
    "nothing is known": (),
    "sent": (placed("100"),),
    "not sent": (placed("100"), e.PlaceNotSent()),
    "sent, and lost": (placed("100"), e.PlaceOutcomeUnknown(why="timeout")),
    "discovered": (e.OrderDiscovered(source=e.Source.LIST),),
    "open": OPEN,
    "matched": (*OPEN, filled("40", "f-1")),
    "matched by a total": (*OPEN, e.Filled(fill_id="total:40", size=Decimal(40), inferred=True)),
    "a match was taken back": (*OPEN, filled("40", "f-1"), e.FillVoided(fill_id="f-1")),
    "a match was corrected": (
        *OPEN,
        filled("40", "f-1"),
        e.FillCorrected(fill_id="f-1", correction_id="f-3", size=Decimal(30)),
        e.FillVoided(fill_id="f-1", size=Decimal(5)),
    ),
    "asked to cancel": (*OPEN, ASKED),
    "cancel pending": (*OPEN, ASKED, e.CancelPending(cancel_id=CANCEL)),
    "cancel lost": (*OPEN, ASKED, e.CancelOutcomeUnknown(cancel_id=CANCEL, why="timeout")),
    "cancel refused": (*OPEN, ASKED, e.CancelRejected(cancel_id=CANCEL, reason=LATE)),
    "cancelled in part": (
        *OPEN,
        e.CancelRequested(cancel_id=CANCEL, size=Decimal(30)),
        e.Cancelled(cancel_id=CANCEL, size=Decimal(30), whole=False),
    ),
    "cancelled": (*OPEN, ASKED, e.Cancelled(cancel_id=CANCEL)),
    "asked to change": (*OPEN, CHANGE),
    "change pending": (*OPEN, CHANGE, e.AmendPending(amend_ref="a-1")),
    "change lost": (*OPEN, CHANGE, e.AmendOutcomeUnknown(amend_ref="a-1", why="timeout")),
    "changed": (*OPEN, CHANGE, e.Amended(amend_ref="a-1")),
    "settled as void": (
        *OPEN,
        filled("40", "f-1"),
        e.Settled(settlement=e.Settlement(result=e.Result.VOID), fill_id="f-1"),
    ),
    "suspended": (*OPEN, e.Suspended()),
    "rests for the night": (*DAYS, e.DoneForDay()),
    "over for the day": (*OPEN, e.DoneForDay()),
    "expired": (*OPEN, e.Expired()),
    "rejected": (placed("100"), e.OrderRejected()),
}

OPTIONAL = ("size", "claims", "report_id", "price", "cancel_id")
KEPT_OTHERWISE = {e.FillConfirmed, e.Settled, e.SettlementRevised}
"""The fold knows these again by the match that they are about."""


def facts() -> Iterator[e.OrderEvent]:
    """One of every kind with all that it can tell, and with each part of that left out."""
    for kind in ORDER_EVENTS:
        whole = full(kind)
        yield whole
        for field in fields(kind):
            if field.name in OPTIONAL and field.default is None:
                yield replace(whole, **{field.name: None})
        if kind is e.Cancelled:
            yield replace(whole, whole=True)
            yield replace(whole, whole=True, report_id=None)
        if kind is e.Filled:
            yield replace(whole, inferred=False)
        if kind is e.DuplicateReported:
            yield replace(whole, what="cancel", differs=False)


@pytest.fixture(params=LIVES, ids=str)
def before(request: pytest.FixtureRequest) -> Order:
    """An order that has lived so far."""
    return fold(LIVES[request.param])


BLANK = Order()


def of_their_kinds(order: Order) -> bool:
    """Every part of the order is of the kind that it is declared as."""
    parts: dict[str, Any] = vars(order)
    return parts.keys() == vars(BLANK).keys() and all(
        isinstance(parts[name], type(blank))
        for name, blank in vars(BLANK).items()
        if blank is not None
    )


def test_a_fact_changes_parts_that_an_order_has_and_keeps_their_kinds(before: Order) -> None:
    for fact in facts():
        order = evolve(before, fact)
        assert of_their_kinds(order), fact
        assert all(isinstance(bust.returns, bool) for bust in order.busts.values()), fact
        assert all(isinstance(attempt.state, Try) for attempt in order.cancels.values()), fact
        assert all(isinstance(state, Try) for state in order.amends.values()), fact


def test_a_fact_that_has_a_name_is_known_by_it(before: Order) -> None:
    for fact in facts():
        if type(fact) not in KEPT_OTHERWISE:
            assert before.seen | set(marks(fact)) <= evolve(before, fact).seen, fact


def test_the_word_of_a_fact_is_kept_with_what_is_held_by_then(before: Order) -> None:
    for fact in facts():
        order = evolve(before, fact)
        if order.told is not before.told:
            assert (order.told, order.told_of) == (CLAIMS, quantities(order)), fact


def test_an_order_that_is_over_is_in_no_doubt(before: Order) -> None:
    for fact in facts():
        order = evolve(before, fact)
        if order.closure not in {None, Closure.NOT_SENT}:
            assert order.doubts == frozenset(), fact


def test_an_order_that_never_arrived_is_over_only_if_it_was_not_sent(before: Order) -> None:
    for fact in facts():
        order = evolve(before, fact)
        if not order.arrived:
            assert order.closure in {None, Closure.NOT_SENT}, fact


TELLS_A_STATE = (
    e.OrderAccepted, e.OrderReported, e.OrderRejected, e.DoneForDay, e.Expired, e.Calculated,
)  # fmt: skip


@pytest.mark.parametrize("kind", TELLS_A_STATE, ids=lambda kind: str(kind.__name__))
def test_the_state_that_a_fact_tells_is_kept(before: Order, kind: type[Any]) -> None:
    assert evolve(before, full(kind)).told == CLAIMS
    assert evolve(before, replace(full(kind), claims=None)).told == before.told
