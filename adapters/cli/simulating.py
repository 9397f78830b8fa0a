"""`breakwater simulate`: a venue of our own that fails on request."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from adapters.cli.exits import Usage
from adapters.simulating import (
    SERVERS,
    Listening,
    Script,
    ScriptError,
    keys_for,
    made,
    read_script,
    simulate,
)


def simulate_command(
    venue: Annotated[str, typer.Argument(help=f"One of {', '.join(sorted(SERVERS))}.")],
    seed: Annotated[int, typer.Option(help="The same seed and requests, the same traffic.")] = 1,
    script: Annotated[
        Path | None, typer.Option(help="What goes wrong, and when: a TOML file.")
    ] = None,
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="The port to listen on.")] = 8001,
    key: Annotated[
        list[str] | None,
        typer.Option(help="ACCOUNT=KEY, or ACCOUNT alone for a key made from the seed."),
    ] = None,
    books: Annotated[
        Path | None, typer.Option(help="Write the venue's own books here at the end and on USR1.")
    ] = None,
    check: Annotated[bool, typer.Option("--check", help="Only read the script.")] = False,
) -> None:
    """Serve a venue's API over books that match, race and fail as the script says."""
    if venue not in SERVERS:
        known = ", ".join(sorted(SERVERS))
        raise typer.BadParameter(f"no venue is called {venue!r}; there are {known}")
    try:
        told = Script() if script is None else read_script(script)
    except ScriptError as error:
        raise Usage(str(error)) from error
    if check:
        typer.echo(f"{len(told.fault)} faults, as written")
        return
    keys = keys_for(venue, seed, key or [])
    for account, secret in keys.items():
        typer.echo(f"{account}={secret}")
    typer.echo(
        f"simulating {venue} on http://{host}:{port}, seed {seed}, {len(told.fault)} faults; "
        "its books: GET /paper/orders; Ctrl-C ends",
        err=True,
    )
    simulate(made(venue, told, seed), keys, Listening(host, port), books)
