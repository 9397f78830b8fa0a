"""What leaves for each venue says what was asked, and never more."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.clients.abp import AbpCodec
from adapters.clients.fourcasters import FourcastersCodec
from adapters.clients.port import Ask, Call, CannotSay, Codec, SocketCall
from adapters.clients.predictstreet import PredictStreetCodec
from adapters.transport.http import HttpCall
from domain.requests import ScopeKind

K = ScopeKind
ORDER = "68f000000000000000000b77"
OTHER = "68f000000000000000000b78"
UUID = "0b6f6f0e-0000-4000-8000-000000000001"


def fourcasters() -> FourcastersCodec:
    numbers = itertools.count(1)
    return FourcastersCodec(lambda: f"r{next(numbers)}")


MAKERS: dict[str, Callable[[], Codec]] = {
    "abp": AbpCodec,
    "predictstreet": PredictStreetCodec,
    "fourcasters": fourcasters,
}


def said(call: Call) -> str:
    """A call in one line."""
    if isinstance(call, SocketCall):
        return f"{call.channel} {call.frame.decode()}"
    query = "&".join(f"{name}={value}" for name, value in call.query)
    return f"{call.method} {call.path}{'?' if query else ''}{query} {call.body.decode()}".strip()


@pytest.mark.parametrize(
    ("venue", "ask", "calls"),
    [
        pytest.param(
            "abp", Ask(K.ORDERS, ("7", "8", "7")),
            ['POST /cancel-orders {"orderIds":[7,8]}'], id="abp: ids, each once",
        ),
        pytest.param(
            "abp", Ask(K.REFERENCES, (UUID,)),
            [f'POST /cancel-orders {{"requestUuids":["{UUID}"]}}'], id="abp: references",
        ),
        pytest.param(
            "abp", Ask(K.USER_REF, ("a", "b")),
            ['POST /cancel-orders {"userRef":"a"}', 'POST /cancel-orders {"userRef":"b"}'],
            id="abp: each user reference is a call of its own",
        ),
        pytest.param("abp", Ask(K.ALL), ["POST /cancel-all-orders"], id="abp: everything"),
        pytest.param(
            "predictstreet", Ask(K.ORDERS, ("x",)),
            ['POST /api/orders/cancel-batch {"orderIds":["x"]}'], id="predictstreet: one id",
        ),
        pytest.param(
            "predictstreet", Ask(K.MARKET, ("M",)),
            ['POST /api/orders/cancel-all {"marketId":"M"}'], id="predictstreet: a market",
        ),
        pytest.param(
            "predictstreet", Ask(K.ALL), ["POST /api/orders/cancel-all {}"],
            id="predictstreet: everything",
        ),
        pytest.param(
            "fourcasters", Ask(K.ORDERS, (ORDER,)),
            [f'orders ["cancelById",{{"requestID":"r1","orderId":"{ORDER}"}}]'],
            id="4casters: one id, small d",
        ),
        pytest.param(
            "fourcasters", Ask(K.ORDERS, (ORDER, OTHER)),
            [f'orders ["cancelMultiple",{{"requestID":"r1","orderIDs":["{ORDER}","{OTHER}"]}}]'],
            id="4casters: several ids, capital D",
        ),
        pytest.param(
            "fourcasters", Ask(K.MARKET, (ORDER,)),
            [f'orders ["cancelAllByGame",{{"requestID":"r1","gameId":"{ORDER}"}}]'],
            id="4casters: a game",
        ),
        pytest.param(
            "fourcasters", Ask(K.ALL), ['orders ["cancelAll",{"requestID":"r1"}]'],
            id="4casters: everything",
        ),
    ],
)  # fmt: skip
def test_a_cancel(venue: str, ask: Ask, calls: list[str]) -> None:
    assert [said(call) for call in MAKERS[venue]().cancels(ask)] == calls


@pytest.mark.parametrize(
    ("venue", "ask"),
    [
        pytest.param("abp", Ask(K.MARKET, ("m",)), id="abp has no cancel by market"),
        pytest.param("abp", Ask(K.ORDERS, ("x7",)), id="abp's ids are numbers"),
        pytest.param("abp", Ask(K.ORDERS, ("9" * 30,)), id="abp's ids fit 64 bits"),
        pytest.param(
            "predictstreet", Ask(K.USER_REF, ("a",)), id="predictstreet: no user reference"
        ),
        pytest.param("predictstreet", Ask(K.REFERENCES, ("a",)), id="predictstreet: no references"),
        pytest.param("fourcasters", Ask(K.USER_REF, ("a",)), id="4casters: no user reference"),
        pytest.param("fourcasters", Ask(K.ORDERS, ("7",)), id="4casters: one bad id fails a batch"),
        pytest.param("fourcasters", Ask(K.MARKET, ("7",)), id="4casters: a game has an id, too"),
    ],
)
def test_what_a_venue_cannot_say_is_refused_not_widened(venue: str, ask: Ask) -> None:
    with pytest.raises(CannotSay):
        MAKERS[venue]().cancels(ask)


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        *(pytest.param(kind, (), id=f"no {kind.value}") for kind in K if kind is not K.ALL),
        pytest.param(K.ORDERS, ("",), id="an empty id"),
        pytest.param(K.MARKET, ("m", " "), id="a blank among markets"),
        pytest.param(K.ALL, ("7",), id="everything, and then something"),
    ],
)
def test_an_empty_filter_is_no_ask(kind: ScopeKind, values: tuple[str, ...]) -> None:
    with pytest.raises(CannotSay):
        Ask(kind, values)


@pytest.mark.parametrize(
    ("venue", "ask", "calls"),
    [
        pytest.param(
            "abp", Ask(K.ORDERS, ("7", "8")), ["GET /orders?orderIds=7,8&limit=1000"], id="abp: ids"
        ),
        pytest.param(
            "abp", Ask(K.REFERENCES, (UUID,)), [f"GET /orders?requestUuids={UUID}&limit=1000"],
            id="abp: references",
        ),
        pytest.param(
            "abp", Ask(K.USER_REF, ("a",)), ["GET /orders?userRef=a&limit=1000"],
            id="abp: a user reference",
        ),
        pytest.param(
            "predictstreet", Ask(K.ORDERS, ("x",)),
            ["GET /api/orders/x", "GET /api/orders/x/fills"], id="predictstreet: with its matches",
        ),
        pytest.param(
            "fourcasters", Ask(K.ORDERS, (ORDER,)),
            [f"GET /session/lookupOrder?orderID={ORDER}"], id="4casters: an order",
        ),
    ],
)  # fmt: skip
def test_a_look_up(venue: str, ask: Ask, calls: list[str]) -> None:
    assert [said(call) for call in MAKERS[venue]().look_ups(ask)] == calls


@pytest.mark.parametrize(
    ("venue", "ask"),
    [
        *(pytest.param(venue, Ask(K.ALL), id=f"{venue}: everything") for venue in MAKERS),
        pytest.param("predictstreet", Ask(K.ORDERS, ("../me",)), id="an id that leads elsewhere"),
        pytest.param("fourcasters", Ask(K.ORDERS, ("7",)), id="an id of another shape"),
    ],
)
def test_what_cannot_be_looked_up(venue: str, ask: Ask) -> None:
    with pytest.raises(CannotSay):
        MAKERS[venue]().look_ups(ask)


def test_what_is_open_is_listed_where_the_venue_has_a_list() -> None:
    listed = {venue: [said(c) for c in make().open_orders()] for venue, make in MAKERS.items()}
    assert listed == {
        "abp": [],
        "predictstreet": ["GET /api/orders/open?limit=500"],
        "fourcasters": ["GET /user/getUnmatched", "GET /user/getMatchedBets"],
    }


@pytest.mark.parametrize(
    ("venue", "headers"),
    [
        pytest.param("abp", {"x-api-key": "k"}, id="abp"),
        pytest.param(
            "predictstreet", {"x-api-key": "k", "x-user-wallet": "0xab"},
            id="predictstreet names the wallet each time",
        ),
        pytest.param("fourcasters", {"authorization": "k"}, id="4casters"),
    ],
)  # fmt: skip
def test_what_opens_the_account(venue: str, headers: dict[str, str]) -> None:
    assert MAKERS[venue]().credentials("k", "0xAB") == headers


IDS = {
    "abp": st.integers(1, 10**9).map(str),
    "predictstreet": st.uuids().map(str),
    "fourcasters": st.integers(0, 16**24 - 1).map(lambda number: f"{number:024x}"),
}


def named(calls: Sequence[Call]) -> list[str]:
    """Every id that the calls name; fails on a call that names none."""
    ids: list[str] = []
    for call in calls:
        frame = call.frame if isinstance(call, SocketCall) else call.body
        payload: Any = json.loads(frame)
        if isinstance(call, SocketCall):
            payload = payload[1]
        found: list[Any] = (
            payload.get("orderIds") or payload.get("orderIDs") or [payload["orderId"]]
        )
        assert 1 <= len(found) <= 100
        ids.extend(map(str, found))
    return ids


@pytest.mark.parametrize("venue", MAKERS)
@given(data=st.data())
def test_whatever_is_asked_the_calls_name_it_once_and_nothing_else(
    venue: str, data: st.DataObject
) -> None:
    ids = data.draw(st.lists(IDS[venue], min_size=1, max_size=250))
    calls = MAKERS[venue]().cancels(Ask(K.ORDERS, tuple(ids)))
    assert all(
        not isinstance(call, HttpCall) or not call.path.endswith(("-all", "-all-orders"))
        for call in calls
    )
    assert named(calls) == list(dict.fromkeys(ids))
