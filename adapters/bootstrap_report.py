"""Where the report of an incident meets the books: breaks with their proof, cancels, the log."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import version
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select

from adapters.bootstrap import App
from adapters.bootstrap_desk import desk_of, head_of, severities_of
from adapters.spelling import machine
from adapters.timeline.incident import Incident
from adapters.timeline.page import page
from adapters.timeline.rows import Timeline
from domain import events as e
from domain.flags.flag import RULES_VERSION
from projections.break_queries import Wanted, break_list
from projections.queries import ORDER_FIELDS, cancels_called
from projections.tables import orders

KEYS_AT_ONCE = 500
Record = dict[str, Any]


def incident_of(app: App, told: Timeline, command: str) -> Incident | None:
    """All that the books have of what the timeline tells; None when the log has seen nothing."""
    with app.reading() as connection:
        at = app.as_of(connection)
        if at is None:
            return None
        flags = [_proven(app, record) for record in _flags(app, connection, told)]
        asked = sorted({str(key) for key in _requests(told)})
        return Incident(
            told=told,
            as_of=at,
            breaks=[record for record in flags if record["kind"] == "break"],
            notes=[record for record in flags if record["kind"] != "break"],
            cancels=cancels_called(connection, asked),
            orders=list(_orders(connection, sorted(map(str, told.lives)))),
            command=command,
            about=_about(connection, told, machine(at)),
        )


def _flags(app: App, connection: Connection, told: Timeline) -> Iterator[Record]:
    """The flags of the orders, and those of no order that an event of the timeline proves."""
    at = app.as_of(connection)
    if at is None:
        return
    positions = {row.recorded.position for row in told.rows if row.recorded is not None}
    for wanted in _owners(told):
        for record in break_list(connection, at, wanted, severities_of(app)):
            order = record["order_key"]
            if (UUID(order) in told.lives) if order else positions.intersection(record["witness"]):
                yield record


def _owners(told: Timeline) -> list[Wanted]:
    owners = {row.owner for row in told.rows if row.owner is not None}
    return [
        Wanted(venue=owner.venue, account=owner.account, notes=True, everything=True)
        for owner in sorted(owners, key=lambda owner: (owner.venue, owner.account))
    ]


def _proven(app: App, record: Mapping[str, Any]) -> Record:
    proof = app.positions(record["witness"])
    return {**record, "proof": proof, "history": desk_of(app).told(UUID(record["break_id"]))}


def _requests(told: Timeline) -> Iterator[UUID]:
    for life in told.lives.values():
        for recorded in life.events:
            if isinstance(recorded.event, e.CancelRequested):
                yield recorded.event.cancel_id


def _orders(connection: Connection, keys: Sequence[str]) -> Iterator[Record]:
    columns = [orders.c[name] for name in ORDER_FIELDS]
    for start in range(0, len(keys), KEYS_AT_ONCE):
        part = keys[start : start + KEYS_AT_ONCE]
        query = select(*columns).where(orders.c.order_key.in_(part)).order_by(orders.c.order_key)
        yield from (dict(row) for row in connection.execute(query).mappings())


def _about(connection: Connection, told: Timeline, at: str) -> list[tuple[str, str]]:
    """Which log this is, how far it went, and which program and rules read it."""
    position, vouching = head_of(connection)
    lines = [row for row in told.rows if row.is_message and row.capture is not None]
    captures = sorted({row.capture for row in lines if row.capture is not None})
    return [
        ("as of", at),
        ("log position", str(position)),
        ("hash of the log there", vouching),
        ("rules", f"version {RULES_VERSION}"),
        ("program", f"breakwater {version('breakwater')}"),
        ("recordings", ", ".join(captures) or "none"),
        ("lines of them", str(len(lines))),
    ]


__all__ = ["Incident", "incident_of", "page"]
