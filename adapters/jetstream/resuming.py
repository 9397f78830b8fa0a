"""Where a publisher goes on: what it wrote down held against how the stream ends.

Every event is one message and nobody else writes to the stream, so the messages that the stream
has more than was written down are the next events of the log. The id of the last one must agree.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from adapters.jetstream.tracking import Placed
from domain.ports import Conflict


class End(NamedTuple):
    """How a stream ends: its last message, if it is still there, and how many there ever were."""

    sequence: int
    position: int | None = None
    event_id: str | None = None
    is_there: bool = False


def resumed(
    stream: str,
    tracked: Placed | None,
    end: End,
    id_at: Callable[[int], str | None],
    *,
    from_start: bool = False,
) -> Placed:
    """The last event that the stream has had; raise `Conflict` when that cannot be known.

    `id_at` tells the id of the event at a position of the log, None behind its end. `from_start`
    begins anew in a stream that holds no message.
    """
    if end.is_there:
        return _after_the_last(stream, tracked, end, id_at)
    if from_start:
        return Placed(0, end.sequence)
    if tracked is None:
        if end.sequence == 0:
            return Placed(0, 0)
        raise Conflict(
            f"the stream {stream} was emptied, and nothing is known of what it held; "
            "name another --stream, or publish everything to it with --from-start"
        )
    if end.sequence < tracked.sequence:
        raise Conflict(
            f"the stream {stream} is not the one that was published to (up to position "
            f"{tracked.position}): it is new, or another server's; name the right --url, or "
            "publish everything to it with --from-start"
        )
    more = end.sequence - tracked.sequence
    return _known(stream, Placed(tracked.position + more, end.sequence), id_at)


def _after_the_last(
    stream: str, tracked: Placed | None, end: End, id_at: Callable[[int], str | None]
) -> Placed:
    if end.position is None or end.event_id is None:
        raise Conflict(
            f"the last message of the stream {stream} was not published by this program; "
            "name a --stream that nobody else writes to"
        )
    place = _known(stream, Placed(end.position, end.sequence), id_at)
    if id_at(end.position) != end.event_id:
        raise Conflict(
            f"the stream {stream} holds another log's events (its last is {end.event_id}, which "
            f"is not what position {end.position} of this log is); name another --stream"
        )
    if tracked is not None and end.sequence >= tracked.sequence:
        due = tracked.position + end.sequence - tracked.sequence
        if due != end.position:
            raise Conflict(
                f"the stream {stream} ends with position {end.position} where {due} was due: "
                "somebody else wrote to it; name another --stream"
            )
    return place


def _known(stream: str, place: Placed, id_at: Callable[[int], str | None]) -> Placed:
    if place.position and id_at(place.position) is None:
        raise Conflict(
            f"the stream {stream} is ahead of this log (position {place.position}): was the "
            "database restored from an older backup? name another --stream"
        )
    return place
