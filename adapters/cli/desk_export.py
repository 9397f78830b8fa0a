"""`breakwater breaks export`: breaks as a file for somebody who has no terminal."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer

from adapters.bootstrap_desk import Sheet, head_of, severities_of, write_file
from adapters.cli.break_filters import (
    Age,
    Codes,
    Everything,
    Notes,
    Owner,
    Severities,
    Statuses,
    Unowned,
    described,
    wanted_of,
    with_figures,
)
from adapters.cli.context import app_of
from adapters.cli.listing import Record
from adapters.cli.options import AccountName, Now, Venue
from domain.flags.flag import RULES_VERSION
from projections.break_queries import BREAK_FIELDS, DESK_FIELDS, break_list
from projections.swapping import one_snapshot


def export(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="Where to: FILE.csv or FILE.xlsx.")],
    notes: Notes = False,
    everything: Everything = False,
    code: Codes = None,
    venue: Venue = None,
    account: AccountName = None,
    owner: Owner = None,
    unowned: Unowned = False,
    age: Age = None,
    status: Statuses = None,
    severity: Severities = None,
    now: Now = False,
) -> None:
    """Write breaks, with what the desk did, into a CSV file or a spreadsheet."""
    wanted = wanted_of(
        venue=venue,
        account=account,
        codes=code,
        owner=owner,
        unowned=unowned,
        age=age,
        statuses=status,
        severities=severity,
        notes=notes,
        everything=everything,
    )
    with app_of(context) as app, app.reading() as connection:
        one_snapshot(connection)
        head = head_of(connection)
        at = app.as_of(connection, now=now)

        def rows() -> Iterator[Record]:
            if at is None:
                return
            for record in break_list(connection, at, wanted, severities_of(app)):
                yield with_figures(record)

        about = (
            ("as of (UTC)", at),
            ("filters", described(wanted)),
            ("log position", head[0]),
            ("head hash", head[1]),
            ("rule version", RULES_VERSION),
            ("program version", version("breakwater")),
        )
        sheet = Sheet(
            title="breaks", fields=(*BREAK_FIELDS, *DESK_FIELDS), rows=rows(), about=about
        )
        count = write_file(file, sheet)
    typer.echo(f"{file}: {count} breaks, log at {head[0]}.", err=True)
