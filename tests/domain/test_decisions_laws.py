"""Laws of hearing: twice is once, totals are exact, the fold of what was added is the order."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from domain import events as e
from domain.decisions import JUDGES, hear
from domain.evolve import APPLY, fold
from domain.messages import MatchedTotal, Said
from domain.order import Order
from domain.values import ZERO
from tests.domain.facts import ANY_FACT, ANY_LIFE, ORDER_EVENTS, SIZES, TERMS, full

SOURCES = st.sampled_from(e.Source)


def heard(life: list[e.OrderEvent]) -> Order:
    """The order after a venue told this life."""
    order = Order()
    for event in life:
        order, _ = hear(order, [event])
    return order


def can_be_told_apart(fact: e.OrderEvent) -> bool:
    """A repeat can be told from a second happening."""
    if getattr(fact, "report_id", None) is not None:
        return True
    match fact:
        case e.Lapsed(size=size) | e.Voided(size=size):
            return size is None
        case e.Cancelled(whole=False, cancel_id=None) | e.CancelRejected(cancel_id=None):
            return False
        case e.CancelPending(cancel_id=None):
            return False
        case _:
            return True


def notes(added: list[e.OrderEvent]) -> bool:
    """Nothing but notes that something was told again."""
    return all(isinstance(event, e.DuplicateReported) for event in added)


@given(ANY_LIFE, ANY_FACT, SOURCES)
def test_heard_twice_a_fact_adds_only_a_note(
    life: list[e.OrderEvent], fact: e.OrderEvent, source: e.Source
) -> None:
    assume(can_be_told_apart(fact))
    once, _ = hear(heard(life), [fact], source=source)
    twice, again = hear(once, [fact], source=source)
    assert notes(again)
    assert len(again) <= 1
    assert twice == once


@given(ANY_LIFE, ANY_FACT, SOURCES)
def test_the_order_after_is_the_fold_of_what_was_added(
    life: list[e.OrderEvent], fact: e.OrderEvent, source: e.Source
) -> None:
    before = heard(life)
    after, added = hear(before, [fact], source=source)
    state = before
    for event in added:
        state = APPLY[type(event)](state, event)
    assert after == state


@given(st.lists(SIZES, max_size=8).flatmap(lambda sizes: st.permutations(sorted(sizes))))
def test_totals_imply_exactly_what_no_record_tells(totals: list[Decimal]) -> None:
    order = fold([e.OrderPlaced(terms=replace(TERMS, size=Decimal(1000)))])
    for total in totals:
        order, added = hear(order, [MatchedTotal(total=total)])
        assert all(
            event.inferred if isinstance(event, e.Filled) else isinstance(event, e.TotalTold)
            for event in added
        )
    assert order.inferred == max(totals, default=ZERO)


@given(st.lists(SIZES, min_size=1, max_size=6), st.data())
def test_records_and_totals_agree_in_any_order(sizes: list[Decimal], data: st.DataObject) -> None:
    said: list[Said] = [
        e.Filled(fill_id=f"f{index}", size=size) for index, size in enumerate(sizes)
    ]
    said.append(MatchedTotal(total=sum(sizes, ZERO)))
    order, _ = hear(Order(), data.draw(st.permutations(said)))
    assert (order.real, order.inferred) == (sum(sizes), ZERO)


def test_every_fact_has_a_judge() -> None:
    assert set(JUDGES) == set(ORDER_EVENTS)


@pytest.mark.parametrize("kind", ORDER_EVENTS, ids=lambda kind: str(kind.__name__))
def test_a_fact_with_every_field_set_can_be_heard(kind: type[Any]) -> None:
    order, added = hear(Order(), [full(kind)])
    assert fold(added) == order
