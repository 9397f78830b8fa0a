"""`breakwater quarantine` and `breakwater activity`: what a log is made of."""

from __future__ import annotations

import typer

from adapters.cli.context import app_of
from adapters.cli.listing import Column, Csv, Json, Ndjson, chosen, show
from adapters.cli.options import AccountName, Venue
from projections import queries
from projections.queries import Only

QUARANTINE_FIELDS = ("source", "line", "reason", "raw")


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
