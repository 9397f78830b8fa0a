"""`breakwater keys`: give keys of the gateways out, list them, take them back."""

from __future__ import annotations

from typing import Annotated

import typer

from adapters.cli.context import app_of
from adapters.cli.exits import Exit, NotFound
from adapters.cli.listing import Column, Csv, Json, Ndjson, chosen, dumps, show
from adapters.keyring import Scope, keys_of

keys = typer.Typer(help="Keys that open the gateways.", no_args_is_help=True)
FIELDS = ("key_id", "venue", "account", "scopes", "created_at", "revoked_at")
DEFAULT_SCOPES = (Scope.READ, Scope.CANCEL, Scope.PLACE)


@keys.command("create")
def create(
    context: typer.Context,
    venue: Annotated[
        str, typer.Option(help="Whose API it opens: abp, predictstreet, fourcasters.")
    ],
    account: Annotated[str, typer.Option(help="Whose orders it is for.")],
    scope: Annotated[
        list[Scope] | None,
        typer.Option(help="What it is good for; may be given again (read, cancel and place)."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Make a key. It is shown now and never again."""
    with app_of(context, current=False) as app:
        made = keys_of(app).create(venue, account, scope or DEFAULT_SCOPES)
    if as_json:
        typer.echo(dumps({"key_id": made.key_id, "key": made.secret}))
        return
    typer.echo(made.secret)
    typer.echo("keep it: it is not shown again; `breakwater keys list` tells of it", err=True)


@keys.command("list")
def listed(
    context: typer.Context, as_json: Json = False, ndjson: Ndjson = False, as_csv: Csv = False
) -> None:
    """List the keys that were given out; none of them can be read back."""
    form = chosen(as_json=as_json, ndjson=ndjson, as_csv=as_csv)
    columns = tuple(Column(name.replace("_", " "), name) for name in FIELDS)
    with app_of(context, current=False) as app:
        show(keys_of(app).listed(), form, FIELDS, columns, "keys")


@keys.command("revoke")
def revoke(
    context: typer.Context,
    key_id: Annotated[str, typer.Argument(help="The key's id, as `breakwater keys list` has it.")],
) -> None:
    """Take a key back: it opens nothing from now on."""
    with app_of(context, current=False) as app:
        if not keys_of(app).revoke(key_id):
            raise NotFound(f"no key in force is called {key_id!r}; try `breakwater keys list`")
    typer.echo(f"{key_id} opens nothing any more")
    raise typer.Exit(Exit.DONE)
