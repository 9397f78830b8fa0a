"""ABP under test."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

from adapters.clients.abp import AbpCodec
from adapters.clients.port import Wanted
from adapters.gateways.abp.routes import router
from adapters.gateways.abp.socket import socket
from adapters.paper.operations import TOLD
from adapters.venuekit.venue import Sample, VenueUnderTest
from adapters.venues.abp.translate import AbpDialect
from domain.values import Side


def _wanted(sample: Sample) -> Wanted:
    return Wanted(
        market=f"id{sample.market}",
        selection="101",
        side=Side.BUY,
        price=Decimal("1.95"),
        size=sample.size,
        reference=str(UUID(int=sample.number)),
        user_ref="kit",
        more={"expiresAt": "2036-02-07T12:00:00Z"},
    )


VENUE = VenueUnderTest(
    name="abp",
    dialect=AbpDialect(),
    codec=AbpCodec,
    routes=lambda frame, feed: (router(frame), socket(frame, feed)),
    order_id=str,
    wanted=_wanted,
    told=TOLD["abp"],
)
