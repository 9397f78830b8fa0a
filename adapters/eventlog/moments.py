"""How far the log had come at a moment, by its own clock."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, select

from adapters.eventlog.schema import events, log_head
from adapters.eventlog.times import micros


def position_at(connection: Connection, moment: datetime) -> int:
    """The last position that was stored by then; 0 when nothing was.

    Positions are given in the order of commits, so the times rise with them; after a machine's
    clock was set back it is one of the places where the moment lies.
    """
    until = micros(moment)
    low, high = 0, connection.execute(select(log_head.c.position)).scalar_one()
    while low < high:
        middle = (low + high + 1) // 2
        stored = select(events.c.recorded_at).where(events.c.position == middle)
        if connection.execute(stored).scalar_one() <= until:
            low = middle
        else:
            high = middle - 1
    return low
