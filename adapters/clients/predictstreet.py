"""PredictStreet: cancels of up to 100 ids, of a market, of everything (venues/predictstreet.md, 4).

A single id goes through `cancel-batch` too: it alone tells "unknown" from "over already".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from adapters.clients.port import Ask, CannotSay, Capabilities, parts
from adapters.clients.words import body
from adapters.transport.http import HttpCall
from adapters.transport.pacing import Rate
from domain.requests import ScopeKind

BATCH_MAX = 100
OPEN_MAX = "500"


class PredictStreetCodec:
    """PredictStreet's words."""

    capabilities = Capabilities(
        scopes=frozenset({ScopeKind.ORDERS, ScopeKind.MARKET, ScopeKind.ALL}),
        batch_max=BATCH_MAX,
        cancel_rates=(Rate(5, 1), Rate(1_000, 60)),
        read_rates=(Rate(300, 60),),
        looks_up=frozenset({ScopeKind.ORDERS}),
        wide_rates=(Rate(1, 1),),
    )

    def credentials(self, key: str, account: str) -> Mapping[str, str]:
        """The key, and the wallet that is meant: a key of several wallets needs it each time."""
        return {"x-api-key": key, "x-user-wallet": account.lower()}

    def cancels(self, ask: Ask) -> Sequence[HttpCall]:
        """`cancel-batch` for ids; `cancel-all`, with its filter, for a market."""
        match ask.kind:
            case ScopeKind.ORDERS:
                return [
                    HttpCall("POST", "/api/orders/cancel-batch", body=body({"orderIds": list(ids)}))
                    for ids in parts(ask.values, BATCH_MAX)
                ]
            case ScopeKind.MARKET:
                return [
                    HttpCall("POST", "/api/orders/cancel-all", body=body({"marketId": market}))
                    for market in dict.fromkeys(ask.values)
                ]
            case ScopeKind.ALL:
                return [HttpCall("POST", "/api/orders/cancel-all", body=b"{}")]
            case ScopeKind.REFERENCES | ScopeKind.USER_REF:
                raise CannotSay(f"predictstreet cannot cancel by {ask.kind.value}")

    def look_ups(self, ask: Ask) -> Sequence[HttpCall]:
        """The order's own page, and its matches."""
        if ask.kind is not ScopeKind.ORDERS:
            raise CannotSay(f"predictstreet cannot look orders up by {ask.kind.value}")
        return [
            HttpCall("GET", f"/api/orders/{_segment(order_id)}{page}")
            for order_id in dict.fromkeys(ask.values)
            for page in ("", "/fills")
        ]

    def open_orders(self) -> Sequence[HttpCall]:
        """The first page; its `nextCursor` leads on."""
        return (HttpCall("GET", "/api/orders/open", (("limit", OPEN_MAX),)),)


def _segment(order_id: str) -> str:
    """An id as a part of a path; raise `CannotSay` for one that would lead elsewhere."""
    if not all(letter.isascii() and (letter.isalnum() or letter in "-_") for letter in order_id):
        raise CannotSay(f"{order_id[:40]!r} is no order id of this venue")
    return order_id
