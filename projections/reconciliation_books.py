"""The books that a statement is held against: the rows of `orders`, asked for many at a time."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, select

from domain.reconcile_books import Shown
from domain.values import Account
from projections.columns import stamp
from projections.tables import breaks, orders

_COLUMNS = (
    "order_key, venue_order_id, size, matched, remaining, remaining_min, cancelled, lapsed,"
    " voided, price, price_format, status, updated_at > {mark}"
)
_PAGE = 5_000


class SqlBooks:
    """The read model on either database, through one connection that only reads."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._sqlite = connection.dialect.name == "sqlite"
        self._mark = "?" if self._sqlite else "%s"

    def by_venue_ids(
        self, owner: Account, ids: Sequence[str], moment: datetime
    ) -> Mapping[str, Shown]:
        """The account's orders that go by these ids of the venue's."""
        where = f"venue_order_id {self._among} AND venue = {self._mark} AND account = {self._mark}"
        rows = self._select(where, moment, self._keys(ids), owner.venue, owner.account)
        found: dict[str, Shown] = {}
        for shown in map(self._shown, rows):
            if shown.venue_order_id is not None:
                found[shown.venue_order_id] = shown
        return found

    def by_keys(self, keys: Sequence[str], moment: datetime) -> Mapping[str, Shown]:
        """The orders with these keys; one that was merged into another is absent."""
        if not keys:
            return {}
        rows = self._select(f"order_key {self._among}", moment, self._keys(keys))
        return {shown.key: shown for shown in map(self._shown, rows)}

    def all(self, owner: Account, moment: datetime, *, open_only: bool) -> Iterator[Shown]:
        """The account's orders; with `open_only` those that may have been open at `moment`.

        One that was seen later may have been open then, whatever it is now.
        """
        where = f"venue = {self._mark} AND account = {self._mark}"
        values: tuple[object, ...] = (owner.venue, owner.account)
        if open_only:
            standing = "is_open = 1" if self._sqlite else "is_open"
            where = f"{where} AND ({standing} OR updated_at > {self._mark})"
            values = (*values, self._time(moment))
        yield from map(self._shown, self._select(where, moment, *values))

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

    @property
    def _among(self) -> str:
        return "IN (SELECT value FROM json_each(?))" if self._sqlite else "= ANY(%s)"

    def _keys(self, keys: Sequence[str]) -> object:
        return json.dumps(keys) if self._sqlite else list(keys)

    def _time(self, moment: datetime) -> object:
        return stamp(moment) if self._sqlite else moment

    def _select(self, where: str, moment: datetime, *values: object) -> Iterable[Sequence[Any]]:
        columns = _COLUMNS.format(mark=self._mark)
        statement = f"SELECT {columns} FROM orders WHERE {where}"  # noqa: S608 - columns and marks of our own
        paged = self._connection.execution_options(yield_per=_PAGE, stream_results=True)
        return paged.exec_driver_sql(statement, (self._time(moment), *values))

    @property
    def _shown(self) -> Callable[[Sequence[Any]], Shown]:
        return _from_text if self._sqlite else _from_native


def _from_text(row: Sequence[Any]) -> Shown:
    key, venue_id, size, matched, remaining, least, off, lapsed, voided, price, *rest = row
    number = Decimal
    return Shown(
        key,
        venue_id,
        number(size),
        number(matched),
        number(remaining),
        number(least),
        number(off),
        number(lapsed),
        number(voided),
        None if price is None else number(price),
        rest[0],
        rest[1],
        bool(rest[2]),
    )


_from_native: Callable[[Sequence[Any]], Shown] = Shown._make
