"""The questions: orders, one order, cancels, breaks, activity, quarantine."""

from __future__ import annotations

from typing import Annotated, Any, cast
from uuid import UUID

import typer

from adapters.bootstrap import App
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
    show,
)
from projections import queries
from projections.life import life
from projections.queries import Only

Venue = Annotated[str | None, typer.Option(help="Only this venue.")]
AccountName = Annotated[str | None, typer.Option("--account", help="Only this account.")]
Now = Annotated[
    bool, typer.Option("--now", help="Judge by the wall clock, not by the newest recorded time.")
]

ORDER_COLUMNS = (
    Column("venue", "venue"),
    Column("account", "account"),
    Column("order", "venue_order_id"),
    Column("client ref", "client_order_id"),
    Column("market", "market"),
    Column("side", "side"),
    Column("price", "price", right=True),
    Column("size", "size", right=True),
    Column("matched", "matched", right=True),
    Column("remaining", "remaining", right=True),
    Column("cancelled", "cancelled", right=True),
    Column("lapsed", "lapsed", right=True),
    Column("voided", "voided", right=True),
    Column("status", "status"),
    Column("certain", "certain"),
)
CANCEL_FIELDS = [
    "cancel_id",
    "venue",
    "account",
    "requested_by",
    "why",
    "scope",
    "requested_at",
    "answered_at",
    "latency_ms",
    "status",
    "reason",
    "raw_reason",
    "outcomes",
]
CANCEL_COLUMNS = (
    Column("asked at", "requested_at"),
    Column("venue", "venue"),
    Column("scope", "scope_text"),
    Column("status", "status"),
    Column("ms", "latency_ms", right=True),
    Column("order", "order_text"),
    Column("outcome", "outcome_text"),
    Column("cancelled", "cancelled_text", right=True),
    Column("matched before", "before_text", right=True),
    Column("in flight", "in_flight_text", right=True),
    Column("after", "after_text", right=True),
)
BREAK_COLUMNS = (
    Column("break", "break_id", characters=8),
    Column("code", "code"),
    Column("severity", "severity"),
    Column("venue", "venue"),
    Column("order", "order_key"),
    Column("opened", "opened_at"),
    Column("what", "note"),
)
QUARANTINE_FIELDS = ("source", "line", "reason", "raw")


def orders(
    context: typer.Context,
    open_only: Annotated[
        bool, typer.Option("--open", help="Only those with anything remaining or uncertain.")
    ] = False,
    venue: Venue = None,
    account: AccountName = None,
    market: Annotated[str | None, typer.Option(help="Only this market.")] = None,
    as_json: Json = False,
    ndjson: Ndjson = False,
    as_csv: Csv = False,
) -> None:
    """List orders: size = matched + remaining + cancelled + lapsed + voided, always."""
    form = chosen(as_json=as_json, ndjson=ndjson, as_csv=as_csv)
    only = Only(venue=venue, account=account, market=market)
    with app_of(context) as app, app.reading() as connection:
        records = queries.order_list(connection, only, open_only=open_only)
        title = "open orders" if open_only else "orders"
        show(records, form, queries.ORDER_FIELDS, ORDER_COLUMNS, title)


def order_show(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="Order key, venue's order id or client's reference.")],
    venue: Venue = None,
    account: AccountName = None,
    as_json: Json = False,
) -> None:
    """Show one order's life: every event, the line that caused it, and the quantities after it."""
    with app_of(context) as app:
        found = orders_named(app, name, Only(venue=venue, account=account))
        if not found:
            raise NotFound(f"no order is called {name!r}; try `breakwater orders`")
        for record in found:
            record["history"] = history_of(app, record["order_key"])
    if len(found) > 1:
        keys = ", ".join(f"{record['order_key']} ({record['venue']})" for record in found)
        raise NotFound(
            f"{len(found)} orders are called {name!r}: {keys}; name one by its key or add --venue"
        )
    if as_json:
        typer.echo(dumps(found[0]))
    else:
        _show_order(found[0])


def orders_named(app: App, name: str, only: Only) -> list[dict[str, object]]:
    """The orders that go by this name, by any name that the log knows."""
    with app.reading() as connection:
        found = queries.find_orders(connection, name, only)
        if found:
            return found
        streams = [str(stream) for stream in app.streams_called(name)]
        return [
            record
            for key in dict.fromkeys(streams)
            for record in queries.find_orders(connection, key, only)
        ]


def history_of(app: App, key: object) -> list[dict[str, object]]:
    """The life of one order, from the log."""
    stream = UUID(str(key))
    return life(stream, app.store.histories([stream])[stream])


