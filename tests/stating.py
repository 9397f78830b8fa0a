"""Statements for tests: rows in the desk's words, as a reader makes them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from domain.events import Claims, Terms
from domain.lifecycle import Status
from domain.statement import (
    Lists,
    PartMissing,
    Place,
    RowAside,
    Statement,
    StatementFill,
    StatementInput,
    StatementRow,
    Told,
)
from domain.values import Account, Name, NameKind, Price

DESK = Account("canonical", "desk")
SIZES = ("size", "matched", "remaining", "cancelled", "lapsed", "voided")


def claims(status: str | None = None, price: str | None = None, **sizes: str) -> Claims:
    """The venue's word on an order's state."""
    told: dict[str, Any] = {name: Decimal(size) for name, size in sizes.items()}
    if status is not None:
        told["status"] = Status(status)
    if price is not None:
        told["price"] = Price(Decimal(price))
    return Claims(**told)


def row(  # noqa: PLR0913 - any part of a row
    venue_id: str | None = "O1",
    status: str | None = None,
    *,
    ref: str | None = None,
    line: int = 1,
    place: int = 0,
    price: str | None = None,
    fills: Sequence[StatementFill] | None = None,
    average: str | None = None,
    updated_at: datetime | None = None,
    **sizes: str,
) -> StatementRow:
    """A row about the order that the venue calls `venue_id` and we call `ref`."""
    names = [Name(NameKind.VENUE, venue_id)] if venue_id is not None else []
    if ref is not None:
        names.append(Name(NameKind.CLIENT, ref))
    return StatementRow(
        names=tuple(names),
        place=Place(place, line),
        terms=Terms(),
        claims=claims(status, price, **sizes),
        fills=None if fills is None else tuple(fills),
        average=None if average is None else Price(Decimal(average)),
        updated_at=updated_at,
    )


def fill(
    fill_id: str, size: str | None = None, price: str | None = None, *, gone: bool = False
) -> StatementFill:
    """A match, as a statement tells it."""
    return StatementFill(
        fill_id=fill_id,
        size=None if size is None else Decimal(size),
        price=None if price is None else Price(Decimal(price)),
        gone=gone,
    )


def aside(line: int = 9, place: int = 0) -> RowAside:
    """A row that cannot be read."""
    return RowAside(place=Place(place, line), reason="'x' is not a number", raw=b'{"size":"x"}')


def page_missing(place: int = 0) -> PartMissing:
    """The list goes on after its last page."""
    return PartMissing(place=Place(place, 0), reason="there are more pages")


def listing(  # noqa: PLR0913 - any part of an input
    lists: Lists = Lists.ORDERS,
    *,
    name: str = "orders.json",
    sha256: str = "ab" * 32,
    complete: bool | None = True,
    asked: tuple[Name, ...] | None = None,
    since: datetime | None = None,
) -> StatementInput:
    """A file of a statement; complete unless told."""
    return StatementInput(
        name=name, sha256=sha256, lists=lists, complete=complete, asked=asked, since=since
    )


def statement(
    *told: Told, inputs: Sequence[StatementInput] = (), owner: Account = DESK
) -> Statement:
    """A statement of one complete list of orders, unless told otherwise."""
    return Statement(owner=owner, inputs=tuple(inputs) or (listing(),), read=lambda: told)
