"""Another account's orders, games, bets and cursors at 4casters answer like what is not there."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import astuple, dataclass
from decimal import Decimal

import httpx2
import pytest

from adapters.gateways.fourcasters.ids import order_number, tx_id, wager_id
from adapters.gateways.fourcasters.routes import fourcasters
from adapters.gateways.fourcasters.verbs import VERBS
from tests.adapters.gateways.fourcasters import (
    ACME,
    GAME,
    NO_ORDER,
    OTHER_GAME,
    RIVAL,
    booked,
    house,
    ordering,
    spread,
)
from tests.adapters.gateways.serving import Served


@dataclass(frozen=True)
class Names:
    """By what something of an account is called."""

    order: str
    game: str
    reference: str
    wager: str
    tx: str
    cursor: str


NOBODYS = Names(
    NO_ORDER, "688c0516fbc14da0c202d4ff", "leg-0", wager_id(1_000_000), tx_id(1_000_000), "7.forged"
)


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with house() as served:
        yield served


@pytest.fixture(scope="module")
def theirs(served: Served) -> Names:
    """What the rival has: an open order, a match, a graded bet, an own page of settlements."""
    with ordering(served, RIVAL) as rival, served.client(authorization=RIVAL) as rest:
        order_id = rival.rest(spread(gameId=OTHER_GAME, userReference="leg-1"))
        number = order_number(order_id) or 0
        fill = served.do(lambda: served.frame.book.match(number, Decimal(5)))
        other = order_number(rival.rest(spread(gameId=OTHER_GAME))) or 0
        served.do(lambda: served.frame.book.match(other, Decimal(5)))
        served.do(lambda: served.frame.book.settle(other, "winner"))
        query = {"since": "2026-01-01"}
        cursor = rest.get("/user/v2/getGradedSince", params=query).json()["data"]["cursor"]
    with ordering(served) as acme:
        acme.rest(spread(userReference="mine", gameId=GAME))
    return Names(order_id, OTHER_GAME, "leg-1", wager_id(number), tx_id(fill.match_id), cursor)


Asks = Callable[[httpx2.Client, Names], httpx2.Response]


def post(path: str, **body: str) -> Asks:
    """A POST whose texts are names of ours: `{order}` becomes the order's id."""

    def ask(client: httpx2.Client, names: Names) -> httpx2.Response:
        told = json.loads(_filled(json.dumps(body), names))
        return client.post(path, json={name: _listed(name, told[name]) for name in told})

    return ask


def get(path: str, **query: str) -> Asks:
    """A GET alike."""

    def ask(client: httpx2.Client, names: Names) -> httpx2.Response:
        return client.get(path, params=json.loads(_filled(json.dumps(query), names)))

    return ask


def _filled(text: str, names: Names) -> str:
    for name in ("order", "game", "reference", "wager", "tx", "cursor"):
        text = text.replace(f"<{name}>", getattr(names, name))
    return text


def _listed(name: str, value: str) -> str | list[str]:
    return [value] if name in {"sessionIDs", "userReferences"} else value


REST: dict[str, Asks] = {
    "/session/cancel": post("/session/cancel", sessionID="<order>"),
    "/session/cancelMultiple": post("/session/cancelMultiple", sessionIDs="<order>"),
    "/session/cancelByReference": post(
        "/session/cancelByReference", gameID="<game>", userReferences="<reference>"
    ),
    "/session/cancelAllOrdersForGame": post("/session/cancelAllOrdersForGame", gameID="<game>"),
    "/session/editOrder": post("/session/editOrder", sessionID="<order>"),
    "/session/v4/editOrder": post("/session/v4/editOrder", sessionID="<order>"),
    "/session/lookupOrder": get("/session/lookupOrder", orderID="<order>"),
    "/user/getOrdersForGame": get("/user/getOrdersForGame", gameID="<game>"),
    "/user/getBetByUserReference": get(
        "/user/getBetByUserReference", gameID="<game>", userReference="<reference>"
    ),
    "/user/getBetByWagerRequestID": get("/user/getBetByWagerRequestID", wagerRequestID="<wager>"),
    "/user/getBetByID": get("/user/getBetByID", id="<order>"),
    "/user/getBetByID by txID": get("/user/getBetByID", txID="<tx>"),
    "/user/v2/getGradedSince": get("/user/v2/getGradedSince", cursor="<cursor>"),
}
"""Every route that can name something of an account, asked for just that."""

