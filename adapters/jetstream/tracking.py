"""How far a publisher has come: moved only past what the server has acknowledged."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

from sqlalchemy import Connection, insert, select, update

from adapters.jetstream.schema import publications
from domain.ports import Conflict

Connecting = Callable[[], AbstractContextManager[Connection]]
Guard = Callable[[Connection], None]
"""Raises when this process may not publish any more."""

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class Placed(NamedTuple):
    """The event at `position` of the log is message `sequence` of the stream; 0: none yet."""

    position: int
    sequence: int


class Publication(NamedTuple):
    """A stream that was published to, and how far."""

    name: str
    position: int
    sequence: int
    moved_at: datetime


class Tracked:
    """The place of one publisher in its database."""

    def __init__(self, name: str, reading: Connecting, writing: Connecting) -> None:
        self.name = name
        self._reading = reading
        self._writing = writing

    def place(self) -> Placed | None:
        """How far it has come; None when it has not begun."""
        row = publications.c.name == self.name
        query = select(publications.c.position, publications.c.sequence).where(row)
        with self._reading() as connection:
            found = connection.execute(query).one_or_none()
        return None if found is None else Placed(*found)

    def move(self, at: Placed | None, to: Placed, moved_at: datetime, guard: Guard) -> None:
        """Move it from `at`; raise `Conflict`, or what `guard` raises, and then nothing moves."""
        row = publications.c.name == self.name
        values = {
            "position": to.position,
            "sequence": to.sequence,
            "moved_at": (moved_at - _EPOCH) // timedelta(microseconds=1),
        }
        with self._writing() as connection:
            guard(connection)
            if at is None:
                there = connection.execute(select(publications.c.name).where(row)).one_or_none()
                if there is None:
                    connection.execute(insert(publications), {"name": self.name, **values})
                    return
                moved = 0
            else:
                found = row & (publications.c.position == at.position)
                found &= publications.c.sequence == at.sequence
                moved = connection.execute(
                    update(publications).where(found).values(values)
                ).rowcount
            if moved != 1:
                raise Conflict(f"{self.name} was moved by another publisher; nothing was changed")


def publications_in(connection: Connection) -> Iterator[Publication]:
    """Every stream that was ever published to, by name."""
    for row in connection.execute(select(publications).order_by(publications.c.name)):
        moved_at = _EPOCH + timedelta(microseconds=row.moved_at)
        yield Publication(row.name, row.position, row.sequence, moved_at)
