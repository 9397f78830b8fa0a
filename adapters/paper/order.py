"""An order as the paper venue holds it, and what can happen to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from domain.values import ZERO, Choice, Price, Side


class Kind(Choice):
    """What happened to an order."""

    PLACED = "placed"
    MATCHED = "matched"
    CANCELLED = "cancelled"
    REDUCED = "reduced"
    AMENDED = "amended"
    LAPSED = "lapsed"
    EXPIRED = "expired"
    VOIDED = "voided"
    FILL_VOIDED = "fill_voided"
    SETTLED = "settled"


class Why(Choice):
    """Why the venue does not do what was asked."""

    NOT_FOUND = "not_found"
    OVER = "over"
    TOO_MUCH = "too_much"


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What is asked for. `extra` is whatever the venue's dialect wants told again."""

    market: str
    selection: str
    side: Side
    price: Price
    size: Decimal
    client_ref: str | None = None
    user_ref: str | None = None
    expires_at: datetime | None = None
    extra: Mapping[str, Any] = field(default_factory=dict[str, Any])


@dataclass(slots=True)
class Fill:
    """One match of an order; `match_id` is the same on both sides."""

    fill_id: int
    match_id: int
    size: Decimal
    price: Price
    at: datetime
    voided: bool = False


@dataclass(slots=True)
class Order:
    """An order as the venue holds it: its own truth, which no message changes."""

    order_id: int
    account: str
    terms: Terms
    size: Decimal
    price: Price
    placed_at: datetime
    updated_at: datetime
    fills: list[Fill] = field(default_factory=list[Fill])
    cancelled: Decimal = ZERO
    lapsed: Decimal = ZERO
    voided: Decimal = ZERO
    closed: Kind | None = None
    result: str | None = None

    @property
    def matched(self) -> Decimal:
        """What was matched and not taken back."""
        if not self.fills:
            return ZERO  # as of most orders that are cancelled
        return sum((fill.size for fill in self.fills if not fill.voided), ZERO)

    @property
    def remaining(self) -> Decimal:
        """What may still match."""
        if self.closed is not None:
            return ZERO
        return self.size - self.matched - self.cancelled - self.lapsed - self.voided

    @property
    def is_live(self) -> bool:
        """Whether anything may still happen on the book."""
        return self.remaining > ZERO

    def as_now(self) -> Order:
        """A copy that stays as it is, for who hears of it later."""
        return Order(
            self.order_id,
            self.account,
            self.terms,
            self.size,
            self.price,
            self.placed_at,
            self.updated_at,
            [replace(fill) for fill in self.fills],
            self.cancelled,
            self.lapsed,
            self.voided,
            self.closed,
            self.result,
        )


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that happened, in the order in which it happened; `order` as it stood then."""

    number: int
    kind: Kind
    order: Order
    fill: Fill | None = None
    size: Decimal = ZERO
