"""PredictStreet under test."""

from __future__ import annotations

import json
from collections.abc import Sequence
from hashlib import sha256

from adapters.clients.predictstreet import PredictStreetCodec
from adapters.gateways.predictstreet.buckets import UNLIMITED
from adapters.gateways.predictstreet.routes import router
from adapters.gateways.predictstreet.rows import ORDERS, uuid_of
from adapters.gateways.predictstreet.socket import socket
from adapters.paper.operations import TOLD
from adapters.transport.http import HttpCall
from adapters.venuekit.venue import Listening, VenueUnderTest, Wanted
from adapters.venues.predictstreet.translate import PredictStreetDialect

CHANNELS = ("user_orders", "user_fills")


def _place(wanted: Wanted, account: str) -> HttpCall:
    order = {
        "marketId": f"XYZ-BIN-{wanted.market}", "side": "buy", "outcome": "0", "price": "0.40",
        "quantity": wanted.size, "nonce": str(wanted.number), "expiry": 0, "maker": account,
        "signature": "0x" + "5e" * 65, "clientOrderId": f"c{wanted.number}",
    }  # fmt: skip
    return HttpCall("POST", "/api/orders/place", body=json.dumps(order).encode())


def _subscribed(key: str) -> Sequence[bytes]:
    del key  # the handshake has it
    wanted = {"subscriptions": [{"channel": channel} for channel in CHANNELS]}
    return [json.dumps({"id": 1, "cmd": "subscribe", "params": wanted}).encode()]


def _key(account: str) -> str:
    digest = sha256(account.encode()).hexdigest()
    return f"ps_live_{digest[:16]}_{digest[16:59]}"


VENUE = VenueUnderTest(
    name="predictstreet",
    dialect=PredictStreetDialect(),
    codec=PredictStreetCodec,
    routes=lambda frame, feed: (router(frame, UNLIMITED), socket(frame, feed)),
    order_id=lambda number: uuid_of(number, ORDERS),
    place=_place,
    placed=lambda told: [told["orderId"]],
    account=lambda number: f"0x{number:040x}",
    key=_key,
    feed=Listening("/ws/user", "user", _subscribed, answers=2),
    told=TOLD["predictstreet"],
)
