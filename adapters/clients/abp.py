"""ABP: cancels by filters that are joined by OR; reads by the same filters (venues/abp.md, 3.2-4).

There is no list of what is open: orders are read by id, request UUID or user reference.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from adapters.clients.port import Ask, CannotSay, Capabilities, parts
from adapters.clients.words import body, number
from adapters.transport.http import HttpCall
from adapters.transport.pacing import Rate
from domain.requests import ScopeKind

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
    )

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

    def _parts(self, ask: Ask) -> Sequence[Sequence[str]]:
        return list(parts(ask.values, BATCH_MAX))
