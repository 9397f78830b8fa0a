"""4casters' gateway for tests: an orders socket, a user feed, and an order to place."""

from __future__ import annotations

import itertools
import json
from collections.abc import Generator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import httpx2
from websockets.sync.client import ClientConnection, connect

from adapters.gateways.fourcasters.ids import order_number
from adapters.gateways.fourcasters.routes import fourcasters
from adapters.paper.book import Order
from tests.adapters.gateways.serving import Served, serving

VENUE = "fourcasters"
GAME, OTHER_GAME = "688c0516fbc14da0c202d426", "688c0516fbc14da0c202d427"
HOME, AWAY = "5c12bc1ce0daba000f47ba8b", "5c12bc1ce0daba000f47ba8c"
NO_ORDER = "0b00000000000000000f4240"
ACME, RIVAL, READER = "acme-key", "rival-key", "reader-key"

Json = dict[str, Any]


def spread(bet: float = 100, odds: float = -110, **changed: object) -> Json:
    """An order on the home side, as the socket takes it."""
    told = {
        "gameId": GAME, "bet": bet, "odds": odds, "type": "spread", "side": HOME, "number": -3.5,
        "orderType": "limit",
    }  # fmt: skip
    return {**told, **changed}


def against(bet: float = 100, odds: float = 110, **changed: object) -> Json:
    """An order on the other side of it."""
    return spread(bet, odds, **{"side": AWAY, "number": 3.5, **changed})


def total(side: str = "over", bet: float = 100, odds: float = 100, **changed: object) -> Json:
    """An order on a total."""
    told = {"gameId": GAME, "bet": bet, "odds": odds, "type": "total", "side": side, "number": 45.5}
    return {**told, "orderType": "limit", **changed}


@contextmanager
def house(kept: int = 5_000) -> Generator[Served]:
    """Serve 4casters until the block ends; so many messages of an account can be replayed."""
    with serving(VENUE, lambda frame, feed: fourcasters(frame, feed, kept)) as served:
        yield served


class Orders:
    """A connection to the orders socket."""

    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection
        self._ids = (f"r{number}" for number in itertools.count(1))

    def raw(self, text: str | bytes) -> Json:
        """Send a frame; the answer to it."""
        self._connection.send(text)
        answer: Json = json.loads(self._connection.recv(5))
        return answer

    def ask(self, verb: str, **payload: object) -> Json:
        """Send a command under an id of its own, which the answer must quote."""
        told = {"requestID": next(self._ids), **payload}
        answer = self.raw(json.dumps([verb, told]))
        assert answer.pop("requestID") == told["requestID"]
        return answer

    def place(self, *orders: Json) -> list[Json]:
        """What became of each order."""
        rows: list[Json] = self.ask("placeV3", orders=orders)["data"]
        return rows

    def rest(self, order: Json | None = None) -> str:
        """Place one order; the id under which it rests."""
        (row,) = self.place(order or spread())
        order_id: str = row["unmatched"]["orderID"]
        return order_id


@contextmanager
def ordering(served: Served, token: str = ACME) -> Generator[Orders]:
    """A connection to the orders socket."""
    url = f"ws://127.0.0.1:{served.port}/orders/ws"
    with connect(url, additional_headers={"Authorization": token}) as connection:
        yield Orders(connection)


@contextmanager
def listening(served: Served, token: str = ACME) -> Generator[ClientConnection]:
    """A connection to the user feed."""
    url = f"ws://127.0.0.1:{served.port}/v2/user"
    with connect(url, additional_headers={"Authorization": token}) as connection:
        yield connection


def heard(connection: ClientConnection, count: int) -> list[Json]:
    """The next messages of the feed."""
    return [json.loads(connection.recv(5)) for _ in range(count)]


def booked(served: Served, account: str, order_id: str) -> Order:
    """The order as the books hold it."""
    order = served.frame.book.find(account, order_number(order_id) or 0)
    assert order is not None
    return order


class Rest:
    """The REST API as one account calls it."""

    def __init__(self, client: httpx2.Client) -> None:
        self._client = client

    def post(self, path: str, **body: object) -> tuple[int, Any]:
        """The status and the body of an answer."""
        answer = self._client.post(path, json=body)
        return answer.status_code, answer.json()

    def get(self, path: str, **query: str) -> tuple[int, Any]:
        """The same of a read."""
        answer = self._client.get(path, params=query)
        return answer.status_code, answer.json()

    def place(self, *orders: Json) -> list[Json]:
        """What became of each order."""
        status, answer = self.post("/session/v3/place", orders=orders)
        assert status == 200
        rows: list[Json] = answer["data"]["createdSessions"]
        return rows

    def rest(self, order: Json | None = None) -> str:
        """Place one order; the id under which it rests."""
        (row,) = self.place(order or spread())
        order_id: str = row["unmatched"]["orderID"]
        return order_id

    def data(self, path: str, **query: str) -> Any:  # noqa: ANN401 - any JSON value
        """What a read gives."""
        status, answer = self.get(path, **query)
        assert status == 200, answer
        return answer["data"]


def matched(served: Served, order_id: str, amount: str) -> None:
    """A stranger takes a part."""
    served.do(lambda: served.frame.book.match(order_number(order_id) or 0, Decimal(amount)))


def settled(served: Served, order_id: str, outcome: str) -> None:
    """The order's bets are graded."""
    served.do(lambda: served.frame.book.settle(order_number(order_id) or 0, outcome))
