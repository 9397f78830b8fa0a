"""The projection `fills`: one row per match as it stands, and what matched on each day.

A day's sums are kept beside the rows, for SQLite has no exact sum. A step takes from them what the
rows had been and adds what they are, so that nothing is added up twice, whatever is corrected.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC
from decimal import Decimal
from functools import partial
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Connection, Table, delete, select, tuple_

from domain import events as e
from domain.flags.history import History
from domain.match_lines import MatchLine, match_lines
from domain.values import ZERO, plain
from projections import bulk
from projections.batch import Batch
from projections.columns import Row
from projections.tables import fill_days, fills

NAME = "fills"
VERSION = 1
TABLES: tuple[Table, ...] = (fills, fill_days)
Key = tuple[str, str, str]
"""Venue, account, day."""

_COLUMNS = [column.name for column in fills.columns]
_VENUE, _ACCOUNT, _DAY, _CURRENCY, _SIZE, _TURNOVER, _FILL_ID = (
    _COLUMNS.index(name)
    for name in ("venue", "account", "day", "currency", "size", "turnover", "fill_id")
)


class Sums(NamedTuple):
    """What some rows of one currency come to. `unpriced` is matched size without a turnover."""

    rows: int = 0
    fills: int = 0
    matched: Decimal = ZERO
    turnover: Decimal = ZERO
    unpriced: Decimal = ZERO

    def plus(self, other: Sums, sign: int = 1) -> Sums:
        """With others added or taken away."""
        return Sums(
            self.rows + sign * other.rows,
            self.fills + sign * other.fills,
            self.matched + sign * other.matched,
            self.turnover + sign * other.turnover,
            self.unpriced + sign * other.unpriced,
        )


class Days:
    """Sums per venue, account, day and currency, added up from rows in any order."""

    def __init__(self) -> None:
        self._sums: dict[Key, dict[str, Sums]] = {}

    def add(self, rows: Iterable[Row], sign: int = 1) -> None:
        """Add the rows of some matches, or take them away."""
        for row in rows:
            size, turnover = row[_SIZE], row[_TURNOVER]
            assert isinstance(size, Decimal)
            priced = turnover if isinstance(turnover, Decimal) else ZERO
            unpriced = size if turnover is None else ZERO
            sums = Sums(1, 1 if size else 0, size, priced, unpriced)
            key = (str(row[_VENUE]), str(row[_ACCOUNT]), str(row[_DAY]))
            self._add(key, str(row[_CURRENCY] or ""), sums, sign)

    def join(self, other: Days) -> None:
        """Add what was added up elsewhere."""
        for key, currencies in other._sums.items():
            for currency, sums in currencies.items():
                self._add(key, currency, sums)

    def onto(self, key: Key, by_currency: str) -> None:
        """Add what was stored earlier."""
        for currency, told in json.loads(by_currency).items():
            sums = Sums(
                told["rows"], told["fills"], *(Decimal(told[name]) for name in Sums._fields[2:])
            )
            self._add(key, currency, sums)

    def _add(self, key: Key, currency: str, sums: Sums, sign: int = 1) -> None:
        day = self._sums.setdefault(key, {})
        day[currency] = day.get(currency, Sums()).plus(sums, sign)

    @property
    def keys(self) -> list[Key]:
        """The days that anything was added for."""
        return list(self._sums)

    def rows(self) -> list[Row]:
        """The table's rows: of days that have any match."""
        return [
            _day_row(key, held)
            for key, currencies in self._sums.items()
            if (held := {name: sums for name, sums in currencies.items() if sums.rows})
        ]

    @property
    def empty(self) -> list[Key]:
        """Days of which nothing is left."""
        return [
            key
            for key, currencies in self._sums.items()
            if not any(sums.rows for sums in currencies.values())
        ]


def _day_row(key: Key, held: Mapping[str, Sums]) -> Row:
    """What one day comes to; amounts of several currencies are not added to each other."""
    told = sorted(name for name in held if name)
    whole = Sums()
    for sums in held.values():
        whole = whole.plus(sums)
    one = len(told) <= 1
    return (
        *key,
        whole.fills,
        whole.matched if one else None,
        whole.turnover if one else None,
        whole.unpriced if one else None,
        told[0] if len(told) == 1 else None,
        json.dumps({name: _written(held[name]) for name in sorted(held)}),
    )