def _show_order(record: Record) -> None:
    out = console()
    for column in ("order_key", *(item.name for item in ORDER_COLUMNS)):
        out.print(f"{column:>16}  {_plain(record[column])}", markup=False)
    columns = (
        Column("position", "position", right=True),
        Column("seen", "observed_at"),
        Column("what", "summary"),
        Column("matched", "matched", right=True),
        Column("remaining", "remaining", right=True),
        Column("cancelled", "cancelled", right=True),
        Column("status", "status"),
    )
    show(record["history"], Format.TABLE, (), columns, "history")


def _plain(value: object) -> str:
    text = dumps({"value": value})
    return text[len('{"value": ') : -1].strip('"')


def cancels(
    context: typer.Context,
    venue: Venue = None,
    account: AccountName = None,
    as_json: Json = False,
    ndjson: Ndjson = False,
    as_csv: Csv = False,
) -> None:
    """List cancel requests: asked when, by whom, how wide, and what became of every order."""
    form = chosen(as_json=as_json, ndjson=ndjson, as_csv=as_csv)
    with app_of(context) as app, app.reading() as connection:
        found = queries.cancel_list(connection, Only(venue=venue, account=account))
        if form is Format.TABLE:
            rows = (row for record in found for row in cancel_rows(record))
            show(rows, form, (), CANCEL_COLUMNS, "cancels")
        else:
            show(found, form, CANCEL_FIELDS, CANCEL_COLUMNS, "cancels")


def cancel_rows(record: Record) -> list[Record]:
    """A cancel as table rows: one per order, the request's own columns on the first."""
    one: Any = record["scope"]
    scopes = cast("list[Record]", one if isinstance(one, list) else [one])
    text = " or ".join(f"{scope['kind']} {', '.join(scope['values'])}".strip() for scope in scopes)
    outcomes: list[Record] = record["outcomes"] or [{}]
    rows: list[Record] = []
    for index, outcome in enumerate(outcomes):
        head = {**record, "scope_text": text[:60]} if index == 0 else {}
        told: list[str | None] = [outcome.get("outcome"), outcome.get("reason")]
        rows.append(
            {
                **head,
                "order_text": outcome.get("venue_order_id")
                or outcome.get("asked")
                or outcome.get("order_key"),
                "outcome_text": " ".join(item for item in told if item),
                "cancelled_text": outcome.get("cancelled"),
                "before_text": outcome.get("matched_before"),
                "in_flight_text": outcome.get("matched_in_flight"),
                "after_text": outcome.get("matched_after"),
            }
        )
    return rows


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

        def seen() -> object:
            nonlocal is_open
            if at is None:
                return
            for record in queries.break_list(
                connection, at, only, notes=notes, everything=everything
            ):
                is_open = is_open or (record["kind"] == "break" and record["status"] == "open")
                yield record

        show(seen(), form, queries.BREAK_FIELDS, BREAK_COLUMNS, "breaks")  # type: ignore[arg-type]  # a generator
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
            out.print(f"{label:>12}  {_plain(record[name])}", markup=False)
    columns = (
        Column("position", "position", right=True),
        Column("capture", "capture"),
        Column("line", "seq", right=True),
        Column("seen", "observed_at"),
        Column("event", "event"),
        Column("what", "summary"),
    )
    show(proof, Format.TABLE, (), columns, "proof")


def quarantine(
    context: typer.Context, as_json: Json = False, ndjson: Ndjson = False, as_csv: Csv = False
) -> None:
    """List what was set aside: where it stood, why, and its bytes."""
    form = chosen(as_json=as_json, ndjson=ndjson, as_csv=as_csv)
    with app_of(context, current=False) as app:
        columns = tuple(Column(name, name) for name in QUARANTINE_FIELDS)
        show(app.set_aside(), form, QUARANTINE_FIELDS, columns, "quarantine")


def activity(
    context: typer.Context,
    venue: Venue = None,
    account: AccountName = None,
    as_json: Json = False,
    ndjson: Ndjson = False,
    as_csv: Csv = False,
) -> None:
    """Count what happened per venue, account and UTC day."""
    form = chosen(as_json=as_json, ndjson=ndjson, as_csv=as_csv)
    with app_of(context) as app, app.reading() as connection:
        found = queries.activity_list(connection, Only(venue=venue, account=account))
        fields = queries.ACTIVITY_FIELDS
        columns = tuple(Column(name.replace("_", " "), name) for name in fields)
        show(found, form, fields, columns, "activity")
