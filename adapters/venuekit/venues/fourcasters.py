"""4casters under test."""

from __future__ import annotations

import json
from itertools import count

from adapters.clients.fourcasters import FourcastersCodec
from adapters.gateways.fourcasters.ids import order_id
from adapters.gateways.fourcasters.routes import fourcasters
from adapters.paper.operations import TOLD
from adapters.transport.http import HttpCall
from adapters.venuekit.venue import Listening, VenueUnderTest, Wanted
from adapters.venues.fourcasters.translate import FourcastersDialect

GAMES = ("688c0516fbc14da0c202d426", "688c0516fbc14da0c202d427")
_references = count(1)


def _place(wanted: Wanted, account: str) -> HttpCall:
    del account
    order = {
        "gameId": GAMES[wanted.market], "bet": "SIZE", "odds": -110, "type": "spread",
        "side": "5c12bc1ce0daba000f47ba8b", "number": -3.5, "orderType": "limit",
    }  # fmt: skip
    body = json.dumps({"orders": [order]}).replace('"SIZE"', wanted.size)
    return HttpCall("POST", "/session/v3/place", body=body.encode())


VENUE = VenueUnderTest(
    name="fourcasters",
    dialect=FourcastersDialect(),
    codec=lambda: FourcastersCodec(lambda: f"kit-{next(_references)}"),
    routes=fourcasters,
    order_id=order_id,
    place=_place,
    placed=lambda told: [row["unmatched"]["orderID"] for row in told["data"]["createdSessions"]],
    ws_path="/orders/ws",
    feed=Listening("/v2/user", "user-feed"),
    told=TOLD["fourcasters"],
    smallest="0.01",
    says_how=False,
)
