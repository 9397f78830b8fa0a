"""Our side: what a row of the read model settles, and what a missing order means."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from domain import events as e
from domain.reconcile_books import Held, Shown, absent, held_now, held_then, plainly_agrees
from domain.statement import Lists, StatementRow
from domain.values import Price, PriceFormat
from tests.building import STREAM, filled, history, placed
from tests.stating import fill, row

NUMBER = Decimal
SHOWN = Shown(
    key=str(STREAM),
    venue_order_id="O1",
    size=NUMBER(100),
    matched=NUMBER(40),
    remaining=NUMBER(60),
    remaining_min=NUMBER(60),
    cancelled=NUMBER(0),
    lapsed=NUMBER(0),
    voided=NUMBER(0),
    price=NUMBER("1.95"),
    price_format="plain",
    status="PARTIALLY_FILLED",
    currency="USD",
    later=False,
)


def in_currency(code: str) -> StatementRow:
    return replace(row(size="100"), terms=e.Terms(currency=code))


@pytest.mark.parametrize(
    ("told", "settled"),
    [
        pytest.param(row(), True, id="nothing told"),
        pytest.param(
            row(
                status="PARTIALLY_FILLED",
                price="1.950",
                size="100.0",
                matched="40",
                remaining="60",
                cancelled="0",
                lapsed="0",
                voided="0",
            ),
            True,
            id="all figures ours",
        ),
        pytest.param(row(status="FILLED"), False, id="status"),
        pytest.param(in_currency("USD"), True, id="our currency"),
        pytest.param(in_currency("EUR"), False, id="another currency"),
        pytest.param(
            replace(row(), unknown=e.UnknownValueSeen(field="status", value="HALF")),
            False,
            id="a word that no document explains",
        ),
        pytest.param(
            replace(row(status="PARTIALLY_FILLED"), at=datetime(2026, 2, 7, tzinfo=UTC)),
            False,
            id="told before the rest of its statement",
        ),
        pytest.param(row(matched="41"), False, id="matched"),
        pytest.param(row(remaining="59"), False, id="remaining"),
        pytest.param(row(size="99"), False, id="size"),
        pytest.param(replace(row(), terms=e.Terms(size=NUMBER(99))), False, id="size in terms"),
        pytest.param(row(price="2"), False, id="price"),
        pytest.param(row(cancelled="1"), False, id="cancelled"),
        pytest.param(row(lapsed="1"), False, id="lapsed"),
        pytest.param(row(voided="1"), False, id="voided"),
        pytest.param(row(fills=[fill("F1", "40")]), False, id="matches are in the facts alone"),
        pytest.param(row(average="1.95"), False, id="so is the average"),
        pytest.param(replace(row(), profit=NUMBER(1)), False, id="and the profit"),
        pytest.param(
            replace(
                row(),
                terms=e.Terms(price=Price(NUMBER("1.95"), PriceFormat.DECIMAL)),
            ),
            False,
            id="a price in another format",
        ),
    ],
)
def test_a_row_that_agrees_to_the_digit_needs_no_facts(
    told: StatementRow, *, settled: bool
) -> None:
    assert plainly_agrees(SHOWN, told) is settled
    assert not plainly_agrees(SHOWN._replace(later=True), told)


OPEN = Held(NUMBER(60), NUMBER(60), NUMBER(40))
UNSURE = Held(NUMBER(60), NUMBER(0), NUMBER(40))
OVER = Held(NUMBER(0), NUMBER(0), NUMBER(40))
NOTHING = Held(NUMBER(0), NUMBER(0), NUMBER(0))


@pytest.mark.parametrize(
    ("held", "whole", "then"),
    [
        pytest.param(OPEN, {Lists.ORDERS}, "only_ours remains 60", id="open, of all orders"),
        pytest.param(OPEN, {Lists.OPEN}, "not_open remains 60", id="open, of the open orders"),
        pytest.param(
            OPEN, {Lists.OPEN, Lists.CLOSED}, "only_ours remains 60", id="open, of both lists"
        ),
        pytest.param(OPEN, {Lists.CLOSED}, None, id="open, of the closed orders"),
        pytest.param(OPEN, {Lists.FILLS}, "only_ours matched 40", id="matched, of the matches"),
        pytest.param(OPEN, {Lists.SETTLED}, None, id="open, of what is settled"),
        pytest.param(OPEN, set[Lists](), None, id="no list is whole"),
        pytest.param(UNSURE, {Lists.OPEN}, None, id="it may be gone"),
        pytest.param(UNSURE, {Lists.ORDERS}, "only_ours remains 60", id="gone is still an order"),
        pytest.param(OVER, {Lists.OPEN}, None, id="over, of the open orders"),
        pytest.param(OVER, {Lists.CLOSED}, "only_ours matched 40", id="over, of the closed orders"),
        pytest.param(OVER, {Lists.ORDERS}, "only_ours matched 40", id="over, of all orders"),
        pytest.param(NOTHING, {Lists.ORDERS}, None, id="nothing is at stake"),
    ],
)
def test_an_order_that_no_list_has(held: Held, whole: set[Lists], then: str | None) -> None:
    found = absent(STREAM, held, frozenset(whole), position=(3,))
    told = None if found is None else f"{found.aspect} {found.figure} {found.ours}"
    assert told == then
    if found is not None:
        assert (found.order, found.witness) == (STREAM, (3,))
        assert found.difference == f"-{found.ours}"


def test_what_an_order_stands_for_is_the_same_by_its_row_and_by_its_facts() -> None:
    assert held_now(SHOWN) == OPEN
    assert held_then(history(placed("100"), e.OrderAccepted(), filled("40"))) == OPEN
