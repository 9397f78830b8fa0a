"""A rebuild by several processes: each makes the rows of some parts of the log, one writes them.

The one that writes hands out the parts and works on parts of its own; the others send their rows
back in the form in which the database takes them. So all rows come in one transaction, whoever
made them, and a process that dies takes the whole rebuild with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import NamedTuple, Protocol

from sqlalchemy import Table

from projections import breaks, bulk, tables
from projections.columns import Row
from projections.shaping import Left, Part, Shaping, WholeLog
from projections.twins import ROWS_PER_WRITE, Twins


class Line(Protocol):
    """What two processes tell each other, in order; an error of the other comes out as one."""

    def tell(self, what: object) -> None:
        """Tell the other."""
        ...

    def hears(self) -> bool:
        """Whether the other has told something that was not heard so far."""
        ...

    def hear(self) -> object:
        """What the other tells next; waits for it."""
        ...


class Task(NamedTuple):
    """What a process makes rows of, beside the parts that it is told one by one."""

    dialect: str
    tables: Sequence[str]
    limits: breaks.Limits
    head: int


class Packed(NamedTuple):
    """Rows of a table, as `bulk.pack` makes them."""

    table: str
    rows: bytes


class Done(NamedTuple):
    """A part is done, and so many events of it were read."""

    events: int


Crew = Callable[[int], AbstractContextManager[Sequence[Line]]]
"""Other processes for a log of so many events; none for a small one."""


class Shared:
    """The parts of the log, worked on here and by others, until all are done."""

    def __init__(self, shaping: Shaping, twins: Twins, others: Sequence[Line]) -> None:
        self._shaping = shaping
        self._twins = twins
        self._busy = list(others)
        self._events = 0

    @property
    def events(self) -> int:
        """How many events were read so far, here and elsewhere."""
        return self._shaping.left.events + self._events

    def begin(self, task: Task, todo: Iterator[Part]) -> None:
        """Tell the others what is to be done, and give each a part."""
        self._todo = todo
        for other in self._busy:
            other.tell(task)
            other.tell(next(todo, None))

    def look(self) -> None:
        """Take what others have told, without waiting."""
        for other in list(self._busy):
            while other in self._busy and other.hears():
                self._take(other)

    def finish(self) -> None:
        """Wait for the others."""
        while self._busy:
            self._take(self._busy[0])
            self.look()

    def _take(self, other: Line) -> None:
        match other.hear():
            case Packed(name, rows):
                self._twins.write_packed(tables.metadata.tables[name], rows)
            case Done(events):
                self._events += events
                other.tell(next(self._todo, None))
            case Left() as left:
                self._events -= left.events
                self._shaping.left.join(left)
                self._busy.remove(other)
            case strange:
                raise TypeError(f"a process told {type(strange).__name__}")


class Sending:
    """Rows on their way to the process that writes."""

    def __init__(self, line: Line, task: Task) -> None:
        self._line = line
        self._dialect = task.dialect
        self._waiting: dict[str, list[Row]] = {name: [] for name in task.tables}

    def __contains__(self, table: Table) -> bool:
        """Whether rows of this table are wanted."""
        return table.name in self._waiting

    def add(self, table: Table, rows: Sequence[Row]) -> None:
        """Rows for a table that is wanted."""
        waiting = self._waiting[table.name]
        waiting.extend(rows)
        if len(waiting) >= ROWS_PER_WRITE:
            self._send(table.name, waiting)

    def flush(self) -> None:
        """Send all rows that still wait."""
        for name, waiting in self._waiting.items():
            if waiting:
                self._send(name, waiting)

    def _send(self, name: str, waiting: list[Row]) -> None:
        packed = bulk.pack(tables.metadata.tables[name], waiting, self._dialect)
        self._line.tell(Packed(name, packed))
        waiting.clear()


def work(line: Line, log: WholeLog) -> None:
    """Make the rows of the parts that are told, until there are none left."""
    task = line.hear()
    assert isinstance(task, Task), "the task is told first"
    rows = Sending(line, task)
    shaping = Shaping(rows, task.limits, task.head)
    while isinstance(part := line.hear(), Part):
        before = shaping.left.events
        for stream, events in log.by_stream(part):
            shaping.take(stream, events)
        line.tell(Done(shaping.left.events - before))
    rows.flush()
    line.tell(shaping.left)
