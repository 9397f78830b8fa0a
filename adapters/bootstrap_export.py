"""The part of bootstrap that gives a warehouse its files: views and events into partitions."""

from __future__ import annotations

import sqlite3
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import msgspec
from sqlalchemy import Connection

from adapters.bootstrap import App
from adapters.collecting import collected_rarely
from adapters.eventlog.errors import Damaged
from adapters.eventlog.heads import head_at
from adapters.publishing.cloudevents import told
from adapters.warehouse.exporting import CannotWrite, Issued, Log, Outlet
from adapters.warehouse.issuing import Progress, Task
from adapters.warehouse.parquet import BEYOND
from adapters.warehouse.partitions import PARTS
from adapters.warehouse.shape import ISSUED, Shape
from adapters.warehouse.sorting import sorted_lines
from projections import queries
from projections.report_lines import EVER, ReportLine, Span, hold, reached, report_lines
from projections.reporting import Told, columns
from projections.reporting_v1 import VIEWS
from projections.swapping import one_snapshot

__all__ = ["BEYOND", "DATASETS", "ISSUED", "KINDS", "Issued", "Span", "Wanted", "export"]

PAGE = 2_000
EVENTS = "events"
DATASETS: Sequence[str] = (*VIEWS, EVENTS)
KINDS: Sequence[str] = tuple(PARTS)

EVENT_COLUMNS: tuple[Told, ...] = columns("""
position        whole   Where it stands in the log.
event_id        text    Its id: the same on every machine that reads the same captures.
type            text    What happened: our stored name and version.
subject         text    What it happened to: orders/, cancels/, runs/, notices/ or desk/ and an id.
stream_version  whole   The how manieth event of its subject it is.
venue           text    Which venue.
account         text    Whose.
occurred_at     moment  When, by the venue's clock, where the venue says.
observed_at     moment  When this side saw or sent the message.
recorded_at     moment  When the log took it.
capture         text    The recording whose line caused it.
seq             whole   The line.
data            text    The event itself, as the feed has it (docs/feed): JSON, amounts as texts.
day             day     The UTC day of observed_at.
""")
EVENT_SHAPE = Shape(EVENTS, 1, EVENT_COLUMNS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What an export is asked for. `after` narrows to what events behind that position tell."""

    directory: Path
    kind: str
    datasets: Sequence[str] = DATASETS
    span: Span = EVER
    after: int | None = None


def export(app: App, wanted: Wanted, progress: Progress) -> list[Issued]:
    """Issue what is new, changed or gone since the last export into the directory."""
    with app.reading() as connection, collected_rarely():
        one_snapshot(connection)
        views = [VIEWS[name] for name in wanted.datasets if name != EVENTS]
        hold(connection, list(VIEWS.values()))
        position = min(reached(connection, view) for view in VIEWS.values())
        log = Log(position, partial(_hash_at, connection))
        with _outlet(wanted, log) as outlet:
            tasks = [
                Task(
                    Shape(view.dataset, view.version, view.columns),
                    wanted.span,
                    report_lines(connection, view, wanted.span, wanted.after),
                    position,
                    part=wanted.after is not None,
                )
                for view in views
            ]
            if EVENTS in wanted.datasets:
                tasks.append(_events(app, wanted, outlet, position))
            return outlet.run(tasks, progress)


def left_out(app: App, datasets: Sequence[str]) -> Sequence[str]:
    """The read models behind these datasets that could not take a stream: lines lack it."""
    behind = {name for one in datasets if one in VIEWS for name in VIEWS[one].follows}
    with app.reading() as connection:
        return sorted(behind & {row["projection"] for row in queries.buried(connection)})


@contextmanager
def _outlet(wanted: Wanted, log: Log) -> Generator[Outlet]:
    """The directory; what the disk does not take is told as that."""
    try:
        with closing(Outlet(wanted.directory, wanted.kind, log)) as outlet:
            yield outlet
    except BrokenPipeError:
        raise  # it is about our own output
    except (OSError, sqlite3.OperationalError) as error:
        raise CannotWrite(wanted.directory, error) from error


def _hash_at(connection: Connection, position: int) -> str:
    return head_at(connection, position).hash.hex()


class _Event(msgspec.Struct):
    """What is read of an event as the feed tells it."""

    id: str
    type: str
    subject: str
    position: int
    streamversion: int
    venue: str
    account: str
    observedtime: str
    recordedtime: str
    data: msgspec.Raw
    occurredtime: str | None = None
    capture: str | None = None
    seq: int | None = None


_read = msgspec.json.Decoder(_Event).decode


def _events(app: App, wanted: Wanted, outlet: Outlet, position: int) -> Task:
    """The events that no earlier run has issued; they never change, so none is remembered."""
    covered = outlet.memory.covered(EVENTS)
    since = wanted.after or 0
    begin = max(
        [
            since,
            *(
                one.position
                for one in covered
                if one.since <= since and one.span.holds(wanted.span)
            ),
        ]
    )

    def fresh() -> Iterator[ReportLine]:
        for line in _event_lines(app, begin, position):
            known = any(
                one.since < line.position <= one.position and line.day in one.span
                for one in covered
            )
            if line.day in wanted.span and not known:
                yield line

    lines = sorted_lines(fresh(), outlet.aside)
    return Task(EVENT_SHAPE, wanted.span, lines, position, since=since)


def _event_lines(app: App, after: int, until: int) -> Iterator[ReportLine]:
    while after < until:
        before = after
        for row in app.store.log.after(before, min(PAGE, until - before)):
            if row.position != after + 1:
                break
            yield _event_line(_read(told(*row).body))
            after = row.position
        if after < min(before + PAGE, until):
            raise Damaged(f"position {after + 1} is not in the log; run `breakwater verify`")


def _event_line(event: _Event) -> ReportLine:
    day = event.observedtime[:10]
    return ReportLine(
        day,
        event.venue,
        f"{event.position:020d}",
        event.position,
        (
            event.position,
            event.id,
            event.type,
            event.subject,
            event.streamversion,
            event.venue,
            event.account,
            _moment(event.occurredtime),
            _moment(event.observedtime),
            _moment(event.recordedtime),
            event.capture,
            event.seq,
            bytes(event.data).decode(),
            day,
        ),
    )


def _moment(told_at: str | None) -> str | None:
    """The time with microseconds, as the views tell times."""
    if told_at is None:
        return None
    seconds, _, rest = told_at.removesuffix("Z").partition(".")
    return f"{seconds}.{rest.ljust(6, '0')}Z"
