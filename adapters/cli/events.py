"""`breakwater events`: what leaves the log, as CloudEvents on standard output."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Annotated, Any, Final

import typer

from adapters.bootstrap_feed import BeyondTheEnd, Narrowing, NoSuchType, Outgoing, kinds_of
from adapters.cli.context import app_of
from adapters.cli.exits import NotFound
from adapters.cli.listing import Csv, Format, Json, Ndjson, chosen, show
from adapters.cli.options import AccountName, Venue
from domain.values import Account

AT_ONCE: Final = 1_000
AT_ONCE_BYTES_MAX: Final = 4 << 20
FIELDS: Final = (
    "position",
    "id",
    "type",
    "source",
    "subject",
    "time",
    "occurredtime",
    "observedtime",
    "recordedtime",
    "streamversion",
    "venue",
    "account",
    "capture",
    "seq",
    "dataschema",
    "data",
)


def events(
    context: typer.Context,
    after: Annotated[int, typer.Option(min=0, help="Events behind this position.")] = 0,
    limit: Annotated[int | None, typer.Option(min=1, help="So many at most (else all).")] = None,
    follow: Annotated[
        bool, typer.Option("--follow", help="Go on with each event as it is stored; Ctrl-C ends.")
    ] = False,
    types: Annotated[
        list[str] | None,
        typer.Option("--type", help="Only these: Filled, or Filled:1; may be given again."),
    ] = None,
    venue: Venue = None,
    account: AccountName = None,
    as_json: Json = False,
    ndjson: Ndjson = False,
    as_csv: Csv = False,
) -> None:
    """Print what happened, as others get it: a CloudEvent a line (docs/feed)."""
    form = chosen(as_json=as_json, ndjson=ndjson, as_csv=as_csv)
    only = _only(types or (), venue, account)
    if follow and form in {Format.JSON, Format.CSV}:
        raise typer.BadParameter("--follow does not end: it goes with --ndjson alone")
    with app_of(context, current=False) as app:
        outgoing = Outgoing(app)
        try:
            if form in {Format.JSON, Format.CSV}:
                bodies = _first(_read(outgoing, only, after), limit)
                records = (_record(body, padded=form is Format.CSV) for body in bodies)
                show(records, form, FIELDS, (), "events")
                return
            pages = _followed(outgoing, only, after) if follow else _read(outgoing, only, after)
            for body in _first(pages, limit):
                sys.stdout.write(body.decode() + "\n")
                if follow:
                    sys.stdout.flush()
        except BeyondTheEnd as error:
            raise NotFound(str(error)) from error


def _only(types: Sequence[str], venue: str | None, account: str | None) -> Narrowing:
    if account is not None and venue is None:
        raise typer.BadParameter("an account is one of a venue: add --venue")
    try:
        kinds = kinds_of(types)
    except NoSuchType as error:
        raise typer.BadParameter(f"--type: {error}") from error
    if venue is None or account is None:
        return Narrowing(venue=venue, kinds=kinds)
    return Narrowing(Account(venue, account), kinds=kinds)


def _read(outgoing: Outgoing, only: Narrowing, after: int) -> Iterator[bytes]:
    """Everything behind `after`, up to where the log reaches when it is found to end."""
    until, head = after, None
    while until != head:
        found, until, head = outgoing.read(only, until, AT_ONCE, AT_ONCE_BYTES_MAX)
        yield from (event.body for event in found)


def _followed(outgoing: Outgoing, only: Narrowing, after: int) -> Iterator[bytes]:
    for found in outgoing.follow(only, after):
        yield from (event.body for event in found)


def _first(bodies: Iterable[bytes], limit: int | None) -> Iterator[bytes]:
    """So many of them, and not one is waited for after the last."""
    for number, body in enumerate(bodies, 1):
        yield body
        if number == limit:
            return


def _record(body: bytes, *, padded: bool) -> dict[str, Any]:
    """The fields of an event; a table has a place for those that it does not have, too."""
    told: dict[str, Any] = json.loads(body, parse_float=Decimal)
    return {name: told.get(name) for name in FIELDS} if padded else told
