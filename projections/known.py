"""The streams of the last steps, kept at hand: most of the next step's events go on with them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from uuid import UUID

from domain.recorded import Recorded

EVENTS_MAX = 20_000
"""How many events of streams are kept at hand between two steps."""

Histories = Callable[[Sequence[UUID]], Mapping[UUID, Sequence[Recorded]]]


class Known:
    """Whole streams. A stream's versions have no gaps, so whether one is whole can be counted."""

    def __init__(self, histories: Histories) -> None:
        self._histories = histories
        self._streams: dict[int, list[Recorded]] = {}  # by number: a UUID hashes slowly

    def whole(self, events: Sequence[Recorded]) -> dict[UUID, list[Recorded]]:
        """The streams that these events touch, whole up to the last of them.

        The events are a stretch of the log without gaps.
        """
        known = self._streams
        touched: dict[int, list[Recorded]] = {}
        missing: dict[int, UUID] = {}
        for recorded in events:
            number = recorded.stream.int
            stream = touched.get(number)
            if stream is None:
                if number in missing:
                    continue
                # touched last, forgotten last
                stream = known.pop(number, None) if recorded.version > 1 else []
                if stream is None or len(stream) + 1 < recorded.version:
                    missing[number] = recorded.stream
                    continue
                known[number] = touched[number] = stream
            if len(stream) < recorded.version:
                stream.append(recorded)
        last = events[-1].position
        whole = {stream[0].stream: cut(stream, last) for stream in touched.values()}
        for key, found in self._histories(list(missing.values())).items():
            stream = known[key.int] = cut(found, last)
            whole[key] = stream
        self._trim()
        return whole

    def _trim(self) -> None:
        count = sum(map(len, self._streams.values()))
        for number in list(self._streams):
            if count <= EVENTS_MAX:
                return
            count -= len(self._streams.pop(number))


def cut(stream: Sequence[Recorded], last: int) -> list[Recorded]:
    """The events up to a position."""
    if stream[-1].position <= last:
        return list(stream)
    return [recorded for recorded in stream if recorded.position <= last]
