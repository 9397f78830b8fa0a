"""The rows of a view for SQL users as lines of a report: exact texts, alike on both databases.

An amount is plain digits and a time RFC 3339 whichever database tells it, so that the same log
gives the same lines everywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import Connection, text

from projections.reporting import Kind, Told, View
from projections.tracking import positions_of

AT_ONCE = 2_000
"""Rows that are in memory at a time."""


class Span(NamedTuple):
    """Days, both of them in; None has no end on that side. What has no day is in every span."""

    first: str | None = None
    last: str | None = None

    def __contains__(self, day: object) -> bool:
        """Whether a day (`""`: none is known) lies in it."""
        if not isinstance(day, str):
            return False
        return not day or (self.first or day) <= day <= (self.last or day)

    def holds(self, other: Span) -> bool:
        """Whether every day of the other lies in it."""
        first = self.first is None or (other.first is not None and self.first <= other.first)
        last = self.last is None or (other.last is not None and other.last <= self.last)
        return first and last


EVER = Span()


class ReportLine(NamedTuple):
    """One row: where it belongs, what it is called, the position that it tells, and its values."""

    day: str
    venue: str
    line_id: str
    position: int
    values: Sequence[str | int | None]


_POSTGRESQL: Mapping[Kind, Callable[[str], str]] = {
    Kind.TEXT: "{}".format,
    Kind.EXACT: "trim_scale({})::text".format,
    Kind.WHOLE: "{}".format,
    Kind.TRUTH: "{}::int".format,
    Kind.MOMENT: """to_char({} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')""".format,
    Kind.DAY: "to_char({}, 'YYYY-MM-DD')".format,
}


def report_lines(
    connection: Connection, view: View, span: Span = EVER, after: int | None = None
) -> Iterator[ReportLine]:
    """The lines of a view by day, venue and name, a few at a time.

    With `after` those alone of which an event beyond that position tells.
    """
    postgres = connection.dialect.name == "postgresql"
    columns = [_told(column, postgres=postgres) for column in view.columns]
    names = {column.name for column in view.columns}
    position = "last_position" if "last_position" in names else "NULL"
    collated = ' COLLATE "C"' if postgres else ""
    name = " || '/' || ".join(_parts(view, postgres=postgres))
    day = _POSTGRESQL[Kind.DAY]("day") if postgres else "day"
    tests = [
        test
        for test, asked in (
            (f"(day >= {_date(':first', postgres=postgres)} OR day IS NULL)", span.first),
            (f"(day <= {_date(':last', postgres=postgres)} OR day IS NULL)", span.last),
            ("last_position > :after", after if position != "NULL" else None),
        )
        if asked is not None
    ]
    where = f" WHERE {' AND '.join(tests)}" if tests else ""
    query = text(
        f"SELECT coalesce({day}, ''){collated}, venue{collated}, ({name}){collated}, "  # noqa: S608 - names of our own views
        f"{position}, {', '.join(columns)} "
        f"FROM {view.name}{where} ORDER BY 1, 2, 3"
    )
    asked = {"first": span.first, "last": span.last, "after": after}
    told = {key: value for key, value in asked.items() if f":{key}" in where}
    result = connection.execution_options(yield_per=AT_ONCE).execute(query, told)
    for rows in result.partitions():
        for row in rows:
            day_of, venue, line_id, last, *values = row
            yield ReportLine(day_of, venue, line_id, last or 0, values)


def reached(connection: Connection, view: View) -> int:
    """The position that every row of the view tells the log up to, at least."""
    stands = positions_of(connection)
    return min(stands[name].position if name in stands else 0 for name in view.follows)


def hold(connection: Connection, views: Sequence[View]) -> None:
    """Keep the tables beneath these views from being swapped until the transaction ends.

    To be asked first: a snapshot from before a swap would find the new tables empty.
    """
    if connection.dialect.name == "postgresql":
        names = ", ".join(view.name for view in views)
        connection.exec_driver_sql(f"LOCK TABLE {names} IN ACCESS SHARE MODE")


def _told(column: Told, *, postgres: bool) -> str:
    return _POSTGRESQL[column.kind](column.name) if postgres else column.name


def _date(name: str, *, postgres: bool) -> str:
    return f"CAST({name} AS date)" if postgres else name


def _parts(view: View, *, postgres: bool) -> Sequence[str]:
    """What a line is called, part by part; the parts of a cancel's line stand in for each other."""
    told = [
        _POSTGRESQL[column.kind](column.name) if postgres else column.name
        for name in view.key
        for column in view.columns
        if column.name == name
    ]
    if view.dataset != "cancels":
        return [f"coalesce({part}, '')" for part in told]
    first, order, asked, venue_order, entry = told
    return [first, f"coalesce({order}, {asked}, {venue_order}, CAST({entry} AS text), '')"]
