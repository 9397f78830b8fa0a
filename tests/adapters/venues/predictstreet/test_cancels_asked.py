"""Cancels as we ask for them: the declared scope, and each id once."""

from __future__ import annotations

import pytest

from domain.requests import Scope, ScopeKind
from domain.wire import Unreadable
from tests.adapters.venues.predictstreet.lines import (
    A,
    B,
    C,
    D,
    cancel_sent,
    sent,
    translate,
    venue,
)

ONE = sent("POST", "/api/orders/cancel", {"orderId": A})
BATCH = sent("POST", "/api/orders/cancel-batch", {"orderIds": [A, B, C, D]})
ALL = sent("POST", "/api/orders/cancel-all", {})
CANCELS = [
    pytest.param(ONE, id="cancel"),
    pytest.param(BATCH, id="cancel-batch"),
    pytest.param(ALL, id="cancel-all"),
]


@pytest.mark.parametrize(
    ("ids", "asked"),
    [
        pytest.param([A, B], [A, B], id="two ids are two orders"),
        pytest.param([A, B, A], [A, B], id="a repeated id is asked once and kept in the scope"),
        pytest.param([A, A.upper()], [A, A.upper()], id="ids are text: casing makes another id"),
        pytest.param([], [], id="an empty list asks for nothing and is still a scope by ids"),
        pytest.param([17], ["17"], id="an id sent as a number is recorded as its digits"),
    ],
)
def test_a_batch_asks_for_its_ids(ids: list[object], asked: list[str]) -> None:
    told = cancel_sent(sent("POST", "/api/orders/cancel-batch", {"orderIds": ids}))
    assert told.scope == (Scope(ScopeKind.ORDERS, tuple(str(one) for one in ids)),)
    assert [(one.text, one.name) for one in told.asked] == [(one, venue(one)) for one in asked]


def test_a_single_cancel_asks_for_one_order() -> None:
    told = cancel_sent(ONE)
    assert told.scope == (Scope(ScopeKind.ORDERS, (A,)),)
    assert [one.text for one in told.asked] == [A]


@pytest.mark.parametrize(
    ("body", "scope"),
    [
        pytest.param(None, Scope(ScopeKind.ALL), id="no body: the whole wallet"),
        pytest.param({}, Scope(ScopeKind.ALL), id="no filter: the whole wallet"),
        pytest.param({"marketId": None}, Scope(ScopeKind.ALL), id="a null filter is none"),
        pytest.param(
            {"marketId": "XYZ-BIN-1"}, Scope(ScopeKind.MARKET, ("XYZ-BIN-1",)), id="one market"
        ),
        pytest.param(
            {"marketId": "XYZ-BIN-1", "side": "sell", "outcome": 1},
            Scope(ScopeKind.MARKET, ("XYZ-BIN-1", "side=SELL", "outcome=1")),
            id="filters narrow the one scope, because scopes are joined by OR",
        ),
        pytest.param(
            {"side": "BUY"}, Scope(ScopeKind.ALL, ("side=BUY",)), id="a side of the whole wallet"
        ),
    ],
)
def test_cancel_all_declares_its_filters(body: object, scope: Scope) -> None:
    told = cancel_sent(sent("POST", "/api/orders/cancel-all", body))
    assert (told.scope, told.asked) == ((scope,), ())


@pytest.mark.parametrize(
    "body",
    [None, {}, {"orderIds": A}, {"orderIds": [None]}, {"orderIds": [["x"]]}, {"orderIds": [True]}],
)
def test_a_batch_that_names_no_orders_is_set_aside(body: object) -> None:
    with pytest.raises(Unreadable):
        translate(sent("POST", "/api/orders/cancel-batch", body))
