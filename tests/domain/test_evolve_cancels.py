"""What cancels and changes of ours do to an order, in whatever order the answers arrive."""

from __future__ import annotations

from decimal import Decimal
from itertools import permutations

import pytest

from domain import events as e
from domain.decisions import waiting_cancel
from domain.evolve import fold
from domain.lifecycle import Status
from domain.order import Attempt, Try
from domain.reasons import LEAVES_DOUBT, CancelRejectReason
from domain.values import Price
from tests.building import accepted, filled, placed
from tests.cancelling import Q2, Q, again, asked, cancelled, lost, reduced, refused, reported
from tests.domain.telling import after, stands

OPEN = "NEW 0/100/0/0/0"
GONE = "CANCELLED 0/0/100/0/0 by CANCELLED"
pending = e.CancelPending(cancel_id=Q)
KEPT = CancelRejectReason.NOT_CANCELLABLE


@pytest.mark.parametrize(
    ("life", "expected"),
    [
        pytest.param([asked()], f"{OPEN} cancel pending", id="asked: the status stays"),
        pytest.param(
            [asked(), pending], "PENDING_CANCEL 0/100/0/0/0 cancel pending", id="the venue has it"
        ),
        pytest.param(
            [asked(), pending, filled("40")],
            "PENDING_CANCEL 40/60/0/0/0 cancel pending",
            id="a match on the way",
        ),
        pytest.param([asked(), pending, cancelled()], GONE, id="cancelled"),
        pytest.param([asked(), cancelled(), pending], GONE, id="pending told after the cancel"),
        pytest.param([cancelled(), asked()], GONE, id="the answer recorded before the request"),
        pytest.param(
            [asked(), pending, refused(KEPT), pending],
            OPEN,
            id="pending told after the refusal",
        ),
        pytest.param(
            [asked(), pending, refused()], "NEW 0/100/0/0/0 0..100", id="too late: it may be gone"
        ),
        pytest.param([asked(), refused(KEPT)], OPEN, id="refused: it stays live"),
        pytest.param([asked(), cancelled(), refused(KEPT)], GONE, id="a refusal undoes no cancel"),
        pytest.param([asked(), refused(KEPT), cancelled()], GONE, id="cancelled after a refusal"),
        pytest.param(
            [asked(), pending, asked(cancel_id=Q2), refused(KEPT, cancel_id=Q2)],
            "PENDING_CANCEL 0/100/0/0/0 cancel pending",
            id="another request was refused: this one is still with the venue",
        ),
        pytest.param(
            [e.CancelPending()], "PENDING_CANCEL 0/100/0/0/0", id="a pending nobody here asked for"
        ),
        pytest.param(
            [e.CancelPending(), refused(KEPT, cancel_id=None)], OPEN, id="and its refusal"
        ),
        pytest.param(
            [asked("30"), reduced("30")], "NEW 0/70/30/0/0", id="a part: the rest is live"
        ),
        pytest.param(
            [asked("30"), pending, reduced("30")], "NEW 0/70/30/0/0", id="a part that was pending"
        ),
        pytest.param(
            [reduced("30"), filled("70")],
            "CANCELLED 70/0/30/0/0 by CANCELLED",
            id="a part cancelled, the rest matched: not all of it is filled",
        ),
        pytest.param(
            [cancelled(), filled("40")],
            "CANCELLED 40/0/60/0/0 by CANCELLED",
            id="a late match does not re-open",
        ),
        pytest.param(
            [cancelled(), filled("100")],
            "FILLED 100/0/0/0/0 by CANCELLED",
            id="all of it had matched",
        ),
        pytest.param(
            [asked(), lost()], f"{OPEN} cancel pending 0..100", id="no answer: all in doubt"
        ),
        pytest.param(
            [asked("30"), lost()],
            f"{OPEN} cancel pending 70..100",
            id="no answer to a part: the rest is certain",
        ),
        pytest.param(
            [asked("30"), lost(), asked("30", Q2), lost(cancel_id=Q2)],
            f"{OPEN} cancel pending 40..100",
            id="two parts in doubt",
        ),
        pytest.param(
            [asked("30"), lost(), asked(cancel_id=Q2), refused(cancel_id=Q2)],
            f"{OPEN} cancel pending 0..100",
            id="a part in doubt and a refusal that doubts it all",
        ),
        pytest.param([asked(), lost("not_mentioned")], f"{OPEN} 0..100", id="not mentioned"),
        pytest.param([asked(), lost(), cancelled()], GONE, id="no answer, then the cancel"),
        pytest.param([asked(), cancelled(), lost()], GONE, id="the loss is told after it"),
        pytest.param(
            [cancelled(cancel_id=None), asked(), lost()],
            GONE,
            id="lost after the end: nothing is in doubt",
        ),
        pytest.param([asked(), lost(), refused(KEPT)], OPEN, id="no answer, then the refusal"),
        pytest.param([asked(), refused(KEPT), lost()], OPEN, id="the loss is told after that"),
        pytest.param([asked(), e.CancelNotSent(cancel_id=Q)], OPEN, id="never sent"),
        pytest.param(
            [asked(), lost(), e.CancelNotSent(cancel_id=Q)], OPEN, id="proved never to have left"
        ),
        pytest.param(
            [asked(), cancelled(), e.CancelNotSent(cancel_id=Q)], GONE, id="and yet answered"
        ),
        pytest.param(
            [cancelled(cancel_id=None), asked(), again()], GONE, id="answered by an earlier cancel"
        ),
        pytest.param([asked(), again(what="fill")], f"{OPEN} cancel pending", id="another repeat"),
        pytest.param(
            [asked(), filled("100"), refused()],
            "FILLED 100/0/0/0/0 by FILLED",
            id="too late: all matched, nothing in doubt",
        ),
    ],
)
def test_cancels(life: list[e.OrderEvent], expected: str) -> None:
    assert stands(after(*life)) == expected


