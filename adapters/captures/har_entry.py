"""One entry of a HAR as the wire messages it holds: a request and its answer, or a socket's frames.

A draft is a line of a capture without its place: when, which way, and what.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import SplitResult, parse_qsl, urlsplit

from adapters.captures import har_values
from adapters.captures.exact import is_list, is_object
from adapters.captures.har_values import WrongEntry
from adapters.captures.redact import written

SWITCHING_PROTOCOLS = 101
TEXT_FRAME = 1
REQUEST_IDS = ("requestID", "requestId", "requestid", "request_id", "RequestID")
"""What an answer on a socket quotes of the frame that it answers."""

_NOT_SENT = re.compile(
    r"NAME_NOT_RESOLVED|NAME_RESOLUTION|DNS|ENOTFOUND|EAI_AGAIN|REFUSED|SSL|TLS|CERT"
    r"|ADDRESS_UNREACHABLE|ADDRESS_INVALID|INTERNET_DISCONNECTED|PROXY_CONNECTION_FAILED"
    r"|TUNNEL_CONNECTION_FAILED|BLOCKED_BY",
    re.IGNORECASE,
)
_TIMEOUT = re.compile(r"TIMED?[ _]?OUT", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Draft:
    """A wire message on its way to a line."""

    at: datetime
    direction: str
    part: Mapping[str, Any]
    exchange: str | None = None
    error: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class WrongFrame:
    """A frame of a socket that cannot be read; the others of the entry can."""

    reason: str
    raw: bytes


@dataclass(frozen=True, slots=True)
class Entry:
    """What every message of an entry has in common."""

    number: int
    fields: Mapping[str, Any]
    request: Mapping[str, Any]
    url: SplitResult
    headers: Mapping[str, Any]

    @property
    def host(self) -> str:
        """Where the request went, without its port."""
        return (self.url.hostname or "").lower()

    @property
    def wallet(self) -> str | None:
        """The wallet that a multi-wallet key spoke for, on HTTP or on a socket's address."""
        for name, value in self.headers.items():
            if name.lower() == "x-user-wallet" and isinstance(value, str) and value.strip():
                return value.strip().lower()
        told = dict(parse_qsl(self.url.query)).get("user_wallet", "").strip()
        return told.lower() or None

    @property
    def is_preflight(self) -> bool:
        """A browser asking whether it may ask: it carries nothing of the venue's."""
        return self.request.get("method") == "OPTIONS"


def entry_of(number: int, value: object) -> Entry:
    """The entry, with the parts that everything else needs."""
    if not is_object(value) or not is_object(request := value.get("request")):
        raise WrongEntry("request: missing")
    url = request.get("url")
    if not isinstance(url, str):
        raise WrongEntry("request.url: missing")
    try:
        split = urlsplit(url)
        _ = split.hostname
    except ValueError as error:
        raise WrongEntry(f"request.url: {error}") from error
    return Entry(number, value, request, split, har_values.headers(request.get("headers")))


def drafts(entry: Entry) -> Iterator[Draft | WrongFrame]:
    """The messages of an entry; a socket's handshake is none, its frames are."""
    frames = entry.fields.get("_webSocketMessages")
    response = entry.fields.get("response")
    answer: Mapping[str, Any] = response if is_object(response) else {}
    if is_list(frames):
        channel = _channel(entry.url.path)
        for place, frame in enumerate(frames):
            try:
                yield _frame(frame, channel)
            except WrongEntry as error:
                reason = f"_webSocketMessages[{place}]{error}"
                yield WrongFrame(reason, written({"frame": frame}))
    elif answer.get("status") != SWITCHING_PROTOCOLS:
        yield from list(_exchange(entry, answer))  # both of it, or none


def _exchange(entry: Entry, answer: Mapping[str, Any]) -> Iterator[Draft]:
    started = har_values.moment(entry.fields.get("startedDateTime"))
    exchange = f"entry-{entry.number}"
    yield Draft(started, "sent", _asked(entry), exchange)
    over = started + har_values.milliseconds(entry.fields.get("time"))
    status = answer.get("status")
    failure = _failure(entry, answer)
    if failure is not None or type(status) is not int or status <= 0:
        detail = failure or "no response was recorded"
        error = {"kind": _kind(detail), "detail": detail}
        yield Draft(over, "lost", _asked(entry), exchange, error)
        return
    part: dict[str, Any] = {"status": status, "headers": har_values.headers(answer.get("headers"))}
    content = answer.get("content")
    if is_object(content) and isinstance(content.get("text"), str) and content["text"]:
        part["body"] = har_values.content(content["text"], content.get("encoding"))
    yield Draft(over, "received", part, exchange)


def _asked(entry: Entry) -> dict[str, Any]:
    part: dict[str, Any] = {
        "method": str(entry.request.get("method") or "GET").upper(),
        "path": entry.url.path or "/",
    }
    query: dict[str, Any] = {}
    for name, value in parse_qsl(entry.url.query, keep_blank_values=True):
        before = query.get(name)
        if before is None:
            query[name] = value
        else:
            query[name] = [*before, value] if isinstance(before, list) else [before, value]
    if query:
        part["query"] = query
    part["headers"] = dict(entry.headers)
    posted = entry.request.get("postData")
    if is_object(posted) and isinstance(posted.get("text"), str) and posted["text"]:
        part["body"] = har_values.content(posted["text"], posted.get("encoding"))
    return part


def _failure(entry: Entry, answer: Mapping[str, Any]) -> str | None:
    """The words for what went wrong, when the recorder says that something did."""
    for where in (answer, entry.fields):
        told = where.get("_error")
        if told:
            return str(told)[:500]
    words = answer.get("statusText") or answer.get("comment")
    if answer.get("status") in (0, None) and isinstance(words, str) and words:
        return words[:500]
    return None


def _kind(words: str) -> str:
    """How a request was lost. What could not connect was not sent; the rest is not certain."""
    if _NOT_SENT.search(words):
        return "not_sent"
    return "timeout" if _TIMEOUT.search(words) else "disconnected"


def _frame(value: object, channel: str) -> Draft:
    if not is_object(value):
        raise WrongEntry(": not an object")
    direction = {"send": "sent", "receive": "received"}.get(str(value.get("type")))
    if direction is None:
        raise WrongEntry(".type: neither send nor receive")
    data = value.get("data")
    if not isinstance(data, str):
        raise WrongEntry(".data: not a text")
    binary = value.get("opcode", TEXT_FRAME) != TEXT_FRAME
    frame = har_values.content(data, "base64" if binary else None)
    named = [frame[name] for name in REQUEST_IDS if is_object(frame) and name in frame]
    return Draft(
        har_values.epoch_seconds(value.get("time")),
        direction,
        {"channel": channel, "frame": frame},
        f"request-{str(named[0])[:150]}" if named else None,
    )


def _channel(path: str) -> str:
    """`/orders/ws` is the channel `orders`, `/v2/user` the user feed."""
    parts = [part for part in path.split("/") if part and part != "ws"]
    last = parts[-1] if parts else "ws"
    return "user-feed" if last == "user" else last[:100]
