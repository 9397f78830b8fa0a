"""What reading a recording gives: messages, and pieces that had to be set aside."""

from __future__ import annotations

from dataclasses import dataclass

from domain.wire import Line


@dataclass(frozen=True, slots=True)
class Read:
    """A wire message, the bytes to keep of it, and the line of the file where it stood."""

    line: Line
    raw: bytes
    number: int


@dataclass(frozen=True, slots=True)
class SetAside:
    """A piece of a file that is no message, with the reason and the bytes to keep of it.

    `capture` and `seq` are there when the piece could at least tell its place.
    """

    source: str
    number: int
    reason: str
    raw: bytes
    capture: str | None = None
    seq: int | None = None


Item = Read | SetAside
