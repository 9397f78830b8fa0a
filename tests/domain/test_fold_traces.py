"""What facts leave on an order beside its sizes: what is asked, in doubt, proved."""

from __future__ import annotations

from decimal import Decimal

import pytest

from domain import events as e
from domain.evolve import fold
from domain.folding import doubt_of
from domain.order import Attempt, Try, quantities
from domain.reasons import CancelRejectReason
from domain.values import Name, NameKind, Price
from tests.building import accepted, filled, placed
from tests.cancelling import Q2, Q, asked, claims, lost, refused
from tests.domain.telling import after, of_total, stands
from tests.domain.test_possible_worlds import live, may

D = Decimal
DEARER = Price(D(2))
TWICE: list[e.OrderEvent] = [
    e.AmendRequested(amend_ref="a", price=DEARER),
    e.AmendPending(amend_ref="a"),
    e.AmendRequested(amend_ref="b", size=D(80)),
]


def test_a_lost_cancel_of_a_part_that_left_the_order_live_took_nothing() -> None:
    order = after(asked("30"), lost(), live())
    assert order.cancels == {Q: Attempt(Try.REJECTED, D(30))}


def test_each_cancel_leaves_its_own_doubt() -> None:
    order = after(asked(), lost(), asked(cancel_id=Q2), refused(cancel_id=Q2))
    assert order.doubts == {doubt_of(Q), f"rejected:{CancelRejectReason.TOO_LATE}"}


def test_one_report_can_tell_what_became_of_two_changes() -> None:
    lost_both: list[e.OrderEvent] = [
        e.AmendRequested(amend_ref="a", size=D(60)),
        e.AmendOutcomeUnknown(amend_ref="a", why="timeout"),
        e.AmendRequested(amend_ref="b", price=DEARER),
        e.AmendOutcomeUnknown(amend_ref="b", why="timeout"),
    ]
    order = after(*lost_both, live("60", "1.95"))
    assert order.amends == {"a": Try.DONE, "b": Try.REJECTED}


def test_what_a_report_does_not_tell_of_one_change_it_tells_of_the_next() -> None:
    life: list[e.OrderEvent] = [
        e.AmendRequested(amend_ref="a", size=D(90)),
        e.Amended(amend_ref="a"),
        e.AmendRequested(amend_ref="b", size=D(60)),
        e.AmendOutcomeUnknown(amend_ref="b", why="timeout"),
        e.AmendRequested(amend_ref="c", price=DEARER),
        e.AmendOutcomeUnknown(amend_ref="c", why="timeout"),
    ]
    order = after(*life, live(price="2"))
    assert order.amends == {"a": Try.DONE, "b": Try.UNKNOWN, "c": Try.DONE}


def test_an_order_that_was_seen_live_was_not_taken_off_to_be_put_back() -> None:
    put_back = e.AmendRequested(amend_ref="a", rest=D(30))
    order = after(put_back, e.AmendOutcomeUnknown(amend_ref="a", why="timeout"), live())
    assert order.amends == {"a": Try.REJECTED}


@pytest.mark.parametrize(
    ("reason", "arrived"),
    [
        pytest.param(CancelRejectReason.NOT_CANCELLABLE, True, id="it has the order"),
        pytest.param(CancelRejectReason.UNKNOWN_ORDER, False, id="it has never heard of it"),
        pytest.param(CancelRejectReason.VENUE_ERROR, False, id="it tells nothing of the order"),
    ],
)
def test_what_a_refusal_tells_of_an_order_that_nobody_acknowledged(
    reason: CancelRejectReason, *, arrived: bool
) -> None:
    refusals: list[e.OrderEvent] = [
        e.AmendRejected(amend_ref="a", reason=reason),
        e.CancelRejected(cancel_id=Q, reason=reason),
    ]
    assert [fold([placed(), refusal]).arrived for refusal in refusals] == [arrived] * 2


