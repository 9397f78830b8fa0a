"""`breakwater publish`: the log's events, sent on as they come."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

import typer

from adapters.cli.context import app_of
from adapters.cli.exits import Usage
from adapters.cli.listing import dumps

publish = typer.Typer(help="Send the log's events on as they come.", no_args_is_help=True)


@publish.callback()
def _publish() -> None:
    """Send the log's events on as they come."""


@publish.command("nats")
def nats(
    context: typer.Context,
    url: Annotated[
        str | None,
        typer.Option(
            help="The server, as in nats://127.0.0.1:4222 or tls://user:password@host "
            "(setting nats_url: a password is better kept there)."
        ),
    ] = None,
    stream: Annotated[
        str, typer.Option(help="The stream of JetStream; made when there is none.")
    ] = "BREAKWATER",
    prefix: Annotated[
        str, typer.Option(help="How subjects begin: PREFIX.VENUE.ACCOUNT.")
    ] = "breakwater",
    from_start: Annotated[
        bool,
        typer.Option(
            "--from-start", help="Begin with the first event where the stream holds no message."
        ),
    ] = False,
    in_flight: Annotated[
        int,
        typer.Option(min=1, max=5_000, help="How many events may wait for acknowledgement."),
    ] = 256,
    once: Annotated[bool, typer.Option("--once", help="End when everything is published.")] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="What was done, as one JSON object.")
    ] = False,
) -> None:
    """Publish every event to NATS JetStream, in order and once, until told to stop.

    Each event is a CloudEvent on the subject of its account. It goes on behind the last event that
    the stream has, also after a crash; of several processes one publishes and the others wait.
    """
    from adapters.bootstrap_publishing import (  # noqa: PLC0415 - a tenth of a second, needed only here
        Publishing,
        Target,
    )

    with app_of(context, current=False) as app:
        secret = app.settings.nats_url
        address = url or (None if secret is None else secret.get_secret_value())
        if address is None:
            raise Usage("no server is named; give --url nats://HOST:4222 or set nats_url")
        target = Target(address, stream, prefix, from_start, in_flight)
        publishing = Publishing(app, target, lambda text: typer.echo(text, err=True))
        told = asyncio.run(publishing.run(once=once))
    typer.echo(dumps(told) if as_json else _sentence(told))


def _sentence(told: dict[str, Any]) -> str:
    return (
        f"published {told['published']} events to {len(told['subjects'])} subjects of "
        f"{told['stream']}, up to position {told['position']}; {told['behind']} behind"
    )
