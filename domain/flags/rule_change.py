"""What a change of the rules changes: which flags of a history it adds, takes away or alters."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from domain.flags.flag import RULES_VERSION, Flag, break_id
from domain.values import Choice


class Shift(Choice):
    """What the newer rules make of a flag."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


class Change(NamedTuple):
    """One flag that the two rule sets do not tell alike; a removed one as the older told it.

    `stood`: it was open by the older one; `before` is a changed one as the older told it.
    """

    shift: Shift
    flag: Flag
    stood: bool = False
    before: Flag | None = None


class NoVersions(ValueError):
    """The text names no two versions of the rule set."""


def versions(text: str) -> tuple[int, int]:
    """The two versions that `OLD..NEW` names; either may be left out: the first, and this one."""
    old, dots, new = (part.strip() for part in text.partition(".."))
    named = [part for part in (old, new) if part]
    if not dots or not named or not all(part.isascii() and part.isdigit() for part in named):
        raise NoVersions(f"{text!r} names no two versions of the rules; try 1..{RULES_VERSION}")
    first, last = int(old or 1), int(new or RULES_VERSION)
    for version in (first, last):
        if not 1 <= version <= RULES_VERSION:
            raise NoVersions(
                f"there is no version {version} of the rules; this program has 1 to {RULES_VERSION}"
            )
    return first, last


def changes(subject: UUID, old: Iterable[Flag], new: Iterable[Flag], at: datetime) -> list[Change]:
    """What differs between what two rule sets find in one history, as of `at`.

    A flag whose time has not come is not there yet; one that closes later is open.
    """
    before = {break_id(flag, subject): _seen(flag, at) for flag in old if flag.opened_at <= at}
    after = {break_id(flag, subject): _seen(flag, at) for flag in new if flag.opened_at <= at}
    told: list[Change] = []
    for name, flag in after.items():
        known = before.get(name)
        if known is None:
            told.append(Change(Shift.ADDED, flag))
        elif known != flag:
            told.append(Change(Shift.CHANGED, flag, known.closed_at is None, known))
    gone = (flag for name, flag in before.items() if name not in after)
    return [*told, *(Change(Shift.REMOVED, flag, flag.closed_at is None) for flag in gone)]


def _seen(flag: Flag, at: datetime) -> Flag:
    open_still = flag.closed_at is not None and flag.closed_at > at
    return replace(flag, closed_at=None) if open_still else flag
