"""Streams that a projection cannot take: left out, with the reason, until it is rebuilt."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Connection, Table, select

from projections import bulk, fills, tables
from projections.tables import dead_letters

_ROWS_OF: dict[str, tuple[tuple[Table, str], ...]] = {
    "orders": ((tables.orders, "order_key"),),
    "spans": ((tables.spans, "stream"),),
    "cancels": ((tables.cancels, "cancel_id"), (tables.cancel_links, "order_key")),
    "breaks": ((tables.breaks, "subject"),),
    "desk": ((tables.desk, "stream"),),
    "reconciliations": ((tables.reconciliations, "stream"),),
}
"""Where a projection keeps the rows of one stream; `activity` keeps counts, not rows.

`fills` keeps sums beside them and forgets a stream in its own way.
"""


def buried_streams(connection: Connection) -> dict[str, set[UUID]]:
    """The streams that each projection leaves out. Almost always there are none."""
    found: dict[str, set[UUID]] = {}
    for row in connection.execute(select(dead_letters.c.projection, dead_letters.c.stream)):
        found.setdefault(row.projection, set()).add(UUID(row.stream))
    return found


def why(error: Exception) -> str:
    """What is kept of an error."""
    return f"{type(error).__name__}: {error}"


def bury(connection: Connection, projection: str, stream: UUID, position: int, error: str) -> None:
    """Leave a stream out of a projection from now on, and what it had of it.

    The rows go, so that a rebuild, which cannot take the stream either, gives the same tables.
    """
    if projection == fills.NAME:
        fills.forget(connection, stream)
    for table, column in _ROWS_OF.get(projection, ()):
        bulk.delete(connection, table, column, [str(stream)])
    key = {"projection": projection, "stream": str(stream)}
    known = connection.execute(select(dead_letters.c.position).filter_by(**key)).first()
    if known is None:
        connection.execute(dead_letters.insert().values(**key, position=position, error=error))
