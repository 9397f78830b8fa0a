"""4casters' edits: the old order off the books, and another one in its place, or nothing."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest

from adapters.gateways.fourcasters.ids import order_number
from tests.adapters.gateways.fourcasters import (
    ACME,
    NO_ORDER,
    RIVAL,
    Json,
    Rest,
    against,
    booked,
    house,
    matched,
    spread,
)
from tests.adapters.gateways.serving import Served

D = Decimal
NO_GAME = "688c0516fbc14da0c202d4ff"


@pytest.fixture
def served() -> Iterator[Served]:
    with house() as served:
        yield served


@pytest.fixture
def acme(served: Served) -> Iterator[Rest]:
    with served.client(authorization=ACME) as client:
        yield Rest(client)


@pytest.fixture
def rival(served: Served) -> Iterator[Rest]:
    with served.client(authorization=RIVAL) as client:
        yield Rest(client)


@pytest.fixture(scope="module")
def shared() -> Iterator[Served]:
    """For what leaves no trace."""
    with house() as served:
        yield served


@pytest.fixture
def anyone(shared: Served) -> Iterator[Rest]:
    with shared.client(authorization=ACME) as client:
        yield Rest(client)


def test_an_edit_is_a_cancel_and_another_order(served: Served, acme: Rest, rival: Rest) -> None:
    old = acme.rest(spread(100, 150, userReference="leg", expirationMinutes=5))
    matched(served, old, "30")
    theirs = rival.rest(against(40, -105))
    _, answer = acme.post("/session/editOrder", sessionID=old, orderOdds=105, orderVolume=50)
    data = answer["data"]
    assert (data["cancelled"]["filled"], data["cancelled"]["remaining"]) == (30, 70)
    assert [(fill["orderID"], fill["amount"]) for fill in data["matched"]] == [(theirs, 38.1)]
    new = booked(served, "acme", data["unmatched"]["orderID"])
    assert data["unmatched"]["orderID"] != old
    assert (new.size, new.remaining, new.terms.expires_at) == (D(50), D("11.9"), None)
    assert new.terms.extra["replaces"] == order_number(old)
    assert acme.get("/session/lookupOrder", orderID=old)[1]["data"]["order"]["cancelled"]


@pytest.mark.parametrize(
    ("path", "changed", "outcome"),
    [
        pytest.param("editOrder", {}, (100, -110), id="what is not told stays"),
        pytest.param("editOrder", {"orderOdds": None}, (100, -110), id="null stays"),
        pytest.param("editOrder", {"orderVolume": 7}, (7, -110), id="the volume"),
        pytest.param("editOrder", {"expiryChange": 0}, (100, -110), id="until the game starts"),
        pytest.param("v4/editOrder", {"intendedOrderVolume": 99}, (100, -110), id="a guard"),
        pytest.param(
            "v4/editOrder", {"intendedOrderVolume": 98.99}, None,
            id="a guard that fails: off, and nothing in its place",
        ),
        pytest.param("editOrder", {"intendedOrderVolume": 5}, (100, -110), id="version 3 has none"),
    ],
)  # fmt: skip
def test_edits(acme: Rest, path: str, changed: Json, outcome: tuple[float, float] | None) -> None:
    _, answer = acme.post(f"/session/{path}", sessionID=acme.rest(), **changed)
    data = answer["data"]
    assert data["cancelled"]["success"]
    if outcome is None:
        assert (data["matched"], "unmatched" in data) == ([], False)
    else:
        assert (data["unmatched"]["offered"], data["unmatched"]["odds"]) == outcome


@pytest.mark.parametrize(
    ("changed", "status", "error"),
    [
        pytest.param({"sessionID": None}, 400, "Invalid order id", id="no order"),
        pytest.param({"sessionID": "5"}, 400, "Invalid order id", id="no id"),
        pytest.param({"sessionID": NO_ORDER}, 404, "order not found", id="not there"),
        pytest.param({"orderOdds": 0}, 400, "invalid orderOdds", id="no odds"),
        pytest.param({"orderVolume": 0}, 400, "invalid orderVolume", id="no volume"),
        pytest.param({"expiryChange": -1}, 400, "invalid expiryChange", id="over before"),
        pytest.param(
            {"intendedOrderVolume": "x"}, 400, "invalid intendedOrderVolume", id="no guard"
        ),
    ],
)
def test_an_edit_that_is_refused_leaves_the_order(
    shared: Served, anyone: Rest, changed: Json, status: int, error: str
) -> None:
    order_id = anyone.rest()
    told = {"sessionID": order_id, **changed}
    assert anyone.post("/session/v4/editOrder", **told) == (status, {"error": error})
    assert booked(shared, "acme", order_id).is_live


def test_an_edit_of_what_is_over_places_nothing(served: Served, acme: Rest) -> None:
    order_id = acme.rest()
    matched(served, order_id, "100")
    assert acme.post("/session/editOrder", sessionID=order_id, orderVolume=5) == (
        200,
        {
            "data": {
                "cancelled": {
                    "success": False,
                    "orderID": order_id,
                    "description": "Order could not be cancelled",
                },
                "matched": [],
            }
        },
    )
