"""The HTTP surface: cancels, places, order reads, the feed's replay, by method and path.

REST calls an order id `sessionID`. Single cancels answer with an object, batches with a list in
the order of the request, and a refusal may name no order at all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import cast
from urllib.parse import parse_qsl, urlsplit

from adapters.venues.fourcasters import edits
from adapters.venues.fourcasters.answers import cancel_answer, refused
from adapters.venues.fourcasters.cancels import SCOPES, Sent, sent_cancel
from adapters.venues.fourcasters.fields import fields_of, items_of
from adapters.venues.fourcasters.lookups import READS
from adapters.venues.fourcasters.place import place_answer, place_lost, place_refused, unread
from adapters.venues.fourcasters.reasons import BY_STATUS, Verdict, known
from adapters.venues.fourcasters.replay import replayed
from adapters.venues.losses import amending_lost, cancel_lost, loss_by_status, loss_of, unreadable
from adapters.venues.outcomes import http_refusal, http_status, unreadable_reply, words
from domain.messages import CancelReply, Message
from domain.values import Account
from domain.wire import Line, Unreadable

PLACE = "/session/v3/place"
REPLAY = "/v2/user/messages"
ACKNOWLEDGED = frozenset({"/session/cancelAllForLeague", "/session/pauseOrders"})
"""Cancels whose answer is only an acknowledgement: what they did follows on the feed."""
QUIET_PREFIXES = ("/exchange/", "/affiliate/", "/price-stream")
QUIET_PATHS = frozenset(
    {
        "/user/login",
        "/user/logout",
        "/user/getMe",
        "/user/ordersHeartbeat",
        "/session/resumeOrders",
        "/user/getMatchedBets",
        "/user/getBetByID",
        "/user/getGameLiability",
        "/v2/user",
        "/orders/ws",
    }
)
"""Documented, and telling of no order by a name of its own: fills there have only `txID`."""

NO_BODY: Mapping[str, object] = {}

_PATHS = {
    path.casefold(): path
    for path in (*SCOPES, *READS, *QUIET_PATHS, PLACE, REPLAY)
    if path.startswith("/")
}


@dataclass(frozen=True, slots=True)
class Call:
    """A request of ours over HTTP: the documented path, its parameters and its body."""

    path: str
    query: Mapping[str, str]
    body: object

    @property
    def quiet(self) -> bool:
        """Nothing in it or in its answer is about orders by name."""
        return self.path in QUIET_PATHS or self.path.startswith(QUIET_PREFIXES)


def call_of(line: Line) -> Call:
    """The request of a sent line, whatever host, query string or slash its path carries."""
    http = fields_of(line.http, "http")
    method, path = http.get("method"), http.get("path")
    if not isinstance(method, str) or not isinstance(path, str):
        raise Unreadable("http: neither method nor path")
    try:
        parts = urlsplit(path)
    except ValueError as error:
        raise Unreadable("http.path: not a path") from error
    bare = "/" + parts.path.strip("/")
    found = _PATHS.get(bare.casefold(), bare)
    call = Call(found, {**_query(parts.query), **_query(http.get("query"))}, http.get("body"))
    if found not in _PATHS.values() and not call.quiet:
        raise Unreadable(f"no documented message: {method[:10]} {bare[:100]}")
    return call


def _query(value: object) -> dict[str, str]:
    """A query as text or as an object of texts or lists; of a repeated name the first counts."""
    if isinstance(value, str):
        pairs = parse_qsl(value.removeprefix("?"), keep_blank_values=True)
        return {name: text[:200] for name, text in reversed(pairs)}
    if not isinstance(value, Mapping):
        return {}
    found: dict[str, str] = {}
    for name, item in cast("Mapping[str, object]", value).items():
        several = cast("Sequence[object]", item) if isinstance(item, list | tuple) else (item,)
        first = several[0] if several else None
        if isinstance(first, str):
            found[name] = first[:200]
    return found


def sent(line: Line) -> list[Message]:
    """What a request of ours tells: a cancel and its scope, else nothing before its answer."""
    call = call_of(line)
    cancel = _cancel_of(call)
    if cancel is None:
        return []
    if call.path in edits.PATHS:
        return [replace(cancel.message, why=edits.WHY), *edits.change(line, call.body)]
    return [cancel.message]


def lost(line: Line, request: Line | None) -> list[Message]:
    """What a loss tells of a cancel, an edit or placed orders: not sent, or outcome unknown."""
    source = line if line.http is not None and "method" in line.http else request
    if source is None:
        raise Unreadable("http: nothing says what was lost")
    call = call_of(source)
    if call.path == PLACE:
        return place_lost(line, None, _submitted(call), loss_of(line), request)
    if call.path not in SCOPES:
        return []
    told = list(cancel_lost(line))
    if call.path in edits.PATHS:
        fate = amending_lost(loss_of(line), edits.amend_ref(line))
        told.extend(edits.change(line, call.body, *fate))
    return told


def received(line: Line, request: Line | None) -> list[Message]:
    """What an answer tells; it says nothing without its request."""
    if request is None:
        raise Unreadable("an answer without its request")
    call = call_of(request)
    status = http_status(line.http)
    body = None if line.http is None else line.http.get("body")
    cancel = _cancel_of(call)
    if cancel is not None and call.path in edits.PATHS:
        return _edited(line, call, cancel, status, body)
    if cancel is not None:
        return _cancelled(line.owner, call, cancel, status, body)
    if call.path == PLACE:
        return _placed(line, call, status, body, request)
    if call.quiet or not 200 <= status < 300:  # noqa: PLR2004 - HTTP success
        return []  # a read that was refused tells of no order
    if call.path == REPLAY:
        return replayed(line.owner, body, call.query)
    return list(READS[call.path](line.owner, body))


def _cancel_of(call: Call) -> Sent | None:
    """A cancel of everything has no body at all."""
    body = call.body if call.body is not None else NO_BODY
    return sent_cancel(call.path, body, "http.body")


def _cancelled(
    owner: Account, call: Call, cancel: Sent, status: int, body: object
) -> list[Message]:
    refusal = http_refusal(status, body)
    if refusal is not None:
        return [_refused(cancel, status, body, refusal)]
    data = cast("Mapping[str, object]", body).get("data") if isinstance(body, Mapping) else None
    if data is None:
        return [unreadable_reply("body.data: missing")]
    if call.path in ACKNOWLEDGED:
        return [CancelReply(complete=False)]
    return cancel_answer(owner, data, request_ref=None, asked=cancel.ids, complete=cancel.complete)


def _refused(cancel: Sent, status: int, body: object, refusal: CancelReply) -> CancelReply:
    """The venue's words come before the status; of one named order it is that order's refusal."""
    if refusal.reason is None:
        return refusal
    text = words(body)
    reason = known(text) or (BY_STATUS.get(status) if cancel.single else None)
    found = (
        Verdict(refusal.reason, refusal.mapped) if reason is None else Verdict(reason, mapped=True)
    )
    if cancel.single and (reason is not None or status in BY_STATUS):
        return CancelReply(results=(refused(refusal.raw_reason, found, cancel.ids[0]),))
    return CancelReply(reason=found.reason, raw_reason=refusal.raw_reason, mapped=found.mapped)


def _edited(line: Line, call: Call, cancel: Sent, status: int, body: object) -> list[Message]:
    """The answer to an edit, which may have taken the order off and put nothing back."""
    loss = loss_by_status(status, body)
    refusal = http_refusal(status, body)
    if refusal is not None and loss is None:
        reply = _refused(cancel, status, body, refusal)
        results = reply.results
        reason = results[0].reason if results else reply.reason
        assert reason is not None, "a refusal has a reason"
        return [reply, *edits.refused(line, cancel, reason, refusal.raw_reason)]
    try:
        if loss is None:
            return edits.answered(line, cancel, body)
    except Unreadable as error:
        refusal, loss = unreadable_reply(error), unreadable(error)
    fate = amending_lost(loss, edits.amend_ref(line))
    told = edits.change(line, call.body, *fate)
    return [*told, *(() if refusal is None else (refusal,))]


def _submitted(call: Call) -> Sequence[object]:
    """The orders of a place that we sent."""
    submitted = fields_of(call.body, "http.body").get("orders")
    return items_of(submitted, "http.body.orders")


def _placed(line: Line, call: Call, status: int, body: object, request: Line) -> list[Message]:
    """The answer to a place: refused as a whole, told order by order, or not to be read."""
    submitted = _submitted(call)
    loss = loss_by_status(status, body)
    if loss is not None:
        return place_lost(line, None, submitted, loss, request)
    if http_refusal(status, body) is not None:
        return place_refused(line, None, submitted, words(body) or f"HTTP {status}")
    try:
        data = fields_of(fields_of(body, "body").get("data"), "body.data")
        entries = items_of(data.get("createdSessions"), "body.data.createdSessions")
    except Unreadable as error:
        told = place_lost(line, None, submitted, unreadable(error), request)
        return [*told, unread(line.owner, "body.data", str(error))]
    return place_answer(line, None, entries, submitted)
