"""Flags that only the rows of several streams prove, found once these rows are in place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Protocol
from uuid import UUID

from sqlalchemy import Connection, Table

from domain.recorded import Recorded
from projections import accounts, breaks, outside, overrides, tables
from projections.columns import Row
from projections.shaping import Shaping, until

STREAMS_AT_ONCE = 500


class Histories(Protocol):
    """What is read of the log."""

    def histories(self, streams: Sequence[UUID]) -> Mapping[UUID, Sequence[Recorded]]:
        """Every event of each stream."""
        ...


class Filled(Protocol):
    """The tables that the rows of single streams stand in."""

    @property
    def connection(self) -> Connection:
        """Where they are asked."""
        ...

    def twin(self, table: Table) -> Table:
        """The table that stands for this one."""
        ...

    def add(self, table: Table, rows: Sequence[Row]) -> None:
        """Rows for a table."""
        ...

    def flush(self) -> None:
        """Write all rows that still wait."""
        ...


def find(shaping: Shaping, filled: Filled, log: Histories) -> None:
    """Add the flags of counted requests, across orders, of accounts and of overrides, in order."""
    filled.flush()
    _count_links(shaping, filled, log)
    _look_across_orders(shaping, filled, log)
    _look_at_accounts(shaping, filled)
    _find_overrides(shaping, filled, log)


def _count_links(shaping: Shaping, filled: Filled, log: Histories) -> None:
    """The requests whose flags only their orders can tell, now that the links are in place."""
    table = filled.twin(tables.cancel_links)
    for some, found in _read_again(shaping, shaping.left.counted, log):
        links = breaks.read_links(filled.connection, map(str, some), table)
        for stream, events in found:
            told = links[str(stream)]
            made = partial(breaks.request_rows, stream, events, told, shaping.limits)
            shaping.put(tables.breaks, stream, events, made)
    filled.flush()


def _look_across_orders(shaping: Shaping, filled: Filled, log: Histories) -> None:
    """The orders that went with a cancel of others, now that the flags of each are in place."""

    def known(streams: Sequence[UUID]) -> Mapping[UUID, Sequence[Recorded]]:
        found = log.histories(streams).items()
        told = {stream: until(events, shaping.head) for stream, events in found}
        return {stream: events for stream, events in told.items() if events}

    unasked = outside.stored(filled.connection, filled.twin(tables.breaks))
    table = filled.twin(tables.cancels)
    rows = outside.rows_of(
        filled.connection, unasked, known, shaping.limits, breaks.flag_row, table
    )
    filled.add(tables.breaks, rows)
    filled.flush()


def _look_at_accounts(shaping: Shaping, filled: Filled) -> None:
    """The flags of whole accounts, now that those of their streams are in place."""
    told = accounts.Told(*map(filled.twin, (tables.breaks, tables.orders, tables.reconciliations)))
    for owner in accounts.concerned(filled.connection, told):
        limits = shaping.limits.get(owner.venue, breaks.DEFAULTS)
        rows = accounts.rows_of(filled.connection, owner, limits, breaks.flag_row, told)
        filled.add(tables.breaks, rows)
    filled.flush()


def _find_overrides(shaping: Shaping, filled: Filled, log: Histories) -> None:
    """What contradicts an override, now that the breaks are in place."""
    table = filled.twin(tables.breaks)
    make = partial(
        overrides.rows_of,
        filled.connection,
        histories=log.histories,
        made=breaks.flag_row,
        table=table,
    )
    for _, found in _read_again(shaping, shaping.left.worked, log):
        for stream, events in found:
            made = partial(make, stories=[(stream, events)], found={})
            shaping.put(tables.breaks, stream, events, made)
    filled.flush()


def _read_again(
    shaping: Shaping, streams: Sequence[UUID], log: Histories
) -> Iterator[tuple[Sequence[UUID], Sequence[tuple[UUID, Sequence[Recorded]]]]]:
    """Streams that wait for the rows of others, some at a time, as the walk has seen them."""
    for start in range(0, len(streams), STREAMS_AT_ONCE):
        some = streams[start : start + STREAMS_AT_ONCE]
        found = log.histories(some).items()
        yield some, [(stream, until(events, shaping.head)) for stream, events in found]
