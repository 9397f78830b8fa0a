from __future__ import annotations

import pytest

from domain.messages import Asked, CancelSent
from domain.requests import Scope, ScopeKind
from domain.values import Name, NameKind
from domain.wire import Line, Unreadable
from tests.adapters.venues.fourcasters.wire_lines import (
    GAME,
    ORDER,
    SECOND,
    TEAM,
    http_sent,
    line,
    submitted,
    told,
    ws_sent,
)


def order(text: str) -> Asked:
    return Asked(text=text, name=Name(NameKind.VENUE, text))


def orders(*ids: str) -> tuple[Scope, ...]:
    return (Scope(ScopeKind.ORDERS, ids),)


@pytest.mark.parametrize(
    ("sent", "scope", "asked", "ref"),
    [
        pytest.param(
            ws_sent("cancelById", {"requestID": "q", "orderId": ORDER}),
            orders(ORDER),
            (order(ORDER),),
            "q",
            id="one order, in the current casing",
        ),
        pytest.param(
            ws_sent("cancelById", {"requestID": "q", "orderID": ORDER}),
            orders(ORDER),
            (order(ORDER),),
            "q",
            id="one order, in the casing before May 2026",
        ),
        pytest.param(
            ws_sent("cancelById", {"orderId": ORDER}),
            orders(ORDER),
            (order(ORDER),),
            None,
            id="a request id is only asked for, not required",
        ),
        pytest.param(
            ws_sent("cancelMultiple", {"requestID": "q", "orderIDs": [ORDER, SECOND, ORDER]}),
            orders(ORDER, SECOND, ORDER),
            (order(ORDER), order(SECOND)),
            "q",
            id="several orders: the scope keeps a repeat, each is asked for once",
        ),
        pytest.param(
            ws_sent("cancelMultiple", {"requestID": 7, "orderIds": [ORDER]}),
            orders(ORDER),
            (order(ORDER),),
            "7",
            id="several orders, other casing, a number for a request id",
        ),
        pytest.param(
            ws_sent("cancelMultiple", {"requestID": "q", "orderIDs": []}),
            orders(),
            (),
            "q",
            id="an empty list is an explicit request that names nothing",
        ),
        pytest.param(
            ws_sent("cancelAllByGame", {"requestID": "q", "gameId": GAME}),
            (Scope(ScopeKind.MARKET, (GAME,)),),
            (),
            "q",
            id="a game",
        ),
        pytest.param(
            ws_sent(
                "cancelAllByGame",
                {
                    "requestID": "q",
                    "gameID": GAME,
                    "type": "spread",
                    "side": TEAM,
                    "market": "main",
                },
            ),
            (Scope(ScopeKind.MARKET, (GAME, "type=spread", f"side={TEAM}", "market=main")),),
            (),
            "q",
            id="a game narrowed: the game stays the first value",
        ),
        pytest.param(
            ws_sent("cancelAllByGame", {"requestID": "q", "type": "spread"}),
            (Scope(ScopeKind.MARKET, ()),),
            (),
            "q",
            id="a game that was forgotten is an empty scope, and is not lost",
        ),
        pytest.param(
            ws_sent("cancelAll", {"requestID": "q"}),
            (Scope(ScopeKind.ALL),),
            (),
            "q",
            id="everything",
        ),
        pytest.param(
            http_sent("POST", "/session/cancel", {"sessionID": ORDER}),
            orders(ORDER),
            (order(ORDER),),
            None,
            id="REST: one order, called a session",
        ),
        pytest.param(
            http_sent(
                "POST",
                "https://api.4casters.io/session/cancelMultiple/?x=1",
                {"sessionIDs": [ORDER, SECOND]},
            ),
            orders(ORDER, SECOND),
            (order(ORDER), order(SECOND)),
            None,
            id="REST: several orders, whatever host and query the path carries",
        ),
        pytest.param(
            http_sent(
                "POST",
                "/session/cancelByReference",
                {"gameID": GAME, "userReferences": ["leg-1", "leg-2"]},
            ),
            (
                Scope(ScopeKind.USER_REF, ("leg-1", f"gameID={GAME}")),
                Scope(ScopeKind.USER_REF, ("leg-2", f"gameID={GAME}")),
            ),
            (),
            None,
            id="REST: by reference, one scope each, the game beside it",
        ),
        pytest.param(
            http_sent("POST", "/session/cancelAllOrdersForGame", {"gameID": GAME, "type": "total"}),
            (Scope(ScopeKind.MARKET, (GAME, "type=total")),),
            (),
            None,
            id="REST: a game",
        ),
        pytest.param(
            http_sent("POST", "/session/cancelAllOrders", None),
            (Scope(ScopeKind.ALL),),
            (),
            None,
            id="REST: everything, with no body at all",
        ),
        pytest.param(
            http_sent("POST", "/session/cancelAllForLeague", {"league": "NBA"}),
            (Scope(ScopeKind.MARKET, ("league=NBA",)),),
            (),
            None,
            id="REST: a league",
        ),
    ],
)
def test_a_sent_cancel_declares_its_scope(
    sent: Line, scope: tuple[Scope, ...], asked: tuple[Asked, ...], ref: str | None
) -> None:
    assert list(told(sent)) == [CancelSent(scope=scope, asked=asked, request_ref=ref)]


@pytest.mark.parametrize(
    "sent",
    [
        pytest.param(ws_sent("placeV3", {"requestID": "q", "orders": [submitted()]}), id="a place"),
        pytest.param(ws_sent("heartbeat", {"requestID": "h", "requestTimeout": 10}), id="a beat"),
        pytest.param(
            line("sent", ws={"channel": "price", "frame": {"type": "subscribeAll"}}),
            id="a command of the price feed",
        ),
        pytest.param(http_sent("GET", "/user/getUnmatched"), id="a read"),
        pytest.param(http_sent("POST", "/user/ordersHeartbeat", {"timeout": 6}), id="REST beat"),
        pytest.param(http_sent("GET", "/exchange/v2/getOrderbook"), id="market data"),
    ],
)
def test_what_we_send_without_naming_an_order_tells_nothing(sent: Line) -> None:
    assert list(told(sent)) == []


@pytest.mark.parametrize(
    ("sent", "reason"),
    [
        pytest.param(ws_sent("editOrder", {"orderID": ORDER}), "editOrder", id="unknown verb"),
        pytest.param(ws_sent("cancelMultiple", {"orderIDs": ORDER}), "orderIDs", id="no list"),
        pytest.param(ws_sent("cancelMultiple", {"orderIDs": [None]}), "orderIDs.0", id="no id"),
        pytest.param(ws_sent("cancelById", [ORDER]), "ws.frame.1", id="payload is no object"),
        pytest.param(ws_sent("placeV3", {"orders": {}}), "orders", id="a place of no list"),
        pytest.param(line("sent", ws={"channel": "orders", "frame": []}), "frame", id="empty"),
        pytest.param(line("sent", ws={"channel": "orders"}), "ws.frame", id="no frame"),
        pytest.param(http_sent("POST", "/session/teleport", {}), "/session/teleport", id="path"),
        pytest.param(line("sent", http={"path": "/session/cancel"}), "method", id="no method"),
        pytest.param(line("sent"), "neither http nor ws", id="nothing"),
    ],
)
def test_what_cannot_be_read_is_set_aside_with_its_reason(sent: Line, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason):
        told(sent)