def test_asked_for_less_than_a_total_tells_it_keeps_that() -> None:
    order = after(
        filled("40"),
        of_total("50", "10"),
        e.AmendRequested(amend_ref="a", size=D(10)),
        e.Amended(amend_ref="a"),
    )
    assert stands(order) == "FILLED 50/0/0/0/0 by FILLED"


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        pytest.param(None, D(100), id="no size: the one we hold"),
        pytest.param(claims(size="100"), D(100), id="the size that it has"),
        pytest.param(claims(size="80"), D(100), id="the size that this change asks for"),
    ],
)
def test_a_pending_change_of_price_proves_no_size(word: e.Claims | None, expected: Decimal) -> None:
    order = after(*TWICE, e.AmendPending(amend_ref="b", claims=word))
    assert (order.size, order.amended) == (expected, False)


def test_a_size_that_a_venue_works_with_is_not_taken_back_by_the_terms_we_sent() -> None:
    first = e.AmendRequested(amend_ref="a", size=D(80))
    pending = e.AmendPending(amend_ref="a")
    second = e.AmendPending(amend_ref="b", claims=claims(size="80"))
    assert after(first, pending, second).amended
    assert fold([accepted(), first, pending, second, placed("100")]).size == D(80)


def test_an_order_that_rests_for_the_night_is_on_the_book() -> None:
    order = fold([placed(time_in_force="GTC"), e.DoneForDay()])
    assert (order.accepted, order.day_over) == (True, True)


def test_what_the_buckets_follow_from_counts_what_only_a_total_tells() -> None:
    order = after(filled("40"), of_total("50", "10"), e.Lapsed(size=D(5)))
    assert quantities(order) == (D(100), D(50), D(0), D(0), D(5), D(0), None)


@pytest.mark.parametrize("late", [filled("40"), accepted()], ids=["a match", "an acceptance"])
def test_what_is_told_late_does_not_begin_another_day(late: e.OrderEvent) -> None:
    assert after(e.DoneForDay(), late).day_over


def test_an_order_that_is_suspended_is_on_the_book() -> None:
    order = fold([placed(), e.Suspended()])
    assert (order.accepted, order.suspended) == (True, True)


def test_an_order_is_discovered_with_its_names() -> None:
    names = (Name(NameKind.VENUE, "v"),)
    assert fold([e.OrderDiscovered(source=e.Source.LIST, names=names)]).names == names


def test_the_account_that_a_venue_names_instead_is_kept_beside_ours() -> None:
    order = after(e.TermsDisputed(terms=e.Terms(market="M9"), account="rival"))
    assert (order.disputed.market, order.disputed_account) == ("M9", "rival")


@pytest.mark.parametrize(
    ("life", "fell"),
    [
        pytest.param([e.TotalTold(total=D(30))], D(30), id="less than we hold"),
        pytest.param([e.TotalTold(total=D(40))], None, id="as much as we hold"),
        pytest.param([e.TotalTold(total=D(50))], None, id="more than we hold"),
        pytest.param(
            [e.TotalTold(total=D(30)), e.TotalTold(total=D(40))], None, id="less, and not any more"
        ),
    ],
)
def test_a_total_that_falls(life: list[e.OrderEvent], fell: Decimal | None) -> None:
    assert after(filled("40"), *life).fell == fell


def test_a_fallen_total_that_a_void_explains_is_no_doubt() -> None:
    order = after(
        filled("30"), filled("10", "F2"), e.TotalTold(total=D(30)), e.FillVoided(fill_id="F2")
    )
    assert may(order) == "70..70 live, 30..30 matched"


def test_of_several_changes_each_that_was_lost_is_in_doubt() -> None:
    answered: list[e.OrderEvent] = [
        e.AmendRequested(amend_ref="a", size=D(90)),
        e.Amended(amend_ref="a"),
    ]
    lost_one: list[e.OrderEvent] = [
        e.AmendRequested(amend_ref="b", size=D(60)),
        e.AmendOutcomeUnknown(amend_ref="b", why="timeout"),
    ]
    assert may(after(*answered, *lost_one)) == "60..90 live, 0..0 matched amend_unknown"


def test_reports_of_an_acceptance_and_of_a_state_are_of_one_kind() -> None:
    said = e.OrderAccepted(report_id="r")
    assert fold([placed(), said]).seen == fold([placed(), e.OrderReported(report_id="r")]).seen
