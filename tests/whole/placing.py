"""Orders that rest at each venue: what is sent, and the ids in the answer."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from adapters.transport.http import HttpCall
from domain.values import Account
from tests.adapters.gateways.fourcasters import spread
from tests.adapters.gateways.predictstreet import order


def _abp(orders: range, owner: Account) -> Iterator[HttpCall]:
    del owner
    for start in range(0, len(orders), 100):
        asked = [
            {
                "requestUuid": str(UUID(int=number + 1)), "fixtureId": "id1", "outcomeId": 101,
                "orderPrice": 1.95, "orderStake": 100, "userRef": "desk-7", "testOrder": False,
                "expiresAt": "2036-02-07T12:00:00Z",
            }
            for number in orders[start : start + 100]
        ]  # fmt: skip
        yield HttpCall("POST", "/place-orders", body=json.dumps({"orders": asked}).encode())


def _predictstreet(orders: range, owner: Account) -> Iterator[HttpCall]:
    for start in range(0, len(orders), 10):
        asked = [
            order(clientOrderId=f"c{number}", maker=owner.account, nonce=str(number))
            for number in orders[start : start + 10]
        ]
        body = json.dumps({"orders": asked}).encode()
        yield HttpCall("POST", "/api/orders/place-batch", body=body)


def _fourcasters(orders: range, owner: Account) -> Iterator[HttpCall]:
    del owner
    for start in range(0, len(orders), 10):
        asked = [spread(100) for _ in orders[start : start + 10]]
        yield HttpCall("POST", "/session/v3/place", body=json.dumps({"orders": asked}).encode())


Calls = Callable[[range, Account], Iterable[HttpCall]]
Ids = Callable[[Any], Sequence[str]]
PLACES: Mapping[str, tuple[Calls, Ids]] = {
    "abp": (_abp, lambda told: [str(row["orderId"]) for row in told["acceptedOrders"]]),
    "predictstreet": (_predictstreet, lambda told: [row["orderId"] for row in told]),
    "fourcasters": (
        _fourcasters,
        lambda told: [row["unmatched"]["orderID"] for row in told["data"]["createdSessions"]],
    ),
}
