"""Where an order's size is: the identity, whatever the venue says, and the late fill."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import example, given

from domain import events as e
from domain.buckets import Buckets, buckets
from domain.doubts import Doubt
from domain.evolve import fold
from domain.lifecycle import Closure
from domain.order import Order
from domain.standing import standing
from domain.values import ZERO
from tests.building import accepted, filled, placed
from tests.cancelling import cancelled, reduced
from tests.domain.facts import ANY_LIFE


@given(ANY_LIFE)
@example([e.Filled(fill_id="f1", size=Decimal(120)), placed(), cancelled()])
def test_the_buckets_always_sum_to_the_size(life: list[e.OrderEvent]) -> None:
    for end in range(len(life) + 1):
        order = fold(life[:end])
        held = buckets(order)
        parts = (held.matched, held.remaining, held.cancelled, held.lapsed, held.voided)
        assert sum(parts) == held.size
        assert min(*parts, held.excess) >= ZERO
        assert held.matched + held.excess == order.real + order.inferred
        assert order.closure is None or held.remaining == ZERO


@given(ANY_LIFE)
def test_what_is_certain_bounds_what_may_remain(life: list[e.OrderEvent]) -> None:
    stands = standing(fold(life))
    remaining = stands.buckets.remaining
    assert ZERO <= stands.remaining_min <= remaining <= stands.remaining_max
    in_change = Doubt.AMEND_UNKNOWN in stands.why
    assert stands.certain is (stands.remaining_min == stands.remaining_max and not in_change)
    assert stands.is_open is (stands.remaining_max > ZERO)


def split(*life: e.OrderEvent) -> str:
    """Size = matched + remaining + cancelled + lapsed + voided, and the excess if there is any."""
    held = buckets(fold([placed(), accepted(), *life]))
    parts = (held.matched, held.remaining, held.cancelled, held.lapsed, held.voided)
    excess = f" ({held.excess} too much)" if held.excess else ""
    return f"{held.size} = {' + '.join(map(str, parts))}{excess}"


@pytest.mark.parametrize(
    ("life", "expected"),
    [
        pytest.param([], "100 = 0 + 100 + 0 + 0 + 0", id="open: all remains"),
        pytest.param([filled("40")], "100 = 40 + 60 + 0 + 0 + 0", id="partly matched"),
        pytest.param([cancelled()], "100 = 0 + 0 + 100 + 0 + 0", id="cancelled whole"),
        pytest.param([filled("40"), cancelled()], "100 = 40 + 0 + 60 + 0 + 0", id="the rest"),
        pytest.param([reduced("30")], "100 = 0 + 70 + 30 + 0 + 0", id="cancelled in part"),
        pytest.param(
            [cancelled(), filled("40")],
            "100 = 40 + 0 + 60 + 0 + 0",
            id="a late match moves size out of cancelled and re-opens nothing",
        ),
        pytest.param(
            [reduced("70"), filled("60")],
            "100 = 60 + 0 + 40 + 0 + 0",
            id="a match takes from a partial cancel too",
        ),
        pytest.param(
            [cancelled(), filled("120")],
            "100 = 100 + 0 + 0 + 0 + 0 (20 too much)",
            id="matched beyond the size fits nowhere and is told",
        ),
        pytest.param([e.Lapsed()], "100 = 0 + 0 + 0 + 100 + 0", id="lapsed whole"),
        pytest.param(
            [e.Lapsed(size=Decimal(30)), cancelled()],
            "100 = 0 + 0 + 70 + 30 + 0",
            id="lapsed in part, the rest cancelled",
        ),
        pytest.param([e.Expired()], "100 = 0 + 0 + 0 + 100 + 0", id="expired: it lapsed"),
        pytest.param([e.DoneForDay()], "100 = 0 + 0 + 0 + 100 + 0", id="the day is over"),
        pytest.param([e.Calculated()], "100 = 0 + 0 + 0 + 100 + 0", id="the books are closed"),
        pytest.param([e.OrderRejected()], "100 = 0 + 0 + 0 + 0 + 100", id="never live"),
        pytest.param(
            [e.Voided(size=Decimal(30)), cancelled()],
            "100 = 0 + 0 + 70 + 0 + 30",
            id="voided in part, the rest cancelled",
        ),
        pytest.param(
            [filled("40"), e.Voided()],
            "100 = 40 + 0 + 0 + 0 + 60",
            id="voided whole with a match in place: the match stays until its record falls",
        ),
        pytest.param(
            [filled("40"), e.Voided(), e.FillVoided(fill_id="F1", returns=False)],
            "100 = 0 + 0 + 0 + 0 + 100",
            id="settlement failed: then the match falls too",
        ),
        pytest.param(
            [filled("40"), e.FillVoided(fill_id="F1")],
            "100 = 0 + 100 + 0 + 0 + 0",
            id="a match taken back rests again",
        ),
        pytest.param(
            [filled("40"), e.FillVoided(fill_id="F1", returns=False)],
            "100 = 0 + 60 + 0 + 0 + 40",
            id="a match taken back for good",
        ),
        pytest.param(
            [filled("40"), cancelled(), e.FillVoided(fill_id="F1")],
            "100 = 0 + 0 + 100 + 0 + 0",
            id="taken back after the cancel: nothing rests again",
        ),
        pytest.param(
            [filled("100"), cancelled(), e.FillVoided(fill_id="F1")],
            "100 = 0 + 0 + 100 + 0 + 0",
            id="a cancel of a filled order takes what comes back later",
        ),
    ],
)
def test_where_the_size_is(life: list[e.OrderEvent], expected: str) -> None:
    assert split(*life) == expected


def test_an_order_of_unknown_size_is_as_large_as_what_is_known_of_it() -> None:
    order = fold([e.OrderDiscovered(source=e.Source.FILL), filled("40")])
    expected = Buckets(Decimal(40), Decimal(40), ZERO, ZERO, ZERO, ZERO, ZERO)
    assert buckets(order) == expected


@pytest.mark.parametrize("how", Closure)
def test_every_closure_has_a_bucket_and_leaves_nothing(how: Closure) -> None:
    held = buckets(Order(size=Decimal(100), closure=how))
    assert held.remaining == ZERO
    assert held.cancelled + held.lapsed + held.voided == Decimal(100)


def test_an_order_whose_size_nobody_told_is_as_large_as_what_is_known_of_it() -> None:
    life: list[e.OrderEvent] = [
        e.OrderDiscovered(source=e.Source.FILL),
        e.Filled(fill_id="f1", size=Decimal(40)),
        e.Filled(fill_id="f2", size=Decimal(7)),
        e.FillVoided(fill_id="f2", returns=False),
        e.Cancelled(size=Decimal(20), whole=False),
        e.Lapsed(size=Decimal(3)),
        e.Voided(size=Decimal(2)),
    ]
    held = buckets(fold(life))
    assert (held.size, held.matched, held.remaining) == (Decimal(72), Decimal(40), ZERO)
    assert (held.cancelled, held.lapsed, held.voided) == (Decimal(20), Decimal(3), Decimal(9))


def test_what_lapsed_in_parts_stays_when_the_rest_lapses() -> None:
    held = buckets(fold([placed(), accepted(), e.Lapsed(size=Decimal(30)), e.Lapsed()]))
    assert (held.lapsed, held.remaining) == (Decimal(100), ZERO)
