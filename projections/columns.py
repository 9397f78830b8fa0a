"""Column types of the read models: decimals stay exact, times readable, on both databases."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy import Boolean, DateTime, Dialect, Numeric, Table, Text
from sqlalchemy.types import TypeDecorator, TypeEngine

from domain.values import plain


def stamp(moment: datetime) -> str:
    """RFC 3339 in UTC with microseconds and `Z`: what is printed, and what SQLite sorts by."""
    if moment.tzinfo is not UTC:
        moment = moment.astimezone(UTC)
    return moment.isoformat(timespec="microseconds")[:-6] + "Z"


class Exact(TypeDecorator[Decimal]):
    """NUMERIC on PostgreSQL; SQLite has no exact decimal, so plain text there."""

    impl = Numeric
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Choose the column type of the database at hand."""
        return dialect.type_descriptor(Text() if dialect.name == "sqlite" else Numeric())

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> object:
        """Plain text for SQLite."""
        return plain(value) if value is not None and dialect.name == "sqlite" else value

    def process_result_value(self, value: Any | None, dialect: Dialect) -> Decimal | None:  # noqa: ANN401, ARG002 - text or Decimal, as the driver has it
        """A decimal, whichever way it is stored."""
        return None if value is None else Decimal(value)


class Utc(TypeDecorator[datetime]):
    """TIMESTAMPTZ on PostgreSQL, RFC 3339 text on SQLite, where it sorts as time does."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Choose the column type of the database at hand."""
        sqlite = dialect.name == "sqlite"
        return dialect.type_descriptor(Text() if sqlite else DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> object:
        """Text for SQLite."""
        return stamp(value) if value is not None and dialect.name == "sqlite" else value

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:  # noqa: ANN401, ARG002 - text or datetime, as the driver has it
        """An aware UTC time, whichever way it is stored."""
        if value is None:
            return None
        if isinstance(value, str):
            return datetime.fromisoformat(value)
        moment: datetime = value
        return moment.astimezone(UTC)


Row = Sequence[object]


_SQLITE: Sequence[tuple[type[TypeEngine[Any]], Callable[[Any], object]]] = (
    (Exact, plain),
    (Utc, stamp),
    (Boolean, int),  # the driver looks long for how to adapt a bool
)


@cache
def writer(table: Table, dialect: str) -> Callable[[Row], Row]:
    """How a row of native values is handed to the driver of `dialect`.

    Which columns need it is known once for the table, not found out for every value.
    """
    if dialect != "sqlite":
        return _as_it_is
    converted = [
        (place, convert)
        for place, column in enumerate(table.columns)
        for kind, convert in _SQLITE
        if isinstance(column.type, kind)
    ]

    def write(row: Row) -> Row:
        values = list(row)
        for place, convert in converted:
            value = values[place]
            if value is not None:
                values[place] = convert(value)
        return tuple(values)

    return write


def _as_it_is(row: Row) -> Row:
    return row


_ESCAPED = re.compile(r"[\\\t\n\r]")
_SPECIAL = {"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"}


def _text(value: str) -> str:
    return _ESCAPED.sub(lambda found: _SPECIAL[found[0]], value)


_POSTGRESQL: Mapping[type, Callable[[Any], str]] = {
    str: _text,
    int: str,
    Decimal: str,
    datetime: datetime.isoformat,
    bool: {False: "f", True: "t"}.__getitem__,
    type(None): {None: r"\N"}.__getitem__,
}


def copied(rows: Sequence[Row]) -> bytes:
    """Rows of native values as PostgreSQL's COPY takes them, in its text format."""
    told = _POSTGRESQL
    lines = ["\t".join([told[type(value)](value) for value in row]) for row in rows]
    return ("\n".join(lines) + "\n").encode()
