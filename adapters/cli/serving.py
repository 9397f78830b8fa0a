"""`breakwater serve`: the venues' own APIs on one port, everything recorded."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer

from adapters.cli.context import app_of
from adapters.serving import GATEWAYS, Listening, serve, service


def serve_command(
    context: typer.Context,
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="The port to listen on.")] = 8000,
) -> None:
    """Serve the venues' APIs over the paper venue and record whatever their callers do."""
    with app_of(context) as app, service(app) as application:
        typer.echo(
            f"serving {', '.join(GATEWAYS)} on http://{host}:{port}; "
            "`breakwater keys create` makes a key; Ctrl-C ends",
            err=True,
        )
        asyncio.run(serve(application, Listening(host, port)))
