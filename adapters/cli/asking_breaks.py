"""`breakwater breaks` and `breakwater breaks show`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

import typer

from adapters.cli.context import app_of
from adapters.cli.exits import Exit, NotFound
from adapters.cli.listing import (
    Column,
    Csv,
    Format,
    Json,
    Ndjson,
    Record,
    chosen,
    console,
    dumps,
    inline,
    show,
)
from adapters.cli.options import AccountName, Now, Venue
from projections import queries
from projections.queries import Only

BREAK_COLUMNS = (
    Column("break", "break_id", characters=8),
    Column("code", "code"),
    Column("severity", "severity"),
    Column("venue", "venue"),
    Column("order", "order_key"),
    Column("opened", "opened_at"),
    Column("what", "note"),
)


def breaks(
    context: typer.Context,
    notes: Annotated[bool, typer.Option("--notes", help="Open notes too.")] = False,
    everything: Annotated[bool, typer.Option("--all", help="Closed ones and notes too.")] = False,
    code: Annotated[str | None, typer.Option(help="Only this code.")] = None,
    venue: Venue = None,
    account: AccountName = None,
    now: Now = False,
    as_json: Json = False,
    ndjson: Ndjson = False,
    as_csv: Csv = False,
) -> None:
    """List what does not add up, each with its proof. Ends with 1 when a break is open."""
    if context.invoked_subcommand is not None:
        return
    form = chosen(as_json=as_json, ndjson=ndjson, as_csv=as_csv)
    only = Only(venue=venue, account=account, code=code)
    is_open = False
    with app_of(context) as app, app.reading() as connection:
        at = app.as_of(connection, now=now)

        def seen() -> Iterator[Record]:
            nonlocal is_open
            if at is None:
                return
            for record in queries.break_list(
                connection, at, only, notes=notes, everything=everything
            ):
                is_open = is_open or (record["kind"] == "break" and record["status"] == "open")
                yield record

        show(seen(), form, queries.BREAK_FIELDS, BREAK_COLUMNS, "breaks")
    if is_open:
        raise typer.Exit(Exit.FINDINGS)


def break_show(
    context: typer.Context,
    break_id: Annotated[str, typer.Argument(help="The break's id, or the start of it.")],
    now: Now = False,
    as_json: Json = False,
) -> None:
    """Explain one break: what we hold, what they say, the difference, the proof, what clears it."""
    with app_of(context) as app, app.reading() as connection:
        at = app.as_of(connection, now=now)
        record = None if at is None else queries.find_break(connection, break_id, at)
        if record is None:
            raise NotFound(f"no one break is called {break_id!r}; try `breakwater breaks --all`")
        proof = app.positions(record["witness"])
    if as_json:
        typer.echo(dumps({**record, "proof": proof}))
        return
    out = console()
    out.print(f"{record['code']} {record['name']} ({record['severity']})", markup=False)
    out.print(record["note"], markup=False)
    for label, name in (
        ("order", "order_key"),
        ("venue", "venue"),
        ("account", "account"),
        ("we hold", "ours"),
        ("they say", "theirs"),
        ("difference", "difference"),
        ("opened", "opened_at"),
        ("closed", "closed_at"),
        ("status", "status"),
        ("clears when", "clears_when"),
        ("rules", "rule_version"),
    ):
        if record[name] is not None:
            out.print(f"{label:>12}  {inline(record[name])}", markup=False)
    columns = (
        Column("position", "position", right=True),
        Column("capture", "capture"),
        Column("line", "seq", right=True),
        Column("seen", "observed_at"),
        Column("event", "event"),
        Column("what", "summary"),
    )
    show(proof, Format.TABLE, (), columns, "proof")
