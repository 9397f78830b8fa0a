"""Where two logs part: the first event that is not the same in both, and the field that differs.

Both are read stream by stream in order of version, so that memory stays flat. Position and
recorded time are the log's own and are not held against each other.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any, Protocol, cast
from uuid import UUID


class Row(Protocol):
    """An event as a log holds it."""

    @property
    def position(self) -> int:
        """Its place in the log."""
        ...

    @property
    def stream(self) -> UUID:
        """Whose event it is."""
        ...

    @property
    def version(self) -> int:
        """Its place in the stream."""
        ...

    @property
    def topic(self) -> str:
        """Its stored name."""
        ...

    @property
    def state(self) -> bytes:
        """Its stored bytes."""
        ...

    @property
    def capture(self) -> str | None:
        """The recording that caused it."""
        ...

    @property
    def seq(self) -> int | None:
        """The line of the recording that caused it."""
        ...


Counts = Callable[[Row], bool]
"""Whether an event is to be held against the other log at all."""
ABSENT = "(no such event)"


@dataclass(frozen=True, slots=True)
class Divergence:
    """Two logs part here: `a` and `b` are what each says in `field`, as text; None: nothing.

    Of an event that one of them lacks, `field` is `event`. Place and id are of the first log,
    where it has the event, else of the second.
    """

    position: int
    other_position: int | None
    stream: UUID
    version: int
    capture: str | None
    seq: int | None
    event: str
    event_id: str
    field: str
    a: str | None
    b: str | None


def first_divergence(
    a: Iterable[Row], b: Iterable[Row], counts_a: Counts, counts_b: Counts
) -> Divergence | None:
    """The divergence that stands first in the log; None when all that counts is the same.

    A stream that differs goes on differing: of each only the earliest event matters.
    """
    found: Divergence | None = None
    for mine, other in _side_by_side(filter(counts_a, a), filter(counts_b, b)):
        if mine is not None and other is not None and _same(mine, other):
            continue
        parted = divergence(mine, other)
        if parted is not None and (found is None or parted.position < found.position):
            found = parted
    return found


def divergence(a: Row | None, b: Row | None) -> Divergence | None:
    """What differs first between two events of one place; None when they are the same."""
    at = a or b
    assert at is not None, "one of them is there"
    if a is not None and b is not None:
        named = _first_field(a, b)
        if named is None:
            return None
        field, left, right = named
    else:
        field = "event"
        left = ABSENT if a is None else called(a)
        right = ABSENT if b is None else called(b)
    return Divergence(
        position=at.position,
        other_position=None if b is None or a is None else b.position,
        stream=at.stream,
        version=at.version,
        capture=at.capture,
        seq=at.seq,
        event=called(at),
        event_id=str(_told(at).get("id")),
        field=field,
        a=left,
        b=right,
    )


def called(row: Row) -> str:
    """What the event is called, without the version of its form."""
    return row.topic.partition(":")[0]


def _side_by_side(a: Iterator[Row], b: Iterator[Row]) -> Iterator[tuple[Row | None, Row | None]]:
    """The events of both by stream and version, each beside its counterpart."""
    mine, other = next(a, None), next(b, None)
    while mine is not None or other is not None:
        if other is None or (mine is not None and _key(mine) < _key(other)):
            yield mine, None
            mine = next(a, None)
        elif mine is None or _key(other) < _key(mine):
            yield None, other
            other = next(b, None)
        else:
            yield mine, other
            mine, other = next(a, None), next(b, None)


def _key(row: Row) -> tuple[bytes, int]:
    return row.stream.bytes, row.version


def _same(a: Row, b: Row) -> bool:
    """The very same bytes: nearly always, and soon seen."""
    return a.state == b.state and a.topic == b.topic and a.capture == b.capture and a.seq == b.seq


def _first_field(a: Row, b: Row) -> tuple[str, str | None, str | None] | None:
    """The field that tells most of what differs: the name, what it says, where it comes from."""
    if a.topic != b.topic:
        return "event", called(a), called(b)
    left, right = _told(a), _told(b)
    for field in ("data", "occurred", "observed", "venue", "account"):
        named = _differing(_FIELDS.get(field, field), left.get(field), right.get(field))
        if named is not None:
            return named
    for field, mine, other in (("capture", a.capture, b.capture), ("seq", a.seq, b.seq)):
        if mine != other:
            return field, _text(mine), _text(other)
    return _differing("event_id", left.get("id"), right.get("id"))


_FIELDS: Mapping[str, str] = {"data": "", "occurred": "occurred_at", "observed": "observed_at"}


def _differing(path: str, a: object, b: object) -> tuple[str, str | None, str | None] | None:
    """The first part of two JSON values that differs, by its path."""
    parts = _parts(path, a, b)
    if parts is None:
        return None if a == b else (path, _text(a), _text(b))
    return next((found for part in parts if (found := _differing(*part)) is not None), None)


def _parts(path: str, a: object, b: object) -> list[tuple[str, object, object]] | None:
    """The parts of two objects or two lists, side by side; None for anything else."""
    if isinstance(a, dict) and isinstance(b, dict):
        mine, other = cast("dict[str, object]", a), cast("dict[str, object]", b)
        names = dict.fromkeys([*mine, *other])
        return [
            (f"{path}.{name}" if path else name, mine.get(name), other.get(name)) for name in names
        ]
    if isinstance(a, list) and isinstance(b, list):
        pairs = zip_longest(cast("list[object]", a), cast("list[object]", b))
        return [(f"{path}[{place}]", *pair) for place, pair in enumerate(pairs)]
    return None


def _told(row: Row) -> dict[str, Any]:
    """The stored JSON, its numbers as they are written."""
    told: dict[str, Any] = json.loads(row.state, parse_float=str, parse_int=str)
    return told


def _text(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False)
