"""A verdict: whether something is as it should be, in words, and the next command if it is not."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How much a verdict matters."""

    OK = "ok"
    NOTE = "note"
    """Worth knowing; nothing has to be done."""
    ATTENTION = "attention"
    """Something has to be done."""
    UNCHECKED = "unchecked"
    """It could not be looked at, for a reason that has a verdict of its own."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found, and what to do next."""

    level: Level
    says: str
    next: str | None = None


def ok(says: str) -> Verdict:
    """It is as it should be."""
    return Verdict(Level.OK, says)


def note(says: str, then: str | None = None) -> Verdict:
    """It is worth knowing."""
    return Verdict(Level.NOTE, says, then)


def attention(says: str, then: str) -> Verdict:
    """Somebody has to do something: `then`."""
    return Verdict(Level.ATTENTION, says, then)


def counted(count: int, one: str, many: str | None = None) -> str:
    """So many of something, in words."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"
