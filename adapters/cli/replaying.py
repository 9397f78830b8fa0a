"""`breakwater replay`: recorded traffic, or what the log holds of it, read again."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import typer

from adapters.bootstrap import App, open_files, opened
from adapters.bootstrap_replay import (
    BATCH_LINES,
    Chunk,
    Chunks,
    Divergence,
    Only,
    Pace,
    Parted,
    Places,
    Replay,
    checked,
    into,
    line_count,
    of_files,
    of_log,
    paced,
    private,
    replayed,
    seen_by,
)
from adapters.cli.context import database_url, settings_of
from adapters.cli.exits import Exit, NotFound, Usage
from adapters.cli.listing import Json, dumps, say
from adapters.cli.moments import moment
from adapters.cli.progress import over_files, over_lines
from adapters.cli.replay_steps import Steps
from adapters.clock import utc_now
from adapters.settings import Settings
from projections.break_queries import break_list

Captures = Annotated[
    list[str] | None,
    typer.Argument(help="Captures (.ndjson, .gz, .zst, HAR); without any, the log's own lines."),
]
Until = Annotated[
    str | None, typer.Option(metavar="T", help="Only lines that were seen by this time.")
]
To = Annotated[
    int | None,
    typer.Option(min=1, metavar="POSITION", help="Stop before a line that would go past it."),
]
Step = Annotated[
    bool, typer.Option("--step", help="Show each line's events; on a terminal, wait for Enter.")
]
Speed = Annotated[
    float | None,
    typer.Option(min=0.001, metavar="X", help="Let lines come as they came, X times as fast."),
]
Into = Annotated[
    str | None,
    typer.Option("--into", metavar="DB", help="Keep the replay in this empty database."),
]
Held = Annotated[
    bool, typer.Option("--check", help="Compare with the log in use; stop where it differs.")
]


class Wanted(NamedTuple):
    """What is replayed, and how."""

    captures: Sequence[str]
    until: datetime | None
    to: int | None
    step: bool
    speed: float | None
    check: bool
    as_json: bool

    @property
    def shows(self) -> bool:
        """Each line is shown as it is read."""
        return self.step or self.speed is not None

    @property
    def size(self) -> int:
        """How many lines are read in one go."""
        return 1 if self.shows else BATCH_LINES


def replay(
    context: typer.Context,
    captures: Captures = None,
    until: Until = None,
    to: To = None,
    step: Step = False,
    speed: Speed = None,
    target: Into = None,
    check: Held = False,
    as_json: Json = False,
) -> None:
    """Read traffic again, into a log of its own: the same events, breaks and state hash.

    Without a capture the lines that the log holds are read anew, as this version of the program
    understands them. With --check every event is compared with the log in use: 1 when one differs.
    """
    wanted = Wanted(captures or (), moment(until, "--until"), to, step, speed, check, as_json)
    missing = [name for name in wanted.captures if name != "-" and not Path(name).exists()]
    if missing:
        raise NotFound(f"no such file: {', '.join(missing)}; check the path and try again")
    within = [name for name in wanted.captures if Path(name).is_dir()]
    if within:
        raise Usage(f"{within[0]} is a directory; name the captures in it")
    settings = settings_of(context)
    with _log(settings, wanted) as log, _target(settings, target) as app:
        differs: Divergence | None = None
        try:
            found = _run(log, app, wanted)
        except Parted as error:
            found, differs = None, error.divergence
        _told(app, found, differs, wanted)
    if differs is not None:
        raise typer.Exit(Exit.FINDINGS)


@contextmanager
def _log(settings: Settings, wanted: Wanted) -> Generator[App | None]:
    """The log in use, when it is asked for."""
    if wanted.captures and not wanted.check:
        yield None
        return
    with opened(settings) as log:
        if not line_count(log):
            raise NotFound(
                "the log in use holds no lines; name a capture, or another log with --database"
            )
        yield log


@contextmanager
def _target(settings: Settings, url: str | None) -> Generator[App]:
    with private(settings) if url is None else into(settings, database_url(url)) as app:
        yield app


def _run(log: App | None, app: App, wanted: Wanted) -> Replay:
    only = seen_by(wanted.until)
    with _chunks(log, wanted, only) as chunks:
        held = checked(log, app) if log is not None and wanted.check else None
        waits = wanted.step and sys.stdin.isatty() and "-" not in wanted.captures
        steps = Steps(app, as_json=wanted.as_json, waits=waits)

        def stored(chunk: Chunk, places: Places) -> None:
            if wanted.shows:
                steps.show(chunk)
            if held is not None:
                held.advance(places)

        speed = wanted.speed
        due = chunks if speed is None else paced(chunks, Pace(speed, utc_now, time.sleep))
        bound = wanted.to if wanted.captures else None
        found = replayed(app, due, stored, bound)
        if held is not None:
            held.finish(found.places)
    return found


@contextmanager
def _chunks(log: App | None, wanted: Wanted, only: Only) -> Generator[Chunks]:
    """What is read, with a bar while it is; lines that are shown one by one need none."""
    if wanted.captures:
        with nullcontext() if wanted.shows else over_files(wanted.captures, "replaying") as heard:
            yield of_files(open_files(wanted.captures, heard), only, wanted.size)
        return
    assert log is not None, "without captures the log's own lines are read"
    with nullcontext() if wanted.shows else over_lines(line_count(log), "replaying") as more:
        yield _counted(of_log(log, only, to=wanted.to, size=wanted.size), more)


def _counted(chunks: Chunks, more: Callable[[int], None] | None) -> Iterator[Chunk]:
    for chunk in chunks:
        yield chunk
        if more is not None:
            more(len(chunk.items))


def _told(app: App, found: Replay | None, differs: Divergence | None, wanted: Wanted) -> None:
    with app.reading() as connection:
        at = app.as_of(connection)
        count = 0 if at is None else sum(1 for _ in break_list(connection, at))
    record: dict[str, Any] = {
        "lines": None if found is None else found.lines,
        "set_aside": None if found is None else found.set_aside,
        "position": app.store.head(),
        "as_of": at,
        "breaks": count,
        "state_hash": app.state_hash(),
        "stopped": found is not None and found.stopped,
        "same": (differs is None) if wanted.check else None,
        "difference": None if differs is None else told_difference(differs),
    }
    if wanted.as_json:
        typer.echo(dumps(record))
    else:
        for line in _sentences(record, differs):
            say(line)


def _sentences(record: dict[str, Any], differs: Divergence | None) -> Iterator[str]:
    if differs is None:
        yield (
            f"replayed {record['lines']} lines, {record['set_aside']} set aside: log at "
            f"{record['position']}, {record['breaks']} breaks open."
        )
        yield f"state hash {record['state_hash']}"
        if record["stopped"]:
            yield "The next line would take the log past the position that was asked for."
    if record["same"]:
        yield "Every event is the same in the log in use."
    if differs is not None:
        yield from difference_sentences(differs, "the log in use", "the replay")


def told_difference(found: Divergence) -> dict[str, Any]:
    """Where two logs part, for programs."""
    return {**asdict(found), "stream": str(found.stream)}


def difference_sentences(found: Divergence, a: str, b: str) -> Iterator[str]:
    """Where two logs part, for people."""
    yield (
        f"first difference at position {found.position}: {found.event}, caused by capture "
        f"{found.capture!r} seq {found.seq}, event {found.event_id}"
    )
    yield f"  {found.field}: {_or_nothing(found.a)} in {a}, {_or_nothing(found.b)} in {b}"


def _or_nothing(text: str | None) -> str:
    return "nothing" if text is None else text
