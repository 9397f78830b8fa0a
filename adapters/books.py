"""Where our own `/v1` meets the read models."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Table, select

from adapters.bootstrap import App
from adapters.bootstrap_desk import severities_of
from adapters.gateways.v1 import Page
from adapters.spelling import machine
from domain.values import Account
from projections import queries
from projections.break_queries import BREAK_FIELDS, Wanted, break_list
from projections.life import life
from projections.queries import Only
from projections.tables import cancels, orders


class ReadModels:
    """The books of one app, each row as the command line prints it."""

    def __init__(self, app: App) -> None:
        self._app = app

    def position(self) -> int:
        """How far into the log every read model goes."""
        with self._app.reading() as connection:
            return _position(connection)

    def orders(self, owner: Account | None, after: str | None, limit: int) -> Page:
        """Orders by their keys."""
        columns = [orders.c[name] for name in queries.ORDER_FIELDS]
        with self._app.reading() as connection:
            query = queries.narrow(select(*columns), orders, _only(owner))
            if after is not None:
                query = query.where(orders.c.order_key > after)
            query = query.order_by(orders.c.order_key).limit(limit)
            found = [dict(row) for row in connection.execute(query).mappings()]
            return Page(_told(found), _position(connection))

    def order(self, owner: Account | None, key: str) -> Mapping[str, Any] | None:
        """One order and its life; a name of several is told for none of them."""
        with self._app.reading() as connection:
            found = queries.find_orders(connection, key, _only(owner))
        if len(found) != 1:
            return None
        stream = UUID(str(found[0]["order_key"]))
        history = life(stream, self._app.store.histories([stream])[stream])
        (told,) = _told([{**found[0], "history": history}])
        return told

    def cancels(self, owner: Account | None, after: str | None, limit: int) -> Page:
        """Cancel requests by their ids, each with its outcomes."""
        with self._app.reading() as connection:
            ids = _keys(connection, cancels, "cancel_id", _only(owner), after, limit)
            found = queries.cancels_called(connection, ids)
            found.sort(key=lambda record: str(record["cancel_id"]))
            return Page(_told(found), _position(connection))

    def breaks(self, owner: Account | None, after: str | None, limit: int) -> Page:
        """Breaks that somebody has to work, by their ids."""
        only = _only(owner)
        wanted = Wanted(venue=only.venue, account=only.account)
        with self._app.reading() as connection:
            at = self._app.as_of(connection)
            if at is None:
                return Page([], 0)
            records: Iterable[Mapping[str, Any]] = break_list(
                connection, at, wanted, severities_of(self._app)
            )
            found = _told({name: record[name] for name in BREAK_FIELDS} for record in records)
            rest = [row for row in found if after is None or str(row["break_id"]) > after]
            rest.sort(key=lambda row: str(row["break_id"]))
            return Page(rest[:limit], _position(connection))


def _only(owner: Account | None) -> Only:
    return Only() if owner is None else Only(venue=owner.venue, account=owner.account)


def _keys(  # noqa: PLR0913, PLR0917 - a page of one table
    connection: Connection, table: Table, name: str, only: Only, after: str | None, limit: int
) -> list[str]:
    column = table.c[name]
    query = queries.narrow(select(column), table, only)
    if after is not None:
        query = query.where(column > after)
    return list(connection.execute(query.order_by(column).limit(limit)).scalars())


def _told(records: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return [machine(record) for record in records]


def _position(connection: Connection) -> int:
    stands = queries.standings(connection).values()
    return min((stand.position for stand in stands), default=0)
