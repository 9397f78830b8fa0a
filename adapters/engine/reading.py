"""From lines to messages: each line with the request that it answers, in its venue's dialect."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import assert_never
from uuid import UUID

from adapters.engine.losses import repeats
from domain.ids import cancel_stream
from domain.making import quickly_made
from domain.messages import (
    CancelReply,
    CancelSent,
    Message,
    Notice,
    OrderMessage,
)
from domain.notices import FeedRestored, FeedSilent, NoticeEvent
from domain.values import Account, Name, NameKind
from domain.wire import Dialect, Dialects, Line, Unreadable

WHY_MAX = 200
REQUESTS_MAX = 10_000
"""How many requests wait in memory for their answers; older ones are read from the log."""


@quickly_made
@dataclass(frozen=True, slots=True)
class Heard:
    """A line and what it tells.

    `trouble` says why it cannot be interpreted; `held` that it waits for its request. `as_sent`
    is the cancel that a lost line itself repeats: it is opened from there when the recording has
    no line of its sending.
    """

    line: Line
    raw: bytes
    request: Line | None
    messages: Sequence[Message] = ()
    trouble: str | None = None
    held: bool = False
    as_sent: Sequence[Message] = ()

    @property
    def request_id(self) -> UUID | None:
        """The cancel request that an answer's own request line made."""
        request = self.request
        if request is None:
            return None
        return cancel_stream(request.owner, request.capture, request.seq)


class Reading:
    """Translates lines, remembering the requests that answers will need."""

    def __init__(self, dialects: Dialects, find_request: Callable[[str, str], Line | None]) -> None:
        self._dialects = dialects
        self._find_request = find_request
        self._requests: dict[tuple[str, str], Line] = {}

    def forget(self) -> None:
        """Drop what is remembered; it is read from the log again when needed."""
        self._requests.clear()

    def hear(self, line: Line, raw: bytes) -> Heard:
        """What the line tells, or why it cannot be told."""
        if line.ws is not None and line.ws.get("frame") is None and line.direction != "sent":
            return Heard(line, raw, None, [of_the_feed(line)])
        dialect = self._dialects.get(line.owner.venue)
        if dialect is None:
            known = ", ".join(sorted(self._dialects))
            trouble = f"no dialect for venue {line.owner.venue!r}; known: {known}"
            return Heard(line, raw, None, trouble=trouble)
        request = self._request(line)
        if request is None and _needs_request(line):
            return self._without_request(line, raw)
        try:
            messages = dialect.translate(line, request)
        except Unreadable as error:
            return Heard(line, raw, request, trouble=str(error))
        return Heard(line, raw, request, messages, as_sent=_as_sent(dialect, line, request))

    def _without_request(self, line: Line, raw: bytes) -> Heard:
        if line.exchange is None:
            return Heard(line, raw, None, trouble="an answer that names no exchange")
        trouble = (
            f"an answer whose request (exchange {line.exchange!r}) is not in the log; "
            "it is read when the request comes"
        )
        return Heard(line, raw, None, trouble=trouble, held=True)

    def _request(self, line: Line) -> Line | None:
        if line.exchange is None:
            return None
        key = (line.capture, line.exchange)
        if line.direction == "sent":
            if len(self._requests) >= REQUESTS_MAX:
                self._requests.pop(next(iter(self._requests)))
            self._requests[key] = line
            return None
        return self._requests.get(key) or self._find_request(*key)


def of_the_feed(line: Line) -> Message:
    """A line of a socket without a frame: what whoever listens tells of the feed itself.

    Nothing came for too long, or the feed is back. It is the same at every venue.
    """
    owner, told, error = line.owner, line.ws or {}, line.error or {}
    channel = str(told.get("channel"))
    event: NoticeEvent
    if line.direction == "lost":
        orders, why = error.get("orders"), error.get("detail") or error.get("kind")
        event = FeedSilent(
            venue=owner.venue, account=owner.account, channel=channel,
            orders=orders if type(orders) is int else 1, why=str(why)[:WHY_MAX],
            at=line.at.isoformat(),
        )  # fmt: skip
    else:
        event = FeedRestored(
            venue=owner.venue, account=owner.account, channel=channel, at=line.at.isoformat()
        )
    return Notice(event=event, key=("feed", channel))


def _needs_request(line: Line) -> bool:
    """An HTTP answer, or a loss that does not repeat what was lost."""
    if line.direction == "lost":
        return line.exchange is not None and not repeats(line)
    return line.direction == "received" and line.http is not None


def _as_sent(dialect: Dialect, line: Line, request: Line | None) -> Sequence[Message]:
    """The cancel that a lost line repeats, when its sending is not known."""
    if line.direction != "lost" or request is not None:
        return ()
    try:
        told = dialect.translate(replace(line, direction="sent", error=None), None)
    except Unreadable:
        return ()
    return [message for message in told if isinstance(message, CancelSent)]


def names_in(line: Line, messages: Sequence[Message]) -> list[tuple[Account, Name]]:
    """Every name that applying these messages will ask for."""
    owner, capture = line.owner, line.capture
    return [(owner, name) for message in messages for name in _names(message, capture)]


def in_session(ref: str, capture: str) -> Name:
    """The name of a request whose reference was used before, in another session."""
    return Name(NameKind.SESSION, f"{capture}:{ref}")


def _names(message: Message, capture: str) -> tuple[Name, ...]:
    match message:
        case OrderMessage():
            quoted = _request(message.cancel_ref, capture)
            met = (name for _fill_id, name in message.met)
            called = (*message.names, *message.found_by, *message.chain, *message.places)
            return (*called, *met, *quoted)
        case CancelSent():
            asked = (item.name for item in message.asked)
            chain = () if message.chain is None else (message.chain,)
            return (*asked, *chain, *_request(message.request_ref, capture))
        case CancelReply():
            told = (name for result in message.results for name in result.names)
            return (*told, *_request(message.request_ref, capture))
        case Notice():
            return ()
        case _:
            assert_never(message)


def _request(ref: str | None, capture: str) -> tuple[Name, ...]:
    return () if ref is None else (in_session(ref, capture), Name(NameKind.REQUEST, ref))
