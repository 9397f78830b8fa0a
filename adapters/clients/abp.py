"""ABP: cancels by filters that are joined by OR; reads by the same filters (venues/abp.md, 3.2-4).

There is no list of what is open: orders are read by id, request UUID or user reference.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from adapters.clients.feeds import ABP_PLACE, AbpFeed
from adapters.clients.hearing import fields_of
from adapters.clients.port import Ask, CannotSay, Capabilities, Wanted, parts
from adapters.clients.words import amount, body, exact, number, together
from adapters.transport.http import HttpCall
from adapters.transport.pacing import Rate
from domain.requests import ScopeKind
from domain.values import Side

BATCH_MAX = 100
"""No batch limit is documented; that of placing is kept."""
PAGE = "1000"
_RATES = (Rate(100, 1),)


class AbpCodec:
    """ABP's words."""

    capabilities = Capabilities(
        scopes=frozenset(
            {ScopeKind.ORDERS, ScopeKind.REFERENCES, ScopeKind.USER_REF, ScopeKind.ALL}
        ),
        batch_max=BATCH_MAX,
        cancel_rates=_RATES,
        read_rates=_RATES,
        looks_up=frozenset({ScopeKind.ORDERS, ScopeKind.REFERENCES, ScopeKind.USER_REF}),
        places_max=BATCH_MAX,
    )
    feed = ABP_PLACE

    def credentials(self, key: str, account: str) -> Mapping[str, str]:
        """The key; the account is the key's."""
        del account
        return {"x-api-key": key}

    def cancels(self, ask: Ask) -> Sequence[HttpCall]:
        """`POST /cancel-orders`, or `/cancel-all-orders` for everything."""
        match ask.kind:
            case ScopeKind.ORDERS:
                told: list[object] = [
                    {"orderIds": [number(value) for value in part]} for part in self._parts(ask)
                ]
            case ScopeKind.REFERENCES:
                told = [{"requestUuids": list(part)} for part in self._parts(ask)]
            case ScopeKind.USER_REF:
                return [
                    HttpCall("POST", "/cancel-orders", body=body({"userRef": reference}))
                    for reference in dict.fromkeys(ask.values)
                ]
            case ScopeKind.ALL:
                return [HttpCall("POST", "/cancel-all-orders")]
            case ScopeKind.MARKET:
                raise CannotSay("abp cannot cancel by market")
        return [HttpCall("POST", "/cancel-orders", body=body(filters)) for filters in told]

    def look_ups(self, ask: Ask) -> Sequence[HttpCall]:
        """`GET /orders`, a page for each part."""
        match ask.kind:
            case ScopeKind.ORDERS:
                texts = [str(number(value)) for value in ask.values]
                queries = [("orderIds", ",".join(part)) for part in parts(texts, BATCH_MAX)]
            case ScopeKind.REFERENCES:
                queries = [("requestUuids", ",".join(part)) for part in self._parts(ask)]
            case ScopeKind.USER_REF:
                queries = [("userRef", reference) for reference in dict.fromkeys(ask.values)]
            case _:
                raise CannotSay(f"abp cannot look orders up by {ask.kind.value}")
        return [HttpCall("GET", "/orders", (query, ("limit", PAGE))) for query in queries]

    def open_orders(self) -> Sequence[HttpCall]:
        """None: the venue lists nothing that was not named."""
        return ()

    def recent(self, since: datetime) -> Sequence[HttpCall]:
        """None: there is no filter by time."""
        del since
        return ()

    def next_page(self, call: HttpCall, answer: bytes) -> HttpCall | None:
        """The orders below the last one of this page, newest first."""
        told = fields_of(answer)
        cursor = told.get("nextCursor")
        if told.get("hasMore") is not True or type(cursor) is not int:
            return None
        query = [pair for pair in call.query if pair[0] != "afterOrderId"]
        return HttpCall(call.method, call.path, (*query, ("afterOrderId", str(cursor))))

    def replay(self, after: str) -> None:
        """None: what was missed is read anew."""
        del after

    def places(self, wanted: Sequence[Wanted]) -> Sequence[HttpCall]:
        """`POST /place-orders`; the request UUID is what an order is known by until it has an id.

        `acceptBetterOdds`, `expiresAt`, `bookmakers` and the like stand in `more`.
        """
        rows = [_row(one) for one in wanted]
        return [
            HttpCall("POST", "/place-orders", body=exact({"orders": list(some)}))
            for some in _some(rows)
        ]

    def conversation(self, key: str) -> AbpFeed:
        """Log in, choose channels, count."""
        return AbpFeed(key)

    def _parts(self, ask: Ask) -> Sequence[Sequence[str]]:
        return list(parts(ask.values, BATCH_MAX))


def _some(rows: Sequence[Mapping[str, Any]]) -> Sequence[Sequence[Mapping[str, Any]]]:
    return [rows[start : start + BATCH_MAX] for start in range(0, len(rows), BATCH_MAX)]


def _row(one: Wanted) -> Mapping[str, Any]:
    """An order as it is asked for: odds are decimal, the selection is outcome[:player]."""
    if one.reference is None or one.user_ref is None:
        raise CannotSay("abp needs a reference (a request UUID) and a user reference")
    outcome, _, player = one.selection.partition(":")
    ours = {
        "requestUuid": one.reference,
        "fixtureId": one.market,
        "outcomeId": number(outcome),
        "playerId": number(player or "0"),
        "orderPrice": amount(one.price),
        "orderStake": amount(one.size),
        "userRef": one.user_ref,
        "back": one.side is Side.BUY,
    }
    return {"testOrder": False, **together(ours, one.more)}
