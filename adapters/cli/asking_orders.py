"""`breakwater orders` and `breakwater order show`."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum
from itertools import islice
from typing import Annotated, Protocol
from uuid import UUID

import typer
from sqlalchemy import Connection

from adapters.bootstrap import App
from adapters.cli.context import app_of
from adapters.cli.exits import NotFound, several_called
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
from adapters.cli.options import AccountName, Limit, Venue
from adapters.cli.past import AsOf, Known, KnownAt, Recorded, True_, When, books, when_of
from projections import queries
from projections import uncertain as doubts
from projections.life import life
from projections.queries import Only

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


UNCERTAIN_COLUMNS = (
    Column("venue", "venue"),
    Column("account", "account"),
    Column("order", "venue_order_id"),
    Column("client ref", "client_order_id"),
    Column("market", "market"),
    Column("side", "side"),
    Column("price", "price", right=True),
    Column("size", "size", right=True),
    Column("matched at least", "matched_min", right=True),
    Column("at most", "matched_max", right=True),
    Column("remaining at least", "remaining_min", right=True),
    Column("at most", "remaining_max", right=True),
    Column("at risk", "at_risk", right=True),
    Column("currency", "currency"),
    Column("why", "why"),
    Column("clears when there is", "clears_when"),
)


class By(Enum):
    """What money at risk is summed by."""

    MARKET = "market"
    ACCOUNT = "account"


def _columns(fields: Sequence[str]) -> list[Column]:
    return [Column(name.replace("_", " "), name, right=name in doubts.GROUPED) for name in fields]


def orders(
    context: typer.Context,
    open_only: Annotated[
        bool, typer.Option("--open", help="Only those with anything remaining or uncertain.")
    ] = False,
    venue: Venue = None,
    account: AccountName = None,
    market: Annotated[str | None, typer.Option(help="Only this market.")] = None,
    uncertain: Annotated[
        bool, typer.Option("--uncertain", help="Only those in doubt: what may be, and why.")
    ] = False,
    by: Annotated[
        By | None, typer.Option(help="With --uncertain: money at risk per market or account.")
    ] = None,
    as_of: AsOf = None,
    known: Known = False,
    true: True_ = False,
    recorded: Recorded = False,
    known_at: KnownAt = None,
    limit: Limit = None,
    as_json: Json = False,
    ndjson: Ndjson = False,
    as_csv: Csv = False,
) -> None:
    """List orders: size = matched + remaining + cancelled + lapsed + voided, always."""
    form = chosen(as_json=as_json, ndjson=ndjson, as_csv=as_csv)
    only = Only(venue=venue, account=account, market=market)
    if by is not None and not uncertain:
        raise typer.BadParameter("--by sums the money at risk of uncertain orders: add --uncertain")
    when = when_of(as_of, known=known, true=true, recorded=recorded, known_at=known_at)
    with app_of(context) as app, _asked(app, when) as ask:
        if by is not None:
            fields = (*doubts.BY[by.value], *doubts.GROUPED)
            groups = doubts.money_at_risk(ask.uncertain(only), by.value)
            show(
                islice(groups, limit),
                form,
                fields,
                _columns(fields),
                f"money at risk by {by.value}",
            )
            return
        if uncertain:
            records = islice(ask.uncertain(only), limit)
            show(records, form, doubts.FIELDS, UNCERTAIN_COLUMNS, "uncertain orders")
            return
        records = islice(ask.listed(only, open_only=open_only), limit)
        title = "open orders" if open_only else "orders"
        show(records, form, queries.ORDER_FIELDS, ORDER_COLUMNS, title)


class _Asked(Protocol):
    """Where orders are asked for: the books of now, or those of the past."""

    def listed(self, only: Only, *, open_only: bool) -> Iterator[queries.Record]:
        """Orders by venue, account and key."""
        ...

    def uncertain(self, only: Only) -> Iterator[queries.Record]:
        """Those of them that are in doubt."""
        ...


@dataclass(frozen=True, slots=True)
class _Today:
    """The books of now."""

    connection: Connection

    def listed(self, only: Only, *, open_only: bool) -> Iterator[queries.Record]:
        return queries.order_list(self.connection, only, open_only=open_only)

    def uncertain(self, only: Only) -> Iterator[queries.Record]:
        return doubts.uncertain_orders(self.connection, only)


@contextmanager
def _asked(app: App, when: When | None) -> Generator[_Asked]:
    if when is None:
        with app.reading() as connection:
            yield _Today(connection)
        return
    with books(app, when) as then:
        yield then.orders


order = typer.Typer(help="One order.", no_args_is_help=True)


@order.command("show")
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
        raise several_called(name, found)
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
        out.print(f"{column:>16}  {inline(record[column])}", markup=False)
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
