"""PredictStreet under test."""

from __future__ import annotations

from decimal import Decimal
from hashlib import sha256

from adapters.clients.port import Wanted
from adapters.clients.predictstreet import PredictStreetCodec
from adapters.gateways.predictstreet.buckets import UNLIMITED
from adapters.gateways.predictstreet.routes import router
from adapters.gateways.predictstreet.rows import ORDERS, uuid_of
from adapters.gateways.predictstreet.socket import socket
from adapters.paper.operations import TOLD
from adapters.venuekit.venue import Sample, VenueUnderTest
from adapters.venues.predictstreet.translate import PredictStreetDialect
from domain.values import Side


def _wanted(sample: Sample) -> Wanted:
    return Wanted(
        market=f"XYZ-BIN-{sample.market}",
        selection="0",
        side=Side.BUY,
        price=Decimal("0.40"),
        size=sample.size,
        reference=f"c{sample.number}",
        more={
            "maker": sample.account,
            "nonce": str(sample.number),
            "expiry": 0,
            "signature": "0x" + "5e" * 65,
        },
    )


def _key(account: str) -> str:
    digest = sha256(account.encode()).hexdigest()
    return f"ps_live_{digest[:16]}_{digest[16:59]}"


VENUE = VenueUnderTest(
    name="predictstreet",
    dialect=PredictStreetDialect(),
    codec=PredictStreetCodec,
    routes=lambda frame, feed: (router(frame, UNLIMITED), socket(frame, feed)),
    order_id=lambda number: uuid_of(number, ORDERS),
    wanted=_wanted,
    account=lambda number: f"0x{number:040x}",
    key=_key,
    told=TOLD["predictstreet"],
)
