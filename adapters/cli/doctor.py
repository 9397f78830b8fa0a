"""`breakwater doctor`: what is wrong, and the next command."""

from __future__ import annotations

from typing import Annotated

import typer

from adapters.bootstrap_doctor import Finding, Level, examined
from adapters.cli.context import settings_of
from adapters.cli.exits import Exit
from adapters.cli.listing import Column, Csv, Json, Ndjson, chosen, show

FIELDS = ("check", "level", "says", "next")


def doctor(
    context: typer.Context,
    online: Annotated[
        bool, typer.Option("--online", help="Try to reach every venue that is set, without a key.")
    ] = False,
    full: Annotated[
        bool, typer.Option("--full", help="Walk the whole log and check the whole file: slow.")
    ] = False,
    as_json: Json = False,
    ndjson: Ndjson = False,
    as_csv: Csv = False,
) -> None:
    """Say what is wrong and which command to try next. Nothing is changed.

    Ends with 1 when something has to be done (level `attention`), else with 0.
    """
    form = chosen(as_json=as_json, ndjson=ndjson, as_csv=as_csv)
    findings: list[Finding] = list(examined(lambda: settings_of(context), full=full, online=online))
    columns = tuple(Column(name, name) for name in FIELDS)
    show([one.record() for one in findings], form, FIELDS, columns, "doctor")
    if any(one.verdict.level is Level.ATTENTION for one in findings):
        raise typer.Exit(Exit.FINDINGS)
