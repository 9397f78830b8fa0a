"""The PredictStreet dialect: one line of a capture in, what it tells out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from adapters.venues.losses import cancel_lost, loss_by_status, loss_of, unreadable
from adapters.venues.outcomes import http_status
from adapters.venues.predictstreet import feed, placing
from adapters.venues.predictstreet.fields import Broken, Told
from adapters.venues.predictstreet.routes import Cancel, Place, Read, call_of, route_of, told_by
from domain.messages import Message, Notice
from domain.notices import UnreadableValue
from domain.wire import Line, Unreadable


class PredictStreetDialect:
    """Translates the documented HTTP and WebSocket messages of PredictStreet."""

    def translate(self, line: Line, request: Line | None) -> Sequence[Message]:
        """What `line` tells; `Unreadable` when it fits no documented message."""
        told = _told(line, request)
        broken = [item for item in told if isinstance(item, Broken)]
        if broken and len(broken) == len(told):
            raise Unreadable(f"{broken[0].where}: {broken[0].why}")
        return tuple(_noted(line, item) if isinstance(item, Broken) else item for item in told)


def _noted(line: Line, row: Broken) -> Notice:
    """A row that cannot be read is noted; the message is kept, so it can be read later."""
    event = UnreadableValue(
        venue=line.owner.venue, account=line.owner.account, field=row.where, value=row.why
    )
    return Notice(event=event, key=(line.capture, str(line.seq), row.where))


def _told(line: Line, request: Line | None) -> Sequence[Told]:
    if line.direction == "lost":
        return _lost(line, request)
    if line.ws is not None:
        return _frame(line.direction, line.ws)
    if line.http is None:
        raise Unreadable("neither an HTTP message nor a WebSocket frame")
    if line.direction == "sent":
        return _asked(line.http)
    if line.direction == "received":
        return _answered(line, line.http, request)
    raise Unreadable(f"direction: {line.direction[:40]!r}")


def _frame(direction: str, ws: Mapping[str, Any]) -> Sequence[Told]:
    frame = ws.get("frame")
    if not isinstance(frame, Mapping):
        raise Unreadable("ws.frame: not a JSON object")
    told = cast("Mapping[str, Any]", frame)
    return feed.sent(told) if direction == "sent" else feed.received(told)


def _asked(http: Mapping[str, Any]) -> Sequence[Told]:
    call = call_of(http)
    route, _ = route_of(call)
    return () if isinstance(route, Read) else route.asked(call.body)


def _answered(line: Line, http: Mapping[str, Any], request: Line | None) -> Sequence[Told]:
    if request is None or request.http is None:
        raise Unreadable("an answer without its request")
    call = call_of(request.http)
    route, order_id = route_of(call)
    status, body = http_status(http), http.get("body")
    if isinstance(route, Cancel):
        return route.answered(status, body, call.body)
    if isinstance(route, Place):
        return _placed(line, route, status, body, call.body)
    return told_by(route, order_id, status, body, line)


def _lost(line: Line, request: Line | None) -> Sequence[Told]:
    """A loss matters for cancels and places: they were not sent, or their outcome is unknown."""
    asked = request.http if request is not None and request.http is not None else line.http
    if asked is None:
        if line.ws is not None or (request is not None and request.ws is not None):
            return ()
        raise Unreadable("a loss without its request")
    call = call_of(asked)
    route, _ = route_of(call)
    if isinstance(route, Cancel):
        return cancel_lost(line)
    if isinstance(route, Place):
        return placing.lost(line, loss_of(line), route.orders(call.body))
    return ()


def _placed(line: Line, route: Place, status: int, body: object, sent: object) -> Sequence[Told]:
    """The answer to a place; a server error or one that cannot be read answers nothing."""
    orders = route.orders(sent)
    loss = loss_by_status(status, body)
    if loss is not None:
        return placing.lost(line, loss, orders)
    try:
        return route.answered(line, status, body, orders)
    except Unreadable as error:
        broken = Broken("body", str(error))
        return (broken, *placing.lost(line, unreadable(error), orders))
