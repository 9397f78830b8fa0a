"""The user feed's messages with their ids, and as many of the latest as are kept to be replayed."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

from adapters.gateways.fourcasters.market import Market
from adapters.gateways.fourcasters.rows import Row, feed_message
from adapters.gateways.frame import Frame
from adapters.paper.book import Change

KEPT = 5_000
"""How many messages of an account are kept; more than wait for a listener at most."""
DIGITS_MAX = 20

Cursor = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Kept:
    """A message that was told."""

    cursor: Cursor
    change: int
    row: Row


@dataclass(slots=True)
class _Told:
    """One account's messages; `after` is the last one that is not kept any more."""

    after: Cursor
    latest: deque[Kept] = field(default_factory=deque[Kept])
    by_change: dict[int, Kept] = field(default_factory=dict[int, Kept])


class Messages:
    """Every account's feed, a bounded part of it."""

    def __init__(self, frame: Frame, market: Market, kept: int = KEPT) -> None:
        self._frame = frame
        self._market = market
        self._kept = kept
        # What was said before this process began nobody knows any more.
        self._began: Cursor = (self._now(), 0)
        self._last: Cursor = self._began
        self._of: dict[str, _Told] = {}

    def hear(self, change: Change) -> None:
        """Make the message of a change, if there is one."""
        cursor = self._next()
        row = feed_message(self._market, change, written(cursor))
        if row is None:
            return
        self._last = cursor
        told = self._of.setdefault(change.order.account, _Told(self._began))
        kept = Kept(cursor, change.number, row)
        told.latest.append(kept)
        told.by_change[change.number] = kept
        if len(told.latest) > self._kept:
            gone = told.latest.popleft()
            told.after = gone.cursor
            del told.by_change[gone.change]

    def of(self, change: Change) -> Kept | None:
        """The message of a change; None for one that has none, or is not kept any more."""
        told = self._of.get(change.order.account)
        return None if told is None else told.by_change.get(change.number)

    def between(
        self, account: str, after: Cursor, before: Cursor | None
    ) -> tuple[bool, Sequence[Row]]:
        """The messages between two ids, and whether these are all that there were."""
        told = self._of.get(account) or _Told(self._began)
        rows = [
            kept.row
            for kept in told.latest
            if after < kept.cursor and (before is None or kept.cursor < before)
        ]
        return after >= told.after, rows

    def _next(self) -> Cursor:
        """Ids rise even when the clock does not."""
        ms, seq = self._last
        now = self._now()
        return (now, 0) if now > ms else (ms, seq + 1)

    def _now(self) -> int:
        return int(self._frame.clock().timestamp() * 1000)


def written(cursor: Cursor) -> str:
    """`<ms>-<seq>`."""
    return f"{cursor[0]}-{cursor[1]}"


def read_cursor(text: str) -> Cursor | None:
    """Both parts as numbers: as text, `…-10` would come before `…-9`."""
    ms, _, seq = text.partition("-")
    if not all(part.isascii() and part.isdigit() and len(part) <= DIGITS_MAX for part in (ms, seq)):
        return None
    return int(ms), int(seq)
