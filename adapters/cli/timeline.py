"""`breakwater timeline`: what happened, message by message and event by event."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import typer

from adapters.bootstrap import App
from adapters.bootstrap_timeline import (
    EVER,
    FIELDS,
    Row,
    Timeline,
    Window,
    after,
    believed,
    chart,
    looks,
    order_timeline,
    record_of,
    scope_timeline,
    sequence,
    write_text,
)
from adapters.cli.asking_orders import orders_named
from adapters.cli.context import app_of
from adapters.cli.exits import NotFound, Usage, several_called
from adapters.cli.listing import Column, Csv, Format, Json, Ndjson, Record, chosen, show
from adapters.cli.moments import between
from adapters.cli.options import AccountName, Venue
from adapters.spelling import machine
from projections.queries import Only

COLUMNS = (
    Column("row", "row", right=True),
    Column("seen", "seen"),
    Column("happened", "happened", right=True),
    Column("recorded", "recorded", right=True),
    Column("", "way"),
    Column("what", "what"),
    Column("of", "of", right=True),
    Column("order", "order", characters=13),
    Column("after it", "stood"),
    Column("client believed", "believed"),
    Column("look", "look"),
)
ROWS_AT_ONCE = 500
"""A longer timeline is printed as several tables, one after the other."""
DAY = timedelta(days=1)
TEXT_MAX = 160
WAYS = {"sent": "→", "received": "←", "lost": "✗"}

Since = Annotated[str | None, typer.Option("--from", help="Nothing seen before this time.")]
Until = Annotated[str | None, typer.Option("--to", help="Nothing seen after this time.")]
Market = Annotated[str | None, typer.Option("--market", help="All orders of a market.")]


def timeline(
    context: typer.Context,
    order: Annotated[
        str | None, typer.Argument(help="Order key, venue's order id or client's reference.")
    ] = None,
    market: Market = None,
    venue: Venue = None,
    account: AccountName = None,
    since: Since = None,
    until: Until = None,
    raw: Annotated[
        bool, typer.Option("--raw", help="Each message as it is stored, byte by byte.")
    ] = False,
    svg: Annotated[
        Path | None, typer.Option("--svg", help="Draw who said what when into this file.")
    ] = None,
    buckets: Annotated[
        Path | None, typer.Option("--chart", help="Draw the five buckets over time into this file.")
    ] = None,
    as_json: Json = False,
    ndjson: Ndjson = False,
    as_csv: Csv = False,
) -> None:
    """Tell what happened to an order, a market or an account, by all three clocks."""
    form = chosen(as_json=as_json, ndjson=ndjson, as_csv=as_csv)
    window = Window(*between(since, until))
    with app_of(context) as app:
        told = told_of(app, order, Only(venue, account, market), window)
    for path, drawn in ((svg, sequence), (buckets, chart)):
        if path is not None:
            write_text(path, drawn(told))
            typer.echo(f"{path}: drawn, {len(told.rows)} rows.", err=True)
    if form is Format.TABLE and (svg is not None or buckets is not None):
        return
    if form is Format.TABLE:
        _tables(told, raw=raw)
        return
    fields = (*FIELDS, "raw") if raw else FIELDS
    show((_record(row, raw=raw) for row in told.rows), form, fields, (), told.title)


def told_of(app: App, order: str | None, only: Only, window: Window) -> Timeline:
    """The timeline of what was named on the command line; raise when nothing is there."""
    if order is not None:
        return order_timeline(app, f"order {order}", one_order(app, order, only), window)
    if only == Only() and window == EVER:
        raise Usage(
            "of what? name an order, --market, --account, or --from and --to; "
            "see `breakwater orders`"
        )
    told = scope_timeline(app, _title(only, window), only, window)
    if not told.rows:
        raise NotFound(f"nothing is known of {told.title}; see `breakwater orders`")
    return told


def one_order(app: App, name: str, only: Only) -> UUID:
    """The order that goes by this name; raise when none or several do."""
    found = orders_named(app, name, only)
    if not found:
        raise NotFound(f"no order is called {name!r}; try `breakwater orders`")
    if len(found) > 1:
        raise several_called(name, found)
    return UUID(str(found[0]["order_key"]))


def _title(only: Only, window: Window) -> str:
    named = (("market", only.market), ("account", only.account), ("venue", only.venue))
    parts = [f"{word} {value}" for word, value in named if value is not None]
    times = (("from", window.since), ("to", window.until))
    parts += [f"{word} {machine(at)}" for word, at in times if at is not None]
    return ", ".join(parts)


def _record(row: Row, *, raw: bool) -> dict[str, Any]:
    record = record_of(row)
    if raw:
        record["raw"] = None if row.wire is None else row.wire.raw
    return record


def _tables(told: Timeline, *, raw: bool) -> None:
    rows = iter(told.rows)
    one = len(told.lives) == 1
    columns = [column for column in COLUMNS if not (one and column.name == "order")]
    first = True
    while part := list(islice(rows, ROWS_AT_ONCE)):
        title = f"timeline of {told.title}" if first else ""
        show(_lines(part), Format.TABLE, (), columns, title)
        first = False
    for row in told.rows if raw else ():
        if row.wire is not None:
            typer.echo(f"{row.number}: {machine(row.wire.raw)}")
    if first:
        typer.echo(f"timeline of {told.title}: nothing")


def _lines(rows: Sequence[Row]) -> Iterator[Record]:
    before: Row | None = None
    for row in rows:
        record = record_of(row)
        yield {
            "row": row.number,
            "seen": _seen(row, before),
            "happened": _apart(row.occurred_at, row.observed_at),
            "recorded": _apart(row.recorded_at, row.observed_at),
            "way": WAYS.get(row.direction or "", "") if row.is_message else "",
            "what": _shortened(f"{row.what} ({row.by})" if row.by else row.what),
            "of": record["answers"] or record["caused_by"],
            "order": record["order"],
            "stood": after(row),
            "believed": believed(row),
            "look": "; ".join(looks(row)),
        }
        before = row


def _seen(row: Row, before: Row | None) -> str:
    """Our clock; the day only where it begins."""
    at = row.observed_at
    new = before is None or before.observed_at.date() != at.date()
    return at.strftime("%Y-%m-%d %H:%M:%S.%f" if new else "%H:%M:%S.%f")


def _apart(at: datetime | None, seen: datetime) -> str:
    """Another clock, held against ours; of another day, the day."""
    if at is None:
        return ""
    if abs(at - seen) >= DAY:
        return f"{at:%Y-%m-%d}"
    return f"{(at - seen).total_seconds():+.6f}".rstrip("0").rstrip(".") + " s"


def _shortened(text: str) -> str:
    return text if len(text) <= TEXT_MAX else f"{text[: TEXT_MAX - 1]}…"