@pytest.mark.parametrize(
    ("fact", "certain"),
    [
        pytest.param(reported(Status.NEW, remaining="100"), True, id="the venue shows it live"),
        pytest.param(reported(Status.PARTIALLY_FILLED), True, id="no figure beside it"),
        pytest.param(reported(Status.NEW, remaining="0"), False, id="live, and nothing remains"),
        pytest.param(reported(Status.PENDING_CANCEL), False, id="a cancel is being decided"),
        pytest.param(reported(Status.CANCELLED), False, id="a claim of its end is no end"),
        pytest.param(e.OrderReported(), False, id="terms only"),
        pytest.param(e.Amended(amend_ref="a"), True, id="the venue changed it"),
        pytest.param(e.OrderRestated(), True, id="the venue renewed it"),
        pytest.param(e.Suspended(), True, id="the venue suspended it"),
        pytest.param(e.Resumed(), True, id="the venue resumed it"),
        pytest.param(filled("40"), False, id="a match says nothing of the rest"),
        pytest.param(accepted(), False, id="an acceptance may be old"),
        pytest.param(reduced("10"), True, id="its own answer: a part"),
    ],
)
def test_what_settles_a_doubt(fact: e.OrderEvent, *, certain: bool) -> None:
    order = after(asked(), lost(), fact)
    assert (not order.doubts) is certain
    if certain:
        assert order.cancels[Q].state in {Try.REJECTED, Try.DONE}


@pytest.mark.parametrize("reason", CancelRejectReason)
def test_some_refusals_leave_doubt(reason: CancelRejectReason) -> None:
    assert bool(after(asked(), refused(reason)).doubts) is (reason in LEAVES_DOUBT)


def test_the_answers_of_one_request_agree_in_any_order() -> None:
    answers: list[e.OrderEvent] = [asked("100"), pending, lost(), cancelled()]
    for facts in permutations(answers):
        order = after(*facts)
        assert stands(order) == GONE
        assert order.cancels == {Q: Attempt(Try.DONE, Decimal(100))}


def change(ref: str = "a", size: str | None = None, price: str | None = None) -> e.AmendRequested:
    """We asked for other terms."""
    return e.AmendRequested(
        amend_ref=ref,
        size=None if size is None else Decimal(size),
        price=None if price is None else Price(Decimal(price)),
    )


