"""What a page says of its place among the pages of its list."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

from adapters.statements.answers import Answer
from adapters.statements.bodies import Body
from adapters.statements.chains import Page
from adapters.statements.objects import fields_of
from domain.statement import Place

Key = tuple[object, ...]


def page_of(body: Body, values: Sequence[Any], answer: Answer, place: Place, where: str) -> Page:
    """The page's own words, and those of its request where it is known."""
    cursor = body.listing.cursor
    if cursor is None:
        return Page(place=place, where=where, rows=len(body.rows), known=True)
    given, more, count = (body.told(way) for way in (cursor.gives, cursor.more, cursor.count))
    numbers = [] if cursor.falling is None else _numbers(values, cursor.falling)
    query = answer.query
    return Page(
        place=place,
        where=where,
        known=query is not None,
        asked=next((query[name] for name in cursor.asks if name in query), None) if query else None,
        given=None if given is None or given == "" else str(given),
        more=more if isinstance(more, bool) else None,
        count=count if type(count) is int else None,
        rows=len(body.rows),
        high=max(numbers, default=None),
        low=min(numbers, default=None),
        gap=max((abs(high - low) for high, low in pairwise(numbers)), default=0),
    )


def tells_its_end(body: Body) -> bool:
    """Whether the page says that no other follows; a list without pages has no other."""
    cursor = body.listing.cursor
    if cursor is None:
        return True
    return body.has(cursor.gives) or body.has(cursor.more)


def rows_read(rows: Sequence[bytes], parse: Callable[[bytes], Any]) -> list[Any]:
    """The rows as values; None for one that is no JSON."""
    return [_value(row, parse) for row in rows]


def _value(row: bytes, parse: Callable[[bytes], Any]) -> object:
    try:
        return parse(row)
    except ValueError:
        return None


def key_of(value: object, key: tuple[tuple[str, ...], ...]) -> Key | None:
    """What names a row within its list; None for a row that has no name."""
    fields = fields_of(value)
    parts = tuple(
        next((str(fields[name]) for name in names if fields.get(name) is not None), None)
        for names in key
    )
    return None if None in parts else parts


def _numbers(values: Sequence[Any], name: str) -> list[int]:
    told = [str(fields_of(value).get(name)) for value in values]
    return [int(text) for text in told if text.isascii() and text.isdigit()]
