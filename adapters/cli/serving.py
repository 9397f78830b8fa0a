"""`breakwater serve`: the venues' own APIs on one port, everything recorded."""

from __future__ import annotations

import asyncio
import logging
from typing import Annotated

import typer

from adapters.cli.context import app_of
from adapters.cli.log_lines import log_lines
from adapters.serving import GATEWAYS, Listening, Upstream, serve, service


def serve_command(
    context: typer.Context,
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="The port to listen on.")] = 8000,
    upstream: Annotated[
        str | None,
        typer.Option(
            metavar="VENUE=URL", help="Pass this venue's requests on to it, and record both ways."
        ),
    ] = None,
    account: Annotated[
        str | None,
        typer.Option(help="With --upstream: whose traffic it is (an account for each key)."),
    ] = None,
    quiet: Annotated[
        bool, typer.Option("--quiet", help="Log faults alone, not every request.")
    ] = False,
) -> None:
    """Serve the venues' APIs over the paper venue and record whatever their callers do."""
    there = None if upstream is None else _upstream(upstream, account)
    with app_of(context) as app, service(app, there) as application:
        typer.echo(
            f"serving {', '.join(GATEWAYS)} on http://{host}:{port}; "
            "`breakwater keys create` makes a key; Ctrl-C ends",
            err=True,
        )
        log_lines(logging.WARNING if quiet else logging.INFO)
        asyncio.run(serve(application, Listening(host, port)))


def _upstream(text: str, account: str | None) -> Upstream:
    venue, _, url = text.partition("=")
    if venue not in GATEWAYS or not url.startswith(("https://", "http://")):
        raise typer.BadParameter(
            f"--upstream takes VENUE=URL with one of {', '.join(GATEWAYS)}, not {text!r}"
        )
    return Upstream(venue, url, account)
