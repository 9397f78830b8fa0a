"""The desk's part of what meets: breaks are judged, worked, and written into files."""

from __future__ import annotations

from sqlalchemy import Connection

from adapters.bootstrap import App
from adapters.bootstrap_dialects import DIALECTS
from adapters.desk import DeskWork
from adapters.eventlog.heads import head_at
from adapters.exports.files import write_file
from adapters.exports.sheet import Sheet
from projections import breaks, queries
from projections.break_queries import Policies


def desk_of(app: App) -> DeskWork:
    """The work on breaks."""
    return DeskWork(app.store, app.clock)


def severities_of(app: App) -> Policies:
    """What makes a break worse, by venue."""
    return {venue: app.settings.limits_at(venue).severity() for venue in DIALECTS}


def head_of(connection: Connection) -> tuple[int, str]:
    """How far into the log the breaks of this connection go, and the hash that vouches for it."""
    stands = queries.standings(connection).get(breaks.NAME)
    position, vouching = head_at(connection, 0 if stands is None else stands.position)
    return position, vouching.hex()


__all__ = ["Sheet", "desk_of", "head_of", "severities_of", "write_file"]
