"""Reading the log: in order, by stream, by wire line, by name. Readers wait for nobody."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, TypeVar
from uuid import UUID

from sqlalchemy import (
    Engine,
)

from adapters.eventlog.driver import (
    Lost,
    Row,
    Statement,
    compiled,
    connected,
    explained,
    fetch,
    is_sqlite,
    snapshot,
    stream_value,
    streamed,
)
from adapters.eventlog.errors import Damaged, Unreachable
from adapters.eventlog.queries import NAMES_AT_ONCE, PAGE, STREAMS_AT_ONCE, queries
from adapters.eventlog.rows import Gap, Head, LogRow, NameKey, NameRow, QuarantineRow, WireRow

TRIES_MAX: Final = 6
"""How often a lost connection is made anew: 0.05 s later, then each time twice as late."""
PAUSE_S: Final = 0.05
EVERY_STREAM: Final = (UUID(int=0), UUID(int=(1 << 128) - 1))

Result = TypeVar("Result")


class LogReader:
    """What the log says. Connections that die are made anew; then `Unreachable` is raised."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._sqlite = is_sqlite(engine)
        self._sql = {
            key: compiled(engine, statement)
            for key, statement in queries(sqlite=self._sqlite).items()
        }
        self._capture_names: dict[int, str] = {}

    def head(self) -> Head:
        """The last position, 0 for an empty log, and the hash that vouches for all before it."""
        rows = self._fetch("head")
        if not rows:
            raise Damaged("the log has no head; run `breakwater verify`")
        return Head(*rows[0])

    def after(self, position: int, limit: int) -> list[LogRow]:
        """Up to `limit` events after `position`, in log order; none is ever skipped."""
        return self._log_rows(self._fetch("after", position=position, most=limit))

    def streams(self, ids: Sequence[UUID]) -> list[LogRow]:
        """Every event of each of the streams: stream after stream, in order of version."""
        wanted = sorted(set(ids))
        if not wanted:
            return []
        if not self._sqlite:
            return self._log_rows(self._fetch_sql(STREAMS_AT_ONCE, {"streams": wanted}))
        rows = self._each("stream", [{"stream": stream.bytes} for stream in wanted])
        return self._log_rows([row for found in rows for row in found])

    def by_stream(
        self, upto: int | None = None, *, between: tuple[UUID, UUID] = EVERY_STREAM
    ) -> Iterator[LogRow]:
        """The log up to a position (now: all of it) ordered by stream and version, page by page.

        `between` two ids, these included. No transaction stays open in between: the log only
        grows, so the pages fit each other.
        """
        last = self.head().position if upto is None else upto
        stream, upto_stream = (stream_value(self.engine, key) for key in between)
        version = 0
        while True:
            rows = self._fetch(
                "by_stream", stream=stream, version=version, upto=upto_stream, last=last
            )
            yield from self._log_rows(rows)
            if len(rows) < PAGE:
                return
            stream, version = rows[-1][1], rows[-1][2]

    def known_lines(self, capture: str, seqs: Iterable[int]) -> dict[int, bytes]:
        """Those of the lines that the log has, each with the digest of what it has."""
        number = self._capture_id(capture)
        if number is None:
            return {}
        wanted = list(seqs)
        parameter: Any = json.dumps(wanted) if self._sqlite else wanted
        return dict(self._fetch("lines", number=number, seqs=parameter))

    def exchange_lines(self, capture: str, exchange: str) -> list[WireRow]:
        """The lines of one exchange, in their order."""
        number = self._capture_id(capture)
        rows = [] if number is None else self._fetch("exchange", number=number, name=exchange)
        return [WireRow(capture, *row[1:]) for row in rows]

    def held_exchanges(self) -> list[tuple[str, str]]:
        """Capture and exchange of every line that still waits for its request."""
        rows = self._fetch("held")
        return sorted((self._capture(number), exchange) for number, exchange in rows)

    def observed_at(self, capture: str, seq: int) -> int:
        """When this side saw a line; raise `LookupError` when the log does not have it."""
        number = self._capture_id(capture)
        rows = [] if number is None else self._fetch("observed", number=number, seq=seq)
        if not rows:
            raise LookupError(f"line {seq} of capture {capture!r} is not in the log")
        return int(rows[0][0])

    def outcome_of(self, capture: str, seq: int) -> str | None:
        """What became of a line; None when the log does not have it."""
        number = self._capture_id(capture)
        rows = [] if number is None else self._fetch("outcome", number=number, seq=seq)
        return str(rows[0][0]) if rows else None

    def gaps(self, capture: str) -> list[Gap]:
        """Each stretch of lines that a capture jumps over, between lines that the log has."""
        number = self._capture_id(capture)
        rows = [] if number is None else self._fetch("gaps", number=number)
        return [Gap(before + 1, following - 1) for before, following in rows]

    def resolve(self, wanted: Sequence[NameKey]) -> dict[NameKey, UUID]:
        """The stream of each name that is known."""
        if not wanted:
            return {}
        if self._sqlite:
            keys = [
                {"venue": venue, "account": account, "kind": kind, "name": name}
                for venue, account, kind, name in wanted
            ]
            found = zip(wanted, self._each("name", keys), strict=True)
            return {key: UUID(bytes=rows[0][0]) for key, rows in found if rows}
        columns = (list(column) for column in zip(*wanted, strict=True))
        keywords: tuple[str, ...] = ("venues", "accounts", "kinds", "names")
        parameters: dict[str, object] = dict(zip(keywords, columns, strict=True))
        return {row[:4]: row[4] for row in self._fetch_sql(NAMES_AT_ONCE, parameters)}

    def names_of(self, stream: UUID) -> list[NameRow]:
        """Every name of a stream."""
        key: Any = stream.bytes if self._sqlite else stream
        return [NameRow._make((*row[:4], stream)) for row in self._fetch("names_of", stream=key)]

    def every_name(self) -> Iterator[NameRow]:
        """Every name of the log as it is now, stream after stream, in flat memory."""
        with snapshot(self.engine) as connection:
            for *texts, key in streamed(connection, self._sql["every_name"]):
                yield NameRow._make((*texts, UUID(bytes=key) if self._sqlite else key))

    def quarantined(self) -> list[QuarantineRow]:
        """Everything that was set aside, in the order of its sources and lines."""
        return [QuarantineRow._make((*row[:8], bool(row[8]))) for row in self._fetch("quarantine")]

    def _capture_id(self, capture: str) -> int | None:
        for number, name in self._capture_names.items():
            if name == capture:
                return number
        self._capture_names = dict(self._fetch("captures"))
        return next((n for n, name in self._capture_names.items() if name == capture), None)

    def _capture(self, number: int) -> str:
        if number not in self._capture_names:
            self._capture_names = dict(self._fetch("captures"))
        return self._capture_names[number]

    def _log_rows(self, rows: list[Row]) -> list[LogRow]:
        capture = self._capture_names
        if any(row[6] is not None and row[6] not in capture for row in rows):
            capture = self._capture_names = dict(self._fetch("captures"))
        make = LogRow._make
        if not self._sqlite:
            return [make((*row[:6], capture.get(row[6]), row[7])) for row in rows]
        streams: dict[bytes, UUID] = {}
        found: list[LogRow] = []
        for position, key, version, topic, state, at, number, seq in rows:
            stream = streams.get(key)
            if stream is None:
                stream = streams[key] = UUID(bytes=key)
            found.append(
                LogRow(position, stream, version, topic, state, at, capture.get(number), seq)
            )
        return found

    def _fetch(self, key: str, **parameters: object) -> list[Row]:
        return self._fetch_sql(self._sql[key], parameters)

    def _fetch_sql(self, statement: Statement, parameters: Mapping[str, object]) -> list[Row]:
        def run() -> list[Row]:
            with connected(self.engine) as connection:
                return fetch(connection, statement, parameters)

        return persistently(self.engine, run)

    def _each(self, key: str, keys: Sequence[Mapping[str, object]]) -> list[list[Row]]:
        """The rows of one query for each of `keys`, on one connection."""

        def run() -> list[list[Row]]:
            with connected(self.engine) as connection:
                return [fetch(connection, self._sql[key], each) for each in keys]

        return persistently(self.engine, run)


def persistently(engine: Engine, run: Callable[[], Result]) -> Result:
    """The result of `run`, tried again when the connection died; then `Unreachable`."""
    lost = Lost("it was never reached")
    for attempt in range(TRIES_MAX):
        try:
            return run()
        except Lost as error:
            lost = error
        except Exception as error:
            better = explained(engine, error)
            if better is error:
                raise
            raise better from error
        pause(attempt)
    raise gave_up(engine, lost) from lost


def pause(attempt: int) -> None:
    """Wait before another try; each time twice as long."""
    time.sleep(PAUSE_S * 2**attempt)


def gave_up(engine: Engine, lost: Lost) -> Unreachable:
    """Every try found the connection dead."""
    shown = engine.url.render_as_string(hide_password=True)
    return Unreachable(
        f"{shown} cannot be reached after {TRIES_MAX} tries: {str(lost).splitlines()[0]}; "
        "check that it runs and that the address is right, then try again"
    )
