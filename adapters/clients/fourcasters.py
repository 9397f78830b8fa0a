"""4casters: four cancels on the orders socket, reads over REST (venues/fourcasters.md, 4.5, 5.4).

The request id of a frame is its reference: the only thing by which an answer is known.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from adapters.clients.port import Ask, CannotSay, Capabilities, SocketCall, parts
from adapters.clients.words import body
from adapters.transport.http import HttpCall
from adapters.transport.pacing import Rate
from domain.requests import ScopeKind

BATCH_MAX = 100
"""No batch limit is documented."""
CHANNEL = "orders"
HEX_DIGITS = 24
_HEX = frozenset("0123456789abcdef")


class FourcastersCodec:
    """4casters' words."""

    capabilities = Capabilities(
        scopes=frozenset({ScopeKind.ORDERS, ScopeKind.MARKET, ScopeKind.ALL}),
        batch_max=BATCH_MAX,
        cancel_rates=(),
        read_rates=(Rate(3_000, 60),),
        looks_up=frozenset({ScopeKind.ORDERS}),
    )

    def __init__(self, reference: Callable[[], str]) -> None:
        """`reference` gives a request id that was never used."""
        self._reference = reference

    def credentials(self, key: str, account: str) -> Mapping[str, str]:
        """The session token, raw: the one spelling that both of the venue's documents accept."""
        del account
        return {"authorization": key}

    def cancels(self, ask: Ask) -> Sequence[SocketCall]:
        """`cancelById` for one order, `cancelMultiple` for several; a game, or everything."""
        match ask.kind:
            case ScopeKind.ORDERS:
                for order_id in ask.values:
                    _object_id(order_id)
                return [self._ids(part) for part in parts(ask.values, BATCH_MAX)]
            case ScopeKind.MARKET:
                for game in ask.values:
                    _object_id(game)
                return [
                    self._call("cancelAllByGame", {"gameId": game})
                    for game in dict.fromkeys(ask.values)
                ]
            case ScopeKind.ALL:
                return [self._call("cancelAll", {})]
            case ScopeKind.REFERENCES | ScopeKind.USER_REF:
                raise CannotSay(f"fourcasters cannot cancel by {ask.kind.value} on the socket")

    def look_ups(self, ask: Ask) -> Sequence[HttpCall]:
        """The order's own page."""
        if ask.kind is not ScopeKind.ORDERS:
            raise CannotSay(f"fourcasters cannot look orders up by {ask.kind.value}")
        return [
            HttpCall("GET", "/session/lookupOrder", (("orderID", _object_id(order_id)),))
            for order_id in dict.fromkeys(ask.values)
        ]

    def open_orders(self) -> Sequence[HttpCall]:
        """What rests, and what was matched of it."""
        return (HttpCall("GET", "/user/getUnmatched"), HttpCall("GET", "/user/getMatchedBets"))

    def _ids(self, ids: Sequence[str]) -> SocketCall:
        if len(ids) == 1:
            return self._call("cancelById", {"orderId": ids[0]})
        return self._call("cancelMultiple", {"orderIDs": list(ids)})

    def _call(self, verb: str, payload: Mapping[str, object]) -> SocketCall:
        reference = self._reference()
        return SocketCall(CHANNEL, reference, body([verb, {"requestID": reference, **payload}]))


def _object_id(text: str) -> str:
    """An id as it is; raise `CannotSay` for one that fails a whole batch (`invalid order ID`)."""
    if len(text) != HEX_DIGITS or not _HEX.issuperset(text.lower()):
        raise CannotSay(f"{text[:40]!r} is no id of this venue: it has 24 hexadecimal digits")
    return text
