"""ABP under test."""

from __future__ import annotations

import json
from collections.abc import Sequence
from uuid import UUID

from adapters.clients.abp import AbpCodec
from adapters.gateways.abp.routes import router
from adapters.gateways.abp.socket import socket
from adapters.paper.operations import TOLD
from adapters.transport.http import HttpCall
from adapters.venuekit.venue import Listening, VenueUnderTest, Wanted
from adapters.venues.abp.translate import AbpDialect


def _place(wanted: Wanted, account: str) -> HttpCall:
    del account
    order = {
        "requestUuid": str(UUID(int=wanted.number)), "fixtureId": f"id{wanted.market}",
        "outcomeId": 101, "orderPrice": 1.95, "orderStake": "SIZE", "userRef": wanted.user_ref,
        "testOrder": False, "expiresAt": "2036-02-07T12:00:00Z",
    }  # fmt: skip
    body = json.dumps({"orders": [order]}).replace('"SIZE"', wanted.size)
    return HttpCall("POST", "/place-orders", body=body.encode())


def _login(key: str) -> Sequence[bytes]:
    told = {"type": "login", "apiKey": key, "channels": ["orders", "bets"]}
    return [json.dumps(told).encode()]


VENUE = VenueUnderTest(
    name="abp",
    dialect=AbpDialect(),
    codec=AbpCodec,
    routes=lambda frame, feed: (router(frame), socket(frame, feed)),
    order_id=str,
    place=_place,
    placed=lambda told: [str(row["orderId"]) for row in told["acceptedOrders"]],
    feed=Listening("/ws", "ws", _login, answers=1),
    told=TOLD["abp"],
)
