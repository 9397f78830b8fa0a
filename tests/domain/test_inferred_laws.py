"""Laws of what only a total tells: never counted twice, whatever order records and totals come in.

A cumulative venue tells a running total; the records of its matches come before, after, split
in other sizes, or never.
"""

from __future__ import annotations

from decimal import Decimal
from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import events as e
from domain.decisions import hear
from domain.messages import MatchedTotal, Said
from domain.order import Order
from domain.values import ZERO
from tests.building import accepted, placed
from tests.cancelling import asked, cancelled
from tests.domain.facts import SIZES
from tests.domain.telling import of_total, stands

LARGE = "100000"


def told(said: list[Said]) -> Order:
    """An accepted order that is large enough, after these."""
    order, _ = hear(Order(), [placed(LARGE), accepted()])
    for item in said:
        order, _ = hear(order, [item])
    return order


def records(sizes: list[Decimal]) -> list[Said]:
    """The records of matches of these sizes."""
    return [e.Filled(fill_id=f"f{index}", size=size) for index, size in enumerate(sizes)]


@given(st.lists(SIZES, min_size=1, max_size=5), st.data())
def test_records_and_their_totals_count_once_in_any_order(
    sizes: list[Decimal], data: st.DataObject
) -> None:
    totals: list[Said] = [MatchedTotal(total=total) for total in accumulate(sizes)]
    order = told(data.draw(st.permutations([*records(sizes), *totals])))
    assert order.real + order.inferred == sum(sizes)


@given(st.lists(SIZES, min_size=1, max_size=4), st.data())
def test_a_total_whose_records_are_split_counts_once(
    parts: list[Decimal], data: st.DataObject
) -> None:
    total = sum(parts, ZERO)
    order = told(data.draw(st.permutations([MatchedTotal(total=total), *records(parts)])))
    assert (order.real, order.inferred) == (total, ZERO)


@given(SIZES, st.lists(SIZES, min_size=1, max_size=4), st.data())
def test_records_that_sum_to_something_else_and_a_total_agree_on_the_larger(
    total: Decimal, sizes: list[Decimal], data: st.DataObject
) -> None:
    order = told(data.draw(st.permutations([MatchedTotal(total=total), *records(sizes)])))
    assert order.real == sum(sizes)
    assert order.real + order.inferred == max(total, sum(sizes, ZERO))


@given(st.lists(SIZES, min_size=1, max_size=4), st.data())
def test_a_record_that_is_taken_back_is_not_implied_again(
    sizes: list[Decimal], data: st.DataObject
) -> None:
    said: list[Said] = [*records(sizes), e.FillVoided(fill_id="f0")]
    said.extend(MatchedTotal(total=total) for total in accumulate(sizes))
    once = told(said)
    again = told([*said, *data.draw(st.permutations(said))])
    assert once.real + once.inferred == sum(sizes) - sizes[0]
    assert again.real + again.inferred == once.real + once.inferred


@given(SIZES, st.permutations([0, 1, 2]))
def test_what_a_cancel_implies_makes_room_for_the_record(size: Decimal, way: list[int]) -> None:
    rest = Decimal(LARGE) - size
    said: list[Said] = [
        cancelled(str(rest)),
        e.Filled(fill_id="f0", size=size),
        MatchedTotal(total=size),
    ]
    order = told([asked(), *(said[index] for index in way)])
    assert (order.real, order.inferred) == (size, ZERO)


@pytest.mark.parametrize(
    ("said", "added"),
    [
        pytest.param(MatchedTotal(total=Decimal(40)), of_total("40", "40"), id="a total"),
        pytest.param(
            cancelled("99960"),
            e.Filled(fill_id=f"cancel:{asked().cancel_id}", size=Decimal(40), inferred=True),
            id="a cancel that took less",
        ),
    ],
)
def test_the_id_of_an_implied_match_is_a_function_of_the_fact(
    said: Said, added: e.OrderEvent
) -> None:
    for _ in range(2):
        order, _ = hear(Order(), [placed(LARGE), accepted(), asked()])
        assert hear(order, [said])[1][0] == added


@given(st.lists(SIZES, min_size=2, max_size=5, unique=True))
def test_a_total_that_falls_takes_nothing_back_and_says_so(sizes: list[Decimal]) -> None:
    high, low = max(sizes), min(sizes)
    order = told([MatchedTotal(total=high), MatchedTotal(total=low)])
    assert (order.inferred, order.fell) == (high, low)
    assert told([MatchedTotal(total=high), MatchedTotal(total=low, at_least=True)]).fell is None
    assert stands(order) == stands(told([MatchedTotal(total=high)]))
