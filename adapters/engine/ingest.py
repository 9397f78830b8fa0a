"""The main job: lines of captures become wire rows, events and current projections.

A batch is one transaction: its lines, the events that they cause, the names that they make known
and what is set aside. A crash leaves whole batches; reading again skips the lines that are known.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from itertools import islice
from typing import TypeVar
from uuid import UUID

import structlog

from adapters.codec import micros
from adapters.engine.cancels import Cancels
from adapters.engine.gaps import report_gaps
from adapters.engine.orders import Orders
from adapters.engine.reading import Heard, Reading, names_in
from adapters.engine.ports import Aside, EngineLog, WireLine
from adapters.engine.scopes import in_scope
from adapters.engine.working import Moment, WorkingSet
from domain.ids import cancel_stream, notice_stream
from domain.messages import CancelReply, CancelSent, Notice, OrderMessage
from domain.ports import Conflict, OpenOrders
from domain.recorded import Recorded
from domain.requests import Scope
from domain.values import Account
from domain.wire import Dialects, Item, Line, Read, SetAside

BATCH_LINES = 1_000
TRIES_MAX = 8
"""How often a batch is read again when another writer was faster; each time some writer won."""

Parse = Callable[[bytes], Item]
"""Read the bytes of one capture line again."""

Project = Callable[[Mapping[UUID, Sequence[Recorded]], int, int, datetime | None], None]
"""Bring the projections from one position to another; histories hold every touched stream."""

T = TypeVar("T")
log = structlog.get_logger()


@dataclass(slots=True)
class Tally:
    """What became of the lines that were read."""

    lines: int = 0
    read: int = 0
    known: int = 0
    set_aside: int = 0
    events: int = 0
    position: int = 0


class Ingest:
    """Reads lines into the log."""

    def __init__(  # noqa: PLR0913 - what it reads with, and where it writes
        self,
        store: EngineLog,
        parse: Parse,
        dialects: Dialects,
        open_orders: OpenOrders,
        project: Project,
    ) -> None:
        self._store = store
        self._parse = parse
        self._work = WorkingSet(store)
        self._orders = Orders(self._work)
        self._cancels = Cancels(self._work, self._orders, self._in_scope)
        self._reading = Reading(dialects, self._find_request)
        self._open_orders = open_orders
        self._project = project
        self._wire: list[WireLine] = []
        self._aside: list[Aside] = []
        self._settled: list[tuple[str, int, str]] = []
        self._held = set(store.held_exchanges())
        self._newest: datetime | None = None
        self._captures: dict[str, Account] = {}
        self._source = "-"
        self.tally = Tally(position=store.head())

    def read(self, source: str, items: Iterable[Item]) -> None:
        """Read all items of one source, a batch at a time."""
        self._source = source
        for batch in in_batches(items, BATCH_LINES):
            self._batch(batch)

    def _batch(self, items: Sequence[Item]) -> None:
        for attempt in range(TRIES_MAX):
            try:
                self._try(items)
            except Conflict:
                self._forget()
                if attempt + 1 == TRIES_MAX:
                    raise
                log.info("another writer was faster; reading the batch again", attempt=attempt)
            else:
                break
        self._work.trim()

    def _forget(self) -> None:
        self._work.clear()
        self._reading.forget()
        self._clear()
        self._held = set(self._store.held_exchanges())

    def _clear(self) -> None:
        self._wire = []
        self._aside = []
        self._settled = []
        self._newest = None

    def _try(self, items: Sequence[Item]) -> None:
        fresh, known = self._unknown([item for item in items if isinstance(item, Read)])
        asides = [item for item in items if isinstance(item, SetAside)]
        heard = [self._reading.hear(item.line, item.raw) for item in fresh]
        where = {(item.line.capture, item.line.seq): item for item in fresh}
        self._work.prefetch(
            name for one in heard for name in names_in(one.line.owner, one.messages)
        )
        for aside in asides:
            self._set_aside(aside.source, aside.number, aside.reason, aside.raw, aside)
        for one in heard:
            self._line(one, where[one.line.capture, one.line.seq])
        self._flush()
        self.tally.lines += len(items)
        self.tally.known += known

    def _unknown(self, reads: Sequence[Read]) -> tuple[list[Read], int]:
        """The lines that the log does not hold, each once, and how many it does hold."""
        by_capture: dict[str, list[int]] = {}
        for item in reads:
            by_capture.setdefault(item.line.capture, []).append(item.line.seq)
            self._captures.setdefault(item.line.capture, item.line.owner)
        held: dict[tuple[str, int], bytes] = {}
        for capture, seqs in by_capture.items():
            for seq, digest in self._store.known_lines(capture, seqs).items():
                held[capture, seq] = digest
        fresh: list[Read] = []
        known = 0
        for item in reads:
            key = (item.line.capture, item.line.seq)
            digest = sha256(item.raw).digest()
            before = held.get(key)
            if before is None:
                held[key] = digest
                fresh.append(item)
                continue
            known += 1
            if before != digest:
                reason = (
                    f"capture {key[0]!r} seq {key[1]} is in the log with other content; "
                    "the first reading stands"
                )
                self._set_aside(self._source, item.number, reason, item.raw, None)
        return fresh, known

    def _line(self, heard: Heard, item: Read) -> None:
        line = heard.line
        outcome = "read"
        if heard.trouble is not None:
            outcome = "held" if heard.held else "set_aside"
            if heard.held and line.exchange is not None:
                self._held.add((line.capture, line.exchange))
            self._set_aside(self._source, item.number, heard.trouble, heard.raw, line)
        else:
            self._apply(heard)
            self.tally.read += 1
        self._wire.append(
            WireLine(
                line.capture, line.seq, micros(line.at), line.exchange, outcome, heard.raw
            )
        )
        if self._newest is None or line.at > self._newest:
            self._newest = line.at
        if line.direction == "sent" and line.exchange is not None:
            self._release(line.capture, line.exchange)

    def _release(self, capture: str, exchange: str) -> None:
        """The request came after its answer: read the answer now."""
        if (capture, exchange) not in self._held:
            return
        self._flush()
        for row in self._store.exchange_lines(capture, exchange):
            if row.outcome != "held":
                continue
            heard = self._reading.hear(self._stored_line(row.raw), row.raw)
            if heard.trouble is None:
                self._apply(heard)
            self._settled.append(
                (capture, row.seq, "read" if heard.trouble is None else "set_aside")
            )
        self._held.discard((capture, exchange))

    def _apply(self, heard: Heard) -> None:
        line = heard.line
        owner = line.owner
        at = Moment(line.capture, line.seq, line.at)
        for message in heard.messages:
            if isinstance(message, OrderMessage):
                self._cancels.heard(owner, message, at)
            elif isinstance(message, CancelSent):
                self._cancels.sent(owner, message, at)
            elif isinstance(message, CancelReply):
                self._cancels.replied(owner, message, at, _request_id(heard))
            else:
                self._notice(owner, message, at)

    def _notice(self, owner: Account, notice: Notice, at: Moment) -> None:
        key = notice.key or (at.capture, str(at.seq))
        stream = self._work.get(owner, notice_stream(owner.venue, owner.account, *key))
        if all(entry.event != notice.event for entry in stream.events):
            self._work.record(stream, notice.event, at)

    def _set_aside(
        self, source: str, number: int, reason: str, raw: bytes, place: Line | SetAside | None
    ) -> None:
        capture = place.capture if place is not None else None
        seq = place.seq if place is not None else None
        where = f"{capture}\x1f{seq}" if capture is not None and seq is not None else source
        key = sha256(b"\x1f".join((where.encode(), str(number).encode(), raw))).digest()
        if capture is not None and seq is not None:
            key = sha256(b"\x1f".join((where.encode(), raw))).digest()
        self._aside.append(
            Aside(
                key=key,
                source=source,
                line=number,
                capture=capture,
                seq=seq,
                reason=reason,
                raw=raw,
                observed_at=micros(place.at) if isinstance(place, Line) else None,
            )
        )
        self.tally.set_aside += 1

    def _flush(self) -> None:
        if not (self._work.pending or self._wire or self._aside or self._settled):
            return
        before = self.tally.position
        count = len(self._work.pending)
        position, recorded_at = self._store.append(
            self._work.pending, self._work.new_names, self._wire, self._aside, self._settled
        )
        histories = self._work.stored(position, recorded_at)
        self.tally.events += count
        self.tally.position = position
        newest = self._newest
        self._clear()
        if position - count != before:
            histories = {}  # another writer was here: the projections read it all from the log
        self._project(histories, before, position, newest)

    def _in_scope(self, owner: Account, scope: Scope) -> Sequence[UUID]:
        """The live orders of a wide scope: everything so far must be stored to know them."""
        self._flush()
        return in_scope(self._open_orders, owner, scope)

    def _find_request(self, capture: str, exchange: str) -> Line | None:
        for row in self._store.exchange_lines(capture, exchange):
            line = self._stored_line(row.raw)
            if line.direction == "sent":
                return line
        return None

    def _stored_line(self, raw: bytes) -> Line:
        item = self._parse(raw)
        assert isinstance(item, Read), "a line that was read once can be read again"
        return item.line

    def finish(self) -> None:
        """Tell which lines of the captures that were read are missing, and which came since."""
        for capture, owner in self._captures.items():
            report_gaps(self._store, self._work, owner, capture)
        self._flush()
        self._captures.clear()


def _request_id(heard: Heard) -> UUID | None:
    """The cancel request that an answer's own request line made."""
    request = heard.request
    if request is None:
        return None
    return cancel_stream(request.owner, request.capture, request.seq)


def in_batches(items: Iterable[T], size: int) -> Iterator[Sequence[T]]:
    """The items in lists of up to `size`."""
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch
