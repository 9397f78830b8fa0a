"""What is worth knowing about the recording itself: gaps, repeats, words nobody knows."""

from __future__ import annotations

from dataclasses import dataclass

from domain.values import Choice


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


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedSilent:
    """Nothing at all was heard of a feed for too long, while so many orders were on the book.

    `at` tells one silence from another.
    """

    venue: str
    account: str
    channel: str
    orders: int
    why: str
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedRestored:
    """The feed is back, and what it may have missed was read anew. `at` tells one from another."""

    venue: str
    account: str
    channel: str
    at: str


class Check(Choice):
    """What `breakwater verify` holds against what it must be."""

    LOG = "log"
    """The chain of events, and what stands beside it."""
    READ_MODELS = "read_models"
    """The rows of the read models, against those that the log gives."""
    REPLAY = "replay"
    """What the log gives, against what it gives when it is read again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckFailed:
    """A check of the log, or of what is made from it, found this."""

    check: Check
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckPassed:
    """A check that had found something found nothing any more."""

    check: Check


NoticeEvent = (
    LinesMissing
    | LinesFound
    | MessageRepeated
    | UnreadableValue
    | FeedGap
    | FeedSilent
    | FeedRestored
    | CheckFailed
    | CheckPassed
)
