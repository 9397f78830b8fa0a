"""The user feed, and what on a WebSocket tells of no order; the dossier's trap 5."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from domain.events import (
    Cancelled,
    Claims,
    Filled,
    Initiator,
    Lapsed,
    OrderAccepted,
    Source,
    Terms,
    UnknownValueSeen,
)
from domain.lifecycle import Status
from domain.messages import MatchedTotal
from domain.values import Price, PriceFormat, Side
from domain.wire import Unreadable
from tests.adapters.venues.predictstreet.lines import (
    TRADE,
    A,
    client,
    frame,
    lost,
    order_messages,
    order_row,
    translate,
    user_fill,
    venue,
)

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SERVER = EPOCH + timedelta(milliseconds=1924999999123)


def news(kind: str, **data: object) -> dict[str, Any]:
    """A frame of `user_orders`."""
    return {
        "type": kind,
        "sid": 10,
        "channel": "user_orders",
        "serverTs": 1924999999123,
        "data": data,
    }


def test_a_fill_of_the_matcher_is_provisional_and_dated_to_the_millisecond() -> None:
    (told,) = order_messages(translate(frame(user_fill())))
    assert told.names == (venue(A), client("mm-1"))
    assert told.source is Source.FILL
    assert told.occurred_at == EPOCH + timedelta(milliseconds=1924999999100)
    assert told.said == (
        Filled(
            fill_id=TRADE,
            size=Decimal(40),
            price=Price(Decimal("0.41"), PriceFormat.PROBABILITY),
            provisional=True,
        ),
    )


def test_the_names_of_the_chain_do_not_stand_in_for_the_market() -> None:
    """Else the market of an order would depend on which message came first."""
    (told,) = order_messages(translate(frame(user_fill())))
    assert told.terms == Terms(side=Side.BUY, selection="0", currency="USDC")
    (told,) = order_messages(translate(frame(user_fill(marketId="XYZ-BIN-1"))))
    assert told.terms.market == "XYZ-BIN-1"


@pytest.mark.parametrize(
    ("stamp", "millisecond"),
    [
        pytest.param(1, 1, id="the first millisecond"),
        pytest.param(1924999999999, 1924999999999, id="no digit is lost"),
        pytest.param(Decimal("1924999999100.0"), 1924999999100, id="a whole decimal"),
        pytest.param("1924999999100", 1924999999100, id="digits in text"),
        pytest.param(None, 1924999999123, id="untold: the server's stamp"),
    ],
)
def test_fill_times_are_exact(stamp: object, millisecond: int) -> None:
    (told,) = order_messages(translate(frame(user_fill(tsMs=stamp))))
    assert told.occurred_at == EPOCH + timedelta(milliseconds=millisecond)


def test_a_source_nobody_knows_is_flagged_and_stays_provisional() -> None:
    (told,) = order_messages(translate(frame(user_fill(source="oracle"))))
    fill, strange = told.said
    assert isinstance(fill, Filled)
    assert fill.provisional
    assert strange == UnknownValueSeen(field="source", value="oracle")


@pytest.mark.parametrize("wrapped", [False, True], ids=["flat", "under order"])
@pytest.mark.parametrize("name", ["id", "orderId"])
def test_an_order_placed_may_tell_its_id_only(name: str, wrapped: bool) -> None:  # noqa: FBT001 - a column of the table
    ids = {name: A, "clientOrderId": "mm-1"}
    content = news("order_placed", order=ids) if wrapped else news("order_placed", **ids)
    (told,) = order_messages(translate(frame(content)))
    assert told.names == (venue(A), client("mm-1"))
    assert told.said == (OrderAccepted(terms=told.terms),)
    assert (told.source, told.occurred_at) == (Source.REPORT, SERVER)


def test_an_order_placed_tells_terms_and_total_but_claims_no_state() -> None:
    (told,) = order_messages(translate(frame(news("order_placed", **order_row()))))
    taken, total = told.said
    assert isinstance(taken, OrderAccepted)
    assert taken.terms.size == Decimal(100)
    assert taken.claims is None  # a repeat after the cancel would bring the order back to life
    assert total == MatchedTotal(total=Decimal(40))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        pytest.param(
            {"orderId": A},
            (
                Cancelled(
                    initiator=Initiator.VENUE,
                    claims=Claims(status=Status.CANCELLED, raw_status="CANCELLED"),
                ),
            ),
            id="the id alone",
        ),
        pytest.param(
            {"id": A, "filledQty": "40", "unfilledQty": "60", "reason": "user", "tsMs": 5},
            (
                MatchedTotal(total=Decimal(40)),
                Cancelled(
                    initiator=Initiator.VENUE,
                    size=Decimal(60),
                    matched=Decimal(40),
                    raw_reason="user",
                    claims=Claims(
                        status=Status.CANCELLED,
                        raw_status="CANCELLED",
                        matched=Decimal(40),
                        remaining=Decimal(0),
                        cancelled=Decimal(60),
                    ),
                ),
            ),
            id="quantities and a reason besides",
        ),
        pytest.param(
            {"id": A, "status": "CANCELLED_BY_RESOLVE"},
            (
                Lapsed(
                    raw_reason="CANCELLED_BY_RESOLVE",
                    claims=Claims(status=Status.EXPIRED, raw_status="CANCELLED_BY_RESOLVE"),
                ),
            ),
            id="off the book with its market",
        ),
        pytest.param(
            {"id": A, "status": "withdrawn"},
            (
                Cancelled(
                    initiator=Initiator.VENUE,
                    claims=Claims(status=Status.CANCELLED, raw_status="CANCELLED"),
                ),
                UnknownValueSeen(field="status", value="withdrawn"),
            ),
            id="a state in no table does not hide that it was cancelled",
        ),
    ],
)
def test_an_order_cancelled(data: dict[str, object], said: tuple[object, ...]) -> None:
    (told,) = order_messages(translate(frame(news("order_cancelled", **data))))
    assert told.said == said
    stamp = EPOCH + timedelta(milliseconds=5) if "tsMs" in data else SERVER
    assert told.occurred_at == stamp


@pytest.mark.parametrize(
    "content",
    [
        pytest.param({"type": "connected", "data": {"gateway": "user"}}, id="the greeting"),
        pytest.param(
            {"id": 1, "type": "subscribed", "accepted": [], "rejected": [{"code": "forbidden"}]},
            id="a subscription, part of it refused",
        ),
        pytest.param({"id": 2, "type": "unsubscribed"}, id="a subscription ended"),
        pytest.param({"id": 3, "type": "subscription_list"}, id="an answer to another command"),
        pytest.param({"type": "pong", "ts": 1924999999123}, id="pong"),
        pytest.param({"type": "error", "code": "invalid_params"}, id="a refused command"),
        pytest.param(
            {"type": "delta", "channel": "token_book", "seq": 4, "data": {}}, id="market data"
        ),
        pytest.param(
            {"type": "vault_positions", "channel": "vault_positions", "data": {}}, id="balances"
        ),
        pytest.param({"type": "trade", "channel": "token_trades", "data": {}}, id="older names"),
    ],
)
def test_what_tells_of_no_order(content: dict[str, Any]) -> None:
    assert translate(frame(content)) == ()


@pytest.mark.parametrize(
    "command",
    [
        "subscribe",
        "update_subscription",
        "unsubscribe",
        "list_subscriptions",
        "get_book_snapshot",
        "ping",
    ],
)
def test_our_commands_tell_of_no_order(command: str) -> None:
    assert translate(frame({"id": 1, "cmd": command, "params": {}}, "sent")) == ()


def test_a_lost_command_tells_of_no_order() -> None:
    subscribe = frame({"id": 1, "cmd": "subscribe", "params": {}}, "sent")
    assert translate(lost("disconnected"), subscribe) == ()


@pytest.mark.parametrize(
    ("content", "direction"),
    [
        pytest.param(
            {"type": "order_filled", "channel": "user_orders", "data": {}},
            "received",
            id="an event in no document",
        ),
        pytest.param({"cmd": "cancel_everything"}, "sent", id="a command in no document"),
        pytest.param({"cmd": {}}, "sent", id="a command that is no word"),
        pytest.param({"data": {}}, "received", id="no type"),
        pytest.param({"type": "user_fill", "data": None}, "received", id="a fill without data"),
        pytest.param(user_fill(quantity=None), "received", id="a fill without a size"),
        pytest.param(user_fill(tradeId=None), "received", id="a fill without its id"),
        pytest.param(user_fill(orderId=None, clientOrderId=""), "received", id="whose fill?"),
        pytest.param(user_fill(tsMs=Decimal("0.5")), "received", id="half a millisecond"),
        pytest.param(user_fill(tsMs=10**20), "received", id="a time beyond the calendar"),
        pytest.param(news("order_placed"), "received", id="an order without its id"),
    ],
)
def test_what_is_set_aside(content: dict[str, Any], direction: str) -> None:
    with pytest.raises(Unreadable):
        translate(frame(content, direction))
