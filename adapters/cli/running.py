"""`breakwater run`: listen to the venues, resolve what is unknown, compare; until told to end."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from typing import Annotated

import structlog
import typer
from rich.console import Console
from rich.live import Live
from rich.table import Table

from adapters.cli.context import settings_of
from adapters.cli.log_lines import log_lines
from adapters.cli.options import AccountName, Venue
from adapters.running import Standing, run
from adapters.speaking import lines_of


def run_command(
    context: typer.Context,
    venue: Venue = None,
    account: AccountName = None,
    health: Annotated[
        int | None,
        typer.Option(min=1, max=65535, help="Serve /livez and /readyz on this port."),
    ] = None,
    quiet: Annotated[
        bool, typer.Option("--quiet", help="Log troubles alone, not every step.")
    ] = False,
) -> None:
    """Listen to the feeds of the accounts that are set, keep the books current, compare them.

    Ends with SIGTERM or Ctrl-C; what is under way is finished first.
    """
    settings = settings_of(context)
    lines = lines_of(settings, venue, account)
    with _shown(quiet=quiet) as show:
        run(settings, lines, show, health)


@contextmanager
def _shown(*, quiet: bool) -> Generator[Callable[[Sequence[Standing]], None]]:
    """A table that lives on a terminal; lines for whoever reads a log."""
    level = logging.WARNING if quiet else logging.INFO
    console = Console(stderr=True)
    if not console.is_terminal:
        log_lines(level)
        yield _nothing
        return
    structlog.configure(
        logger_factory=lambda *_names: structlog.PrintLogger(sys.stderr),  # above the table
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
    )
    with Live(console=console, refresh_per_second=2, redirect_stderr=True) as live:
        yield lambda standings: live.update(_table(standings))


def _nothing(_standings: Sequence[Standing]) -> None:
    """The log tells already."""


def _table(standings: Sequence[Standing]) -> Table:
    table = Table("venue", "account", "state", "messages", "gaps", "uncertain", "differences")
    for one in standings:
        owner, feed = one.line.owner, one.feed
        differences = "-" if one.differences is None else str(one.differences)
        figures = map(str, (feed.frames, feed.gaps, one.uncertain))
        table.add_row(owner.venue, owner.account, one.told, *figures, differences)
    return table
