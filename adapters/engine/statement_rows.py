"""The rows of a statement against the books, in batches, each looked up in one go.

Most rows agree with the read model to the digit. Only the others are held against the order's
facts, folded up to the statement's time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from itertools import islice
from uuid import UUID

from adapters.engine.ports import Aside
from adapters.engine.statement_orders import Lookup, ReconcileLog
from domain.reconcile import judged, known_by
from domain.reconcile_books import Books, Shown, absent, held_now, held_then, plainly_agrees
from domain.reconcile_findings import Findings
from domain.reconcile_runs import Outcome, SoFar, counted
from domain.reconcile_tolerances import tolerances_of
from domain.recorded import Recorded
from domain.runs import Aspect, Difference, Figures, InputRead, Key
from domain.statement import Lists, PartMissing, RowAside, Statement, StatementRow, Told, Unread
from domain.values import Name, NameKind

BATCH_ROWS = 5_000
"""Rows that are looked up at once, and the most histories that are held in memory."""

REASONS_MAX = 100
"""Reasons why a statement is not whole that a run spells out; of the rest it tells how many."""


class StatementRows:
    """Reads a statement once, and tells what came of it."""

    def __init__(  # noqa: PLR0913, PLR0917 - the log, the books, the statement, and when
        self,
        log: ReconcileLog,
        books: Books,
        statement: Statement,
        as_of: datetime,
        before: SoFar,
        own_ref: str,
    ) -> None:
        self.asides: list[Aside] = []
        self._log = log
        self._books = books
        self._lookup = Lookup(log, books, statement.owner, as_of)
        self._statement = statement
        self._owner = statement.owner
        self._as_of = as_of
        self._before = before
        self._limits = tolerances_of(self._owner.venue)
        self._findings = Findings(before, statement.inputs, self._limits, own_ref)
        self._reasons: dict[int, list[str]] = {}
        self._rows = Counter[int]()
        self._doubtful: frozenset[str] = frozenset()

    def read(self) -> Outcome:
        """Hold every row against the books, and the books against the rows."""
        books = self._log.head()
        self._doubtful = self._books.doubtful(self._owner)
        told = self._unsettled()
        while batch := list(islice(told, BATCH_ROWS)):
            rows = self._readable(batch)
            self._batch(rows)
            self._findings.caught_up(rows)
        self._findings.finish()
        whole = self._whole()
        self._missing(whole)
        for lists, reasons in self._reasons_by_list().items():
            self._findings.parts(lists, reasons)
        return self._outcome(books, whole)

    def _unsettled(self) -> Iterator[Told]:
        """What the statement tells, but for lines that agree with the books as they are written."""
        for item in self._statement.read():
            if not isinstance(item, Unread):
                yield item
                continue
            keys = self._books.plainly(self._owner, self._as_of, item)
            left = self._findings.plainly(item, keys, self._doubtful)
            self._rows[item.input] += len(keys) - len(left)
            for place in left:
                line = item.read(place)
                if line is not None:
                    yield line

    def _readable(self, batch: Sequence[Told]) -> Sequence[StatementRow]:
        """The rows among what the statement tells; what is none is kept with its reason."""
        rows = [item for item in batch if isinstance(item, StatementRow) and item.names]
        self._rows.update(row.place.input for row in rows)
        if len(rows) < len(batch):
            for item in batch:
                if not isinstance(item, StatementRow) or not item.names:
                    self._keep(item)
        return rows

    def _keep(self, item: Told) -> None:
        """What cannot be held against the books: the list that it is in is not whole."""
        place = item.place
        reasons = self._reasons.setdefault(place.input, [])
        if isinstance(item, PartMissing):
            reasons.append(item.reason)
            return
        file = self._statement.inputs[place.input]
        reason = item.reason if isinstance(item, RowAside) else "the row names no order"
        reasons.append(f"line {place.line}: {reason}")
        key = sha256(f"{file.sha256} {place.line}".encode()).digest()
        raw = item.raw if isinstance(item, RowAside) else b""
        self.asides.append(Aside(key, file.name, place.line, None, None, reason, raw, None))

    def _batch(self, rows: Sequence[StatementRow]) -> None:
        doubtful = self._doubtful
        located = [
            (row, ours, ours is not None and ours.key not in doubtful and plainly_agrees(ours, row))
            for row, ours in self._lookup.located(rows)
        ]
        slow = [ours.key for _, ours, plain in located if ours is not None and not plain]
        histories = self._lookup.histories(slow)
        for row, ours, plain in located:
            if ours is None:
                self._findings.only_theirs(row)
            elif plain:
                self._findings.agrees(ours.key, row)
            else:
                self._judge(row, ours, histories.get(ours.key, ()))

    def _judge(self, row: StatementRow, ours: Shown, events: Sequence[Recorded]) -> None:
        stream = UUID(ours.key)
        moment = self._as_of if row.at is None else min(row.at, self._as_of)
        result = judged(stream, events, row, moment, self._limits)
        self._findings.held(ours.key, row, result)
        apart = any(item.aspect is Aspect.CURRENCY for item in result.differences)
        if row.fills is None or apart:
            return
        history = known_by(stream, events, moment)
        if history is not None:
            self._findings.fills(ours.key, history, row)

    def _missing(self, whole: frozenset[Lists]) -> None:
        """Our orders that the statement should have and does not."""
        if not whole.isdisjoint({Lists.ORDERS, Lists.CLOSED, Lists.FILLS, Lists.OPEN}):
            keys = self._books.keys(
                self._owner, self._as_of, open_only=whole <= {Lists.OPEN, Lists.SETTLED}
            )
            unseen = (key for key in keys if not self._findings.seen(key))
            while batch := list(islice(unseen, BATCH_ROWS)):
                self._unlisted(self._books.by_keys(batch, self._as_of).values(), whole)
        asked = self._asked()
        if asked:
            self._unlisted(
                [item for item in asked if not self._findings.seen(item.key)],
                frozenset({Lists.ORDERS}),
            )

    def _unlisted(self, unseen: Iterable[Shown], whole: frozenset[Lists]) -> None:
        wanted = [item for item in unseen if _may_miss(item, whole)]
        histories = self._lookup.histories(item.key for item in wanted)
        for item in wanted:
            stream = UUID(item.key)
            history = known_by(stream, histories.get(item.key, ()), self._as_of)
            if history is not None:
                position = (history.events[-1].position,)
                found = absent(stream, held_then(history), whole, position=position)
                if found is not None:
                    self._findings.absent(_called(found, item))

    def _asked(self) -> Sequence[Shown]:
        """The orders that a list was asked for, where that list is whole."""
        names = [
            name
            for place, item in enumerate(self._statement.inputs)
            if item.asked is not None and self._is_whole(place)
            for name in item.asked
        ]
        return list({item.key: item for item in self._lookup.named(names).values()}.values())

    def _is_whole(self, place: int) -> bool:
        return self._statement.inputs[place].complete is True and place not in self._reasons

    def _whole(self) -> frozenset[Lists]:
        """The lists of which every file is complete and has everything that the list is about."""
        inputs = list(enumerate(self._statement.inputs))
        broken = {
            item.lists
            for place, item in inputs
            if not self._is_whole(place) or item.asked is not None or item.since is not None
        }
        return frozenset(item.lists for _, item in inputs) - broken

    def _reasons_by_list(self) -> dict[Lists, list[str]]:
        found: dict[Lists, list[str]] = {}
        for place, reasons in self._reasons.items():
            item = self._statement.inputs[place]
            found.setdefault(item.lists, []).extend(f"{item.name}: {text}" for text in reasons)
        return found

    def _outcome(self, books: int, whole: frozenset[Lists]) -> Outcome:
        findings = self._findings
        parts = [text for reasons in self._reasons_by_list().values() for text in reasons]
        spelt = parts[:REASONS_MAX]
        if len(parts) > REASONS_MAX:
            spelt.append(f"and {len(parts) - REASONS_MAX} more")
        inputs = self._statement.inputs
        only_ours = findings.count(Aspect.ONLY_OURS, Aspect.NOT_OPEN)
        return Outcome(
            owner=self._owner,
            as_of=self._as_of,
            complete=all(self._is_whole(place) for place in range(len(inputs))),
            inputs=tuple(self._input(place) for place in range(len(inputs))),
            parts=tuple(spelt),
            lists=whole,
            figures=Figures(
                rows=self._rows.total(),
                matched=findings.agreeing,
                differing=findings.differing,
                only_ours=only_ours,
                only_theirs=findings.count(Aspect.ONLY_THEIRS),
                by_aspect=counted(findings.found.values()),
            ),
            books=books,
            found=findings.found,
            gone=findings.gone(whole, self._known_now(), self._over()),
        )

    def _input(self, place: int) -> InputRead:
        item = self._statement.inputs[place]
        reasons = self._reasons.get(place, ())
        return InputRead(
            name=item.name,
            sha256=item.sha256,
            lists=item.lists.value,
            complete=self._is_whole(place),
            rows=self._rows[place],
            aside=len(reasons),
        )

    def _known_now(self) -> Iterator[Key]:
        """What stood as theirs alone and is an order of ours by now."""
        open_names = {
            item.name: item.key
            for item in self._before.open
            if item.aspect is Aspect.ONLY_THEIRS and item.name is not None
        }
        named = self._lookup.named(list(open_names))
        return (key for name, key in open_names.items() if name in named)

    def _over(self) -> Iterator[Key]:
        """What stood of orders that no list need have any more: over, or merged into others."""
        standing = [item for item in self._before.open if item.order is not None]
        keys = [str(item.order) for item in standing]
        shown = self._books.by_keys(keys, self._as_of)
        histories = self._lookup.histories(keys)
        for item in standing:
            key = str(item.order)
            if key not in shown:
                yield item.key
            elif item.figure == "remains" and item.order is not None:
                then = known_by(item.order, histories.get(key, ()), self._as_of)
                if then is not None and not held_then(then).remaining:
                    yield item.key


def _may_miss(item: Shown, whole: frozenset[Lists]) -> bool:
    """By its row the order should be in one of the lists, or its row does not tell."""
    return item.later or absent(UUID(item.key), held_now(item), whole) is not None


def _called(difference: Difference, item: Shown) -> Difference:
    """The difference with the name that the venue has for the order, if it has one."""
    if item.venue_order_id is None:
        return difference
    return replace(difference, name=Name(NameKind.VENUE, item.venue_order_id))
