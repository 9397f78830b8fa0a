"""`breakwater db dictionary` and `db reader-role`: what SQL users are given."""

from __future__ import annotations

from typing import Annotated

import typer

from adapters.cli.exits import Usage
from adapters.dictionary import dictionary
from projections.reader_role import BadRoleName, reader_role


def db_dictionary() -> None:
    """Print the data dictionary: every reporting view and export, column by column, in Markdown."""
    typer.echo(dictionary(), nl=False)


def db_reader_role(
    name: Annotated[str, typer.Argument(help="What the role is called.")] = "breakwater_reader",
) -> None:
    """Print the SQL of a PostgreSQL role that reads the reporting views and nothing else."""
    try:
        typer.echo(reader_role(name), nl=False)
    except BadRoleName as error:
        raise Usage(str(error)) from error
