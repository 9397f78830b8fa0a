"""4casters under test."""

from __future__ import annotations

from decimal import Decimal
from itertools import count

from adapters.clients.fourcasters import FourcastersCodec
from adapters.clients.port import Wanted
from adapters.gateways.fourcasters.ids import order_id
from adapters.gateways.fourcasters.routes import fourcasters
from adapters.paper.operations import TOLD
from adapters.venuekit.venue import Sample, VenueUnderTest
from adapters.venues.fourcasters.translate import FourcastersDialect
from domain.values import Side

HOME = "5c12bc1ce0daba000f47ba8b"
GAMES = ("688c0516fbc14da0c202d426", "688c0516fbc14da0c202d427")
_references = count(1)


def _wanted(sample: Sample) -> Wanted:
    return Wanted(
        market=GAMES[sample.market],
        selection=f"spread:{HOME}:-3.5",
        side=Side.BUY,
        price=Decimal(-110),
        size=sample.size,
    )


VENUE = VenueUnderTest(
    name="fourcasters",
    dialect=FourcastersDialect(),
    codec=lambda: FourcastersCodec(lambda: f"kit-{next(_references)}"),
    routes=fourcasters,
    order_id=order_id,
    wanted=_wanted,
    ws_path="/orders/ws",
    told=TOLD["fourcasters"],
    smallest="0.01",
    says_how=False,
)
