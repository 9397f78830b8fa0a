"""A replay held against a log while it goes on: it stops at the first event that differs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Protocol
from uuid import UUID

from adapters.replaying.divergence import Divergence, Row, divergence, first_divergence
from adapters.replaying.places import Places

PAGE = 5_000


class Parted(Exception):
    """The replay is not what the log holds."""

    def __init__(self, divergence: Divergence) -> None:
        super().__init__(f"the replay parts from the log at position {divergence.position}")
        self.divergence = divergence


class Rows(Protocol):
    """A log as rows."""

    def after(self, position: int, limit: int) -> Sequence[Row]:
        """Up to `limit` events after `position`, in log order."""
        ...

    def streams(self, ids: Sequence[UUID]) -> Sequence[Row]:
        """Every event of each of the streams."""
        ...

    def by_stream(self) -> Iterable[Row]:
        """The log, ordered by stream and version."""
        ...


class Check:
    """Compares what a replay stores with what the log in use has of the same lines.

    `apart` says of an event that it is no part of the traffic: it tells how lines came to be read.
    """

    def __init__(self, log: Rows, replay: Rows, apart: Callable[[Row], bool]) -> None:
        self._log = log
        self._replay = replay
        self._apart = apart
        self._position = 0
        self._same = 0

    def advance(self, lines: Places) -> None:
        """Compare what was stored since; raise `Parted` at the first event that differs."""
        while rows := self._replay.after(self._position, PAGE):
            self._compare(rows, lines)
            self._position = rows[-1].position

    def finish(self, lines: Places) -> None:
        """Compare what is left to compare: what the log has of these lines and the replay lacks.

        Every event of the replay was found in the log; when the log has no more, it is all.
        """
        self.advance(lines)
        if self._count(lines) == self._same:
            return
        found = first_divergence(
            self._log.by_stream(),
            self._replay.by_stream(),
            lambda row: self._ours(row, lines),
            self._told,
        )
        if found is not None:
            raise Parted(found)

    def _compare(self, rows: Sequence[Row], lines: Places) -> None:
        told = [row for row in rows if self._told(row)]
        streams = list(dict.fromkeys(row.stream for row in told))
        stored = {(row.stream, row.version): row for row in self._log.streams(streams)}
        for row in told:
            known = stored.get((row.stream, row.version))
            if known is not None and not self._ours(known, lines):
                known = None  # another line's, which the replay does not have
            found = divergence(known, row)
            if found is not None:
                raise Parted(found)
        self._same += len(told)

    def _count(self, lines: Places) -> int:
        position, count = 0, 0
        while rows := self._log.after(position, PAGE):
            count += sum(self._ours(row, lines) for row in rows)
            position = rows[-1].position
        return count

    def _ours(self, row: Row, lines: Places) -> bool:
        """An event of the log that the replay should have, too."""
        return lines.has(row.capture, row.seq) and not self._apart(row)

    def _told(self, row: Row) -> bool:
        """An event of the replay that a line caused."""
        return row.capture is not None and not self._apart(row)
