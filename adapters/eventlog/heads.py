"""The hash that vouches for the log up to a position, as `verify --witness` takes it."""

from __future__ import annotations

from sqlalchemy import Connection, select

from adapters.eventlog.hashing import GENESIS
from adapters.eventlog.rows import Head
from adapters.eventlog.schema import events


def head_at(connection: Connection, position: int) -> Head:
    """The position and its hash, in the state that the connection sees."""
    column = events.c.hash
    found = connection.execute(select(column).where(events.c.position == position)).scalar()
    return Head(position, GENESIS if found is None else bytes(found))
