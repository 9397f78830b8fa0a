"""The projection `reconciliations`: every run with its figures, the clean ones too."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Table, select

from domain.flags.history import History
from domain.recorded import Recorded
from domain.runs import InputRead, ReconciliationRan
from projections import bulk
from projections.batch import RUN, Batch
from projections.columns import Row
from projections.tables import reconciliations

NAME = "reconciliations"
VERSION = 1
TABLES: tuple[Table, ...] = (reconciliations,)

RUN_FIELDS: Sequence[str] = [
    "run_id",
    "venue",
    "account",
    "as_of",
    "recorded_at",
    "complete",
    "rows",
    "matched",
    "differing",
    "only_ours",
    "only_theirs",
    "by_aspect",
    "inputs",
    "parts",
    "books",
    "position",
]


def run_rows(stream: UUID, events: Sequence[Recorded]) -> list[Row]:
    """The rows of an account's runs."""
    return [
        _row(stream, entry, entry.event)
        for entry in events
        if isinstance(entry.event, ReconciliationRan)
    ]


def _row(stream: UUID, entry: Recorded, ran: ReconciliationRan) -> Row:
    figures = ran.figures
    return (
        str(ran.run_id),
        str(stream),
        ran.venue,
        ran.account,
        ran.as_of,
        entry.recorded_at,
        ran.complete,
        figures.rows,
        figures.matched,
        figures.differing,
        figures.only_ours,
        figures.only_theirs,
        json.dumps(dict(figures.by_aspect)),
        json.dumps([_input(item) for item in ran.inputs]),
        json.dumps(list(ran.parts)),
        ran.books,
        entry.position,
    )


def _input(item: InputRead) -> dict[str, object]:
    return {
        "name": item.name,
        "sha256": item.sha256,
        "lists": item.lists,
        "complete": item.complete,
        "rows": item.rows,
        "aside": item.aside,
    }


def apply(connection: Connection, batch: Batch, histories: Sequence[History]) -> None:
    """Write the rows of the accounts that were reconciled in this step."""
    del histories  # runs are no orders
    rows = [row for stream, events in batch.of(RUN) for row in run_rows(stream, events)]
    bulk.upsert(connection, reconciliations, rows)


def run_list(
    connection: Connection, *, venue: str | None = None, account: str | None = None
) -> Iterator[dict[str, Any]]:
    """The runs by the time that they are true for, then in the order in which they were made."""
    table = reconciliations
    query = select(table).order_by(table.c.as_of, table.c.position)
    if venue is not None:
        query = query.where(table.c.venue == venue)
    if account is not None:
        query = query.where(table.c.account == account)
    for row in connection.execute(query).mappings():
        record = dict(row)
        record["rows"] = record.pop("rows_read")
        for name in ("by_aspect", "inputs", "parts"):
            record[name] = json.loads(record[name])
        yield {name: record[name] for name in RUN_FIELDS}


def run_record(ran: ReconciliationRan) -> dict[str, Any]:
    """A run as its command tells it: the fields of a listing that do not need the log."""
    figures = ran.figures
    return {
        "run_id": str(ran.run_id),
        "venue": ran.venue,
        "account": ran.account,
        "as_of": ran.as_of,
        "complete": ran.complete,
        "rows": figures.rows,
        "matched": figures.matched,
        "differing": figures.differing,
        "only_ours": figures.only_ours,
        "only_theirs": figures.only_theirs,
        "by_aspect": dict(figures.by_aspect),
        "inputs": [_input(item) for item in ran.inputs],
        "parts": list(ran.parts),
        "books": ran.books,
    }
