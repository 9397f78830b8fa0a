"""One line of a capture, read: what was said, by whom, when, in which exchange."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from domain.making import quickly_made
from domain.messages import Message
from domain.values import Account


class Unreadable(ValueError):
    """The content of a message cannot be interpreted; it is set aside with this reason."""


@quickly_made
@dataclass(frozen=True, slots=True)
class Line:
    """A wire message with its place in the capture.

    Exactly one of `http`, `ws`, `frame` is set (or, for a loss, possibly none). Numbers in them
    are exact: `int` or `Decimal`.
    """

    capture: str
    seq: int
    at: datetime
    owner: Account
    direction: str
    exchange: str | None = None
    http: Mapping[str, Any] | None = None
    ws: Mapping[str, Any] | None = None
    frame: Mapping[str, Any] | None = None
    error: Mapping[str, Any] | None = None
    intent: Mapping[str, Any] | None = None
    """Of a message that we sent: who wanted it (`by`) and for what reason (`why`)."""


@quickly_made
@dataclass(frozen=True, slots=True)
class Read:
    """A wire message, the bytes to keep of it, and the line of the file where it stood."""

    line: Line
    raw: bytes
    number: int


@dataclass(frozen=True, slots=True)
class SetAside:
    """A piece of a recording that is no message, with the reason and the bytes to keep of it.

    `capture` and `seq` are there when the piece could at least tell its place.
    """

    source: str
    number: int
    reason: str
    raw: bytes
    capture: str | None = None
    seq: int | None = None


Item = Read | SetAside


class Dialect(Protocol):
    """A venue's way of speaking, as a pure translation into the domain's words."""

    def translate(self, line: Line, request: Line | None) -> Sequence[Message]:
        """What `line` tells. `request` is the sent line of the same exchange, if there is one.

        Raise `Unreadable` when the content fits no documented message.
        """
        ...


Dialects = Mapping[str, Dialect]
FindRequest = Callable[[str, str], Line | None]
