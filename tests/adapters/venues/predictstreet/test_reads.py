"""Order reads: names, terms, pages and garbage; the dossier's traps 9 to 12."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from domain.events import (
    Cancelled,
    OrderReported,
    Source,
    Terms,
    UnknownValueSeen,
)
from domain.messages import Notice, OrderMessage
from domain.notices import UnreadableValue
from domain.values import Price, PriceFormat, Side
from domain.wire import Unreadable
from tests.adapters.venues.predictstreet.lines import (
    CREATED,
    WALLET,
    A,
    B,
    C,
    answered,
    client,
    order_messages,
    order_row,
    sent,
    venue,
)

DETAIL = sent("GET", f"/api/orders/{A}")
OPEN = sent("GET", "/api/orders/open?limit=500")
HISTORY = sent("GET", "/api/orders/history")
PRICE = Price(Decimal("0.41"), PriceFormat.PROBABILITY)
N = Decimal


def test_a_row_tells_names_and_terms() -> None:
    (told,) = order_messages(answered(DETAIL, order_row(expiry=1924992000)))
    assert told.names == (venue(A), client("mm-1"))
    assert told.source is Source.LIST
    assert told.occurred_at is None  # updatedAt moves for settlements too
    assert told.terms == Terms(
        size=N(100),
        price=PRICE,
        side=Side.BUY,
        market="XYZ-BIN-1",
        selection="0",
        currency="USDC",
        time_in_force="GTC",
        placed_at=CREATED,
        expires_at=datetime(2031, 1, 1, tzinfo=UTC),
    )


def test_an_outcome_is_text_or_a_number_and_a_side_any_casing() -> None:
    body = {
        "walletAddress": "0x1",
        "orders": [order_row(outcome=1, side="SELL")],
        "nextCursor": None,
    }
    (told,) = order_messages(answered(OPEN, body))
    assert (told.terms.selection, told.terms.side) == ("1", Side.SELL)


def test_an_unknown_side_is_noted_and_not_guessed() -> None:
    (told,) = order_messages(answered(DETAIL, order_row(side="hold")))
    assert told.terms.side is None
    assert UnknownValueSeen(field="side", value="hold") in told.said


def test_a_page_tells_each_order_with_exact_figures() -> None:
    rows = [
        order_row(quantity="0.000001", filledQty="0.00", remainingQty="0.000001", status="OPEN"),
        order_row(id=C, clientOrderId=None, price=None, timeInForce=None, expiry=None),
    ]
    first, second = order_messages(answered(OPEN, {"orders": rows, "nextCursor": "abc"}))
    assert first.terms.size == N("0.000001")
    assert second.names == (venue(C),)
    assert (second.terms.price, second.terms.expires_at) == (None, None)


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param(
            [order_row(status="CANCELLED"), order_row(status="PARTIAL")], id="newest first"
        ),
        pytest.param(
            [order_row(status="PARTIAL"), order_row(status="CANCELLED")], id="oldest first"
        ),
    ],
)
def test_history_with_both_states_of_an_order_ends_with_its_end(rows: list[object]) -> None:
    first, second = order_messages(answered(HISTORY, {"orders": rows}))
    assert isinstance(first.said[-1], OrderReported)
    assert isinstance(second.said[-1], Cancelled)


@pytest.mark.parametrize(
    "path",
    [
        pytest.param("/api/orders/open", id="the documented path"),
        pytest.param("/api/orders/open/", id="a closing slash"),
        pytest.param("/api/orders/open?side=buy", id="a query in the path"),
        pytest.param("https://core-api.example/api/orders/open", id="a host before the path"),
        pytest.param("/gateway/api/orders/open", id="a prefix before the path"),
        pytest.param("/api/me/orders/open", id="as the trades page spells it"),
        pytest.param("/api/orders/history", id="history"),
    ],
)
@pytest.mark.parametrize("bare", [True, False], ids=["a bare list", "an object"])
def test_lists_are_read_wherever_they_are_documented(path: str, bare: bool) -> None:  # noqa: FBT001 - a column of the table
    rows = [order_row(), order_row(id=B)]
    body = rows if bare else {"orders": rows}
    told = order_messages(answered(sent("get", path), body))
    assert [message.names[0] for message in told] == [venue(A), venue(B)]


def test_a_broken_row_is_noted_and_the_others_are_told() -> None:
    note, told = answered(OPEN, {"orders": [order_row(quantity="many"), order_row(id=B)]})
    assert isinstance(note, Notice)
    assert note.event == UnreadableValue(
        venue="predictstreet",
        account=WALLET,
        field="orders[0]",
        value="quantity: Value error, 'many' is not a number",
    )
    assert isinstance(told, OrderMessage)
    assert told.names[0] == venue(B)


def test_a_page_of_broken_rows_only_is_set_aside() -> None:
    with pytest.raises(Unreadable, match=r"orders\[0\]: body: not a JSON object"):
        answered(OPEN, {"orders": [7, 8]})


@pytest.mark.parametrize("status", [401, 403, 404, 409, 429, 500, 503])
def test_a_refused_read_tells_of_no_order(status: int) -> None:
    assert answered(DETAIL, {"code": "x", "message": "y"}, status) == ()


def test_a_business_refusal_of_a_read_tells_of_no_order() -> None:
    assert answered(OPEN, {"code": "invalid_limit", "message": "y"}) == ()


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        pytest.param({"quantity": "many"}, "quantity", id="an amount that is no number"),
        pytest.param({"filledQty": "NaN"}, "filledQty", id="not a finite number"),
        pytest.param({"filledQty": 0.5}, "filledQty", id="a binary float"),
        pytest.param({"filledQty": True}, "filledQty", id="a truth value"),
        pytest.param({"filledQty": "-1"}, "filledQty", id="a quantity below zero"),
        pytest.param({"quantity": "1e999999"}, "quantity", id="more digits than money has"),
        pytest.param({"quantity": 10**5000}, "quantity", id="an integer beyond printing"),
        pytest.param({"id": None}, "orderId", id="no id"),
        pytest.param({"id": " "}, "id", id="an empty id"),
        pytest.param({"id": "a\x00b"}, "id", id="an id that cannot be printed"),
        pytest.param({"id": "\ud800"}, "id", id="an id that is no text"),
        pytest.param({"status": None}, "status", id="no status"),
        pytest.param({"createdAt": "yesterday"}, "createdAt", id="no time"),
        pytest.param({"createdAt": "2031-01-02T03:04:05"}, "createdAt", id="a time without zone"),
        pytest.param({"createdAt": "0001-01-01T00:00:00+14:00"}, "createdAt", id="before time"),
        pytest.param({"expiry": "1e50"}, "expiry", id="an expiry beyond the calendar"),
        pytest.param({"expiry": "1.5"}, "expiry", id="half a second"),
        pytest.param({"expiry": -5}, "expiry", id="an expiry below zero"),
    ],
)
def test_garbage_is_set_aside_and_the_field_named(changed: dict[str, object], field: str) -> None:
    row = {key: value for key, value in order_row(**changed).items() if value is not None}
    with pytest.raises(Unreadable, match=field):
        answered(DETAIL, row)
