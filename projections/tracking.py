"""How far each projection has come: moved by compare-and-set, in the transaction of its rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from sqlalchemy import Connection, Table, bindparam, case, or_, select, update
from sqlalchemy.dialects import sqlite

from projections.batch import Batch
from projections.columns import Utc
from projections.tables import positions

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql


class PositionMoved(Exception):
    """The projection is not where this step starts: another runner was here."""


@dataclass(frozen=True, slots=True)
class Tracked:
    """Where a projection stands, what time the log had seen there, and by which rules."""

    position: int
    newest_observed_at: datetime | None
    version: int


_T: Final = positions.c
_NEWEST: Final = bindparam("newest", type_=Utc)
_EARLIER: Final = or_(_T.newest_observed_at.is_(None), _T.newest_observed_at < _NEWEST)
_MOVED: Final = (
    update(positions)
    .where(
        _T.name == bindparam("projection"),
        _T.position == bindparam("after"),
        _T.version == bindparam("rules"),
    )
    .values(position=bindparam("until"))
)
_MOVED_WITH_TIME: Final = _MOVED.values(
    newest_observed_at=case((_EARLIER, _NEWEST), else_=_T.newest_observed_at)
)
"""Statements of every step, made once: making them took longer than running them."""
_TIME_NOTED: Final = update(positions).where(_EARLIER).values(newest_observed_at=_NEWEST)


def move_position(connection: Connection, name: str, version: int, batch: Batch) -> None:
    """Move from `batch.after` to `batch.until`, or raise `PositionMoved` and change nothing.

    A check of "newer than" would let two runners with different batches apply an event twice;
    only the exact old position proves that nobody was here. It writes before it reads, so that
    a competing runner waits here on either database.
    """
    if batch.after == 0:
        first = _insert_into(connection, positions).values(
            name=name, position=0, newest_observed_at=None, version=version
        )
        connection.execute(first.on_conflict_do_nothing())
    step: dict[str, object] = {
        "projection": name,
        "rules": version,
        "after": batch.after,
        "until": batch.until,
    }
    newest = batch.newest_observed_at
    if newest is None:
        moved = connection.execute(_MOVED, step)
    else:
        moved = connection.execute(_MOVED_WITH_TIME, {**step, "newest": newest})
    if moved.rowcount != 1:
        raise PositionMoved(name)


def note_time(connection: Connection, newest: datetime) -> None:
    """The log has seen this time; no projection's time goes back."""
    connection.execute(_TIME_NOTED, {"newest": newest})


def positions_of(connection: Connection) -> dict[str, Tracked]:
    """Where every projection stands; one that never ran is absent."""
    return {
        row.name: Tracked(row.position, row.newest_observed_at, row.version)
        for row in connection.execute(select(positions))
    }


def _insert_into(connection: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """An INSERT that may say what is to be done when the row is there."""
    if connection.dialect.name == "sqlite":
        return sqlite.insert(table)
    from sqlalchemy.dialects import postgresql  # noqa: PLC0415 - it takes time, SQLite needs none

    return postgresql.insert(table)
