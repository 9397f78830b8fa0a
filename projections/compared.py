"""The read models as they are held against another log's: by key, without what is a log's own.

Positions and the version of the rules say where and how a row was made, not what it says.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, select

from projections import queries
from projections.break_queries import BESIDE_THE_BOOKS
from projections.queries import PAGE, Record
from projections.tables import breaks, cancels, fills, orders

Keyed = tuple[str, Record]
"""A row with the key that it is found by; rows come in the order of their keys."""

ORDER_FIELDS = [name for name in queries.ORDER_FIELDS if name != "last_position"]
_FLAG_INNER = frozenset(
    {"break_id", "subject", "witness", "rule_version", "exposed", "name", "clears_when"}
)
FLAG_FIELDS = [column.name for column in breaks.columns if column.name not in _FLAG_INNER]
_PLACES = frozenset({"position", "first_position", "last_position"})


def order_rows(connection: Connection) -> Iterator[Keyed]:
    """Every order."""
    columns = [orders.c[name] for name in ORDER_FIELDS]
    query = select(*columns).order_by(orders.c.order_key)
    for row in connection.execution_options(yield_per=PAGE).execute(query).mappings():
        yield row["order_key"], dict(row)


def flag_rows(connection: Connection, at: datetime) -> Iterator[Keyed]:
    """Every flag as of `at`, open or closed, whatever the desk says of it."""
    columns = [breaks.c[name] for name in FLAG_FIELDS]
    query = (
        select(breaks.c.break_id, *columns)
        .where(breaks.c.opened_at <= at, breaks.c.code.not_in(BESIDE_THE_BOOKS))
        .order_by(breaks.c.break_id)
    )
    for row in connection.execution_options(yield_per=PAGE).execute(query).mappings():
        yield row["break_id"], flag_record(row, at)


def flag_record(row: Any, at: datetime) -> Record:  # noqa: ANN401 - a row of `breaks`
    """A flag as of `at`: one that closes later is open."""
    record = {name: row[name] for name in FLAG_FIELDS}
    closed_at = record["closed_at"]
    if closed_at is not None and closed_at > at:
        record["closed_at"] = None
    return record


def fill_rows(connection: Connection) -> Iterator[Keyed]:
    """Every match as it stands, by its order and its id."""
    columns = [column for column in fills.columns if column.name not in _PLACES]
    query = select(*columns).order_by(fills.c.order_key)
    rows = connection.execution_options(yield_per=PAGE).execute(query).mappings()
    for key, found in groupby(rows, lambda row: row["order_key"]):
        # Not by the database: how it orders texts depends on how it was set up.
        for row in sorted(found, key=lambda row: row["fill_id"]):
            yield f"{key}/{row['fill_id']}", dict(row)


def cancel_rows(connection: Connection) -> Iterator[Keyed]:
    """Every cancel request, each figure of an outcome a field of its own."""
    last = ""
    while True:
        query = select(cancels.c.cancel_id).where(cancels.c.cancel_id > last)
        ids = list(connection.execute(query.order_by(cancels.c.cancel_id).limit(PAGE)).scalars())
        found = {record["cancel_id"]: record for record in queries.cancels_called(connection, ids)}
        for key in ids:
            yield key, _spread(found[key])
        if len(ids) < PAGE:
            return
        last = ids[-1]


def _spread(record: Record) -> Record:
    """An outcome goes by the venue's id of its order, else as it was asked for."""
    told = {name: value for name, value in record.items() if name != "outcomes"}
    for place, outcome in enumerate(record["outcomes"]):
        name = outcome["venue_order_id"] or outcome["asked"] or outcome["order_key"] or place
        told.update({f"outcomes[{name}].{field}": value for field, value in outcome.items()})
    return told


def activity_rows(connection: Connection) -> Iterator[Keyed]:
    """What happened per venue, account and day."""
    told = [
        ("/".join((row["venue"], row["account"], row["day"])), row)
        for row in queries.activity_list(connection)
    ]
    for key, row in sorted(told, key=lambda pair: pair[0]):
        yield key, {name: value for name, value in row.items() if name not in _PLACES}
