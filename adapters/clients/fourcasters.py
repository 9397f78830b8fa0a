"""4casters: four cancels on the orders socket, reads over REST (venues/fourcasters.md, 4.5, 5.4).

The request id of a frame is its reference: the only thing by which an answer is known.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from adapters.clients.feeds import CASTERS_PLACE, CastersFeed
from adapters.clients.port import Ask, CannotSay, Capabilities, SocketCall, Wanted, parts
from adapters.clients.words import amount, exact, together
from adapters.transport.http import HttpCall
from adapters.transport.pacing import Rate
from domain.requests import ScopeKind
from domain.values import Side

BATCH_MAX = 100
"""No batch limit is documented."""
CHANNEL = "orders"
HEX_DIGITS = 24
THREE_WAY = "moneyline1x2"
_HEX = frozenset("0123456789abcdef")


class FourcastersCodec:
    """4casters' words."""

    capabilities = Capabilities(
        scopes=frozenset({ScopeKind.ORDERS, ScopeKind.MARKET, ScopeKind.ALL}),
        batch_max=BATCH_MAX,
        cancel_rates=(),
        read_rates=(Rate(3_000, 60),),
        looks_up=frozenset({ScopeKind.ORDERS}),
        places_max=BATCH_MAX,
        lists_open=True,
    )
    feed = CASTERS_PLACE

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

    def recent(self, since: datetime) -> Sequence[HttpCall]:
        """None: lists of bets name no order; the replay tells what changed."""
        del since
        return ()

    def next_page(self, call: HttpCall, answer: bytes) -> None:
        """None: its lists of what is not graded have no pages."""
        del call, answer

    def replay(self, after: str) -> HttpCall | None:
        """On the feed's own host."""
        return HttpCall("GET", "/v2/user/messages", (("afterID", after),))

    def places(self, wanted: Sequence[Wanted]) -> Sequence[SocketCall]:
        """`placeV3`. Nothing there tells one try from another: `userReference` is for finding it.

        `orderType` (`limit` unless told) and the like stand in `more`.
        """
        rows = [_row(one) for one in wanted]
        return [
            self._call("placeV3", {"orders": rows[start : start + BATCH_MAX]})
            for start in range(0, len(rows), BATCH_MAX)
        ]

    def conversation(self, key: str) -> CastersFeed:
        """To be connected is to listen: the token goes with the handshake."""
        del key
        return CastersFeed()

    def _ids(self, ids: Sequence[str]) -> SocketCall:
        if len(ids) == 1:
            return self._call("cancelById", {"orderId": ids[0]})
        return self._call("cancelMultiple", {"orderIDs": list(ids)})

    def _call(self, verb: str, payload: Mapping[str, object]) -> SocketCall:
        reference = self._reference()
        return SocketCall(CHANNEL, reference, exact([verb, {"requestID": reference, **payload}]))


def _object_id(text: str) -> str:
    """An id as it is; raise `CannotSay` for one that fails a whole batch (`invalid order ID`)."""
    if len(text) != HEX_DIGITS or not _HEX.issuperset(text.lower()):
        raise CannotSay(f"{text[:40]!r} is no id of this venue: it has 24 hexadecimal digits")
    return text


def _row(one: Wanted) -> Mapping[str, Any]:
    """An order as it is asked for; the selection is `type:side[:number]` (`:market` for 1x2)."""
    if one.side is not Side.BUY:
        raise CannotSay("fourcasters backs the side that it names: say BUY of the other one")
    kind, _, rest = one.selection.partition(":")
    side, _, third = rest.partition(":")
    if not kind or not side:
        raise CannotSay(f"{one.selection[:40]!r} is no selection of this venue: type:side[:number]")
    ours: dict[str, Any] = {
        "gameId": _object_id(one.market),
        "bet": amount(one.size),
        "type": kind,
        "side": side,
        "odds": amount(one.price),
    }
    if third:
        ours |= {"market": third} if kind == THREE_WAY else {"number": _line(third)}
    if one.user_ref is not None:
        ours["userReference"] = one.user_ref
    return {"orderType": "limit", **together(ours, one.more)}


def _line(text: str) -> Decimal:
    """The number of a spread or a total."""
    try:
        told = Decimal(text)
    except InvalidOperation as error:
        raise CannotSay(f"{text[:40]!r} is no line of a spread or a total") from error
    if not told.is_finite():
        raise CannotSay(f"{text[:40]!r} is no line of a spread or a total")
    return amount(told)
