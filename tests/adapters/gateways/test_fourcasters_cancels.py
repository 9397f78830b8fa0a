"""4casters' four cancels on the socket: every documented answer, and nothing wider than asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal

import pytest

from adapters.paper.book import Book, Kind
from tests.adapters.gateways.fourcasters import (
    AWAY,
    GAME,
    HOME,
    NO_ORDER,
    OTHER_GAME,
    RIVAL,
    Json,
    Orders,
    booked,
    house,
    ordering,
    spread,
    total,
)
from tests.adapters.gateways.serving import Served

D = Decimal


@pytest.fixture(scope="module")
def everybody() -> Iterator[Served]:
    with house() as served:
        yield served


@pytest.fixture
def served(everybody: Served) -> Iterator[Served]:
    yield everybody
    with ordering(everybody) as acme, ordering(everybody, RIVAL) as rival:
        acme.ask("cancelAll")
        rival.ask("cancelAll")


Does = Callable[[Book, int], object]


def by(does: Does) -> Does:
    """Something that the venue does to an order."""
    return does


def graded(book: Book, number: int) -> None:
    """Matched in part, and the game is over."""
    book.match(number, D(40))
    book.settle(number, "winner")


def venue_does(served: Served, does: Does, order_id: str) -> None:
    number = booked(served, "acme", order_id).order_id
    served.do(lambda: does(served.frame.book, number))


def test_a_cancelled_order_is_told_field_by_field(served: Served) -> None:
    with ordering(served) as orders:
        order_id = orders.rest(spread(100, -110.5, userReference="leg-1"))
        venue_does(served, lambda book, number: book.match(number, D("12.5")), order_id)
        assert orders.ask("cancelById", orderId=order_id) == {
            "data": [
                {
                    "success": True,
                    "orderID": order_id,
                    "odds": -110.5,
                    "filled": 12.5,
                    "offered": 0,
                    "remaining": 87.5,
                    "side": HOME,
                    "number": -3.5,
                    "gameID": GAME,
                    "userReference": "leg-1",
                    "description": f"{HOME} -3.5",
                }
            ]
        }


@pytest.mark.parametrize(
    ("ended", "error"),
    [
        pytest.param(
            by(lambda book, number: book.cancel("acme", number)), "order already cancelled",
            id="cancelled before",
        ),
        pytest.param(
            by(lambda book, number: book.end(number, Kind.CANCELLED)), "order already cancelled",
            id="cancelled by the venue",
        ),
        pytest.param(
            by(lambda book, number: book.end(number, Kind.VOIDED)), "order already cancelled",
            id="declared void",
        ),
        pytest.param(
            by(lambda book, number: book.end(number, Kind.EXPIRED)), "order is expired",
            id="expired",
        ),
        pytest.param(
            by(lambda book, number: book.end(number, Kind.LAPSED)), "order is expired",
            id="the game began",
        ),
        pytest.param(
            by(graded),
            "order already graded", id="graded",
        ),
        pytest.param(
            by(lambda book, number: book.match(number, D(100))), "Order could not be cancelled",
            id="all matched: the socket's page has no words for it, REST's has",
        ),
        pytest.param(
            by(lambda book, number: book.forget(number)), "order not found",
            id="the venue forgot it",
        ),
    ],
)  # fmt: skip
def test_an_order_that_is_over(served: Served, ended: Does, error: str) -> None:
    with ordering(served) as orders:
        order_id = orders.rest()
        venue_does(served, ended, order_id)
        assert orders.ask("cancelById", orderId=order_id) == {"error": error}
        failed = {"success": False, "orderID": order_id, "description": error}
        assert orders.ask("cancelMultiple", orderIDs=[order_id]) == {"data": [failed]}
        assert orders.ask("cancelAll") == {"data": []}


@pytest.mark.parametrize(
    ("verb", "payload", "answer"),
    [
        pytest.param(
            "cancelById", {"orderId": "5"}, {"error": "invalid order ID format"}, id="no id"
        ),
        pytest.param(
            "cancelById", {"orderId": f"{NO_ORDER[:-1]}g"}, {"error": "invalid order ID format"},
            id="not hexadecimal",
        ),
        pytest.param(
            "cancelById", {"orderId": NO_ORDER}, {"error": "order not found"}, id="no such order"
        ),
        pytest.param(
            "cancelById", {"orderID": NO_ORDER}, {"error": "invalid order ID format"},
            id="the casing of another verb: no id is there",
        ),
        pytest.param(
            "cancelById", {"orderId": 5}, {"error": "invalid order ID format"}, id="a number"
        ),
        pytest.param(
            "cancelMultiple", {"orderIds": [NO_ORDER]},
            {"error": "Failed to process cancelMultiple"}, id="several in the wrong casing",
        ),
        pytest.param(
            "cancelMultiple", {"orderIDs": NO_ORDER},
            {"error": "Failed to process cancelMultiple"}, id="several, but no list",
        ),
        pytest.param(
            "cancelMultiple", {"orderIDs": [7]}, {"error": "Failed to process cancelMultiple"},
            id="several, one no text",
        ),
        pytest.param("cancelMultiple", {"orderIDs": []}, {"data": []}, id="none is not everything"),
        pytest.param(
            "cancelMultiple", {"orderIDs": ["x", NO_ORDER]},
            {
                "data": [
                    {"success": False, "orderID": "x", "description": "invalid order ID format"},
                    {"success": False, "orderID": NO_ORDER, "description": "order not found"},
                ]
            },
            id="each of several by its position",
        ),
        pytest.param(
            "cancelAllByGame", {"gameId": "688c0516fbc14da0c202d4ff"}, {"error": "game not found"},
            id="no such game",
        ),
        pytest.param("cancelAllByGame", {}, {"error": "game not found"}, id="no game"),
        pytest.param(
            "cancelAllByGame", {"gameID": GAME}, {"error": "game not found"},
            id="a game in the casing of an answer",
        ),
        pytest.param(
            "cancelAllByGame", {"gameId": GAME, "type": "spreads"},
            {"error": "Failed to process cancelAllByGame"}, id="narrowed by no documented type",
        ),
        pytest.param(
            "cancelAllByGame", {"gameId": GAME, "side": 7},
            {"error": "Failed to process cancelAllByGame"}, id="narrowed by what cannot be read",
        ),
        pytest.param(
            "cancelAllByGame", {"gameId": GAME, "side": ""}, {"data": []},
            id="narrowed to nothing is nothing",
        ),
        pytest.param("editById", {}, {"error": "unknown message type"}, id="no documented verb"),
    ],
)  # fmt: skip
def test_what_is_refused_cancels_nothing(
    served: Served, verb: str, payload: Json, answer: Json
) -> None:
    with ordering(served) as orders:
        order_id = orders.rest()
        assert orders.ask(verb, **payload) == answer
        assert booked(served, "acme", order_id).is_live


@pytest.mark.parametrize(
    ("narrowed", "gone"),
    [
        pytest.param({"gameId": GAME}, "abc", id="a whole game"),
        pytest.param({"gameId": GAME, "type": "spread"}, "a", id="one type"),
        pytest.param({"gameId": GAME, "type": "total", "side": "under"}, "c", id="one side"),
        pytest.param({"gameId": GAME, "market": "main"}, "abc", id="the main market"),
        pytest.param({"gameId": GAME, "market": "alt"}, "", id="another market"),
        pytest.param({"gameId": GAME, "side": AWAY}, "", id="a side without orders"),
        pytest.param(
            {"gameId": GAME, "type": None, "side": None}, "abc", id="null narrows nothing"
        ),
        pytest.param({"gameId": OTHER_GAME}, "d", id="another game"),
    ],
)
def test_a_game_or_a_part_of_it(served: Served, narrowed: Json, gone: str) -> None:
    with ordering(served) as orders:
        placed = [spread(), total(), total("under", 50, 105), spread(gameId=OTHER_GAME)]
        ids = dict(zip("abcd", map(orders.rest, placed), strict=True))
        answer = orders.ask("cancelAllByGame", **narrowed)
        assert [row["orderID"] for row in answer["data"]] == [ids[one] for one in gone]
        live = [one for one, order_id in ids.items() if booked(served, "acme", order_id).is_live]
        assert "".join(live) == "".join(one for one in "abcd" if one not in gone)


def test_everything_is_the_accounts_own(served: Served) -> None:
    with ordering(served) as acme, ordering(served, RIVAL) as rival:
        mine, theirs = [acme.rest(), acme.rest(total())], rival.rest(spread(odds=-200))
        assert [row["orderID"] for row in acme.ask("cancelAll")["data"]] == mine
        assert booked(served, "rival", theirs).is_live


def test_orders_of_other_kinds(served: Served) -> None:
    def kinds(orders: Orders) -> list[tuple[object, object]]:
        rows = orders.ask("cancelAll")["data"]
        return [(row["number"], row["description"]) for row in rows]

    with ordering(served) as orders:
        orders.rest({**spread(), "type": "moneyline"})
        orders.rest({**spread(), "type": "moneyline1x2", "side": "no", "market": "draw"})
        orders.rest(total("under", 10, 110, number=0))
        orders.rest(spread(number=3))
        assert kinds(orders) == [
            (None, HOME),
            (None, "draw no"),
            (0, "under 0"),
            (3, f"{HOME} +3"),
        ]