VERB = {
    "cancelById": '["cancelById", {"requestID": "r", "orderId": "<order>"}]',
    "cancelMultiple": '["cancelMultiple", {"requestID": "r", "orderIDs": ["<order>"]}]',
    "cancelAllByGame": '["cancelAllByGame", {"requestID": "r", "gameId": "<game>"}]',
}

NAMELESS_VERBS = {"placeV3", "cancelAll", "heartbeat"}
NAMELESS = {
    "/user/login", "/user/logout", "/user/ordersHeartbeat", "/session/v3/place",
    "/session/cancelAllOrders", "/session/cancelAllForLeague", "/user/getUnmatched",
    "/user/getMatchedBets", "/user/v2/getGraded", "/user/getGradedWagers", "/v2/user/messages",
    "/orders/ws", "/v2/user",
}  # fmt: skip
"""What names nothing: it is about whatever the caller has."""


def anonymous(answer: bytes, names: Names) -> bytes:
    """The answer without the names that it was asked by."""
    for name in astuple(names):
        answer = answer.replace(str(name).encode(), b"<asked>")
    return answer


def test_the_matrix_has_every_route_and_verb(served: Served) -> None:
    routers = fourcasters(served.frame, served.feed)
    paths = {getattr(route, "path", "") for router in routers for route in router.routes}
    assert paths == {path.partition(" ")[0] for path in REST} | NAMELESS
    assert set(VERBS) == set(VERB) | NAMELESS_VERBS


@pytest.mark.parametrize("path", REST)
def test_a_route_tells_nothing_of_another_account(served: Served, theirs: Names, path: str) -> None:
    with served.client(authorization=ACME) as client:
        other, nobody = REST[path](client, theirs), REST[path](client, NOBODYS)
    assert other.status_code == nobody.status_code
    assert anonymous(other.content, theirs) == anonymous(nobody.content, NOBODYS)
    assert [name for name in other.headers if name != "x-request-id"] == [
        name for name in nobody.headers if name != "x-request-id"
    ]
    assert booked(served, "rival", theirs.order).is_live
    with served.client(authorization=RIVAL) as client:
        if "cancel" not in path and "edit" not in path:
            own = REST[path](client, theirs)
            assert own.content != other.content, "to its owner it says something"


@pytest.mark.parametrize("verb", VERB)
def test_a_verb_tells_nothing_of_another_account(served: Served, theirs: Names, verb: str) -> None:
    with ordering(served) as acme:
        other = json.dumps(acme.raw(_filled(VERB[verb], theirs)))
        nobody = json.dumps(acme.raw(_filled(VERB[verb], NOBODYS)))
    assert anonymous(other.encode(), theirs) == anonymous(nobody.encode(), NOBODYS)
    assert booked(served, "rival", theirs.order).is_live


def test_what_is_about_everything_is_about_the_callers_own(served: Served, theirs: Names) -> None:
    with served.client(authorization=ACME) as client:
        told = b"".join(
            client.get(path).content
            for path in (
                "/user/getUnmatched",
                "/user/getMatchedBets",
                "/user/v2/getGraded",
                "/v2/user/messages?afterID=1-1",
            )
        )
        client.post("/session/cancelAllForLeague", json={"league": "PAPER"})
        told += client.post("/session/cancelAllOrders").content
    for name in (theirs.order, theirs.game, theirs.wager, theirs.tx, theirs.reference):
        assert name.encode() not in told
    assert booked(served, "rival", theirs.order).is_live
