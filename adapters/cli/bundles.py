"""`breakwater bundle`: a piece of the log to hand to others, and what they do with it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from shlex import quote
from typing import Annotated, Any

import typer

from adapters.bootstrap_bundle_open import (
    Bundle,
    opened_bundle,
    proven,
    settings_text,
    unsealed,
)
from adapters.bootstrap_bundling import ALONE, Unfaithful, Wanted, bundle_of, write_bytes
from adapters.cli.context import app_of, database_url, settings_of
from adapters.cli.exits import Exit, NotFound, Usage
from adapters.cli.listing import Json, dumps
from adapters.cli.moments import between
from adapters.cli.options import AccountName, Venue
from adapters.cli.progress import saying
from adapters.cli.timeline import Market, Since, Until, one_order
from projections.queries import Only

bundles = typer.Typer(help="Pieces of the log, to be handed to others.", no_args_is_help=True)

File = Annotated[Path, typer.Argument(metavar="FILE", help="The bundle.")]
Digest = Annotated[
    str | None,
    typer.Option(metavar="HEX", help="What `bundle create` printed: no other bundle will do."),
]


@bundles.command("create")
def create(
    context: typer.Context,
    output: Annotated[Path, typer.Option("-o", "--output", help="The file that is written.")],
    order: Annotated[
        str | None,
        typer.Option(help="One order: its key, the venue's id or the client's reference."),
    ] = None,
    market: Market = None,
    venue: Venue = None,
    account: AccountName = None,
    since: Since = None,
    until: Until = None,
    keep_names: Annotated[
        bool, typer.Option("--keep-names", help="Leave accounts their names: for your own house.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Write a piece of the log into a file that opens anywhere; accounts get other names.

    It holds every message that tells of the chosen orders, so that read by themselves they tell
    what the log tells; secrets are redacted. Keep the digest that is printed apart from the file.
    """
    only = Only(venue, account, market)
    times = between(since, until)
    if order is None and only == Only() and times == (None, None):
        raise Usage(
            "of what? name --order, --market, --account, or --from and --to; "
            "see `breakwater orders`"
        )
    with app_of(context) as app:
        key = None if order is None else one_order(app, order, only)
        wanted = Wanted(key, only, *times)
        try:
            with saying("cutting out a bundle") as doing:
                made = bundle_of(app, wanted, keep_names=keep_names, doing=doing)
        except Unfaithful as error:
            raise Usage(
                "the name of an account is a word that these messages need: with another name "
                f"{error}; --keep-names leaves accounts their names"
            ) from error
    if not made.manifest["counts"]["lines"]:
        raise NotFound("nothing was recorded of that; see `breakwater orders`")
    write_bytes(output, made.data)
    record = {"file": str(output), "digest": made.digest, **made.manifest}
    if as_json:
        typer.echo(dumps(record))
        return
    counts = made.manifest["counts"]
    typer.echo(
        f"{output}: {counts['orders']} orders, {counts['lines']} lines, "
        f"{counts['events']} events, {len(made.data)} bytes"
    )
    typer.echo(f"digest {made.digest}")
    if made.manifest["names"] == ALONE:
        typer.echo(
            "The name of an account is a word of these messages, too: short names were left where "
            "they are part of a longer text. Look before you hand the file on.",
            err=True,
        )
    _say_parted(made.manifest)


@bundles.command("verify")
def verify(
    context: typer.Context,
    file: File,
    digest: Digest = None,
    against: Annotated[
        bool, typer.Option("--against", help="Hold it against the log in use, too.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Prove that a bundle is to the byte what was made; with --against, of the very log in use."""
    bundle = _read(file, digest)
    differs: str | None = None
    if against:
        with app_of(context, current=False) as app:
            differs = proven(app, bundle)
    record = {"file": str(file), "digest": bundle.digest, "whole": True, "difference": differs}
    if as_json:
        typer.echo(dumps({**record, "checked_against_log": against}))
    else:
        typer.echo(f"{file}: unaltered since it was made; digest {bundle.digest}")
        if against and differs is None:
            typer.echo("Every event of it is in the log in use, whose chain is whole.")
        elif differs is not None:
            typer.echo(f"It is no piece of the log in use: {differs}.")
    if differs is not None:
        raise typer.Exit(Exit.FINDINGS)


@bundles.command("open")
def open_bundle(
    context: typer.Context,
    file: File,
    target: Annotated[
        str | None,
        typer.Option("--into", metavar="DB", help="The empty database; by default FILE.db."),
    ] = None,
    digest: Digest = None,
    as_json: Json = False,
) -> None:
    """Make a database of a bundle: every command answers there as it did where it was made."""
    bundle = _read(file, digest)
    settings = settings_of(context)
    url = database_url(target or str(file.with_suffix(".db")))
    beside = file.with_suffix(".toml")
    told = settings_text(bundle)
    with opened_bundle(settings, url, bundle) as (app, differs):
        shown = app.engine.url.render_as_string(hide_password=True)
        record: dict[str, Any] = {
            "database": shown,
            "events": app.store.head(),
            "state_hash": app.state_hash(),
            "difference": differs,
            "settings": str(beside) if told else None,
        }
    if told:
        write_bytes(beside, told.encode())
    if as_json:
        typer.echo(dumps(record))
        return
    typer.echo(f"{shown}: {record['events']} events")
    named = target or str(file.with_suffix(".db"))
    named = shown if "://" in named else named  # a URL may have a password
    typer.echo(f"try `breakwater --database {quote(named)} breaks`")
    if told:
        limits = quote(str(beside))
        typer.echo(f"Flags were judged by other limits there: BREAKWATER_SETTINGS={limits}")
    if differs is not None:
        typer.echo(f"This program reads a line otherwise than the one that made it: {differs}")
    _say_parted(bundle.manifest)


def _read(file: Path, digest: str | None) -> Bundle:
    if not file.exists():
        raise NotFound(f"no such file: {file}; check the path and try again")
    return unsealed(file, digest)


def _say_parted(manifest: Mapping[str, Any]) -> None:
    if manifest["parted"] is not None:
        typer.echo(
            "The log was read by another version of the program, or tells more than these lines: "
            f"read again they part from it at {manifest['parted']}",
            err=True,
        )