changing = e.AmendPending(amend_ref="a")
kept = e.AmendRejected(amend_ref="a", reason=KEPT)
done = e.Amended(amend_ref="a", size=Decimal(120))


@pytest.mark.parametrize(
    ("life", "expected"),
    [
        pytest.param([change(size="120")], f"{OPEN} replace pending", id="asked"),
        pytest.param(
            [change(size="120"), changing],
            "PENDING_REPLACE 0/100/0/0/0 replace pending",
            id="the venue has it; the terms stay",
        ),
        pytest.param([change(size="120"), changing, done], "NEW 0/120/0/0/0", id="done as told"),
        pytest.param([done, changing, change(size="120")], "NEW 0/120/0/0/0", id="told backwards"),
        pytest.param(
            [change(size="120"), e.Amended(amend_ref="a")], "NEW 0/120/0/0/0", id="done as asked"
        ),
        pytest.param([e.Amended(amend_ref="a")], OPEN, id="done, nobody says what"),
        pytest.param([change(size="120"), changing, kept], OPEN, id="refused: the terms stay"),
        pytest.param([change(size="120"), kept, changing], OPEN, id="pending told after that"),
        pytest.param([done, kept], "NEW 0/120/0/0/0", id="a refusal undoes no change"),
        pytest.param([kept, done], "NEW 0/120/0/0/0", id="changed after a refusal"),
        pytest.param(
            [filled("40"), e.Amended(amend_ref="a", size=Decimal(40))],
            "FILLED 40/0/0/0/0 by FILLED",
            id="down to what matched",
        ),
        pytest.param(
            [filled("40"), e.Amended(amend_ref="a", size=Decimal(30))],
            "FILLED 30/0/0/0/0 +10 by FILLED",
            id="below it",
        ),
        pytest.param(
            [change(size="120"), changing, cancelled()], GONE, id="cancelled: nothing is pending"
        ),
        pytest.param(
            [change(size="120"), changing, cancelled(), done],
            "CANCELLED 0/0/120/0/0 by CANCELLED",
            id="changed after the cancel: it stays cancelled",
        ),
    ],
)
def test_changes(life: list[e.OrderEvent], expected: str) -> None:
    assert stands(after(*life)) == expected


def test_a_change_proves_an_order_that_nobody_accepted() -> None:
    assert stands(fold([placed(), done])) == "NEW 0/120/0/0/0"


def test_a_new_price_changes_nothing_else() -> None:
    order = after(change(price="2.10"), e.Amended(amend_ref="a"))
    assert order.terms.price == Price(Decimal("2.10"))
    assert stands(order) == OPEN


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        pytest.param("80", "PENDING_REPLACE 0/80/0/0/0 replace pending", id="that of the first"),
        pytest.param("100", "PENDING_REPLACE 0/100/0/0/0 replace pending", id="that of the order"),
        pytest.param("70", "PENDING_REPLACE 0/100/0/0/0 replace pending", id="its own, as a plan"),
        pytest.param("66", "PENDING_REPLACE 0/100/0/0/0 replace pending", id="nobody's"),
    ],
)
def test_a_second_change_shows_the_size_that_the_venue_works_with(size: str, expected: str) -> None:
    told = e.AmendPending(amend_ref="b", claims=e.Claims(size=Decimal(size)))
    life: list[e.OrderEvent] = [change("a", "80"), change("b", "70"), changing, told]
    assert stands(after(*life)) == expected


@pytest.mark.parametrize(
    ("life", "expected"),
    [
        pytest.param([], None, id="none asked"),
        pytest.param([asked()], Q, id="asked"),
        pytest.param([asked(), asked(cancel_id=Q2)], Q2, id="the newest of two"),
        pytest.param([asked(), asked(cancel_id=Q2), cancelled(cancel_id=Q2)], Q, id="not answered"),
        pytest.param([asked(), refused()], None, id="answered"),
        pytest.param([asked(), lost("not_mentioned")], Q, id="not mentioned: it may come yet"),
        pytest.param([asked(), e.CancelNotSent(cancel_id=Q)], None, id="never sent"),
    ],
)
def test_which_cancel_a_bare_report_is_about(life: list[e.OrderEvent], expected: object) -> None:
    assert waiting_cancel(after(*life)) == expected
