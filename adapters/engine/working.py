"""What the engine holds in memory while it reads: the streams at hand and what is not stored yet.

Everything here can be thrown away at any moment and read again from the log.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, cast
from uuid import UUID

from domain.events import Event, OrderEvent
from domain.evolve import evolve
from domain.ids import event_id
from domain.making import quickly_made
from domain.order import NOTHING_KNOWN, Order
from domain.recorded import Pending, Recorded
from domain.requests import CancelAnswered, CancelAnswerStray, CancelOpened, CancelRefused
from domain.values import Account, Name, NameKind

CACHED_STREAMS_MAX = 5_000
CACHED_NAMES_MAX = 20_000


Key = tuple[str, str, str, str]
"""A name with its owner as plain texts: looked up several times for each line, they hash in C."""
_KIND: Mapping[NameKind, str] = {kind: kind.value for kind in NameKind}


def _key(owner: Account, name: Name) -> Key:
    return owner.venue, owner.account, _KIND[name.kind], name.value


class Source(Protocol):
    """Where streams and names come from: the log."""

    def histories(self, streams: Sequence[UUID]) -> Mapping[UUID, list[Recorded]]:
        """The recorded events of each stream that has any."""
        ...

    def resolve(self, names: Sequence[tuple[Account, Name]]) -> Mapping[tuple[Account, Name], UUID]:
        """The stream that each known name belongs to."""
        ...


@dataclass(slots=True)
class Stream:
    """One stream at hand: its events so far (stored and not yet stored) and its fold."""

    key: UUID
    owner: Account
    events: list[Recorded | Pending] = field(default_factory=list[Recorded | Pending])
    order: Order = NOTHING_KNOWN

    @property
    def version(self) -> int:
        """How many events the stream has."""
        return len(self.events)

    @property
    def opened(self) -> CancelOpened | None:
        """For a cancel request: what was asked."""
        for entry in self.events:
            if isinstance(entry.event, CancelOpened):
                return entry.event
        return None

    @property
    def answered(self) -> bool:
        """For a cancel request: an answer is in the log."""
        return any(isinstance(entry.event, _ANSWERS) for entry in self.events)


@quickly_made
@dataclass(frozen=True, slots=True)
class Moment:
    """The line that causes events: its place and the time that they are stamped with.

    `apart` keeps the ids of what is found later about a line (a gap before it) apart from the
    ids of what the line itself caused.
    """

    capture: str
    seq: int
    observed_at: datetime
    apart: str = ""


class WorkingSet:
    """The streams and names in use, and the events and names that wait to be stored."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._streams: dict[int, Stream] = {}  # by the number of the UUID: a UUID hashes slowly
        self._names: dict[Key, UUID | None] = {}
        self._lost = False
        self.pending: list[Pending] = []
        self.new_names: list[tuple[Account, Name, UUID]] = []
        self._touched: dict[int, Stream] = {}
        self._caused: dict[tuple[str, str], int] = {}

    def clear(self) -> None:
        """Forget everything, stored or not."""
        self._streams.clear()
        self._names.clear()
        self._lost = True
        self.forget_pending()

    def forget_pending(self) -> None:
        """Start a new batch."""
        self.pending.clear()
        self.new_names.clear()
        self._touched.clear()
        self._caused.clear()

    def prefetch(self, names: Iterable[tuple[Account, Name]]) -> None:
        """Look up, in one go, the names that a batch will ask for and the streams they lead to."""
        if len(self._names) > CACHED_NAMES_MAX:
            self._names.clear()
        known = self._names
        asked = {_key(owner, name): (owner, name) for owner, name in names}
        missing = {key: pair for key, pair in asked.items() if key not in known}
        if missing:
            found = self._source.resolve(list(missing.values()))
            for key, pair in missing.items():
                known[key] = found.get(pair)
        self.load([stream for key in asked if (stream := known[key]) is not None])

    def forget_unknown(self) -> None:
        """Another writer may have made names known that nobody knew here."""
        self._names = {name: key for name, key in self._names.items() if key is not None}

    def load(self, streams: Iterable[UUID]) -> None:
        """Bring streams to hand, in one go."""
        missing = {key.int: key for key in streams if key.int not in self._streams}
        if not missing:
            return
        for key, events in self._source.histories(list(missing.values())).items():
            self._streams[key.int] = _folded(key, events)

    def trim(self) -> None:
        """Keep memory flat: forget the streams told of longest ago. Between batches only."""
        surplus = len(self._streams) - CACHED_STREAMS_MAX
        if surplus > 0:
            for key in list(self._streams)[:surplus]:
                del self._streams[key]

    def find(self, owner: Account, name: Name) -> UUID | None:
        """The stream that a name belongs to, through merges; None when nobody knows it."""
        key = _key(owner, name)
        if key in self._names:
            stream = self._names[key]
        else:
            pair = (owner, name)
            stream = self._names[key] = self._source.resolve([pair]).get(pair)
        if stream is None:
            return None
        held = self._streams.get(stream.int)
        if held is not None and held.order.merged_into is None:
            return stream  # nearly always
        return self.stays(owner, stream)

    def stays(self, owner: Account, key: UUID) -> UUID:
        """The order that this one was merged into, if it was, through all merges."""
        into = self.get(owner, key).order.merged_into
        if into is None:
            return key
        seen = {key}
        while into is not None and key not in seen:
            seen.add(key)
            key, into = into, self.get(owner, into).order.merged_into
        return key

    def get(self, owner: Account, key: UUID) -> Stream:
        """A stream by its key; an empty one when the log has no event of it."""
        stream = self._streams.get(key.int)
        if stream is None:
            events = self._source.histories([key]).get(key)
            stream = Stream(key, owner) if events is None else _folded(key, events)
            self._streams[key.int] = stream
        return stream

    def begin(self, owner: Account, key: UUID) -> Stream:
        """A stream that nothing in the log leads to: it is empty, and the log is not asked.

        Another writer may begin it at the same time; then the batch is a conflict, and after one
        the log is asked all the same.
        """
        if key.int not in self._streams and not self._lost:
            self._streams[key.int] = Stream(key, owner)
        return self.get(owner, key)

    def name(self, owner: Account, name: Name, stream: UUID) -> bool:
        """Learn a name if it is free; whether it was."""
        free = self.find(owner, name) is None
        if free:
            self.learn(owner, name, stream)
        return free

    def learn(self, owner: Account, name: Name, stream: UUID) -> None:
        """A free name now belongs to `stream`."""
        self._names[_key(owner, name)] = stream
        self.new_names.append((owner, name, stream))

    def record(
        self,
        stream: Stream,
        event: Event,
        moment: Moment,
        *,
        occurred_at: datetime | None = None,
        observed_at: datetime | None = None,
    ) -> None:
        """Add an event to a stream; it is stored with the batch. The fold is the caller's."""
        cause = (moment.capture, f"{moment.seq}{moment.apart}")
        index = self._caused.get(cause, 0)
        self._caused[cause] = index + 1
        entry = Pending(
            stream.key,
            len(stream.events) + 1,
            stream.owner,
            event_id(*cause, index),
            occurred_at,
            observed_at or moment.observed_at,
            moment.capture,
            moment.seq,
            event,
        )
        stream.events.append(entry)
        self.pending.append(entry)
        self._touched[stream.key.int] = stream

    def tell(
        self,
        stream: Stream,
        event: OrderEvent,
        moment: Moment,
        *,
        occurred_at: datetime | None = None,
        observed_at: datetime | None = None,
    ) -> None:
        """Add a fact to an order and fold it."""
        stream.order = evolve(stream.order, event)
        self.record(stream, event, moment, occurred_at=occurred_at, observed_at=observed_at)

    def stored(
        self, last_position: int, recorded_at: datetime, *, wanted: bool = True
    ) -> dict[UUID, list[Recorded]]:
        """The batch is in the log: give its events their positions; return what was touched.

        Unless nobody wants it, nor ever will: then the events stay as they are.
        """
        histories = self._numbered(last_position, recorded_at) if wanted else {}
        for number, stream in self._touched.items():
            # Told of last, forgotten last.
            self._streams.pop(number, None)
            self._streams[number] = stream
        self._lost = False
        self.forget_pending()
        return histories

    def _numbered(self, last_position: int, recorded_at: datetime) -> dict[UUID, list[Recorded]]:
        position = last_position - len(self.pending)
        numbered: dict[int, Recorded] = {}
        for entry in self.pending:
            position += 1
            numbered[id(entry)] = Recorded(
                position,
                entry.stream,
                entry.version,
                entry.owner,
                entry.event_id,
                entry.occurred_at,
                entry.observed_at,
                recorded_at,
                entry.capture,
                entry.seq,
                entry.event,
            )
        for stream in self._touched.values():
            stream.events = [numbered.get(id(entry), entry) for entry in stream.events]
        touched = self._touched.values()
        return {stream.key: cast("list[Recorded]", stream.events) for stream in touched}


def _folded(key: UUID, events: list[Recorded]) -> Stream:
    stream = Stream(key, events[0].owner, list(events))
    order = stream.order
    for entry in events:
        if isinstance(entry.event, _ORDER_EVENTS):
            order = evolve(order, entry.event)
    stream.order = order
    return stream


_ORDER_EVENTS = OrderEvent
_ANSWERS = CancelAnswered | CancelAnswerStray | CancelRefused
