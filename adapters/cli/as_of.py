"""`breakwater as-of`: the books as they stood at a moment of the past, on one page."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import Annotated, Any

import typer

from adapters.bootstrap import App
from adapters.bootstrap_desk import severities_of
from adapters.bootstrap_past import PastBooks
from adapters.cli.asking_breaks import BREAK_COLUMNS
from adapters.cli.asking_cancels import CANCEL_COLUMNS, cancel_rows
from adapters.cli.asking_orders import ORDER_COLUMNS
from adapters.cli.context import app_of
from adapters.cli.listing import Column, Format, Json, Ndjson, Record, chosen, console, dumps, show
from adapters.cli.options import AccountName, Venue
from adapters.cli.past import Known, KnownAt, Recorded, True_, When, books, told, when_of
from projections.break_groups import grouped_list
from projections.break_queries import BREAK_FIELDS, Wanted
from projections.queries import Only

PAGE = 20


@dataclass(frozen=True, slots=True)
class _List:
    """One of the lists, as much of it as is shown, and whether there is more."""

    name: str
    command: str
    columns: tuple[Column, ...]
    records: list[Record]
    more: bool


def as_of(
    context: typer.Context,
    moment: Annotated[str, typer.Argument(metavar="TIME", help="When (RFC 3339), or now.")],
    known: Known = False,
    true: True_ = False,
    recorded: Recorded = False,
    known_at: KnownAt = None,
    venue: Venue = None,
    account: AccountName = None,
    market: Annotated[
        str | None, typer.Option(help="Only orders of this market, and no cancels or breaks.")
    ] = None,
    limit: Annotated[
        int, typer.Option(min=0, help="No more than so many of each list; 0: all of them.")
    ] = PAGE,
    as_json: Json = False,
    ndjson: Ndjson = False,
) -> None:
    """Show open orders, orders, cancels and breaks as they stood at a moment of the past.

    Each of these lists takes --as-of itself, with all of its own options.
    """
    form = chosen(as_json=as_json, ndjson=ndjson, as_csv=False)
    when = when_of(moment, known=known, true=true, recorded=recorded, known_at=known_at)
    assert when is not None, "a time was given"
    only = Only(venue=venue, account=account, market=market)
    with app_of(context) as app, _lists(app, when, only, limit or None) as (then, lists):
        if form is Format.JSON:
            typer.echo(dumps(_whole(then, lists)))
        elif form is Format.NDJSON:
            for one in lists:
                for record in one.records:
                    sys.stdout.write(dumps({"list": one.name, **record}) + "\n")
        else:
            again = ("--venue", venue), ("--account", account), ("--market", market)
            _page(then, lists, _asked(moment, then, [*again, ("--known-at", known_at)]))


@contextmanager
def _lists(
    app: App, when: When, only: Only, limit: int | None
) -> Generator[tuple[PastBooks, Iterator[_List]]]:
    with books(app, when) as then:
        yield then, _each(app, then, only, limit)


def _each(app: App, then: PastBooks, only: Only, limit: int | None) -> Iterator[_List]:
    held = then.orders
    found = held.listed(only, open_only=True)
    yield _cut("open_orders", "orders --open", ORDER_COLUMNS, found, limit)
    yield _cut("orders", "orders", ORDER_COLUMNS, held.listed(only), limit)
    if only.market is not None:
        return
    yield _cut("cancels", "cancels", CANCEL_COLUMNS, then.cancels(only), limit)
    wanted = Wanted(venue=only.venue, account=only.account)
    with then.breaks(only) as connection:
        listed = grouped_list(
            connection, then.past.at, wanted, severities_of(app), app.settings.grouping
        )
        shown = ({name: record[name] for name in BREAK_FIELDS} for record in listed)
        yield _cut("breaks", "breaks", BREAK_COLUMNS, shown, limit)


def _cut(
    name: str,
    command: str,
    columns: tuple[Column, ...],
    records: Iterable[Record],
    limit: int | None,
) -> _List:
    some = list(islice(records, None if limit is None else limit + 1))
    more = limit is not None and len(some) > limit
    return _List(name, command, columns, some[:limit], more)


def _whole(then: PastBooks, lists: Iterable[_List]) -> dict[str, Any]:
    made = list(lists)
    past = then.past
    return {
        "as_of": past.at,
        "by": past.axis.value,
        "known_at": past.seen_by,
        "position": past.position,
        **{one.name: one.records for one in made},
        "more": {one.name: one.more for one in made},
    }


def _asked(moment: str, then: PastBooks, given: Iterable[tuple[str, str | None]]) -> str:
    """What the lists are asked with to tell the rest of what the page tells."""
    axis = then.past.axis.value
    clock = [] if axis == "known" else [f"--{axis}"]
    options = [word for name, value in given if value is not None for word in (name, value)]
    return shlex.join([moment, *clock, *options])


def _page(then: PastBooks, lists: Iterable[_List], asked: str) -> None:
    out = console()
    out.print(told(then), markup=False)
    for one in lists:
        records = one.records
        if one.name == "cancels":
            records = [row for record in records for row in cancel_rows(record)]
        show(records, Format.TABLE, (), one.columns, one.name.replace("_", " "))
        if one.more:
            rest = f"there are more: breakwater {one.command} --as-of {asked}"
            out.print(rest, markup=False, soft_wrap=True)
