"""`breakwater scaffold venue NAME`: a package for a venue that is not there yet."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from adapters.cli.exits import Usage
from adapters.scaffolding import CannotScaffold, scaffold

scaffolds = typer.Typer(help="Write what a new part begins with.", no_args_is_help=True)


@scaffolds.callback()
def _scaffolds() -> None:
    """Write what a new part begins with."""


@scaffolds.command("venue")
def scaffold_venue(
    name: Annotated[str, typer.Argument(help="What captures call the venue, as in `acmebet`.")],
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="DIR", help="Where; ./breakwater-NAME by default."),
    ] = None,
) -> None:
    """Write a venue's package: a dialect, a codec, a server of its API, tests."""
    try:
        written = scaffold(name, output or Path(f"breakwater-{name}"))
    except CannotScaffold as error:
        raise Usage(str(error)) from error
    for path in written.files:
        typer.echo(written.directory / path)
    typer.echo(
        f"next: pip install -e {written.directory}, then in there "
        f"`pytest --venue {written.package}.kit`: it says what to write",
        err=True,
    )
