"""The flags of whole accounts: what only rows of several streams prove, made from those rows.

They are made anew for the accounts that a step touches, from the breaks, orders and statements as
these stand then, so that a rebuild makes the same.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Connection, Table, exists, or_, select

from domain.flags.account_history import UNRESOLVED, AccountHistory, Blindness, Exposure
from domain.flags.flag import Flag, Thresholds
from domain.flags.rules import examine_account
from domain.ids import derived
from domain.values import ZERO, Account, BadAmount, amount
from projections.columns import Row
from projections.tables import breaks, orders, reconciliations

MakeRow = Callable[[Flag, UUID, Account, UUID | None], Row]
GAP = "STR-01"
"""What a jump in a feed is called; a jump in a recording tells how many lines are missing."""


@dataclass(frozen=True, slots=True)
class Told:
    """Where the rows are read: the live tables, or those that take their place."""

    breaks: Table = breaks
    orders: Table = orders
    reconciliations: Table = reconciliations


LIVE = Told()


def subject_of(owner: Account) -> UUID:
    """What the flags of an account are about."""
    return derived("account", owner.venue, owner.account)


def rows_of(
    connection: Connection, owner: Account, limits: Thresholds, made: MakeRow, told: Told = LIVE
) -> list[Row]:
    """The flags of one account."""
    history = history_of(connection, owner, limits, told)
    if not (history.exposures or history.blind):
        return []
    subject = subject_of(owner)
    return [made(flag, subject, owner, None) for flag in examine_account(history, limits)]


def history_of(
    connection: Connection, owner: Account, limits: Thresholds, told: Told = LIVE
) -> AccountHistory:
    """What the rows tell of an account."""
    exposures: Sequence[Exposure] = ()
    if limits.exposure_max is not None:
        exposures = list(_exposures(connection, owner, told))
    blind = list(_blind(connection, owner, told))
    return AccountHistory(owner=owner, exposures=exposures, blind=blind)


def concerned(connection: Connection, told: Told = LIVE) -> list[Account]:
    """The accounts that may have flags of their own."""
    table = told.breaks.c
    query = (
        select(table.venue, table.account)
        .where(table.code.in_([*sorted(UNRESOLVED), GAP]))
        .distinct()
        .order_by(table.venue, table.account)
    )
    return [Account(row.venue, row.account) for row in connection.execute(query)]


def _exposures(connection: Connection, owner: Account, told: Told) -> Iterable[Exposure]:
    table, order = told.breaks, told.orders
    columns: Sequence[Column[Any]] = (
        table.c.order_key,
        table.c.opened_at,
        table.c.closed_at,
        table.c.exposed,
        table.c.ours,
        table.c.witness,
        order.c.remaining_max,
        order.c.currency,
    )
    query = (
        select(*columns)
        .join_from(table, order, order.c.order_key == table.c.order_key)
        .where(
            table.c.venue == owner.venue,
            table.c.account == owner.account,
            table.c.code.in_(sorted(UNRESOLVED)),
        )
        .order_by(table.c.opened_at, table.c.break_id)
    )
    for row in connection.execute(query):
        standing = row.closed_at is None
        worst = row.remaining_max if standing else _before(row.exposed, row.ours)
        if worst > ZERO:
            yield Exposure(
                order=row.order_key,
                opened_at=row.opened_at,
                closed_at=row.closed_at,
                amount=worst,
                currency=row.currency,
                witness=tuple(json.loads(row.witness)),
            )


def _before(exposed: Decimal | None, ours: str | None) -> Decimal:
    """What was at risk while the break stood: by the order's life, else by our figure in it."""
    if exposed is not None:
        return exposed
    try:
        return ZERO if ours is None else amount(ours)
    except BadAmount:
        return ZERO


def _blind(connection: Connection, owner: Account, told: Told) -> Iterable[Blindness]:
    table, runs = told.breaks.c, told.reconciliations.c
    query = (
        select(table.opened_at, table.note, table.witness)
        .where(
            table.venue == owner.venue,
            table.account == owner.account,
            table.code == GAP,
            table.difference.is_(None),
        )
        .order_by(table.opened_at, table.break_id)
    )
    for row in connection.execute(query).all():
        after = (
            select(runs.as_of, runs.position)
            .where(
                runs.venue == owner.venue,
                runs.account == owner.account,
                runs.complete.is_(True),
                runs.as_of >= row.opened_at,
            )
            .order_by(runs.as_of, runs.position)
            .limit(1)
        )
        covered = connection.execute(after).one_or_none()
        yield Blindness(
            what=row.note,
            at=row.opened_at,
            witness=tuple(json.loads(row.witness)),
            orders=_on_the_book(connection, owner, row.opened_at, told),
            covered=None if covered is None else (covered.as_of, covered.position),
        )


def _on_the_book(connection: Connection, owner: Account, at: object, told: Told) -> bool:
    """Some order of the account was placed by then, and was heard of later or is open still."""
    table = told.orders.c
    query = select(
        exists().where(
            table.venue == owner.venue,
            table.account == owner.account,
            or_(table.placed_at.is_(None), table.placed_at <= at),
            or_(table.is_open.is_(True), table.updated_at > at),
        )
    )
    return bool(connection.execute(query).scalar())
