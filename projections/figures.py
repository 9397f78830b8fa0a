"""Counts over the read models for whoever watches: what is in doubt, what is open and how long."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, and_, func, or_, select

from domain.values import Account
from projections.break_queries import BESIDE_THE_BOOKS
from projections.tables import breaks, cancels, orders

AGES: Final[tuple[tuple[str, timedelta | None], ...]] = (
    ("1h", timedelta(hours=1)),
    ("1d", timedelta(days=1)),
    ("7d", timedelta(days=7)),
    ("older", None),
)
"""Up to which age, by name; each without the younger ones."""


def uncertain_by_account(connection: Connection) -> Mapping[Account, int]:
    """Orders in doubt."""
    counted = select(orders.c.venue, orders.c.account, func.count())
    query = counted.where(orders.c.why.is_not(None)).group_by(orders.c.venue, orders.c.account)
    return {Account(venue, account): count for venue, account, count in connection.execute(query)}


def unknown_by_account(connection: Connection) -> Mapping[Account, int]:
    """Cancel requests whose outcome is unknown."""
    counted = select(cancels.c.venue, cancels.c.account, func.count())
    query = counted.where(cancels.c.status == "unknown")
    query = query.group_by(cancels.c.venue, cancels.c.account)
    return {Account(venue, account): count for venue, account, count in connection.execute(query)}


def open_breaks_by_age(connection: Connection, at: datetime) -> Mapping[tuple[str, str], int]:
    """Breaks that the evidence leaves open at `at`, by severity as catalogued and by age."""
    found: dict[tuple[str, str], int] = {}
    younger = at
    for name, age in AGES:
        older = None if age is None else at - age
        born = breaks.c.opened_at <= younger
        if older is not None:
            born = and_(born, breaks.c.opened_at > older)
            younger = older
        query = (
            select(breaks.c.severity, func.count())
            .where(
                breaks.c.kind == "break",
                or_(breaks.c.closed_at.is_(None), breaks.c.closed_at > at),
                breaks.c.code.not_in(BESIDE_THE_BOOKS),
                born,
            )
            .group_by(breaks.c.severity)
        )
        for severity, count in connection.execute(query):
            found[severity, name] = count
    return found
