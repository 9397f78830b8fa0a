"""The shapes of the venue's messages: one model each, numbers exact, unknown fields passed over."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from adapters.venues.exact import Id, Moment, Number, Quantity


class _Message(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, frozen=True)


class FillRow(_Message):
    """One match of an order."""

    fill_id: Id
    size: Quantity
    price: Number


class OrderRow(_Message):
    """An order, wherever it is told of: what it asks for, and where each part of its size is."""

    order_id: Id
    reference: Id | None = None
    user_ref: str | None = None
    market: str | None = None
    selection: str | None = None
    side: str | None = None
    price: Number | None = None
    size: Quantity
    matched: Quantity
    remaining: Quantity
    cancelled: Quantity
    lapsed: Quantity
    voided: Quantity
    state: str
    placed_at: Moment | None = None
    updated_at: Moment | None = None
    fills: tuple[FillRow, ...] = ()


class NewOrder(_Message):
    """An order as it is asked for."""

    reference: Id
    user_ref: str | None = None
    market: str
    selection: str
    side: str
    price: Number
    size: Quantity


class PlaceBody(_Message):
    """`POST /orders`, asked."""

    orders: tuple[NewOrder, ...]


class OrderList(_Message):
    """The answer to `POST /orders`, and to `GET /orders`."""

    orders: tuple[Any, ...]
    next: Id | None = None


class CancelBody(_Message):
    """`POST /cancels`, asked: one of these."""

    orders: tuple[Id, ...] | None = Field(None, min_length=1)
    references: tuple[Id, ...] | None = Field(None, min_length=1)
    user_ref: Id | None = None
    market: Id | None = None
    everything: bool = False


class RefusedRow(_Message):
    """An order that was not cancelled, and why."""

    order_id: Id
    reason: str


class CancelAnswer(_Message):
    """`POST /cancels`, answered: every order that was asked for is in one of the two."""

    cancelled: tuple[Any, ...]
    refused: tuple[Any, ...]


class News(_Message):
    """A message of the feed: the order as it stands. `n` counts the messages of a connection."""

    n: int
    order: OrderRow
