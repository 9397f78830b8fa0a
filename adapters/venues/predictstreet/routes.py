"""The documented HTTP surface: which call is which, and what of it tells of orders."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

from adapters.venues.predictstreet import cancels, orders, placing, trades
from adapters.venues.predictstreet.fields import Told, members
from adapters.venues.predictstreet.wire import PlaceOrder
from domain.wire import Line, Unreadable

Messages = Sequence[Told]


@dataclass(frozen=True, slots=True)
class Call:
    """One HTTP request: the method and path as documented, and the body."""

    method: str
    path: str
    body: object


@dataclass(frozen=True, slots=True)
class Cancel:
    """A cancel: its request tells something, and its answer is read with it."""

    asked: Callable[[object], Messages]
    answered: Callable[[int, object, object], Messages]


@dataclass(frozen=True, slots=True)
class Place:
    """A call that places the `orders` in its body; its answer is read with them."""

    asked: Callable[[object], Messages]
    orders: Callable[[object], Sequence[PlaceOrder]]
    answered: Callable[[Line, int, object, Sequence[PlaceOrder]], Messages]


@dataclass(frozen=True, slots=True)
class Read:
    """A call that asks; `tells` reads the answer: body, the path's id, the account."""

    tells: Callable[[object, str, str], Messages]


Route = Cancel | Place | Read


def call_of(http: Mapping[str, Any]) -> Call:
    """The request, its path without host, prefix, query and closing slash."""
    method, path = http.get("method"), http.get("path")
    if not isinstance(method, str) or not isinstance(path, str):
        raise Unreadable("http.method, http.path: not texts")
    try:
        bare = urlsplit(path).path
    except ValueError as error:
        raise Unreadable(f"http.path: {str(error)[:80]}") from error
    _, api, rest = ("/" + bare.strip("/")).partition("/api/")
    return Call(method.strip().upper(), f"{api}{rest}" if api else bare, http.get("body"))


def route_of(call: Call) -> tuple[Route, str]:
    """The documented route of a call, and the id in its path (or nothing)."""
    route = ROUTES.get((call.method, call.path))
    if route is not None:
        return route, ""
    if call.method == "GET":
        for pattern, read in BY_ID:
            found = pattern.fullmatch(call.path)
            if found is not None:
                return read, unquote(found["id"])
    if ELSEWHERE.fullmatch(f"{call.method} {call.path}"):
        return SILENT, ""
    raise Unreadable(f"no documented message: {call.method[:20]} {call.path[:200]}")


def told_by(route: Read, order_id: str, status: int, body: object, line: Line) -> Messages:
    """What the answer to a read tells; a refusal tells of no order."""
    told = members(body)
    refusal = "code" in told and not FACTS & set(told)
    if status not in placing.SUCCESS or refusal:
        return ()
    return route.tells(body, order_id, line.owner.account)


FACTS = frozenset({"orders", "trades", "id", "orderId"})
"""What a body that tells of orders has; one with a `code` instead is a refusal."""

SILENT = Read(lambda _body, _id, _account: ())
"""Documented, and about no order: fees, positions, balances, markets, vaults, withdrawals."""

_ONE = Read(lambda body, _id, _account: orders.one(body))
_PAGE = Read(lambda body, _id, _account: orders.page(body))
_FILLS = Read(lambda body, order_id, _account: trades.fills(body, order_id))
_TRADES = Read(lambda body, _id, _account: trades.trade_page(body))
_PARTNER = Read(lambda body, _id, account: trades.partner_page(body, account))

ROUTES: Mapping[tuple[str, str], Route] = {
    ("POST", "/api/orders/cancel"): Cancel(cancels.one_sent, cancels.one_answered),
    ("POST", "/api/orders/cancel-batch"): Cancel(cancels.batch_sent, cancels.batch_answered),
    ("POST", "/api/orders/cancel-all"): Cancel(cancels.all_sent, cancels.all_answered),
    ("POST", "/api/orders/place"): Place(placing.placed, placing.one, placing.place_answered),
    ("POST", "/api/orders/place-batch"): Place(
        placing.batch_placed, placing.many, placing.batch_place_answered
    ),
    ("GET", "/api/orders/open"): _PAGE,
    ("GET", "/api/orders/history"): _PAGE,
    ("GET", "/api/me/trades"): _TRADES,
    ("GET", "/api/v1/partner/trades"): _PARTNER,
    # Cited by the trades and reconnect pages for the same lists.
    ("GET", "/api/me/orders/open"): _PAGE,
    ("GET", "/api/me/fills"): _TRADES,
}
"""The calls that tell of orders."""

_VERBS = "cancel|cancel-batch|cancel-all|place|place-batch|open|history"
BY_ID: Sequence[tuple[re.Pattern[str], Read]] = (
    (re.compile(rf"/api/orders/(?!(?:{_VERBS})(?:/|$))(?P<id>[^/]+)"), _ONE),
    (re.compile(rf"/api/orders/(?!(?:{_VERBS})(?:/|$))(?P<id>[^/]+)/fills"), _FILLS),
)
"""Reads of one order."""

ELSEWHERE = re.compile(
    r"GET /api/(v1/)?"
    r"(me/(?!orders|fills|trades)|markets|events|fees|fee-tier|vaults?\b|withdrawals).*"
    r"|POST /api/(v1/)?(vaults?\b|withdrawals).*",
    re.DOTALL,
)
"""Calls about fees, positions, balances, markets and vaults."""
