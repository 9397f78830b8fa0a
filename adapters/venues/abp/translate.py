"""ABP's way of speaking: which function reads which message."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

from adapters.venues.abp import cancels, feed, placing, reads
from domain.messages import Message
from domain.wire import Line, Unreadable

Reading = Callable[[Line], tuple[Message, ...]]


def _nothing(_line: Line) -> tuple[Message, ...]:
    return ()


Answering = Callable[[Line, Line], tuple[Message, ...]]
"""How an answer or a loss is read that says nothing without the request beside it."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """How the two sides of one endpoint, and the loss of its answer, are read.

    `answers` and `loses` are given the request too, and stand instead of `received` and `lost`.
    """

    sent: Reading = _nothing
    received: Reading = _nothing
    lost: Reading = _nothing
    answers: Answering | None = None
    loses: Answering | None = None

    def answer(self, line: Line, request: Line) -> tuple[Message, ...]:
        """What the answer tells."""
        return self.received(line) if self.answers is None else self.answers(line, request)

    def loss(self, line: Line, request: Line) -> tuple[Message, ...]:
        """What the loss tells."""
        return self.lost(line) if self.loses is None else self.loses(line, request)


QUIET = Endpoint()
"""A documented endpoint that tells no order."""

ENDPOINTS: Mapping[tuple[str, str], Endpoint] = {
    ("POST", "cancel-orders"): Endpoint(
        sent=cancels.asked_some, received=cancels.answered, lost=cancels.lost
    ),
    ("POST", "cancel-all-orders"): Endpoint(
        sent=cancels.asked_all, received=cancels.answered, lost=cancels.lost
    ),
    ("POST", "place-orders"): Endpoint(
        sent=placing.sent, answers=placing.answered, loses=placing.lost
    ),
    ("GET", "orders"): Endpoint(received=reads.orders),
    ("GET", "bets"): Endpoint(received=reads.bets),
    ("GET", "bets/{id}"): Endpoint(received=reads.one_bet),
    ("GET", "betslip"): QUIET,
    ("GET", "positions"): QUIET,
    ("GET", "pnl"): QUIET,
    ("GET", "bookmakers"): QUIET,
    ("GET", "markets"): QUIET,
    ("GET", "accounts"): QUIET,
    ("POST", "accounts"): QUIET,
    ("GET", "accounts/{id}"): QUIET,
    ("PUT", "accounts/{id}"): QUIET,
    ("PATCH", "accounts/{id}"): QUIET,
    ("DELETE", "accounts/{id}"): QUIET,
    ("GET", "health"): QUIET,
    ("GET", "ready"): QUIET,
    ("GET", "status"): QUIET,
    ("GET", "metrics"): QUIET,
    ("GET", "ws"): QUIET,  # the upgrade to a WebSocket, as browsers record it
}
"""Every documented endpoint, by method and path."""

_WITH_ID = frozenset({"bets", "accounts"})
_WORD = re.compile(r"[A-Za-z-]{1,20}")


class AbpDialect:
    """Reads every documented ABP message, of all generations."""

    def translate(self, line: Line, request: Line | None) -> Sequence[Message]:
        """What `line` tells; `request` is the sent line of the same exchange."""
        if line.ws is not None:
            return _socket(line)
        if line.direction == "sent":
            return _endpoint(line).sent(line)
        asked = request if request is not None and request.http is not None else None
        if line.direction == "lost":
            if asked is None and line.http is None:
                raise Unreadable("a loss without its request")
            return _endpoint(asked or line).loss(line, asked or line)
        if asked is None:
            raise Unreadable("an answer without its request")
        return _endpoint(asked).answer(line, asked)


def _socket(line: Line) -> tuple[Message, ...]:
    if line.direction == "lost":
        return ()  # nothing that is sent on the socket touches an order
    if line.direction == "sent":
        return feed.sent((line.ws or {}).get("frame"))
    return feed.received(line)


def _endpoint(request: Line) -> Endpoint:
    http: Mapping[str, Any] = request.http or {}
    method = http.get("method")
    path = http.get("path")
    if not isinstance(method, str) or not isinstance(path, str):
        raise Unreadable("http: a request without method or path")
    key = (method.strip().upper(), _route(path))
    endpoint = ENDPOINTS.get(key)
    if endpoint is None:
        raise Unreadable(f"no documented message: {key[0][:10]} {path[:80]}")
    return endpoint


def _route(path: str) -> str:
    """The endpoint in a path, whatever host, prefix, query or last slash stands around it."""
    try:
        parts = [unquote(part) for part in urlsplit(path.strip()).path.split("/") if part]
    except ValueError as error:
        raise Unreadable(f"http.path: {path[:80]}") from error
    if len(parts) > 1 and parts[-2].lower() in _WITH_ID:
        return f"{parts[-2].lower()}/{{id}}"
    return parts[-1].lower() if parts and _WORD.fullmatch(parts[-1]) else ""
