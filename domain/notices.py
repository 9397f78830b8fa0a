"""What is worth knowing about the recording itself: gaps, repeats, words nobody knows."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class LinesMissing:
    """The capture jumps: the lines `first` to `last` were never read."""

    venue: str
    account: str
    capture: str
    first: int
    last: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LinesFound:
    """Lines that were missing have been read since."""

    capture: str
    first: int
    last: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageRepeated:
    """A message with an id that was seen already, about no order in particular."""

    venue: str
    account: str
    ref: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UnreadableValue:
    """A word in none of the venue's tables, in a message about no order in particular."""

    venue: str
    account: str
    field: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedGap:
    """The venue's own message sequence jumped: messages between the two ids were not seen."""

    venue: str
    account: str
    channel: str
    after: str
    before: str


NoticeEvent = LinesMissing | LinesFound | MessageRepeated | UnreadableValue | FeedGap
