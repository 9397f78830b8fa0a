"""The books that a statement is held against: the rows of `orders`, asked for many at a time."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, or_, select

from domain.reconcile_books import Shown
from domain.statement import Unread
from domain.values import Account
from projections.columns import stamp
from projections.tables import breaks, orders

_COLUMNS = (
    "order_key, venue_order_id, size, matched, remaining, remaining_min, cancelled, lapsed,"
    " voided, price, price_format, status, currency, updated_at > {mark}"
)
_TEXTS = ("order_key", "status", "price_format", "currency")
_FIGURES = (
    "size",
    "matched",
    "remaining",
    "remaining_min",
    "cancelled",
    "lapsed",
    "voided",
    "price",
)
_PAGE = 5_000
_NUMBERS_MAX = 100_000
LOOKED_UP_MAX = 50_000
"""Orders that are looked up one by one; for more, all rows are read in the order that they lie in.
That costs a fifth of it for each, and 300 bytes of memory."""
HELD_MAX = 3_000_000
"""Rows of an account that are held at once; a larger account is looked up in any case."""
_BETWEEN = "|"
"""What stands between figures in a row that is held; none of them has it."""
_NOTHING = "?"
_LATER = "later"
_HELD = ("status", "price_format", "currency", *_FIGURES)
_NOT_LATER = _BETWEEN
"""What follows the figures of an order that was not seen of later: nothing, and the next mark."""
KEY_LENGTH = 36


class SqlBooks:
    """The read model on either database, through one connection that only reads."""

    def __init__(self, connection: Connection, *, looked_up_max: int = LOOKED_UP_MAX) -> None:
        self._connection = connection
        self._left = looked_up_max
        self._held: _HeldRows | None = None
        self._first: tuple[str, ...] = ()
        self._held_for: tuple[Account, datetime] | None = None
        self._sqlite = connection.dialect.name == "sqlite"
        self._mark = "?" if self._sqlite else "%s"

    def by_venue_ids(
        self, owner: Account, ids: Sequence[str], moment: datetime
    ) -> Mapping[str, Shown]:
        """The account's orders that go by these ids of the venue's."""
        self._left -= len(ids)
        held = self._all_held(owner, moment) if self._left < 0 else None
        if held is not None:
            found = ((name, held.rows.get(name)) for name in ids)
            return {name: held.shown(name, row) for name, row in found if row is not None}
        where = f"venue_order_id {self._among} AND venue = {self._mark} AND account = {self._mark}"
        rows = self._select(where, moment, self._keys(ids), owner.venue, owner.account)
        return {shown.venue_order_id or "": shown for shown in rows}

    def plainly(self, owner: Account, moment: datetime, lines: Unread) -> Sequence[str | None]:
        """The key of the order that each line agrees with to the letter; None where none is found.

        None does not say that there is no such order: whoever asks looks closer.
        """
        if self._held_for is None:
            self._first = lines.figures
        held = self._all_held(owner, moment) if self._left < 0 else None
        if held is None or held.first != lines.figures:
            return [None] * len(lines.ids)
        told_by = held.rows.get
        return [
            row[(end := len(told) + len(_NOT_LATER)) : end + KEY_LENGTH]
            if (row := told_by(name, "")).startswith(told) and row.startswith(_NOT_LATER, len(told))
            else None
            for name, told in zip(lines.ids, lines.told, strict=True)
        ]

    def by_keys(self, keys: Sequence[str], moment: datetime) -> Mapping[str, Shown]:
        """The orders with these keys; one that was merged into another is absent."""
        if not keys:
            return {}
        rows = self._select(f"order_key {self._among}", moment, self._keys(keys))
        return {shown.key: shown for shown in rows}

    def keys(self, owner: Account, moment: datetime, *, open_only: bool) -> Iterator[str]:
        """The keys of the account's orders; with `open_only` of those that may have been open.

        One that was seen after `moment` may have been open then, whatever it is now.
        """
        columns = orders.c
        query = select(columns.order_key).where(
            columns.venue == owner.venue, columns.account == owner.account
        )
        if open_only:
            query = query.where(or_(columns.is_open.is_(True), columns.updated_at > moment))
        paged = self._connection.execution_options(yield_per=_PAGE).execute(query)
        for part in paged.scalars().partitions():
            yield from part

    def knows(self, owner: Account) -> bool:
        """There is any order of this account."""
        table = orders.c
        query = select(table.order_key).where(
            table.venue == owner.venue, table.account == owner.account
        )
        return self._connection.execute(query.limit(1)).first() is not None

    def doubtful(self, owner: Account) -> frozenset[str]:
        """Orders of which more matched than their size: their rows do not show all of it."""
        columns = breaks.c
        query = select(columns.order_key).where(
            columns.code == "FIL-03",
            columns.venue == owner.venue,
            columns.account == owner.account,
            columns.order_key.is_not(None),
        )
        return frozenset(self._connection.execute(query).scalars())

    def _all_held(self, owner: Account, moment: datetime) -> _HeldRows | None:
        """Every row of the account by the venue's id, as one text each; None for too many."""
        if self._held_for == (owner, moment):
            return self._held
        self._held_for = owner, moment
        held = _HeldRows(self._first)
        parts = [self._as_text(name) for name in held.names]
        joined = f" || '{_BETWEEN}' || ".join(parts)
        query = (
            f"SELECT venue_order_id, '{_BETWEEN}' || {joined} FROM orders"  # noqa: S608 - columns and marks of our own
            f" WHERE venue = {self._mark} AND account = {self._mark}"
            f" AND venue_order_id IS NOT NULL LIMIT {HELD_MAX + 1}"
        )
        at: object = stamp(moment) if self._sqlite else moment
        for rows in self._fetched(query, at, owner.venue, owner.account, many=True):
            held.rows.update(rows)
        self._held = held if len(held.rows) <= HELD_MAX else None
        return self._held

    def _as_text(self, name: str) -> str:
        if name == _LATER:
            return f"CASE WHEN updated_at > {self._mark} THEN '1' ELSE '' END"
        column = name if name in _TEXTS or self._sqlite else f"{name}::text"
        return f"coalesce({column}, '{_NOTHING}')"

    def _fetched(self, query: str, *values: object, many: bool = False) -> Iterator[list[Any]]:
        """Rows as plain tuples: a row of SQLAlchemy takes as long as the query.

        With `many` they stay with the server until their page is wanted.
        """
        driver = self._connection.connection.driver_connection
        assert driver is not None, "a connection in use has its driver"
        cursor = driver.cursor("held") if many and not self._sqlite else driver.cursor()
        cursor.execute(query, values)
        while rows := cursor.fetchmany(_PAGE):
            yield rows
        cursor.close()

    @property
    def _among(self) -> str:
        return "IN (SELECT value FROM json_each(?))" if self._sqlite else "= ANY(%s)"

    def _keys(self, keys: Sequence[str]) -> object:
        return json.dumps(keys) if self._sqlite else list(keys)

    def _select(self, where: str, moment: datetime, *values: object) -> list[Shown]:
        at: object = stamp(moment) if self._sqlite else moment
        statement = f"SELECT {_COLUMNS.format(mark=self._mark)} FROM orders WHERE {where}"  # noqa: S608 - columns and marks of our own
        shown = self._shown
        return [shown(row) for rows in self._fetched(statement, at, *values) for row in rows]

    @property
    def _shown(self) -> Callable[[Sequence[Any]], Shown]:
        return _from_text if self._sqlite else _from_native


