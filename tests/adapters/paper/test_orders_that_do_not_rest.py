"""Orders that match at once or not at all: what is left over never rests on the book."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from adapters.paper.book import Book, Change, Kind, Terms
from domain.values import Price, PriceFormat, Side

D = Decimal
NOON = datetime(2026, 2, 7, 12, tzinfo=UTC)


def terms(side: Side, size: str, price: str) -> Terms:
    return Terms(
        market="m",
        selection="0",
        side=side,
        price=Price(D(price), PriceFormat.PROBABILITY),
        size=D(size),
    )


@pytest.mark.parametrize(
    ("size", "price", "whole", "matched", "cancelled"),
    [
        pytest.param("30", "0.40", False, "30", "0", id="all of it is on offer"),
        pytest.param("100", "0.40", False, "50", "50", id="the rest is cancelled"),
        pytest.param("100", "0.39", False, "0", "100", id="nothing is on offer at the price"),
        pytest.param("50", "0.40", True, "50", "0", id="whole, and all of it is on offer"),
        pytest.param("51", "0.40", True, "0", "51", id="whole, and one is missing: nothing"),
        pytest.param("51", "0.45", True, "51", "0", id="whole, over two prices"),
    ],
)
def test_an_order_that_does_not_rest(
    size: str, price: str, *, whole: bool, matched: str, cancelled: str
) -> None:
    book = Book(lambda: NOON)
    book.place("rival", terms(Side.SELL, "50", "0.40"))
    book.place("rival", terms(Side.SELL, "50", "0.45"))
    heard: list[Change] = []
    book.listen(heard.append)
    order = book.place_now("acme", terms(Side.BUY, size, price), whole=whole)
    assert (order.matched, order.cancelled, order.remaining) == (D(matched), D(cancelled), D(0))
    assert heard[0].kind is Kind.PLACED
    assert book.place("rival", terms(Side.SELL, "5", price)).matched == 0


def test_what_an_account_offers_is_not_on_offer_to_itself() -> None:
    book = Book(lambda: NOON)
    book.place("rival", terms(Side.SELL, "50", "0.40"))
    wanted = terms(Side.BUY, "10", "0.40")
    assert book.on_offer("acme", wanted) == D(50)
    assert book.on_offer("rival", wanted) == 0
