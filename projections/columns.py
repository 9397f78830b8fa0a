"""Column types of the read models: decimals stay exact and times stay readable on both databases."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import DateTime, Dialect, Numeric, Text
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


def sqlite_value(value: object) -> object:
    """The value as the SQLite driver takes it, without a detour through column types."""
    kind = type(value)
    if kind is Decimal:
        return plain(value)  # type: ignore[arg-type]  # it is a Decimal
    if kind is datetime or isinstance(value, datetime):
        return stamp(value)  # type: ignore[arg-type]  # it is a datetime
    if kind is UUID:
        return str(value)
    return value


def writer(dialect: str) -> Callable[[Row], tuple[object, ...]]:
    """How a row of native values is handed to the driver of `dialect`."""
    if dialect == "sqlite":
        return lambda row: tuple(map(sqlite_value, row))
    return lambda row: tuple(str(value) if type(value) is UUID else value for value in row)
