"""The part of what meets that plays crossed messages in every order in which they may have been."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select

from adapters.bootstrap import App, opened
from adapters.bootstrap_timeline import Row, order_timeline
from adapters.captures.ndjson import item
from adapters.replaying.causality import Said, crossings, races, within, worlds
from adapters.settings import Settings
from adapters.spelling import machine
from domain.events import AmendRequested, CancelRequested
from domain.values import Account, Name, NameKind
from domain.wire import Read
from projections import queries
from projections.break_queries import evident
from projections.tables import orders

Names = Sequence[tuple[Account, Name]]
Ask = Callable[[Connection, Sequence[UUID]], Mapping[str, Any]]
Doing = Callable[[str], None]
"""Is told what is being done."""

SOURCE = "wire"
ASKING = (CancelRequested, AmendRequested)
BUCKETS = ("size", "matched", "remaining", "cancelled", "lapsed", "voided")
FIGURES = ("status", *BUCKETS, "closed_by", "certain", "remaining_min", "remaining_max")


@dataclass(frozen=True, slots=True)
class Ending:
    """How an order stands when a race is over: its figures and the breaks that are open then.

    `worlds` is how many of those that were tried end so; `example` the first, by its messages.
    """

    record: Mapping[str, Any]
    worlds: int
    example: Sequence[int]
    assumed: bool


@dataclass(frozen=True, slots=True)
class Race:
    """A stretch of messages some of which crossed, and what may have become of it.

    `crossed` are pairs of numbers of messages. `every`: all that may have happened was tried, else
    a sample. `left` is how many endings were possible before the first message of the stretch was
    seen, and after each.
    """

    stretch: range
    crossed: Sequence[tuple[int, int]]
    tried: int
    every: bool
    endings: Sequence[Ending]
    left: Sequence[int]

    @property
    def settled_by(self) -> int | None:
        """The first message after which one ending was left.

        None when several still are, and when there was never more than one.
        """
        if self.left[-1] > 1 or self.left[0] == 1:
            return None
        after = next(count for count, endings in enumerate(self.left) if endings == 1)
        return self.stretch.start + after - 1


@dataclass(frozen=True, slots=True)
class Races:
    """The messages about an order as they were seen, and its races, the earliest first.

    `alike`: read by themselves, in the order that they were seen, the messages make the order that
    the books have.
    """

    messages: Sequence[Row]
    races: Sequence[Race]
    alike: bool


def races_of(app: App, key: UUID, most: int, doing: Doing = lambda _: None) -> Races:
    """Play what is known of an order in every way that fits the clocks and causes."""
    rows = order_timeline(app, str(key), key).rows
    messages = [row for row in rows if row.is_message and _read(row) is not None]
    told = _said(messages, rows)
    with app.reading() as connection:
        books = _figures(connection, [key])
    with _Stage.over(app, key, messages, doing) as stage:
        alike = stage.figures(range(len(messages))) == books
        found = [_race(stage, told, stretch, most, str(key)) for stretch in races(told)]
    return Races(messages, found, alike)


def _race(stage: _Stage, told: Sequence[Said], stretch: range, most: int, seed: str) -> Race:
    inner = within(told, stretch)
    possible, every = worlds(inner, most, seed)
    with stage.after(stretch.start):
        ends: dict[tuple[int, ...], Mapping[str, Any]] = {}
        for number, world in enumerate(possible, 1):
            stage.doing(f"course {number} of {len(possible)}")
            ends[world] = stage.ending([stretch[one] for one in world])
    seen = ends[possible[0]]
    endings: list[Ending] = []
    for record in ends.values():
        if all(ending.record != record for ending in endings):
            alike = [world for world, end in ends.items() if end == record]
            example = [stretch[one] for one in alike[0]]
            endings.append(Ending(record, len(alike), example, assumed=record == seen))
    left = [_distinct(ends, {*range(count)}) for count in range(len(inner) + 1)]
    pairs = [(a, b) for a, b in crossings(told) if a in stretch and b in stretch]
    endings.sort(key=lambda ending: (not ending.assumed, -ending.worlds))
    return Race(stretch, pairs, len(possible), every, endings, left)


def _distinct(ends: Mapping[tuple[int, ...], Mapping[str, Any]], seen: AbstractSet[int]) -> int:
    """How many endings the worlds have in which these messages were there."""
    found: list[Mapping[str, Any]] = []
    for world, record in ends.items():
        if seen <= {*world} and record not in found:
            found.append(record)
    return len(found)


def _read(row: Row) -> Read | None:
    """The line of a message, if it can be read."""
    if row.wire is None:
        return None
    found = item(SOURCE, row.wire.seq, row.wire.raw)
    return found if isinstance(found, Read) else None


def _said(messages: Sequence[Row], rows: Sequence[Row]) -> list[Said]:
    numbers = {id(row): number for number, row in enumerate(messages)}
    asking = {
        id(row.caused_by)
        for row in rows
        if row.recorded is not None and isinstance(row.recorded.event, ASKING)
    }
    return [
        Said(
            at=row.observed_at,
            occurred_at=row.occurred_at if row.direction == "received" else None,
            ours=row.direction != "received",
            asks=row.direction == "sent" and id(row) in asking,
            answers=None if row.answers is None else numbers.get(id(row.answers)),
        )
        for row in messages
    ]


class _Stage:
    """Plays messages about an order into databases of their own."""

    def __init__(
        self, settings: Settings, directory: Path, names: Names, items: Sequence[Read], doing: Doing
    ) -> None:
        self.doing = doing
        self._settings = settings
        self._directory = directory
        self._names = names
        self._items = items
        self._head: Path | None = None

    @classmethod
    @contextmanager
    def over(cls, app: App, key: UUID, messages: Sequence[Row], doing: Doing) -> Generator[_Stage]:
        """A stage for the messages of an order."""
        names = [
            (Account(row.venue, row.account), Name(NameKind(row.kind), row.name))
            for row in app.store.log.names_of(key)
        ]
        items = [one for one in map(_read, messages) if one is not None]
        with tempfile.TemporaryDirectory(prefix="breakwater-races-") as directory:
            yield cls(app.settings, Path(directory), names, items, doing)

    @contextmanager
    def after(self, count: int) -> Generator[None]:
        """While it lasts, what is played comes after so many messages, which are played once."""
        self._head = self._directory / "head.db"
        with self._opened(self._head) as app:
            app.ingest([(SOURCE, self._items[:count])])
        yield
        self._clear("head.db")
        self._head = None

    def ending(self, world: Sequence[int]) -> Mapping[str, Any]:
        """How the order stands when these messages have come, at the times that there are."""
        return self._played(world, _ending)

    def figures(self, world: Sequence[int]) -> Mapping[str, Any]:
        """The figures of the order alone."""
        return self._played(world, _figures)

    def _played(self, world: Sequence[int], ask: Ask) -> Mapping[str, Any]:
        lines = [self._items[number].line for number in world]
        items = [
            replace(self._items[number], line=replace(line, at=at))
            for number, line, at in zip(world, lines, sorted(one.at for one in lines), strict=True)
        ]
        file = self._directory / "world.db"
        if self._head is not None:
            shutil.copy(self._head, file)
        try:
            with self._opened(file) as app:
                app.ingest([(SOURCE, items)])
                keys = list(app.store.resolve(self._names).values())
                with app.reading() as connection:
                    return ask(connection, keys)
        finally:
            self._clear("world.db")

    @contextmanager
    def _opened(self, file: Path) -> Generator[App]:
        changed = {"database_url": f"sqlite:///{file}", "durability": "off", "workers": 1}
        with opened(self._settings.model_copy(update=changed)) as app:
            yield app

    def _clear(self, name: str) -> None:
        for file in self._directory.glob(f"{name}*"):
            file.unlink()


def _figures(connection: Connection, keys: Sequence[UUID]) -> Mapping[str, Any]:
    """The figures of the order that goes by one of these keys; empty when there is none."""
    columns = [orders.c[name] for name in FIGURES]
    query = select(*columns).where(orders.c.order_key.in_([str(key) for key in keys]))
    row = connection.execute(query.order_by(orders.c.order_key)).mappings().first()
    told: Mapping[str, Any] = machine({} if row is None else dict(row))
    return told


def _ending(connection: Connection, keys: Sequence[UUID]) -> Mapping[str, Any]:
    """The figures and the open breaks, as of the newest message."""
    at = queries.as_of(connection)
    names = {str(key) for key in keys}
    found: Iterable[Mapping[str, Any]] = () if at is None else evident(connection, at)
    codes = sorted({flag["code"] for flag in found if flag["order_key"] in names})
    return {**_figures(connection, keys), "breaks": codes}


__all__ = ["BUCKETS", "Ending", "Race", "Races", "races_of"]
