"""`breakwater cancels`."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Any, cast

import typer

from adapters.bootstrap import App
from adapters.cli.context import app_of
from adapters.cli.listing import Column, Csv, Format, Json, Ndjson, Record, chosen, show
from adapters.cli.options import AccountName, Limit, Venue
from adapters.cli.past import AsOf, Known, KnownAt, Recorded, True_, When, books, when_of
from projections import queries
from projections.queries import Only

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


def cancels(
    context: typer.Context,
    venue: Venue = None,
    account: AccountName = None,
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
    """List cancel requests: asked when, by whom, how wide, and what became of every order."""
    form = chosen(as_json=as_json, ndjson=ndjson, as_csv=as_csv)
    when = when_of(as_of, known=known, true=true, recorded=recorded, known_at=known_at)
    only = Only(venue=venue, account=account)
    with app_of(context) as app, _listed(app, when, only) as every:
        found = islice(every, limit)
        if form is Format.TABLE:
            rows = (row for record in found for row in cancel_rows(record))
            show(rows, form, (), CANCEL_COLUMNS, "cancels")
        else:
            show(found, form, CANCEL_FIELDS, CANCEL_COLUMNS, "cancels")


@contextmanager
def _listed(app: App, when: When | None, only: Only) -> Generator[Iterator[Record]]:
    if when is None:
        with app.reading() as connection:
            yield queries.cancel_list(connection, only)
        return
    with books(app, when) as then:
        yield then.cancels(only)


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
