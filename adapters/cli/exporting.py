"""`breakwater export`: report lines into files for a warehouse, each line issued once."""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime
from enum import Enum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.status import Status

from adapters.bootstrap_export import DATASETS, Issued, Span, Wanted, export, left_out
from adapters.cli.context import app_of
from adapters.cli.exits import Usage
from adapters.cli.listing import Column, Csv, Json, Ndjson, chosen, show


class Kind(Enum):
    """As what the lines are written."""

    PARQUET = "parquet"
    CSV = "csv"
    NDJSON = "ndjson"
    SQLITE = "sqlite"


_COLUMNS = (
    Column("dataset", "dataset"),
    Column("files", "files", right=True),
    Column("new", "new", right=True),
    Column("corrections", "corrections", right=True),
    Column("cancels", "cancels", right=True),
    Column("position", "position", right=True),
)


def export_command(
    context: typer.Context,
    kind: Annotated[Kind, typer.Argument(help="As what the lines are written.")],
    directory: Annotated[
        Path, typer.Option("--output", "-o", help="The directory; it remembers what it was given.")
    ],
    first: Annotated[
        str | None, typer.Option("--from", help="The first UTC day, such as 2026-11-20.")
    ] = None,
    last: Annotated[str | None, typer.Option("--to", help="The last UTC day, which is in.")] = None,
    dataset: Annotated[
        list[str] | None,
        typer.Option(help=f"Only this one; repeatable. There are {', '.join(DATASETS)}."),
    ] = None,
    after: Annotated[
        int | None,
        typer.Option(
            min=0,
            help="Only what events behind this log position tell; nothing is taken back then.",
        ),
    ] = None,
    as_json: Json = False,
    ndjson: Ndjson = False,
    as_csv: Csv = False,
) -> None:
    """Write orders, fills, cancels, breaks, days and events as files, by day and venue.

    What the directory was given before is not written again. A line that changed since is written
    as a CORRECTION, one that is no more as a CANCEL, each with the log position that it was
    computed at. manifest.json tells every file. The same log gives the same bytes.
    """
    form = chosen(as_json=as_json, ndjson=ndjson, as_csv=as_csv)
    wanted = Wanted(
        directory=directory,
        kind=kind.value,
        datasets=_datasets(dataset),
        span=_span(first, last),
        after=after,
    )
    with app_of(context) as app, _status() as status:
        issued = export(
            app, wanted, lambda name, count: status.update(f"exporting {name} … {count:,} lines")
        )
        lacking = left_out(app, wanted.datasets)
    if lacking:
        typer.echo(
            f"{', '.join(lacking)} left streams out: lines about them are missing or old; "
            "see `breakwater doctor`",
            err=True,
        )
    show((told._asdict() for told in issued), form, Issued._fields, _COLUMNS, str(directory))


def _status() -> Status:
    return Status("exporting …", console=Console(stderr=True, quiet=not sys.stderr.isatty()))


def _datasets(names: list[str] | None) -> list[str]:
    unknown = [name for name in names or () if name not in DATASETS]
    if unknown:
        raise Usage(f"there is no dataset {', '.join(unknown)}; there are {', '.join(DATASETS)}")
    return [name for name in DATASETS if not names or name in names]


def _span(first: str | None, last: str | None) -> Span:
    span = Span(_day(first), _day(last))
    if span.first is not None and span.last is not None and span.first > span.last:
        raise Usage(f"--from {span.first} is after --to {span.last}")
    return span


def _day(text: str | None) -> str | None:
    """A day; of a time, its UTC day."""
    if text is None:
        return None
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        pass
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise Usage(f"{text!r} is no day; try 2026-11-20") from None
    if moment.tzinfo is None:
        raise Usage(f"{text!r} has no zone; try {moment.date().isoformat()}")
    return moment.astimezone(UTC).date().isoformat()
