"""Changes anywhere in what is stored, chosen by lot."""

from __future__ import annotations

from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Connection, Table, and_, select, update

from adapters.eventlog.schema import (
    captures,
    checkpoints,
    events,
    log_head,
    names,
    quarantine,
    seals,
    wire,
)

TABLES: tuple[Table, ...] = (
    events, wire, captures, names, quarantine, checkpoints, log_head, seals,
)  # fmt: skip
"""Every table whose rows are stored truth."""


def rows_of(connection: Connection) -> dict[str, list[dict[str, Any]]]:
    """All of the truth, to be put back later."""
    return {
        table.name: [dict(row) for row in connection.execute(select(table)).mappings()]
        for table in TABLES
    }


def put_back(connection: Connection, kept: dict[str, list[dict[str, Any]]]) -> None:
    for table in TABLES:
        connection.execute(table.delete())
        connection.execute(table.insert(), kept[table.name])


def damage_at_random(connection: Connection, random: Random) -> str:
    """Change something in any table behind the triggers; what was done."""
    table = random.choice(TABLES)
    rows = [dict(row) for row in connection.execute(select(table)).mappings()]
    row = random.choice(rows)
    match random.choice(("edit", "edit", "delete", "insert", "exchange")):
        case "delete":
            connection.execute(table.delete().where(_is(table, row)))
            return f"{table.name}: {row} is gone"
        case "insert" if table is not log_head:
            new = {**row, **{key.name: _other(key, row[key.name], random) for key in _keys(table)}}
            connection.execute(table.insert(), [new])
            return f"{table.name}: {new} is put in"
        case "exchange" if len(rows) > 1:
            shared = random.choice([each.name for each in table.c if not each.primary_key])
            other = random.choice([each for each in rows if each is not row])
            if other[shared] != row[shared]:
                return _exchange(connection, table, (row, other), shared)
        case _:
            pass
    column = random.choice([each for each in table.c if each is not log_head.c.id])
    value = _other(column, row[column.name], random)
    connection.execute(update(table).where(_is(table, row)).values({column: value}))
    return f"{column} of {row} becomes {value!r}"


def _exchange(
    connection: Connection, table: Table, two: tuple[dict[str, Any], dict[str, Any]], column: str
) -> str:
    """Two rows exchange a value; one of them is taken out meanwhile, for what must be unique."""
    one, other = two
    connection.execute(table.delete().where(_is(table, other)))
    changed = update(table).where(_is(table, one)).values({column: other[column]})
    connection.execute(changed)
    connection.execute(table.insert(), [{**other, column: one[column]}])
    return f"{table.name}: {column} of {one} and {other} change places"


def _keys(table: Table) -> set[Any]:
    unique = {events: events.c.version, captures: captures.c.name}
    return {*table.primary_key.columns, *([unique[table]] if table in unique else [])}


def _is(table: Table, row: dict[str, Any]) -> Any:  # noqa: ANN401 - a condition
    return and_(*(column == row[column.name] for column in table.primary_key.columns))


def _other(column: Column[Any], value: Any, random: Random) -> Any:  # noqa: ANN401 - any column
    """Another value of the same kind, often one that is close."""
    if column is wire.c.outcome:
        return random.choice([each for each in ("read", "held", "set_aside") if each != value])
    match value:
        case None:
            other: Any = 1 if column.type.python_type is int else "x"
        case bool():
            other = not value
        case int():
            other = value + random.choice((1, -1, 70, 2**30))
        case str():
            other = random.choice((value + "x", value.swapcase() + "y", "z"))
        case bytes():
            place = random.randrange(len(value) + 1)
            flipped = bytes(each ^ 1 << random.randrange(8) for each in value[place : place + 1])
            other = value[:place] + (flipped or b"x") + value[place + 1 :]
        case _:
            other = UUID(int=value.int ^ 1 << random.randrange(128))
    return other
