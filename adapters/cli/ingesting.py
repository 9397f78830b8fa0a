"""`breakwater ingest`: recordings into the log, with progress on a terminal."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from adapters.cli.context import app_of
from adapters.cli.exits import NotFound
from adapters.cli.listing import Json, dumps
from adapters.cli.progress import over_files

if TYPE_CHECKING:
    from adapters.bootstrap import App
    from adapters.bootstrap_ingest import Tally


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
    from adapters.bootstrap import open_files  # noqa: PLC0415 - the help needs none of it

    with over_files(captures) as heard:
        return app.ingest(open_files(captures, heard, venue=venue, account=account))
