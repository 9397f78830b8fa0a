"""The part of what meets that holds two sets of books against each other."""

from __future__ import annotations

from collections.abc import Callable, Generator, Hashable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from adapters.bootstrap import App, open_files, opened
from adapters.bootstrap_replay import Chunks, apart, of_files, of_log, private, replayed
from adapters.bootstrap_without import NoSelector, replay_without, selectors
from adapters.replaying.changes import Change, Keyed, Kind, Record, changes
from adapters.replaying.divergence import Divergence, Row, first_divergence
from adapters.settings import Settings
from domain.flags.rule_change import NoVersions, versions
from domain.wire import Item
from projections import compared, queries
from projections.rule_change import Between, changed_flags

__all__ = [
    "Change",
    "Difference",
    "Divergence",
    "Kind",
    "NoSelector",
    "NoVersions",
    "Side",
    "differences",
    "side_of",
]

_SQLITE = b"SQLite format 3\0"


@dataclass(frozen=True, slots=True)
class Side:
    """One of two books: a database by its URL, or a recording that is read for the purpose."""

    text: str
    url: str | None = None

    def chunks(self, app: App | None) -> Chunks:
        """Its traffic, as it was taken."""
        if app is not None:
            return of_log(app, _every)
        return of_files(open_files([self.text]), _every)


def side_of(text: str) -> Side:
    """What the text names; `FileNotFoundError` when there is no such file.

    A file of SQLite that is not there is not made: nothing would be in it.
    """
    if "://" in text:
        _, _, file = text.partition(":///")
        if text.startswith("sqlite") and file:
            _there(file.partition("?")[0])
        return Side(text, text)
    if text != "-":
        _there(text)
        with Path(text).open("rb") as stream:
            if stream.read(len(_SQLITE)) == _SQLITE:
                return Side(text, f"sqlite:///{Path(text).absolute()}")
    return Side(text)


def _there(file: str) -> None:
    if Path(file).is_dir():
        raise IsADirectoryError(f"{file} is a directory; name a database or a capture in it")
    if not Path(file).exists():
        raise FileNotFoundError(f"no such file: {file}; check the path and try again")


@dataclass(frozen=True, slots=True)
class Difference:
    """Two books and how they are held against each other.

    `replays`: the second is a replay of the first, which has what no line caused as it was.
    `idle`: the selectors that found no message to leave out.
    """

    a: App
    b: App
    replays: bool = False
    idle: Sequence[str] = ()

    @property
    def at(self) -> datetime | None:
        """The moment that the flags of both are judged at: the newest that either has seen."""
        times = [self._as_of(app) for app in (self.a, self.b)]
        return max((time for time in times if time is not None), default=None)

    def orders(self) -> Iterator[Change]:
        """The orders that differ; one under another key is found by its names."""
        with self.a.reading() as a, self.b.reading() as b:
            yield from changes(compared.order_rows(a), compared.order_rows(b), _order_names)

    def flags(self) -> Iterator[Change]:
        """The flags that differ, of both kinds, open or closed."""
        at = self.at
        if at is None:
            return
        with self.a.reading() as a, self.b.reading() as b:
            yield from changes(compared.flag_rows(a, at), compared.flag_rows(b, at))

    def fills(self) -> Iterator[Change]:
        """The matches that differ."""
        with self.a.reading() as a, self.b.reading() as b:
            yield from changes(compared.fill_rows(a), compared.fill_rows(b))

    def cancels(self) -> Iterator[Change]:
        """The cancel requests that differ, by themselves or in an outcome."""
        with self.a.reading() as a, self.b.reading() as b:
            yield from changes(compared.cancel_rows(a), compared.cancel_rows(b))

    def activity(self) -> Iterator[Change]:
        """The days whose counts differ."""
        with self.a.reading() as a, self.b.reading() as b:
            yield from changes(compared.activity_rows(a), compared.activity_rows(b))

    def divergence(self) -> Divergence | None:
        """The first event that is not the same in both logs."""
        counts: Callable[[Row], bool] = _from_the_wire if self.replays else _any_row
        logs = (self.a.store.log.by_stream(), self.b.store.log.by_stream())
        return first_divergence(*logs, counts, counts)

    def _as_of(self, app: App) -> datetime | None:
        with app.reading() as connection:
            return queries.as_of(connection)


@contextmanager
def differences(
    settings: Settings,
    a: Side,
    b: Side | None = None,
    without: Sequence[str] = (),
) -> Generator[Difference]:
    """Two books: of two sides; or of one, as stored, beside a replay of what it holds.

    With `without` both are replays, the second of them without the messages that are selected.
    """
    with ExitStack() as stack:
        stored = stack.enter_context(_stored(settings, a)) if a.url is not None else None
        if b is not None:
            first = stored or stack.enter_context(_read(settings, a.chunks(None)))
            second = stack.enter_context(read_side(settings, b))
            yield Difference(first, second)
            return
        if stored is not None and not without:
            again = stack.enter_context(_read(settings, a.chunks(stored)))
            yield Difference(stored, again, replays=True)
            return
        whole = stack.enter_context(_read(settings, a.chunks(stored)))
        cut = stack.enter_context(private(settings))
        counts = replay_without(cut, a.chunks(stored), selectors(whole, without))
        idle = [text for text, count in zip(without, counts, strict=True) if not count]
        yield Difference(whole, cut, replays=True, idle=idle)


@contextmanager
def read_side(settings: Settings, side: Side) -> Generator[App]:
    """The books of one side."""
    if side.url is not None:
        with _stored(settings, side) as app:
            yield app
    else:
        with _read(settings, side.chunks(None)) as app:
            yield app


@contextmanager
def _stored(settings: Settings, side: Side) -> Generator[App]:
    with opened(settings.model_copy(update={"database_url": side.url})) as app:
        app.runner.catch_up()
        yield app


@contextmanager
def _read(settings: Settings, chunks: Chunks) -> Generator[App]:
    with private(settings) as app:
        replayed(app, chunks)
        yield app


def _order_names(record: Record) -> list[Hashable]:
    owner = record["venue"], record["account"]
    names = ("venue_order_id", "client_order_id")
    return [(*owner, name, record[name]) for name in names if record[name] is not None]


def _every(_item: Item) -> bool:
    return True


def _any_row(_row: Row) -> bool:
    return True


def _from_the_wire(row: Row) -> bool:
    return row.capture is not None and not apart(row)


def rule_changes(app: App, rules: str) -> Iterator[Change]:
    """The flags that two versions of the rules do not tell alike; `NoVersions` for other texts."""
    old, new = versions(rules)
    with app.reading() as connection:
        at = queries.as_of(connection)
        if at is None:
            return
        for row in changed_flags(
            connection, app.store.by_stream(), Between(old, new, at, app.limits)
        ):
            yield _flag_change(row, at)


def _flag_change(row: Mapping[str, Any], at: datetime) -> Change:
    kind = Kind(row["change"])
    told = compared.flag_record(row, at)
    before = row["before"] if kind is Kind.CHANGED else None
    pair: tuple[list[Keyed], list[Keyed]] = ([], [])
    if kind is not Kind.ADDED:
        pair[0].append(
            (row["break_id"], told if before is None else compared.flag_record(before, at))
        )
    if kind is not Kind.REMOVED:
        pair[1].append((row["break_id"], told))
    (change,) = changes(*pair)
    return change