def _written(sums: Sums) -> dict[str, object]:
    amounts = {name: plain(getattr(sums, name)) for name in Sums._fields[2:]}
    return {"rows": sums.rows, "fills": sums.fills, **amounts}


def rows(history: History) -> list[Row]:
    """The rows of an order's matches; none for a stream that was merged into another."""
    if e.Filled not in history.kinds or history.order.merged_into is not None:
        return []
    return [_row(history, line) for line in match_lines(history)]


def _row(history: History, line: MatchLine) -> Row:
    recorded, told = line.told, line.event
    owner = recorded.owner
    price, settlement = line.price, line.settlement or _UNSETTLED
    return (
        str(history.stream),
        line.fill_id,
        owner.venue,
        owner.account,
        recorded.at.astimezone(UTC).date().isoformat(),
        "inferred" if told.inferred else "recorded",
        line.state.value,
        history.order.terms.currency,
        line.size,
        None if price is None else price.value,
        None if price is None else price.format.value,
        line.turnover,
        told.size,
        None if told.price is None else told.price.value,
        line.voided,
        line.returned,
        line.corrected_by,
        told.fee,
        None if told.against is None else str(told.against),
        line.settled,
        None if settlement.result is None else settlement.result.value,
        settlement.raw_result,
        settlement.profit,
        settlement.payout,
        settlement.fee,
        settlement.currency,
        settlement.settled_at,
        recorded.occurred_at,
        recorded.observed_at,
        recorded.position,
        line.last_position,
    )


_UNSETTLED = e.Settlement()


def made_of(batch: Batch, history: History) -> list[Row]:
    """The rows of an order's matches, made once for a step."""
    return batch.made(NAME, history.stream, partial(rows, history))


def apply(connection: Connection, batch: Batch, histories: Sequence[History]) -> None:
    """Write the rows that the step changed, and move the sums of their days."""
    matched = [history for history in histories if e.Filled in history.kinds]
    before = [str(item.stream) for item in matched if item.of(e.Filled)[0].position <= batch.after]
    old = _stored(connection, before)
    changed: list[Row] = []
    days = Days()
    for history in matched:
        key = str(history.stream)
        fresh = {str(row[_FILL_ID]): row for row in made_of(batch, history)}
        known = old.get(key, {})
        if known.keys() - fresh.keys():
            bulk.delete(connection, fills, "order_key", [key])
            days.add(known.values(), -1)
            known = {}
        for fill_id, row in fresh.items():
            stood = known.get(fill_id)
            if stood != row:
                changed.append(row)
                days.add([row])
                days.add([] if stood is None else [stood], -1)
    bulk.upsert(connection, fills, changed)
    _move(connection, days)


def forget(connection: Connection, stream: UUID) -> None:
    """Remove the rows of a stream that cannot be taken, and what they added to their days."""
    days = Days()
    for known in _stored(connection, [str(stream)]).values():
        days.add(known.values(), -1)
    bulk.delete(connection, fills, "order_key", [str(stream)])
    _move(connection, days)


def _stored(connection: Connection, orders: Sequence[str]) -> dict[str, dict[str, Row]]:
    """The rows of these orders as they stand, by order and match."""
    found: dict[str, dict[str, Row]] = {}
    for start in range(0, len(orders), bulk.KEYS_MAX):
        part = orders[start : start + bulk.KEYS_MAX]
        for row in connection.execute(select(fills).where(fills.c.order_key.in_(part))):
            found.setdefault(row.order_key, {})[row.fill_id] = tuple(row)
    return found


def _move(connection: Connection, days: Days) -> None:
    """Add to the sums of the days that are stored."""
    keys = days.keys
    if not keys:
        return
    these = tuple_(fill_days.c.venue, fill_days.c.account, fill_days.c.day)
    query: Any = select(fill_days).where(these.in_(keys))
    for row in connection.execute(query):
        days.onto((row.venue, row.account, row.day), row.by_currency)
    bulk.upsert(connection, fill_days, days.rows())
    if days.empty:
        connection.execute(delete(fill_days).where(these.in_(days.empty)))
