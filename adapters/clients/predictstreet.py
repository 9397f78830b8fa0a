"""PredictStreet: cancels of up to 100 ids, of a market, of everything (venues/predictstreet.md, 4).

A single id goes through `cancel-batch` too: it alone tells "unknown" from "over already".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from adapters.clients.feeds import STREET_PLACE, StreetFeed
from adapters.clients.hearing import fields_of
from adapters.clients.port import Ask, CannotSay, Capabilities, Wanted, parts
from adapters.clients.words import body, together
from adapters.transport.http import HttpCall
from adapters.transport.pacing import Rate
from domain.requests import ScopeKind
from domain.values import plain

BATCH_MAX = 100
PLACES_MAX = 10
OPEN_MAX = "500"
ID_MAX = 128
"""Ids are UUIDs; of anything longer the answer could not be read either."""
RECENT_MAX = "200"
SIGNED = frozenset({"nonce", "expiry", "maker", "signature"})
"""What the venue needs of each order and nobody here can make."""


class PredictStreetCodec:
    """PredictStreet's words."""

    capabilities = Capabilities(
        scopes=frozenset({ScopeKind.ORDERS, ScopeKind.MARKET, ScopeKind.ALL}),
        batch_max=BATCH_MAX,
        cancel_rates=(Rate(5, 1), Rate(1_000, 60)),
        read_rates=(Rate(300, 60),),
        looks_up=frozenset({ScopeKind.ORDERS}),
        wide_rates=(Rate(1, 1),),
        places_max=PLACES_MAX,
        lists_open=True,
    )
    feed = STREET_PLACE

    def credentials(self, key: str, account: str) -> Mapping[str, str]:
        """The key, and the wallet that is meant: a key of several wallets needs it each time."""
        return {"x-api-key": key, "x-user-wallet": account.lower()}

    def cancels(self, ask: Ask) -> Sequence[HttpCall]:
        """`cancel-batch` for ids; `cancel-all`, with its filter, for a market."""
        match ask.kind:
            case ScopeKind.ORDERS:
                return [
                    HttpCall("POST", "/api/orders/cancel-batch", body=body({"orderIds": list(ids)}))
                    for ids in parts([_order_id(value) for value in ask.values], BATCH_MAX)
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
            HttpCall("GET", f"/api/orders/{_order_id(order_id)}{page}")
            for order_id in dict.fromkeys(ask.values)
            for page in ("", "/fills")
        ]

    def open_orders(self) -> Sequence[HttpCall]:
        """The first page; its `nextCursor` leads on."""
        return (HttpCall("GET", "/api/orders/open", (("limit", OPEN_MAX),)),)

    def recent(self, since: datetime) -> Sequence[HttpCall]:
        """Orders placed since, whatever became of them, and the newest matches."""
        told = since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        return (
            HttpCall("GET", "/api/orders/history", (("from", told), ("limit", RECENT_MAX))),
            HttpCall("GET", "/api/me/trades", (("limit", RECENT_MAX),)),
        )

    def next_page(self, call: HttpCall, answer: bytes) -> HttpCall | None:
        """Where the page says that the next one begins."""
        cursor = fields_of(answer).get("nextCursor")
        if not isinstance(cursor, str) or not cursor:
            return None
        query = [pair for pair in call.query if pair[0] != "cursor"]
        return HttpCall(call.method, call.path, (*query, ("cursor", cursor)))

    def replay(self, after: str) -> None:
        """None: what was missed is read anew."""
        del after

    def places(self, wanted: Sequence[Wanted]) -> Sequence[HttpCall]:
        """`place-batch`, ten at a time: signed by whoever wants them, with our client ids."""
        rows = [_row(one) for one in wanted]
        return [
            HttpCall(
                "POST", "/api/orders/place-batch",
                body=body({"orders": rows[start : start + PLACES_MAX]}),
            )
            for start in range(0, len(rows), PLACES_MAX)
        ]  # fmt: skip

    def conversation(self, key: str) -> StreetFeed:
        """Subscribe, and ping: the key goes with the handshake."""
        del key
        return StreetFeed()


def _row(one: Wanted) -> Mapping[str, Any]:
    """An order as it is asked for: every figure as text."""
    lacks = sorted(SIGNED - one.more.keys())
    if one.reference is None:
        lacks.append("a reference")
    if lacks:
        raise CannotSay(f"predictstreet needs {', '.join(lacks)}")
    ours = {
        "marketId": one.market,
        "side": one.side.value.lower(),
        "outcome": one.selection,
        "price": plain(one.price),
        "quantity": plain(one.size),
        "clientOrderId": one.reference,
    }
    return together(ours, one.more)


def _order_id(order_id: str) -> str:
    """An id as it is; raise `CannotSay` for one that would lead elsewhere, or that is none."""
    plain = all(letter.isascii() and (letter.isalnum() or letter in "-_") for letter in order_id)
    if not plain or len(order_id) > ID_MAX:
        raise CannotSay(f"{order_id[:40]!r} is no order id of this venue")
    return order_id
