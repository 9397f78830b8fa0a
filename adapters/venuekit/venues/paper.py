"""The paper venue's own API under test."""

from __future__ import annotations

from decimal import Decimal

from adapters.clients.port import Wanted
from adapters.paperapi.codec import PaperCodec
from adapters.paperapi.dialect import PaperDialect
from adapters.paperapi.server import order_id, routes
from adapters.venuekit.venue import Sample, VenueUnderTest
from domain.values import Side


def _wanted(sample: Sample) -> Wanted:
    return Wanted(
        market=f"market-{sample.market}",
        selection="home",
        side=Side.BUY,
        price=Decimal("1.95"),
        size=sample.size,
        reference=f"kit-{sample.number}",
        user_ref="kit",
    )


VENUE = VenueUnderTest(
    name="paper",
    dialect=PaperDialect(),
    codec=PaperCodec,
    routes=routes,
    order_id=order_id,
    wanted=_wanted,
)
