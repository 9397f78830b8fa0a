"""`breakwater ingest`: recordings into the log, with progress on a terminal."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

from adapters.bootstrap import App, Tally, open_files
from adapters.cli.context import app_of
from adapters.cli.exits import NotFound
from adapters.cli.listing import Json, dumps


def ingest(
    context: typer.Context,
    captures: Annotated[
        list[str], typer.Argument(help="Captures (.ndjson, .gz, .zst, HAR); - is standard input.")
    ],
    venue: Annotated[
        str | None, typer.Option(help="Whose traffic a HAR holds, when its hosts do not tell.")
    ] = None,
    account: Annotated[
        str | None, typer.Option(help="The account of a HAR, when its messages do not tell.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Read recordings into the log and keep the projections current.

    Lines that the log holds are skipped, so reading again finishes what was interrupted.
    """
    missing = [name for name in captures if name != "-" and not Path(name).exists()]
    if missing:
        raise NotFound(f"no such file: {', '.join(missing)}; check the path and try again")
    with app_of(context) as app:
        tally = read_all(app, captures, venue, account)
    typer.echo(dumps(record_of(tally)) if as_json else sentence(tally))


def record_of(tally: Tally) -> dict[str, int]:
    """The tally for programs."""
    return {
        "lines": tally.lines,
        "read": tally.read,
        "known": tally.known,
        "set_aside": tally.set_aside,
        "events": tally.events,
        "position": tally.position,
    }


def sentence(tally: Tally) -> str:
    """The tally for people."""
    text = (
        f"{tally.lines} lines: {tally.read} read, {tally.known} known already, "
        f"{tally.set_aside} set aside; {tally.events} events, log at {tally.position}."
    )
    if tally.set_aside:
        text += " See `breakwater quarantine` for what was set aside."
    return text


def read_all(
    app: App, captures: list[str], venue: str | None = None, account: str | None = None
) -> Tally:
    """Ingest the files, showing a bar on standard error when that is a terminal."""
    if not sys.stderr.isatty():
        return app.ingest(open_files(captures, venue=venue, account=account))
    total = sum(Path(name).stat().st_size for name in captures if name != "-")
    bar = Progress(
        TextColumn("[bold]reading"),
        BarColumn(),
        DownloadColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    )
    with bar:
        task = bar.add_task("reading", total=total or None)
        done = 0
        last = 0

        def heard(read: int) -> None:
            nonlocal done, last
            if read < last:  # the next file has begun
                done += last
            last = read
            bar.update(task, completed=done + read)

        return app.ingest(open_files(captures, heard, venue=venue, account=account))
