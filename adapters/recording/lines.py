"""A wire message as a line of a capture, its JSON digit for digit as it was on the wire.

The line is put together as bytes: a body that is JSON is copied, not read and written again, so
that what is stored is what was said (formats/capture.md). Secrets are taken out where every line
is read, `adapters.captures.redact`.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from domain.values import Account

Headers = Sequence[tuple[str, str]]
TEXT_BYTES_MAX = 1 << 20
"""More of a body that is no JSON is not kept: nobody reads on, and a recording must stay small."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a message stands: in which recording, as which line, and when it was seen."""

    capture: str
    seq: int
    at: datetime
    owner: Account


@dataclass(frozen=True, slots=True)
class HttpSent:
    """A request as it left, or came in; `query` holds every value of a name in order."""

    exchange: str
    method: str
    path: str
    query: Sequence[tuple[str, str]] = ()
    headers: Headers = ()
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class HttpReceived:
    """An answer."""

    exchange: str
    status: int
    headers: Headers = ()
    body: bytes = b""
    is_json: bool = False
    """The body is one line of JSON of our own making: it is copied without a look."""


@dataclass(frozen=True, slots=True)
class SocketFrame:
    """A frame of a socket, in either direction."""

    channel: str
    frame: bytes
    exchange: str | None = None


@dataclass(frozen=True, slots=True)
class Intent:
    """Who wanted a message of ours to be sent, and why."""

    by: str
    why: str


HEARD_FROM = b"null"
"""In the place of a frame: the feed is open, and it has told nothing yet."""


@dataclass(frozen=True, slots=True)
class Loss:
    """We sent, and no answer came. `kind` is one of the four words of the format page.

    Without an exchange: we listened to `channel`, and nothing came while `orders` were on the book.
    """

    exchange: str | None
    kind: str
    detail: str
    channel: str = ""
    orders: int = 0


def sent(place: Place, message: HttpSent | SocketFrame, intent: Intent | None = None) -> bytes:
    """The line of a message that left."""
    meant = b"" if intent is None else b',"intent":' + _json({"by": intent.by, "why": intent.why})
    if isinstance(message, SocketFrame):
        return _line(place, "sent", message.exchange, _ws(message) + meant)
    parts = [_field("method", message.method), _field("path", message.path)]
    if message.query:
        query: dict[str, str | list[str]] = {}
        for name, value in message.query:
            known = query.get(name)
            if known is None:
                query[name] = value
            else:
                query[name] = [*known, value] if isinstance(known, list) else [known, value]
        parts.append(b'"query":' + _json(query))
    parts.extend(_common(message.headers, message.body))
    http = b'"http":{' + b",".join(parts) + b"}"
    return _line(place, "sent", message.exchange, http + meant)


def received(place: Place, message: HttpReceived | SocketFrame) -> bytes:
    """The line of a message that came."""
    if isinstance(message, SocketFrame):
        return _line(place, "received", message.exchange, _ws(message))
    parts = [b'"status":' + str(message.status).encode()]
    if message.is_json:
        parts.extend((*_common(message.headers, b""), b'"body":' + message.body))
    else:
        parts.extend(_common(message.headers, message.body))
    return _line(place, "received", message.exchange, b'"http":{' + b",".join(parts) + b"}")


def lost(place: Place, loss: Loss) -> bytes:
    """The line that says that no answer came, and why."""
    error: dict[str, object] = {"kind": loss.kind, "detail": loss.detail}
    if loss.exchange is not None:
        return _line(place, "lost", loss.exchange, b'"error":' + _json(error))
    silence = _ws(SocketFrame(loss.channel, HEARD_FROM))
    error["orders"] = loss.orders
    return _line(place, "lost", None, silence + b',"error":' + _json(error))


def _line(place: Place, direction: str, exchange: str | None, rest: bytes) -> bytes:
    head: Mapping[str, object] = {
        "v": 1,
        "capture": place.capture,
        "seq": place.seq,
        "at": _moment(place.at),
        "venue": place.owner.venue,
        "account": place.owner.account,
        "direction": direction,
        **({} if exchange is None else {"exchange": exchange}),
    }
    return _json(head)[:-1] + b"," + rest + b"}"


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def _common(headers: Headers, body: bytes) -> list[bytes]:
    parts: list[bytes] = []
    if headers:
        parts.append(b'"headers":' + _json(dict(headers)))
    if body:
        parts.append(b'"body":' + value(body))
    return parts


def _ws(message: SocketFrame) -> bytes:
    return (
        b'"ws":{' + _field("channel", message.channel) + b',"frame":' + value(message.frame) + b"}"
    )


def value(raw: bytes) -> bytes:
    """Bytes from the wire as a JSON value in one line: JSON as it is, other text, or base64."""
    try:
        json.loads(raw, parse_float=str, parse_constant=_refused)  # looked at, not kept
    except (ValueError, RecursionError):
        return _not_json(raw)
    # Outside of its texts JSON may break lines anywhere; inside it may not.
    return raw.removeprefix(b"\xef\xbb\xbf").translate(_ONE_LINE)


_ONE_LINE = bytes.maketrans(b"\r\n", b"  ")


def _refused(word: str) -> None:
    raise ValueError(word)


def _not_json(raw: bytes) -> bytes:
    kept = raw[:TEXT_BYTES_MAX]
    try:
        return _json({"$text": kept.decode()})
    except UnicodeDecodeError:
        return _json({"$base64": base64.b64encode(kept).decode()})


def _field(name: str, text: str) -> bytes:
    return _json(name) + b":" + _json(text)


def _json(told: object) -> bytes:
    return _encode(told).encode("utf-8", "replace")


_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
