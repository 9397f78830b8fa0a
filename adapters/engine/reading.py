"""From lines to messages: each line with the request that it answers, in its venue's dialect."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from domain.messages import (
    CancelReply,
    CancelSent,
    Message,
    OrderMessage,
)
from domain.values import Account, Name, NameKind
from domain.wire import Dialects, Line, Unreadable

REQUESTS_MAX = 10_000
"""How many requests wait in memory for their answers; older ones are read from the log."""


@dataclass(frozen=True, slots=True)
class Heard:
    """A line and what it tells. `trouble` says why it cannot be interpreted; `held` that it
    waits for its request."""

    line: Line
    raw: bytes
    request: Line | None
    messages: Sequence[Message] = ()
    trouble: str | None = None
    held: bool = False


class Reading:
    """Translates lines, remembering the requests that answers will need."""

    def __init__(
        self, dialects: Dialects, find_request: Callable[[str, str], Line | None]
    ) -> None:
        self._dialects = dialects
        self._find_request = find_request
        self._requests: dict[tuple[str, str], Line] = {}

    def forget(self) -> None:
        """Drop what is remembered; it is read from the log again when needed."""
        self._requests.clear()

    def hear(self, line: Line, raw: bytes) -> Heard:
        """What the line tells, or why it cannot be told."""
        dialect = self._dialects.get(line.owner.venue)
        if dialect is None:
            known = ", ".join(sorted(self._dialects))
            trouble = f"no dialect for venue {line.owner.venue!r}; known: {known}"
            return Heard(line, raw, None, trouble=trouble)
        request = self._request(line)
        if line.direction == "received" and line.http is not None and request is None:
            return self._without_request(line, raw)
        try:
            messages = dialect.translate(line, request)
        except Unreadable as error:
            return Heard(line, raw, request, trouble=str(error))
        return Heard(line, raw, request, messages)

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


def names_in(owner: Account, messages: Sequence[Message]) -> list[tuple[Account, Name]]:
    """Every name that applying these messages will ask for."""
    names: list[tuple[Account, Name]] = []
    for message in messages:
        if isinstance(message, OrderMessage):
            for name in (*message.names, *message.found_by, *message.chain):
                names.append((owner, name))
            if message.cancel_ref is not None:
                names.append((owner, Name(NameKind.REQUEST, message.cancel_ref)))
        elif isinstance(message, CancelSent):
            names.extend((owner, asked.name) for asked in message.asked)
            if message.chain is not None:
                names.append((owner, message.chain))
            if message.request_ref is not None:
                names.append((owner, Name(NameKind.REQUEST, message.request_ref)))
        elif isinstance(message, CancelReply):
            for result in message.results:
                names.extend((owner, name) for name in result.names)
            if message.request_ref is not None:
                names.append((owner, Name(NameKind.REQUEST, message.request_ref)))
    return names
