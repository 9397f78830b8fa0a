"""`breakwater report incident`: one page for people who were not there."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated

import typer

from adapters.bootstrap_report import incident_of, page
from adapters.bootstrap_timeline import Window, write_text
from adapters.cli.context import app_of
from adapters.cli.exits import NotFound, Usage
from adapters.cli.moments import between
from adapters.cli.options import AccountName, Venue
from adapters.cli.timeline import Market, Since, Until, told_of
from adapters.spelling import machine
from projections.queries import Only

report = typer.Typer(help="Pages for people who have no terminal.", no_args_is_help=True)


@report.command("incident")
def incident(
    context: typer.Context,
    named: Annotated[str | None, typer.Argument(metavar="ORDER", help="As with --order.")] = None,
    order: Annotated[
        str | None,
        typer.Option(help="One order: its key, the venue's id or the client's reference."),
    ] = None,
    market: Market = None,
    venue: Venue = None,
    account: AccountName = None,
    since: Since = None,
    until: Until = None,
    output: Annotated[
        Path, typer.Option("-o", "--output", help="The page that is written.")
    ] = Path("incident.html"),
) -> None:
    """Write what happened, what it cost and what to do as one page: no network, no script."""
    if named is not None and order is not None and named != order:
        raise Usage("name one order; for several, --market or --account")
    window = Window(*between(since, until))
    only = Only(venue, account, market)
    with app_of(context) as app:
        told = told_of(app, named or order, only, window)
        found = incident_of(app, told, _command(named or order, only, window))
        if found is None:
            raise NotFound("nothing was recorded yet; try `breakwater ingest`")
    write_text(output, page(found))
    typer.echo(
        f"{output}: {len(told.rows)} rows, {len(found.breaks)} breaks, "
        f"{len(found.to_do)} to be worked.",
        err=True,
    )


def _command(order: str | None, only: Only, window: Window) -> str:
    """The timeline's command, as somebody would type it."""
    options = (
        ("--market", only.market),
        ("--venue", only.venue),
        ("--account", only.account),
        ("--from", machine(window.since)),
        ("--to", machine(window.until)),
    )
    told = [word for name, value in options if value is not None for word in (name, value)]
    words = ["breakwater", "timeline", *([] if order is None else [order]), *told]
    return shlex.join(words)
