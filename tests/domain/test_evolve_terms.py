"""What an order is: its terms and names, as we and the venue tell them."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from domain import events as e
from domain.evolve import evolve, fold
from domain.values import Name, NameKind, Price, Side
from tests.building import filled, placed
from tests.cancelling import claims, reported
from tests.domain.facts import OTHER
from tests.domain.telling import after, stands

PRICED = Price(Decimal("2.10"))


@pytest.mark.parametrize(
    ("life", "expected"),
    [
        pytest.param([], e.Terms(), id="nobody told anything"),
        pytest.param(
            [e.OrderAccepted(terms=e.Terms(market="M1")), e.OrderPlaced(terms=e.Terms(market="M"))],
            e.Terms(market="M"),
            id="our own words outrank what a venue told first",
        ),
        pytest.param(
            [e.OrderPlaced(terms=e.Terms(market="M")), e.OrderAccepted(terms=e.Terms(market="M1"))],
            e.Terms(market="M"),
            id="and what it tells later",
        ),
        pytest.param(
            [
                e.OrderPlaced(terms=e.Terms(side=Side.BUY)),
                e.OrderReported(terms=e.Terms(currency="USD")),
            ],
            e.Terms(side=Side.BUY, currency="USD"),
            id="holes are filled",
        ),
        pytest.param(
            [placed(), e.Amended(amend_ref="a", price=PRICED)],
            replace(placed().terms, price=PRICED),
            id="a new price",
        ),
        pytest.param(
            [e.Amended(amend_ref="a", price=PRICED), placed()],
            replace(placed().terms, price=PRICED),
            id="a new price that was told before the order",
        ),
    ],
)
def test_terms(life: list[e.OrderEvent], expected: e.Terms) -> None:
    assert replace(fold(life).terms, size=None) == replace(expected, size=None)


def test_sizes_are_learned_once_and_changed_by_amendments() -> None:
    told = e.OrderReported(terms=e.Terms(size=Decimal(90)))
    assert fold([told]).size == 90
    assert fold([placed(), told]).size == 100
    assert fold([told, placed()]).size == 100
    assert fold([told, e.Amended(amend_ref="a", size=Decimal(80)), placed()]).size == 80


def test_names_are_learned_once_in_order() -> None:
    venue, client = Name(NameKind.VENUE, "v"), Name(NameKind.CLIENT, "c")
    order = fold(
        [
            e.OrderPlaced(terms=e.Terms(), names=(client,)),
            e.OrderAccepted(names=(venue, client)),
            e.OrderIdentified(names=(client,)),
        ]
    )
    assert order.names == (client, venue)


def test_the_first_source_of_a_discovery_stands() -> None:
    facts = [e.OrderDiscovered(source=source) for source in (e.Source.FILL, e.Source.LIST)]
    assert fold(facts).discovered is e.Source.FILL


def test_a_merged_stream_says_where_it_went() -> None:
    assert fold([e.OrderMerged(into=OTHER)]).merged_into == OTHER


def test_a_claim_is_kept_beside_what_we_held_and_moves_nothing() -> None:
    before = after(filled("40"))
    order = evolve(before, reported(matched="99", remaining="1"))
    assert order.told == claims(matched="99", remaining="1")
    assert stands(order) == stands(before)


def test_the_last_claim_stands_when_nothing_is_claimed() -> None:
    order = after(reported(matched="99"), e.OrderReported(terms=e.Terms(currency="USD")))
    assert order.told == claims(matched="99")
