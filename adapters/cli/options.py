"""Options that several questions share."""

from __future__ import annotations

from typing import Annotated

import typer

Venue = Annotated[str | None, typer.Option(help="Only this venue.")]
AccountName = Annotated[str | None, typer.Option("--account", help="Only this account.")]
Limit = Annotated[int | None, typer.Option(min=1, help="No more than so many.")]
Now = Annotated[
    bool, typer.Option("--now", help="Judge by the wall clock, not by the newest recorded time.")
]
