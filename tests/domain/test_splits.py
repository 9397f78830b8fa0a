"""A corporate action changes what a unit is; who asks for less than has matched keeps that."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import events as e
from domain.buckets import buckets
from domain.decisions import hear
from domain.evolve import fold
from domain.values import plain
from tests.building import filled
from tests.cancelling import cancelled
from tests.domain.telling import after, of_total, stands

D = Decimal


def split(size: str) -> e.OrderRestated:
    return e.OrderRestated(size=D(size), split=True)


@pytest.mark.parametrize(
    ("life", "expected"),
    [
        pytest.param(
            [filled("40"), split("200")],
            "PARTIALLY_FILLED 80/120/0/0/0",
            id="two for one: what has matched is twice as much",
        ),
        pytest.param(
            [filled("40"), e.OrderRestated(size=D(200))],
            "PARTIALLY_FILLED 40/160/0/0/0",
            id="an increase is no split",
        ),
        pytest.param([split("50"), split("50")], "NEW 0/50/0/0/0", id="told twice, done once"),
        pytest.param(
            [of_total("40", "40"), split("50")],
            "PARTIALLY_FILLED 20/30/0/0/0",
            id="one for two; a match that only a total tells of counts anew, too",
        ),
        pytest.param(
            [cancelled("10", whole=False), e.Lapsed(size=D(20)), e.Voided(size=D(5)), split("200")],
            "NEW 0/130/20/40/10",
            id="what has left the book counts anew, too",
        ),
        pytest.param(
            [
                filled("40", "f1"),
                filled("20", "f2"),
                e.FillVoided(fill_id="f2"),
                e.FillVoided(fill_id="f1", size=D(10)),
                split("200"),
            ],
            "PARTIALLY_FILLED 60/140/0/0/0",
            id="what was taken back stays taken back",
        ),
        pytest.param(
            [
                filled("40", "f1"),
                e.FillCorrected(fill_id="f1", correction_id="c1", size=D(30)),
                split("200"),
            ],
            "PARTIALLY_FILLED 60/140/0/0/0",
            id="a corrected match counts as corrected",
        ),
        pytest.param(
            [filled("40"), e.OrderRestated(split=True)],
            "PARTIALLY_FILLED 40/60/0/0/0",
            id="no size told: nothing can be made of it",
        ),
        pytest.param(
            [filled("10"), split("33")],
            "PARTIALLY_FILLED 3.3/29.7/0/0/0",
            id="a fraction that comes out even",
        ),
    ],
)
def test_what_a_split_makes(life: list[e.OrderEvent], expected: str) -> None:
    assert stands(after(*life)) == expected


def test_what_does_not_come_out_even_is_cut_to_the_finest_digit_told() -> None:
    order = after(e.OrderRestated(size=D("30")), filled("10.00"), split("10"))
    assert plain(buckets(order).matched) == "3.33"
    order = after(e.OrderRestated(size=D("30")), filled("20.00"), split("10"))
    assert plain(buckets(order).matched) == "6.66"


def test_an_order_whose_size_nobody_told_is_left_alone() -> None:
    unknown = e.OrderDiscovered(source=e.Source.FILL)
    from_nothing: list[e.OrderEvent] = [unknown, filled("40"), split("100")]
    assert stands(fold(from_nothing)) == "PARTIALLY_FILLED 40/60/0/0/0"


@given(
    matched=st.integers(0, 100),
    times=st.integers(1, 9),
    parts=st.lists(st.integers(1, 9), max_size=3),
)
def test_a_split_and_back_changes_nothing(matched: int, times: int, parts: list[int]) -> None:
    life: list[e.OrderEvent] = [filled(str(matched))] if matched else []
    life += [cancelled(str(part), whole=False) for part in parts]
    there_and_back = [*life, split(str(100 * times)), split("100")]
    assert stands(after(*there_and_back)) == stands(after(*life))


@pytest.mark.parametrize(
    ("matched", "asked", "expected"),
    [
        pytest.param("80", "70", "FILLED 80/0/0/0/0 by FILLED", id="less than has matched: that"),
        pytest.param("70", "70", "FILLED 70/0/0/0/0 by FILLED", id="as much as has matched"),
        pytest.param("60", "70", "PARTIALLY_FILLED 60/10/0/0/0", id="more than has matched"),
    ],
)
def test_asked_for_less_than_has_matched(matched: str, asked: str, expected: str) -> None:
    requested = e.AmendRequested(amend_ref="Y", size=D(asked))
    assert stands(after(filled(matched), requested, e.Amended(amend_ref="Y"))) == expected


def changed_to(size: str, report_id: str | None = None) -> e.Amended:
    return e.Amended(amend_ref="X", size=D(size), report_id=report_id)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        pytest.param(
            [changed_to("90", "r1"), changed_to("80", "r2"), changed_to("90", "r3")],
            "NEW 0/90/0/0/0",
            id="to and fro: reports with ids are changes of their own",
        ),
        pytest.param(
            [changed_to("90", "r1"), changed_to("80", "r2"), changed_to("90", "r1")],
            "NEW 0/80/0/0/0",
            id="an old report told again is none",
        ),
        pytest.param(
            [changed_to("90"), changed_to("80"), changed_to("90")],
            "NEW 0/80/0/0/0",
            id="without ids, the same terms are the same change",
        ),
    ],
)
def test_a_venue_may_change_an_order_more_than_once(said: list[e.Amended], expected: str) -> None:
    order = after()
    for item in said:
        order, _ = hear(order, [item])
    assert stands(order) == expected
