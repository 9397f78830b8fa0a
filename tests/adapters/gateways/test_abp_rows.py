"""A row is plain when it is made: encoding it needs no second look at its numbers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.gateways.abp.rows import order_row, time
from adapters.gateways.exact import encoded, plain_numbers
from adapters.paper.book import Book, Terms
from domain.values import Price, PriceFormat, Side

NOON = datetime(2026, 2, 7, 12, tzinfo=UTC)
ODDS = st.decimals(Decimal("1.001"), Decimal(1000), places=3)
SIZES = st.decimals(Decimal("0.001"), Decimal(10**9), places=3)


@given(SIZES, ODDS, st.sampled_from(["USD", "EUR", "JPY"]), st.sampled_from(["open", "matched"]))
def test_a_row_is_plain_down_to_the_last_number(
    size: Decimal, price: Decimal, currency: str, state: str
) -> None:
    book = Book(lambda: NOON, 7)
    order = book.place(
        "acme",
        Terms(
            market="id1",
            selection="101",
            side=Side.BUY,
            price=Price(price, PriceFormat.DECIMAL),
            size=size,
            extra={"orderCurrency": currency, "meta": {"desk": [Decimal("1.50"), {"n": size}]}},
        ),
    )
    if state == "matched":
        book.match(order.order_id, size)
    row = order_row(order)
    assert encoded([row]) == encoded([plain_numbers(dict(row))])


@pytest.mark.parametrize(
    ("moment", "told"),
    [
        pytest.param(NOON, "2026-02-07T12:00:00.000000+00:00", id="a whole second"),
        pytest.param(
            NOON.replace(microsecond=250), "2026-02-07T12:00:00.000250+00:00", id="microseconds"
        ),
        pytest.param(
            NOON.astimezone(timezone(timedelta(hours=2))),
            "2026-02-07T12:00:00.000000+00:00",
            id="a time of another zone",
        ),
    ],
)
def test_a_time_bears_its_offset(moment: datetime, told: str) -> None:
    assert time(moment) == told
