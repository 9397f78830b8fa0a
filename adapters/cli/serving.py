"""`breakwater serve`: the venues' own APIs on one port, everything recorded."""

from __future__ import annotations

import asyncio
import logging
import sys
from typing import Annotated

import structlog
import typer

from adapters.cli.context import app_of
from adapters.serving import GATEWAYS, Listening, serve, service


def serve_command(
    context: typer.Context,
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="The port to listen on.")] = 8000,
    quiet: Annotated[
        bool, typer.Option("--quiet", help="Log faults alone, not every request.")
    ] = False,
) -> None:
    """Serve the venues' APIs over the paper venue and record whatever their callers do."""
    with app_of(context) as app, service(app) as application:
        typer.echo(
            f"serving {', '.join(GATEWAYS)} on http://{host}:{port}; "
            "`breakwater keys create` makes a key; Ctrl-C ends",
            err=True,
        )
        _log_lines(logging.WARNING if quiet else logging.INFO)
        asyncio.run(serve(application, Listening(host, port)))


def _log_lines(level: int) -> None:
    """One JSON object a line on standard error: for whoever reads the logs of a service."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        wrapper_class=structlog.make_filtering_bound_logger(level),
    )
