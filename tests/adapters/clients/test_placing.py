"""Placing: each order once, in the venue's words; and how lists and feeds go on."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from adapters.clients.abp import AbpCodec
from adapters.clients.fourcasters import FourcastersCodec
from adapters.clients.port import CannotSay, Codec, SocketCall, Wanted
from adapters.clients.predictstreet import PredictStreetCodec
from adapters.transport.http import HttpCall
from domain.values import Side

ABP, STREET, CASTERS = AbpCodec(), PredictStreetCodec(), FourcastersCodec(lambda: "r1")
UUID = "0b6f6f0e-0000-4000-8000-000000000001"
GAME = "68f000000000000000000b77"
SIGNED = {"nonce": "1", "expiry": 0, "maker": "0x" + "d4" * 20, "signature": "0x5e"}


def wanted(**changed: Any) -> Wanted:  # noqa: ANN401 - any field
    told: dict[str, Any] = {
        "market": "id1", "selection": "101", "side": Side.BUY,
        "price": Decimal("1.950"), "size": Decimal(100),
        "reference": UUID, "user_ref": "desk-7",
    }  # fmt: skip
    return Wanted(**{**told, **changed})


def said(codec: Codec, *orders: Wanted) -> list[Any]:
    """The bodies of the calls, digits as written."""
    calls = codec.places(orders)
    raw = [call.frame if isinstance(call, SocketCall) else call.body for call in calls]
    return [json.loads(one, parse_float=Decimal) for one in raw]


def test_abp_places_by_request_uuid() -> None:
    (body,) = said(ABP, wanted(selection="101:7", side=Side.SELL, more={"acceptBetterOdds": False}))
    assert body == {
        "orders": [
            {
                "testOrder": False, "requestUuid": UUID, "fixtureId": "id1", "outcomeId": 101,
                "playerId": 7, "orderPrice": Decimal("1.95"), "orderStake": 100,
                "userRef": "desk-7", "back": False, "acceptBetterOdds": False,
            }
        ]
    }  # fmt: skip


def test_predictstreet_places_what_was_signed() -> None:
    (body,) = said(STREET, wanted(market="M", selection="0", price=Decimal("0.40"), more=SIGNED))
    assert body == {
        "orders": [
            {
                "marketId": "M", "side": "buy", "outcome": "0", "price": "0.4", "quantity": "100",
                "clientOrderId": UUID, **SIGNED,
            }
        ]
    }  # fmt: skip


@pytest.mark.parametrize(
    ("selection", "more"),
    [
        pytest.param(
            "spread:h:-3.5", {"side": "h", "type": "spread", "number": Decimal("-3.5")}, id="spread"
        ),
        pytest.param("moneyline:h", {"side": "h", "type": "moneyline"}, id="money line"),
        pytest.param(
            "moneyline1x2:yes:draw", {"side": "yes", "type": "moneyline1x2", "market": "draw"},
            id="three ways",
        ),
    ],
)  # fmt: skip
def test_4casters_places_a_selection(selection: str, more: dict[str, Any]) -> None:
    (frame,) = said(CASTERS, wanted(market=GAME, selection=selection, price=Decimal(-110)))
    order = {
        "gameId": GAME, "bet": 100, "odds": -110, "orderType": "limit",
        "userReference": "desk-7", **more,
    }  # fmt: skip
    assert frame == ["placeV3", {"requestID": "r1", "orders": [order]}]


@pytest.mark.parametrize(
    ("codec", "order"),
    [
        pytest.param(ABP, wanted(reference=None), id="abp: no request UUID"),
        pytest.param(ABP, wanted(user_ref=None), id="abp: no tag"),
        pytest.param(ABP, wanted(selection="home"), id="abp: no outcome id"),
        pytest.param(ABP, wanted(more={"orderStake": 5}), id="a figure told twice"),
        pytest.param(STREET, wanted(), id="predictstreet: not signed"),
        pytest.param(STREET, wanted(reference=None, more=SIGNED), id="predictstreet: no reference"),
        pytest.param(CASTERS, wanted(market="7"), id="4casters: no game id"),
        pytest.param(CASTERS, wanted(market=GAME, selection="spread"), id="4casters: no side"),
        pytest.param(CASTERS, wanted(market=GAME, selection="spread:h:x"), id="4casters: no line"),
        pytest.param(
            CASTERS, wanted(market=GAME, selection="spread:h:NaN"), id="4casters: no number"
        ),
        pytest.param(
            CASTERS, wanted(market=GAME, selection="moneyline:h", side=Side.SELL),
            id="4casters: no lay",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_placed_is_refused_before_anything_leaves(
    codec: Codec, order: Wanted
) -> None:
    with pytest.raises(CannotSay):
        codec.places([order])


@pytest.mark.parametrize(
    ("codec", "order", "calls"),
    [
        pytest.param(ABP, wanted(), [100, 50], id="abp: a hundred at a time"),
        pytest.param(STREET, wanted(more=SIGNED), [10] * 15, id="predictstreet: ten at a time"),
        pytest.param(
            CASTERS, wanted(market=GAME, selection="moneyline:h"), [100, 50], id="4casters"
        ),
    ],
)
def test_many_orders_are_several_calls(codec: Codec, order: Wanted, calls: list[int]) -> None:
    bodies = said(codec, *[order] * 150)
    payloads: list[dict[str, Any]] = [body[1] if codec is CASTERS else body for body in bodies]
    assert [len(payload["orders"]) for payload in payloads] == calls
    assert max(calls) <= codec.capabilities.places_max


LIST = HttpCall("GET", "/list", (("userRef", "a"), ("limit", "2")))


@pytest.mark.parametrize(
    ("codec", "answer", "then"),
    [
        pytest.param(
            ABP, {"hasMore": True, "nextCursor": 7}, [("afterOrderId", "7")], id="abp: goes on"
        ),
        pytest.param(ABP, {"hasMore": False, "nextCursor": 7}, None, id="abp: ends"),
        pytest.param(ABP, {"hasMore": True, "nextCursor": None}, None, id="abp: leads nowhere"),
        pytest.param(STREET, {"nextCursor": "c"}, [("cursor", "c")], id="predictstreet: goes on"),
        pytest.param(STREET, {"nextCursor": None}, None, id="predictstreet: ends"),
        pytest.param(CASTERS, {"data": {}}, None, id="4casters has no pages"),
    ],
)
def test_the_next_page(
    codec: Codec, answer: dict[str, Any], then: list[tuple[str, str]] | None
) -> None:
    raw = json.dumps(answer).encode()
    page = codec.next_page(LIST, raw)
    assert (None if page is None else list(page.query)) == (
        None if then is None else [*LIST.query, *then]
    )
    if page is not None:  # the page after that is asked for with its own cursor alone
        further = codec.next_page(page, raw)
        assert further is not None
        assert list(further.query) == [*LIST.query, *(then or ())]


def test_what_changed_is_asked_for_where_a_venue_lists_it() -> None:
    since = datetime(2026, 2, 7, 12, tzinfo=UTC)
    asked = {
        name: [f"{call.path} {dict(call.query).get('from')}" for call in codec.recent(since)]
        for name, codec in (("abp", ABP), ("street", STREET), ("casters", CASTERS))
    }
    assert asked == {
        "abp": [],
        "street": [
            "/api/orders/history 2026-02-07T12:00:00.000000Z",
            "/api/me/trades None",
        ],
        "casters": [],
    }


def test_only_4casters_replays() -> None:
    replays = [codec.replay("5-1") for codec in (ABP, STREET, CASTERS)]
    assert replays == [None, None, HttpCall("GET", "/v2/user/messages", (("afterID", "5-1"),))]
