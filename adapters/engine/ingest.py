"""The main job: lines of captures become wire rows, events and current projections.

A batch is one transaction: its lines, the events that they cause, the names that they make known
and what is set aside. A crash leaves whole batches; reading again skips the lines that are known.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

import structlog

from adapters.codec import micros
from adapters.engine.batches import in_batches
from adapters.engine.cancels import Cancels, intended, is_wide
from adapters.engine.gaps import report_gaps
from adapters.engine.losses import Losses
from adapters.engine.orders import Orders
from adapters.engine.ports import EngineLog, WireLine
from adapters.engine.reading import Heard, Reading, names_in
from adapters.engine.scopes import in_scope
from adapters.engine.sorting import Sorting, Tally, aside_of
from adapters.engine.working import Moment, WorkingSet
from domain.ids import cancel_stream, notice_stream
from domain.messages import CancelReply, CancelSent, Notice, OrderMessage
from domain.ports import Conflict, OpenOrders
from domain.recorded import Recorded
from domain.requests import Scope
from domain.values import Account
from domain.wire import Dialects, Item, Line, Read

__all__ = ["Ingest", "Tally"]

BATCH_LINES = 2_000
TRIES_MAX = 16
"""How often a batch is read again when another writer was faster; each time some writer won."""

FAULTS = (ArithmeticError, AssertionError, LookupError, TypeError, ValueError)
"""What interpreting a message may raise that no rule foresaw: it is set aside, the rest is read."""

Parse = Callable[[bytes], Item]
"""Read the bytes of one capture line again."""

Project = Callable[[Mapping[UUID, Sequence[Recorded]], int, int, datetime | None], bool | None]
"""Bring the projections from one position to another; histories hold every touched stream.
False: nobody has use for histories any more."""

log = structlog.get_logger()


class _Faulty(Exception):
    """A line that cannot be taken; the batch is read again without interpreting it."""

    def __init__(self, line: Line, error: Exception) -> None:
        super().__init__(f"a fault of this program: {type(error).__name__}: {error}"[:500])
        self.place = (line.capture, line.seq)


class Ingest:
    """Reads lines into the log."""

    def __init__(
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
        self._project, self._wanted = project, True
        self._sorting = Sorting(store, Tally(position=store.head()))
        self._wire: list[WireLine] = []
        self._settled: list[tuple[str, int, str]] = []
        self._losses = Losses(store, self._stored_line)
        self._held = set(store.held_exchanges())
        self._faults: dict[tuple[str, int], str] = {}
        self._captures: dict[str, Account] = {}
        self._source = "-"

    def first_hand(self) -> None:
        """From now on every line is told here first: the log is not asked whether it has it."""
        self._sorting.first_hand = self._losses.first_hand = True

    @property
    def tally(self) -> Tally:
        """What became of the lines so far."""
        return self._sorting.tally

    def read(self, source: str, items: Iterable[Item]) -> None:
        """Read all items of one source, a batch at a time."""
        self._source = source
        for batch in in_batches(items, BATCH_LINES):
            self._sorting.start()
            self._persist(lambda items=batch: self._batch(items))  # type: ignore[misc]  # bound now
            self.tally.lines += len(batch)
            self._work.trim()

    def finish(self) -> None:
        """Read the answers whose requests came by another way, and tell what is missing.

        Which lines of the captures that were read are missing, which came since, what time it is.
        """
        self._sorting.start()
        self._persist(self._end)
        self._captures.clear()

    def _end(self) -> None:
        self._held = set(self._store.held_exchanges())
        for capture, exchange in sorted(self._held):
            if capture in self._captures and self._find_request(capture, exchange) is not None:
                self._release(capture, exchange)
        for capture, owner in self._captures.items():
            report_gaps(self._store, self._work, owner, capture)
        self._flush()
        if self._sorting.newest is not None:
            here = self.tally.position
            self._project({}, here, here, self._sorting.newest)

    def _persist(self, step: Callable[[], None]) -> None:
        """Take a step again when another writer was faster, and without a line that is at fault."""
        lost = 0
        while True:
            try:
                step()
            except Conflict:
                lost += 1
                self._forget()
                if lost == TRIES_MAX:
                    raise
                log.info("another writer was faster; reading the batch again", lost=lost)
            except _Faulty as fault:
                self._forget()
                self._faults[fault.place] = str(fault)
                log.exception("a line cannot be taken; it is set aside", place=fault.place)
            else:
                return

    def _forget(self) -> None:
        self._work.clear()
        self._reading.forget()
        self._clear()
        self._held = set(self._store.held_exchanges())

    def _clear(self) -> None:
        self._wire = []
        self._settled = []
        self._sorting.clear()

    def _batch(self, items: Sequence[Item]) -> None:
        reads = [item for item in items if isinstance(item, Read)]
        for item in reads:
            self._captures.setdefault(item.line.capture, item.line.owner)
        fresh = self._sorting.unknown(self._source, reads)
        heard = [self._hear(item) for item in fresh]
        self._work.prefetch(
            name for one in heard for name in names_in(one.line, (*one.messages, *one.as_sent))
        )
        self._sorting.pieces(items)
        for one, item in zip(heard, fresh, strict=True):
            self._line(one, item)
        self._flush()

    def _hear(self, item: Read) -> Heard:
        try:
            return self._reading.hear(item.line, item.raw)
        except FAULTS as error:
            if (item.line.capture, item.line.seq) in self._faults:
                return Heard(item.line, item.raw, None)  # its trouble is told by `_line`
            raise _Faulty(item.line, error) from error

    def _line(self, heard: Heard, item: Read) -> None:
        line = heard.line
        trouble = self._faults.get((line.capture, line.seq)) or heard.trouble
        if trouble is None:
            self._apply(heard)
            self._sorting.read()
            outcome = "read"
        else:
            outcome = "held" if heard.held else "set_aside"
            if heard.held and line.exchange is not None:
                self._held.add((line.capture, line.exchange))
            aside = aside_of(self._source, item.number, trouble, heard.raw, line)
            self._sorting.set_aside(aside, held=heard.held)
        self._wire.append(
            WireLine(line.capture, line.seq, micros(line.at), line.exchange, outcome, heard.raw)
        )
        if line.direction == "sent" and line.exchange is not None:
            self._release(line.capture, line.exchange)

    def _release(self, capture: str, exchange: str) -> None:
        """The request came after its answer: read the answer now."""
        if (capture, exchange) not in self._held:
            return
        self._flush()
        for row in self._store.exchange_lines(capture, exchange):
            if row.outcome == "held":
                self._released(self._stored_line(row.raw), row.raw)
        self._held.discard((capture, exchange))

    def _released(self, line: Line, raw: bytes) -> None:
        heard = self._hear(Read(line, raw, line.seq))
        trouble = self._faults.get((line.capture, line.seq)) or heard.trouble
        if trouble is None:
            self._apply(heard)
            self._sorting.released(aside_of(self._source, 0, "", raw, line).key)
        else:
            self._sorting.set_aside(aside_of(self._source, line.seq, trouble, raw, line))
        outcome = "read" if trouble is None else "set_aside"
        self._settled.append((line.capture, line.seq, outcome))

    def _apply(self, heard: Heard) -> None:
        told = (*heard.messages, *heard.as_sent)
        if any(isinstance(item, CancelSent) and is_wide(item) for item in told):
            # Everything so far must be stored to know what a wide scope touches. Here, because a
            # line and all that it causes are stored together.
            self._flush()
        line = heard.line
        at = Moment(line.capture, line.seq, line.at)
        try:
            for message in heard.messages:
                if isinstance(message, OrderMessage):
                    self._cancels.heard(line.owner, message, at)
                elif isinstance(message, CancelSent):
                    if not self._losses.has_opened(line):
                        self._cancels.sent(line.owner, intended(message, line), at)
                elif isinstance(message, CancelReply):
                    self._replied(heard, message, at)
                else:
                    self._notice(line.owner, message, at)
        except FAULTS as error:
            raise _Faulty(line, error) from error

    def _replied(self, heard: Heard, reply: CancelReply, at: Moment) -> None:
        """An answer, or its loss; a loss whose sending is not known opens the request itself."""
        line = heard.line
        request_id = heard.request_id
        if heard.as_sent and not self._cancels.knows(line.owner, reply, at):
            for message in heard.as_sent:
                if isinstance(message, CancelSent):
                    self._cancels.sent(line.owner, message, at)
            request_id = cancel_stream(line.owner, line.capture, line.seq)
            self._losses.opened(line)
        self._cancels.replied(line.owner, reply, at, request_id)

    def _notice(self, owner: Account, notice: Notice, at: Moment) -> None:
        key = notice.key or (at.capture, str(at.seq))
        stream = self._work.get(owner, notice_stream(owner.venue, owner.account, *key))
        if all(entry.event != notice.event for entry in stream.events):
            self._work.record(stream, notice.event, at)

    def _flush(self) -> None:
        asides = self._sorting.asides
        if not (self._work.pending or self._wire or asides or self._settled):
            return
        before = self.tally.position
        count = len(self._work.pending)
        position, recorded_at = self._store.append(
            self._work.pending, self._work.new_names, self._wire, asides, self._settled
        )
        histories = self._work.stored(position, recorded_at, wanted=self._wanted)
        self._sorting.stored(self._wire, count, position)
        self._clear()
        if position - count != before:
            # another writer was here: the projections read it all from the log
            histories = {}
            self._work.forget_unknown()
        self._wanted = self._project(histories, before, position, self._sorting.newest) is not False

    def _in_scope(self, owner: Account, scope: Scope) -> Sequence[UUID]:
        """The live orders of a wide scope, by the projections."""
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
