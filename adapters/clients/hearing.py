"""What every venue's feed has in common: one connection as a conversation, without any I/O.

A `Conversation` is made anew for each connection. It says what to say, and what a frame means for
the connection itself: that it is open, that the venue refuses us, that messages are missing. What
a frame tells of orders is none of its business: the engine reads that from the recording.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, cast

KEPT_MAX = 1_000
"""A jump is told of so many missing numbers at most: it is one gap all the same."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What a frame means for its connection.

    `says` are our answers. `opens`: from now on we hear what becomes of our orders. `refused`: why
    the venue will not let us listen. `after`: the id of a message that can be asked for again from.
    """

    says: tuple[bytes, ...] = ()
    opens: bool = False
    refused: str | None = None
    after: str | None = None


NOTHING = Heard()


class Conversation(Protocol):
    """One connection to a venue's feed."""

    def opening(self) -> Sequence[bytes]:
        """What we say first. None: to be connected is to be heard from."""
        ...

    def heard(self, frame: bytes) -> Heard:
        """What this frame means."""
        ...

    def beat(self) -> bytes | None:
        """What we say so often that the venue has something to answer; None: nothing."""
        ...

    @property
    def missing(self) -> bool:
        """Whether a message was jumped over that has not come since."""
        ...

    def covered(self) -> None:
        """What was jumped over is known by another way."""
        ...


@dataclass(frozen=True, slots=True)
class FeedPlace:
    """Where a feed is and how it lives.

    `path` is the address below the venue's own where no other is set, `channel` what its frames
    are called in the recording. We say something every `beat_s`; when nothing at all was heard for
    `silence_s_max`, the feed is dead whatever the connection looks like.
    """

    path: str
    channel: str
    beat_s: float
    silence_s_max: float


class Numbers:
    """Numbers that rise one by one: which of them were jumped over and have not come since."""

    def __init__(self) -> None:
        self._last: int | None = None
        self._missing: set[int] = set()

    def saw(self, number: int) -> None:
        """A message with this number came, in whatever order."""
        if self._last is None or number == self._last + 1:
            self._last = number
        elif number > self._last:
            first = max(self._last + 1, number - KEPT_MAX)
            self._missing.update(range(first, number))
            self._last = number
        else:
            self._missing.discard(number)

    def covered(self) -> None:
        """None is missing any more."""
        self._missing.clear()

    @property
    def missing(self) -> bool:
        """Whether any is missing now."""
        return bool(self._missing)


def fields_of(frame: bytes) -> Mapping[str, Any]:
    """A frame as an object; nothing where it is none. No figure of it is used here."""
    try:
        told: object = json.loads(frame, parse_float=str)
    except (ValueError, RecursionError):
        return {}
    return cast("Mapping[str, Any]", told) if isinstance(told, dict) else {}


def words_of(told: Mapping[str, Any], *names: str) -> str:
    """The first of these fields that is a text, short enough to be shown."""
    found = (told[name] for name in names if isinstance(told.get(name), str))
    return str(next(found, "no reason told"))[:120]