class _Numbers(dict[str, Decimal]):
    """Decimals by their text: most figures of most orders are few numbers, 0 above all."""

    def __missing__(self, text: str) -> Decimal:
        if len(self) >= _NUMBERS_MAX:
            self.clear()
        number = self[text] = Decimal(text)
        return number


_NUMBERS = _Numbers()


def _from_text(row: Sequence[Any]) -> Shown:
    key, venue_id, size, matched, remaining, least, off, lapsed, voided, price, *rest = row
    number = _NUMBERS
    return Shown._make(
        (
            key,
            venue_id,
            number[size],
            number[matched],
            number[remaining],
            number[least],
            number[off],
            number[lapsed],
            number[voided],
            None if price is None else number[price],
            *rest,
        )
    )


class _HeldRows:
    """An account's rows, a text each: its figures in an order that suits whoever compares them.

    `first` stand first; then whether the order was seen of later, its key, and the rest.
    """

    def __init__(self, first: tuple[str, ...]) -> None:
        self.first = first
        others = (name for name in _HELD if name not in first)
        self.names = (*first, _LATER, "order_key", *others)
        self.rows: dict[str, str] = {}
        self._in_order = itemgetter(
            *(self.names.index(name) for name in ("order_key", *_HELD, _LATER))
        )

    def shown(self, venue_id: str, row: str) -> Shown:
        """The row of the order that goes by this id."""
        parts = self._in_order(row[1:].split(_BETWEEN))
        key, status, price_format, currency, *figures, price, later = parts
        number = _NUMBERS
        size, matched, remaining, least, off, lapsed, voided = [number[text] for text in figures]
        return Shown(
            key,
            venue_id,
            size,
            matched,
            remaining,
            least,
            off,
            lapsed,
            voided,
            None if price == _NOTHING else number[price],
            None if price_format == _NOTHING else price_format,
            status,
            None if currency == _NOTHING else currency,
            bool(later),
        )


def _from_native(row: Sequence[Any]) -> Shown:
    return Shown(*row)
