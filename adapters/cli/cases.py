"""`breakwater case new`: a test that fails until an incident is understood."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer

from adapters.bootstrap_bundling import write_bytes
from adapters.casework import written
from adapters.cli.exits import NotFound, Usage

cases = typer.Typer(help="Incidents as tests.", no_args_is_help=True)


@cases.command("new")
def case_new(
    source: Annotated[Path, typer.Option("--from", metavar="BUNDLE", help="The bundle.")],
    directory: Annotated[
        Path, typer.Option("-o", "--output", help="Where the test and the bundle are put.")
    ] = Path(),
) -> None:
    """Write a test of a bundle: it fails until it says of every order and break what is right."""
    if not source.exists():
        raise NotFound(f"no such file: {source}; make it with `breakwater bundle create`")
    name = re.sub(r"\W+", "_", source.stem).strip("_").lower() or "case"
    test = directory / f"test_{name}.py"
    if test.exists():
        raise Usage(
            f"{test} is there already and may hold decisions; move it, or choose another -o"
        )
    text = written(source, name)
    directory.mkdir(parents=True, exist_ok=True)
    beside = directory / source.name
    if not beside.exists() or not beside.samefile(source):
        write_bytes(beside, source.read_bytes())
    write_bytes(test, text.encode())
    typer.echo(f"{test}: try `python -m pytest {test}`")
