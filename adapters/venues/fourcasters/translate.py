"""How 4casters speaks: every documented wire message, in the domain's words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

from adapters.venues.fourcasters import orders_socket, rest
from adapters.venues.fourcasters.feed import feed_message
from domain.messages import Message
from domain.wire import Line, Unreadable

PRICE_FEED = frozenset({"orderUpdate", "gameUpdate", "matchedVolumeUpdate"})
"""What the price feed pushes, as `[type, payload]`: market data, no order of ours by name."""


class FourcastersDialect:
    """Orders socket, user feed and its replay, REST: told apart by the shape of the frame."""

    def translate(self, line: Line, request: Line | None) -> Sequence[Message]:
        """What `line` tells; `Unreadable` when it fits no documented message."""
        if line.direction == "lost":
            return _lost(line, request)
        if line.http is not None:
            return rest.sent(line) if line.direction == "sent" else rest.received(line, request)
        if line.ws is None:
            raise Unreadable("neither http nor ws")
        if line.direction == "sent":
            return orders_socket.sent(line)
        return _heard(line, request)


def _lost(line: Line, request: Line | None) -> list[Message]:
    over_http = line.http is not None or (request is not None and request.http is not None)
    return rest.lost(line, request) if over_http else orders_socket.lost(line, request)


def _heard(line: Line, request: Line | None) -> list[Message]:
    """A frame from the venue. The channel's name is ours and proves nothing."""
    frame: object = None if line.ws is None else line.ws.get("frame")
    if isinstance(frame, list | tuple):
        return _pushed(cast("Sequence[object]", frame))
    if not isinstance(frame, Mapping):
        raise Unreadable("ws.frame: neither an object nor a list")
    fields = cast("Mapping[str, object]", frame)
    if not {"data", "error", "responses"}.isdisjoint(fields):
        return orders_socket.received(line, request)
    if not {"matched", "unmatched"}.isdisjoint(fields):
        return feed_message(fields, "ws.frame")
    return orders_socket.received(line, request)


def _pushed(frame: Sequence[object]) -> list[Message]:
    if frame and isinstance(frame[0], str) and frame[0] in PRICE_FEED:
        return []
    raise Unreadable("ws.frame: no documented push")
